// Where results go: standard output, files, terminals, pipes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

TEST(Output, IsTheSameInAFileAndOnStandardOutput) {
  const TemporaryFolder folder;
  const std::string model = zooFile("ds_cnn");
  const std::string file = folder.path() / "report.txt";
  const ProgramRun shown = runProgram({"analyze", "--board", "f767zi", model});
  const ProgramRun written = runProgram({"analyze", "--board", "f767zi", model, "-o", file});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_EQ(written.status, 0) << written.err;
  EXPECT_EQ(written.out, "");
  EXPECT_EQ(written.err, "");
  EXPECT_EQ(contentOf(file), shown.out);
  EXPECT_EQ(shown.err, "");
}

TEST(Output, IsTheSameForTheSameInput) {
  const std::string model = zooFile("resnet8");
  for (const char* format : {"text", "json", "csv"}) {
    const std::vector<std::string> arguments = {"analyze",  "--board", "f429zi",
                                                "--format", format,    model};
    EXPECT_EQ(runProgram(arguments).out, runProgram(arguments).out);
  }
}

TEST(Output, TakesItsFormFromTheEndingOfTheFile) {
  const TemporaryFolder folder;
  const std::string model = zooFile("gesture");
  const std::string svg = folder.path() / "arena.svg";
  EXPECT_EQ(runProgram({"arena", model, "-o", svg}).status, 0);
  EXPECT_EQ(contentOf(svg).rfind("<svg ", 0), 0U);
  const std::string json = folder.path() / "report.json";
  EXPECT_EQ(runProgram({"inspect", model, "-o", json}).status, 0);
  EXPECT_EQ(contentOf(json).rfind("{\n", 0), 0U);
}

TEST(Output, ThatCannotBeWrittenIsAnErrorAndLosesNothing) {
  const std::string model = zooFile("gesture");
  const TemporaryFolder folder;
  const std::string missing = folder.path() / "no" / "such" / "file";
  ProgramRun run = runProgram({"inspect", model, "-o", missing});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "mcuprof: error: " + missing + ": cannot write: No such file or directory\n");

  run = runProgram({"inspect", model, "-o", folder.path()});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err,
            "mcuprof: error: " + folder.path().string() + ": cannot write: Is a directory\n");

  run = runProgram({"inspect", model, "-o", "/dev/full"});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "mcuprof: error: /dev/full: cannot write: No space left on device\n");
}

TEST(Output, ReplacesAFileInOneStep) {
  const std::string model = zooFile("gesture");
  const TemporaryFolder folder;
  const std::string file = folder.path() / "report.txt";
  std::ofstream(file) << "old";
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  EXPECT_EQ(runProgram({"inspect", model, "-o", file}).status, 0);
  EXPECT_NE(contentOf(file), "old");
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0640));
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "nothing temporary is left";
}

TEST(Output, HasColourOnATerminalOnlyAndNotWithNoColor) {
  const std::string model = zooFile("gesture");
  const std::vector<std::string> arguments = {"analyze", "--board", "f767zi", model};
  const auto coloured = [](const ProgramRun& run) {
    return run.out.find('\x1b') != std::string::npos;
  };
  EXPECT_FALSE(coloured(runProgram(arguments)));
  EXPECT_TRUE(coloured(runProgramOnTerminal(arguments, {{"TERM", "xterm"}, {"NO_COLOR", ""}})));
  EXPECT_FALSE(coloured(runProgramOnTerminal(arguments, {{"TERM", "xterm"}, {"NO_COLOR", "1"}})));
  EXPECT_FALSE(coloured(runProgramOnTerminal(arguments, {{"TERM", "dumb"}, {"NO_COLOR", ""}})));
}

TEST(Output, OfABinaryModelDoesNotGoToATerminal) {
  const ProgramRun run = runProgramOnTerminal({"zoo", "gesture", "-o", "-"});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(
      run.out,
      "mcuprof: error: a model is no text; send it to a file or a pipe, not to the terminal\r\n");
}

TEST(Output, ModelsPassThroughPipes) {
  const ProgramRun model = runProgram({"zoo", "gesture", "-o", "-"});
  ASSERT_EQ(model.status, 0) << model.err;
  const ProgramRun report = runProgram({"inspect", "-"}, model.out);
  EXPECT_EQ(report.status, 0) << report.err;
  EXPECT_EQ(linesOf(report.out)[0], "standard input");
}

}  // namespace
}  // namespace mcuprof::test
