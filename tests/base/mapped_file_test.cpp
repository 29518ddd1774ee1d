#include "analyzer/base/mapped_file.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>
#include <string_view>
#include <thread>

#include "analyzer/base/sha256.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

std::string_view textOf(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

TEST(MappedFile, ShowsTheBytesOfAFile) {
  const test::TemporaryFolder folder;
  const std::string path = folder.path() / "three";
  std::ofstream(path) << "abc";
  const auto file = MappedFile::open(path);
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(textOf(**file), "abc");
  EXPECT_EQ((*file)->name(), path);
}

TEST(MappedFile, ReadsAStreamIntoMemory) {
  const test::TemporaryFolder folder;
  const std::string path = folder.path() / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  // Larger than the first read, so that the memory has to grow.
  const std::string text(200'000, 'x');
  std::thread writer([&] { std::ofstream(path) << text; });
  const auto file = MappedFile::open(path);
  writer.join();
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(textOf(**file), text);
}

TEST(MappedFile, SaysWhyThereAreNoBytes) {
  const test::TemporaryFolder folder;
  const std::string path = folder.path().string();
  EXPECT_EQ(MappedFile::open(path).error().text(), path + ": is a directory, not a file");
  EXPECT_EQ(MappedFile::open(path + "/none").error().text(), path + "/none: does not exist");
  std::ofstream(path + "/empty").flush();
  EXPECT_EQ(MappedFile::open(path + "/empty").error().text(), path + "/empty: is empty (0 bytes)");
  std::ofstream(path + "/file") << "x";
  EXPECT_EQ(MappedFile::open(path + "/file/below").error().text(),
            path + "/file/below: cannot be opened: Not a directory");
}

TEST(Sha256, AgreesWithTheStandardsExamples) {
  const auto digestOf = [](std::string_view text) {
    return sha256Of(std::as_bytes(std::span(text.data(), text.size())));
  };
  // FIPS 180-2, appendix B.1, and the empty message.
  EXPECT_EQ(digestOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digestOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace mcuprof
