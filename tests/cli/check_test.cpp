// The gate as a build server sees it: what it prints, where, and what it returns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "db/run_store.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// A folder with a small model and a budget for it; no database of runs in reach.
class Check : public testing::Test {
 protected:
  Check() {
    std::filesystem::create_directories(folder.path() / "models");
    std::filesystem::copy_file(zooFile("ds_cnn"), folder.path() / "models/kws.tflite");
  }

  std::string budget(const std::string& text) {
    const std::string file = folder.path() / "mcuprof.toml";
    std::ofstream(file) << text;
    return file;
  }

  ProgramRun check(const std::string& text, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"check", "--budget", budget(text), "--date",
                                          "2026-06-01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  ProgramRun run(const std::vector<std::string>& arguments) {
    return runProgram(arguments, "", {{"MCUPROF_DB", folder.path() / "none.db"}});
  }

  TemporaryFolder folder;
  const std::string head = "models = [\"models/*.tflite\"]\nboards = [\"f767zi\"]\n";
};

TEST_F(Check, PassesFailsAndCannotTell) {
  EXPECT_EQ(check(head + "[limits]\narena = \"200KiB\"\n").status, 0);
  const ProgramRun failed = check(head + "[limits]\narena = \"1KiB\"\n");
  EXPECT_EQ(failed.status, 1);
  EXPECT_EQ(failed.err, "");
  EXPECT_THAT(failed.out, HasSubstr("1 failed"));
  EXPECT_THAT(failed.out, HasSubstr("mcuprof.toml:4"));
  const json report =
      json::parse(check(head + "[limits]\nlatency = \"1s\"\n", {"--format", "json"}).out);
  const double estimate = report["findings"][0]["value"]["value"];
  const std::string close = head + "[limits]\nlatency = \"" + std::to_string(estimate) + "ms\"\n";
  const ProgramRun open = check(close);
  EXPECT_EQ(open.status, 0) << open.out;
  EXPECT_THAT(open.out, HasSubstr("mcuprof run --board nucleo-f767zi --runtime tflm-cmsis-nn "));
  EXPECT_EQ(check(close, {"--fail-on", "inconclusive"}).status, 6);
}

TEST_F(Check, NeverPassesOnWhatItCannotRead) {
  const auto expectError = [](const ProgramRun& run, int status, const std::string& message) {
    EXPECT_EQ(run.status, status);
    EXPECT_THAT(run.err, HasSubstr(message));
  };
  expectError(check(head + "[limits]\narna = 1\n"), 2,
              "mcuprof.toml:4:1: unknown key \"arna\" (did you mean \"arena\"?)");
  expectError(check("models = [\"no*.tflite\"]\nboards = \"f767zi\"\n[limits]\narena = 1\n"), 2,
              "mcuprof.toml:1:11: \"no*.tflite\" stands for no file");
  expectError(check("models = \"models/kws.tflite\"\nboards = \"f767z\"\n[limits]\narena = 1\n"), 2,
              "mcuprof.toml:2:10: unknown board \"f767z\"; did you mean f767zi?");
  expectError(run({"check", "--budget", folder.path() / "no.toml"}), 2,
              "no such file; \"mcuprof check --init\" writes a budget");
  expectError(check(head + "[limits]\narena = 1\n", {"--baseline", "/nowhere.json"}), 3,
              "/nowhere.json");
  std::ofstream(folder.path() / "models/bad.tflite") << "not a model";
  const std::string file = folder.path() / "c.json";
  const ProgramRun bad =
      check(head + "[limits]\narena = \"200KiB\"\n", {"-o", file, "--format", "text"});
  expectError(bad, 3, "bad.tflite");
  EXPECT_THAT(bad.out, HasSubstr("1 in error, 1 passed"));
  EXPECT_EQ(json::parse(contentOf(file))["status"], 3);
}

TEST_F(Check, WritesSeveralOutputsAtOnce) {
  const std::string at = folder.path();
  const ProgramRun all =
      check(head + "[limits]\narena = 1\n",
            {"-o", at + "/c.json", "-o", at + "/c.sarif", "-o", "junit=" + at + "/c.xml", "-o",
             "gitlab=" + at + "/q.json", "-o", at + "/c.md", "--format", "github"});
  EXPECT_EQ(all.status, 1);
  EXPECT_THAT(all.out, HasSubstr("::error file="));
  EXPECT_EQ(json::parse(contentOf(at + "/c.json"))["counts"]["fail"], 1);
  EXPECT_EQ(json::parse(contentOf(at + "/c.sarif"))["version"], "2.1.0");
  EXPECT_EQ(json::parse(contentOf(at + "/q.json")).size(), 1U);
  EXPECT_THAT(contentOf(at + "/c.xml"), HasSubstr("failures=\"1\""));
  EXPECT_THAT(contentOf(at + "/c.md"), HasSubstr("### mcuprof check: fail"));
  EXPECT_THAT(check(head + "[limits]\narena = 1\n", {"-o", "x.foo"}).err,
              HasSubstr("the ending of \"x.foo\" tells no format"));
}

TEST_F(Check, InitWritesABudgetThatPassesAndIsNotReplaced) {
  const std::string file = folder.path() / "new.toml";
  const std::string model = folder.path() / "models/kws.tflite";
  const std::vector<std::string> arguments = {"check",    "--init", "--boards", "f767zi,f429zi",
                                              "--budget", file,     model};
  EXPECT_EQ(run(arguments).status, 0);
  EXPECT_THAT(contentOf(file), HasSubstr("models = [\"models/kws.tflite\"]"));
  const ProgramRun judged = run({"check", "--budget", file, "--fail-on", "warning"});
  EXPECT_EQ(judged.status, 0) << judged.out << judged.err;
  EXPECT_EQ(run(arguments).status, 2);
  const ProgramRun elsewhere =
      run({"check", "--init", "--boards", "f767zi", "-o", folder.path() / "other.toml", model});
  EXPECT_EQ(elsewhere.status, 2);
  EXPECT_THAT(elsewhere.err, HasSubstr("name its file with --budget"));
}

TEST_F(Check, HoldsRegressionsAgainstAnEarlierCheck) {
  const std::string base = folder.path() / "main.json";
  EXPECT_EQ(check(head + "[limits]\nspilled = 0\n", {"-o", base}).status, 0);
  const std::string limits =
      head + "[limits]\nlatency = { regression = \"+5 %\" }\narena = { regression = \"+0 %\" }\n";
  EXPECT_EQ(check(limits, {"--baseline", base}).status, 0);
  std::filesystem::copy_file(zooFile("mobilenet_v1"), folder.path() / "models/kws.tflite",
                             std::filesystem::copy_options::overwrite_existing);
  const ProgramRun grown = check(limits, {"--baseline", base});
  EXPECT_EQ(grown.status, 1) << grown.out;
  EXPECT_EQ(check(limits).status, 2);
}

TEST_F(Check, AStoredMeasurementSettlesALimit) {
  const std::string limits = head + "[limits]\nlatency = \"2ms\"\n";
  const json before = json::parse(check(limits, {"--format", "json"}).out);
  EXPECT_EQ(before["counts"]["pass"], 0);
  const std::string file = folder.path() / "runs.db";
  auto database = db::Database::open(file, db::Access::ReadWrite);
  ASSERT_TRUE(database) << database.error().text();
  db::RunRecord run;
  run.uuid = db::makeUuid();
  run.started = "2026-03-01T12:34:56Z";
  run.model = {before["analyses"][0]["inputs"][0]["sha256"], "kws.tflite", 1, 1, 1};
  run.board = {std::string(64, 'b'), "nucleo-f767zi", "", "", "cortex-m7", 216'000'000};
  run.runtime = {std::string(64, 'c'), "tflm-cmsis-nn", ""};
  run.inference = {3, 215'000, 216'000, 217'000};
  run.provenance = db::Provenance::Virtual;
  ASSERT_TRUE(db::insertRun(*database, run));
  EXPECT_NE(json::parse(check(limits, {"--format", "json", "--db", file}).out)["counts"]["pass"],
            1);
  run.uuid = db::makeUuid();
  run.provenance = db::Provenance::Measured;
  ASSERT_TRUE(db::insertRun(*database, run));
  const ProgramRun settled = check(limits, {"--format", "json", "--db", file});
  EXPECT_EQ(settled.status, 0);
  EXPECT_THAT(settled.err, HasSubstr("time is that of run 2 of 2026-03-01T12:34:56Z"));
  const json finding = json::parse(settled.out)["findings"][0];
  EXPECT_EQ(finding["outcome"], "pass");
  EXPECT_EQ(finding["value"]["basis"], "measured");
  EXPECT_DOUBLE_EQ(finding["value"]["value"], 1.0);
  const ProgramRun difference = runProgram({"diff", folder.path() / "models/kws.tflite", "--board",
                                            "f767zi", "--db", file, "--", "run:2"});
  EXPECT_EQ(difference.status, 0) << difference.err;
  EXPECT_THAT(difference.out, HasSubstr("time measured"));
  EXPECT_THAT(difference.out, testing::Not(HasSubstr("arena")));
}

TEST_F(Check, ReadsTheBudgetFromStandardInput) {
  const ProgramRun judged =
      runProgram({"check", "--budget", "-", "--board", "f767zi", zooFile("ds_cnn")},
                 "[limits]\nspilled = 0\n", {{"MCUPROF_DB", folder.path() / "none.db"}});
  EXPECT_EQ(judged.status, 0) << judged.err;
}

TEST_F(Check, TheGitHubActionAnnotatesAndSummarises) {
  budget(head + "[limits]\narena = 1\n");
  const std::string at = folder.path();
  const std::string script = sourceFolder() / ".github/actions/check/check.sh";
  const std::string command =
      "cd \"" + at + "\" && MCUPROF=\"" MCUPROF_PROGRAM "\" MCUPROF_DB=none.db MCUPROF_MODELS='' " +
      "GITHUB_STEP_SUMMARY=summary GITHUB_OUTPUT=output \"" + script + "\" > annotations";
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_THAT(contentOf(at + "/annotations"), HasSubstr("::error file=mcuprof.toml,line=4,"));
  EXPECT_THAT(contentOf(at + "/summary"), HasSubstr("### mcuprof check: fail"));
  EXPECT_EQ(contentOf(at + "/output"), "status=1\nsarif=mcuprof-check/check.sarif\n");
  EXPECT_TRUE(json::parse(contentOf(at + "/mcuprof-check/check.sarif")).contains("runs"));
  EXPECT_THAT(contentOf(sourceFolder() / ".github/actions/check/action.yml"),
              HasSubstr("\"$GITHUB_ACTION_PATH/check.sh\""));
}

/// The command of a line such as "    - mcuprof check ..." or "  entry: mcuprof check".
std::string commandIn(const std::filesystem::path& file, const std::string& before) {
  for (const std::string& line : linesOf(contentOf(file))) {
    const std::size_t at = line.find(before + "mcuprof");
    if (at != std::string::npos) return line.substr(at + before.size());
  }
  ADD_FAILURE() << file << " has no \"" << before << "mcuprof\"";
  return "false";
}

TEST_F(Check, TheGitLabJobAndThePreCommitHookRunAsWritten) {
  budget(head + "[limits]\narena = 1\n");
  const std::string at = folder.path();
  const std::string bin = std::filesystem::path(MCUPROF_PROGRAM).parent_path().string();
  const auto runIn = [&](const std::string& command) {
    const int status = std::system(("cd \"" + at + "\" && export PATH=\"" + bin +
                                    ":$PATH\" MCUPROF_DB=none.db MCUPROF_BUDGET=mcuprof.toml; " +
                                    command + " > /dev/null")
                                       .c_str());
    return WEXITSTATUS(status);
  };
  EXPECT_EQ(runIn(commandIn(sourceFolder() / "ci/gitlab.yml", "- ")), 1);
  EXPECT_EQ(json::parse(contentOf(at + "/mcuprof-quality.json")).size(), 1U);
  EXPECT_THAT(contentOf(at + "/mcuprof-junit.xml"), HasSubstr("<testsuites>"));
  EXPECT_EQ(runIn(commandIn(sourceFolder() / ".pre-commit-hooks.yaml", "entry: ")), 1);
  budget(head + "[limits]\narena = \"200KiB\"\n");
  EXPECT_EQ(runIn(commandIn(sourceFolder() / ".pre-commit-hooks.yaml", "entry: ")), 0);
}

TEST(Diff, ComparesModelsBoardsAndReports) {
  const std::string model = zooFile("ds_cnn");
  const ProgramRun self = runProgram({"diff", model, "--board", "f767zi", "--", model});
  EXPECT_EQ(self.status, 0) << self.err;
  EXPECT_THAT(self.out, HasSubstr("no difference\n"));
  const ProgramRun boards =
      runProgram({"diff", model, "--board", "f767zi", "--", "--board", "f429zi"});
  EXPECT_EQ(boards.status, 0) << boards.err;
  EXPECT_THAT(boards.out, HasSubstr("base     ds_cnn.tflite on nucleo-f429zi"));
  const TemporaryFolder folder;
  const std::string report = folder.path() / "r.json";
  EXPECT_EQ(runProgram({"analyze", "--board", "f767zi", "-o", report, model}).status, 0);
  const ProgramRun same =
      runProgram({"diff", model, "--", report, "--board", "f767zi", "--format", "json"});
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_EQ(json::parse(same.out)["empty"], true) << same.out;
  const ProgramRun csv = runProgram(
      {"diff", zooFile("mobilenet_v1"), "--board", "f767zi", "--", model, "--format", "csv"});
  EXPECT_THAT(csv.out, HasSubstr("total,,,,,arena_bytes,"));
}

TEST(Diff, SaysWhatItNeeds) {
  EXPECT_EQ(runProgram({"diff", "a.tflite"}).err,
            "mcuprof: error: diff needs two sides: mcuprof diff NEW -- BASE\n");
  EXPECT_EQ(runProgram({"diff", zooFile("ds_cnn"), "--", "b.tflite"}).status, 2);
  const ProgramRun typo = runProgram({"diff", "a.tflite", "--bord", "x", "--", "b.tflite"});
  EXPECT_EQ(typo.err, "mcuprof: error: unknown option --bord for diff; did you mean --board?\n");
}

}  // namespace
}  // namespace mcuprof::test
