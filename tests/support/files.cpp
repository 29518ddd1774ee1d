#include "tests/support/files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <sstream>

namespace mcuprof::test {

std::filesystem::path sharedFolder() {
  const std::filesystem::path folder = MCUPROF_SHARED_DIR;
  return std::filesystem::is_directory(folder / "models") ? folder : std::filesystem::path();
}

std::filesystem::path sourceFolder() {
  return MCUPROF_SOURCE_DIR;
}

std::string contentOf(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << "cannot read " << file;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "mcuprof-test-XXXXXX").string();
  EXPECT_NE(mkdtemp(name.data()), nullptr);
  m_path = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(m_path, ignored);
}

}  // namespace mcuprof::test
