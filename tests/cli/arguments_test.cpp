// What the program says and returns for its arguments.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

void expectUsageError(const std::vector<std::string>& arguments, const std::string& message) {
  const ProgramRun run = runProgram(arguments);
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "mcuprof: error: " + message + "\n");
}

TEST(Arguments, VersionAndHelpGoToStandardOutput) {
  const ProgramRun version = runProgram({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.out, "mcuprof " MCUPROF_VERSION "\n");
  EXPECT_EQ(version.err, "");
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"analyze", "--help"},
                                                    {"inspect", "-h"},
                                                    {"arena", "-h"},
                                                    {"fit", "-h"},
                                                    {"boards", "-h"},
                                                    {"zoo", "-h"}}) {
    const ProgramRun help = runProgram(arguments);
    EXPECT_EQ(help.status, 0);
    EXPECT_NE(help.out.find("Example"), std::string::npos) << help.out;
    EXPECT_EQ(help.err, "");
  }
}

TEST(Arguments, NoneAtAllIsAnErrorWithTheHelpOnStandardError) {
  const ProgramRun run = runProgram({});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("mcuprof analyze --board f767zi model.tflite"), std::string::npos);
}

TEST(Arguments, NearMissesAreSuggested) {
  expectUsageError(
      {"analyse", "x.tflite"},
      "unknown command \"analyse\"; did you mean analyze? (\"mcuprof --help\" lists them)");
  expectUsageError({"frobnicate"},
                   "unknown command \"frobnicate\" (\"mcuprof --help\" lists them)");
  expectUsageError({"analyze", "--bord", "f767zi", "x.tflite"},
                   "unknown option --bord for analyze; did you mean --board?");
  expectUsageError({"boards", "lst"}, "boards does not take \"lst\"; did you mean list?");
  expectUsageError({"analyze", "--board", "f767z", "x.tflite"},
                   "unknown board \"f767z\"; did you mean f767zi? (\"mcuprof boards\" lists them)");
}

TEST(Arguments, WhatIsMissingIsNamed) {
  expectUsageError({"analyze", "x.tflite"},
                   "analyze needs a board: --board NAME (\"mcuprof boards\" lists them)");
  expectUsageError({"analyze", "--board", "f767zi"},
                   "analyze needs a model: a .tflite file, or - for standard input");
  expectUsageError({"analyze", "--board", "f767zi", "a", "b"},
                   "analyze takes one model, found 2; \"mcuprof fit\" takes several");
  expectUsageError({"fit"}, "fit needs at least one model");
  expectUsageError({"zoo", "mobilenet_v2"},
                   "zoo needs a file for the model: -o FILE (\"-o -\" for standard output)");
  expectUsageError({"arena", "--board", "f767zi", "--core", "cortex-m4", "x.tflite"},
                   "arena takes --board or --core, not both");
  expectUsageError({"boards", "show"}, "boards show needs the name of a board");
  expectUsageError({"boards", "validate"}, "boards validate needs at least one .toml file");
}

TEST(Arguments, ValuesThatMakeNoSenseAreRefused) {
  expectUsageError({"analyze", "--board", "f767zi", "--sram", "lots", "x.tflite"},
                   "--sram: \"lots\" is no size; write bytes, or 256K, 256KiB, 1.5M");
  expectUsageError({"analyze", "--board", "f767zi", "--place", "weights", "x.tflite"},
                   "--place: \"weights\" is not known; write weights=MEMORY, as weights=sd");
  expectUsageError({"analyze", "--board", "f767zi", "--format", "xml", "x.tflite"},
                   "--format: \"xml\" is not known here; write text, json or csv");
  expectUsageError({"analyze", "--board", "f767zi", "--format", "svg", "x.tflite"},
                   "--format: \"svg\" is not known here; write text, json or csv");
}

TEST(Arguments, AModelThatIsNotThereIsBadInput) {
  const ProgramRun run = runProgram({"analyze", "--board", "f767zi", "/nowhere/x.tflite"});
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(linesOf(run.err).size(), 1U);
  EXPECT_EQ(run.err.rfind("mcuprof: error: /nowhere/x.tflite: ", 0), 0U) << run.err;
}

TEST(Arguments, AModelThatIsNoModelIsBadInput) {
  const TemporaryFolder folder;
  const std::string text = folder.path() / "notes.tflite";
  std::ofstream(text) << "this is not a model\n";
  for (const std::string& path : {text, folder.path().string()}) {
    for (const char* command : {"inspect", "arena"}) {
      const ProgramRun run = runProgram({command, path});
      EXPECT_EQ(run.status, 3);
      EXPECT_EQ(run.out, "");
      EXPECT_EQ(linesOf(run.err).size(), 1U) << run.err;
      EXPECT_EQ(run.err.rfind("mcuprof: error: " + path, 0), 0U) << run.err;
    }
  }
  const ProgramRun piped = runProgram({"inspect", "-"}, "neither is this");
  EXPECT_EQ(piped.status, 3);
  EXPECT_EQ(piped.err.rfind("mcuprof: error: standard input: ", 0), 0U) << piped.err;
}

TEST(Arguments, ABrokenTargetFileIsBadInputAndNamesTheLine) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "mine.toml";
  std::ofstream(file) << "core = \"cortex-m4\"\nname = \n";
  const ProgramRun run = runProgram({"boards", "validate", file});
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err.rfind("mcuprof: error: " + file + ":2:", 0), 0U) << run.err;
}

TEST(Arguments, ShippedTargetFilesAreValid) {
  const std::filesystem::path boards = sourceFolder() / "targets" / "boards";
  std::vector<std::string> arguments = {"boards", "validate"};
  for (const auto& entry : std::filesystem::directory_iterator(boards))
    arguments.push_back(entry.path());
  ASSERT_GT(arguments.size(), 6U);
  const ProgramRun run = runProgram(arguments);
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(linesOf(run.out).size(), arguments.size() - 2);
}

}  // namespace
}  // namespace mcuprof::test
