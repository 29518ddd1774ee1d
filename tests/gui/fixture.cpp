#include "tests/gui/fixture.hpp"

#include <gtest/gtest.h>

#include <QProcess>
#include <fstream>

#include "analyzer/model/tflite_writer.hpp"
#include "analyzer/model/zoo.hpp"

namespace mcuprof::test {
namespace {

std::string makeFile(std::int32_t input) {
  static const TemporaryFolder folder;
  ZooOptions options;
  options.width = 0.35;
  options.input = ZooInput{input, {}};
  const auto model = makeZooModel("mobilenet_v2", options);
  EXPECT_TRUE(model);
  const std::vector<std::byte> bytes = writeTflite(*model);
  const std::string path =
      (folder.path() / ("mobilenet" + std::to_string(input) + ".tflite")).string();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
  return path;
}

}  // namespace

const std::string& mobilenetFile() {
  static const std::string path = makeFile(96);
  return path;
}

const std::string& largeMobilenetFile() {
  static const std::string path = makeFile(128);
  return path;
}

gui::Setup setupFor(const std::string& model, const std::string& board) {
  gui::Setup setup;
  setup.model = model;
  setup.board = board;
  return setup;
}

gui::SnapshotPtr snapshotOf(const gui::Setup& setup) {
  gui::Analyst analyst;
  auto result = analyst.run(setup);
  EXPECT_TRUE(static_cast<bool>(result)) << result.failure().error.text();
  return *result;
}

std::string outputOf(const std::string& program, const std::vector<std::string>& arguments,
                     int* status, std::string* errors) {
  QProcess process;
  QStringList words;
  for (const std::string& word : arguments) words << QString::fromStdString(word);
  process.start(QString::fromStdString(program), words);
  EXPECT_TRUE(process.waitForFinished(120'000)) << program;
  if (status != nullptr) *status = process.exitCode();
  if (errors != nullptr) *errors = process.readAllStandardError().toStdString();
  return process.readAllStandardOutput().toStdString();
}

}  // namespace mcuprof::test
