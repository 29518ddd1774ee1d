#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

void expectError(const ProgramRun& run, int status, const std::string& message) {
  EXPECT_EQ(run.status, status);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "mcuprof: error: " + message + "\n");
}

TEST(Analyze, ExplainsALayerAsASum) {
  const ProgramRun run =
      runProgram({"analyze", "--board", "f429zi", "--explain", "1", zooFile("ds_cnn")});
  EXPECT_EQ(run.status, 0) << run.err;
  for (const char* term : {"instructions", "branches", "flash stalls", "RAM stalls", "card",
                           "operator fee", "unmodelled", "sum"}) {
    EXPECT_NE(run.out.find(term), std::string::npos) << term;
  }
  expectError(runProgram({"analyze", "--board", "f429zi", "--explain", "99", zooFile("ds_cnn")}), 2,
              "--explain: no layer 99; the model has 13");
}

TEST(Analyze, SaysHowLongABatteryLasts) {
  const ProgramRun run = runProgram({"analyze", "--board", "f429zi", "--duty", "10s", "--battery",
                                     "220mAh@3V", zooFile("ds_cnn")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.out.find("battery lasts"), std::string::npos);
  expectError(runProgram({"analyze", "--board", "f429zi", "--duty", "soon", zooFile("ds_cnn")}), 2,
              "--duty: \"soon\" is no time; write 10s, 500ms, 5min, 1h");
  expectError(
      runProgram({"analyze", "--board", "f429zi", "--battery", "1mAh@3V", zooFile("ds_cnn")}), 2,
      "--battery needs --duty TIME, how often an inference runs");
}

TEST(Analyze, NamesTheMachineOptionThatIsWrong) {
  expectError(runProgram({"analyze", "--board", "f429zi", "--clock", "fast", zooFile("ds_cnn")}), 2,
              "clock is \"fast\"; wanted a clock such as 216M or 100k");
  expectError(runProgram({"analyze", "--board", "f429zi", "--cache", "maybe", zooFile("ds_cnn")}),
              2, "cache is \"maybe\"; wanted on or off");
}

TEST(WhatIf, ComparesAndRefuses) {
  const ProgramRun run =
      runProgram({"whatif", "--board", "f767zi", "--input", "96x96", zooFile("mobilenet_v2")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.out.find("of it spill write, ms"), std::string::npos);
  const ProgramRun refused =
      runProgram({"whatif", "--board", "f767zi", "--add-filters", "4@0:0", zooFile("resnet8")});
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.err.substr(0, 46), "mcuprof: error: layer 4 (ADD) cannot follow: i");
}

TEST(Sweep, PrintsOneRowForEachCombination) {
  const ProgramRun run =
      runProgram({"sweep", "--board", "f767zi", "--var", "filters=0..8:4", "--at", "0:0", "--var",
                  "clock=100M,216M", zooFile("mobilenet_v1")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 7);
  expectError(
      runProgram({"sweep", "--board", "f767zi", "--var", "filters=8..0", zooFile("mobilenet_v1")}),
      2, "--var: \"8..0\" is no range; wanted FIRST..LAST or FIRST..LAST:STEP, rising");
}

TEST(Accuracy, ScoresPublishedMeasurements) {
  const std::filesystem::path shared = sharedFolder();
  if (shared.empty()) GTEST_SKIP() << "no folder " << MCUPROF_SHARED_DIR << "/models";
  const ProgramRun run = runProgram({"accuracy", "--data", (shared / "facts/measured.csv").string(),
                                     "--models", (shared / "models").string(), "--format", "csv"});
  ASSERT_EQ(run.status, 0) << run.err;
  // Mean absolute error of open CMSIS-NN rows without calibration: at most 15 % was asked.
  double sum = 0;
  int rows = 0;
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("\"open, CMSIS-NN\",model,no calibration") != 0) continue;
    const std::size_t last = line.rfind(',');
    const std::size_t before = line.rfind(',', last - 1);
    sum += std::abs(std::stod(line.substr(before + 1, last - before - 1)));
    ++rows;
  }
  ASSERT_GE(rows, 6);
  EXPECT_LE(sum / rows, 0.15);
  std::cout << rows << " measurements compared, mean error " << sum / rows << "\n";
}

TEST(Accuracy, NamesTheLineThatIsWrong) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "m.csv").string();
  std::ofstream(file) << "model,board\nx,y\n";
  expectError(runProgram({"accuracy", "--data", file, "--models", folder.path().string()}), 3,
              file + ":1: no column \"model_file\"");
}

}  // namespace
}  // namespace mcuprof::test
