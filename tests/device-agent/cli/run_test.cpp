// End to end: mcuprof, the stock OpenOCD, the virtual board and the agent's real images.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "device-agent/host/virtual_board.hpp"
#include "tests/device-agent/cli/run_fixture.hpp"

namespace mcuprof::test {
namespace {

using testing::HasSubstr;

void expectWholeRun(const json& run) {
  ASSERT_TRUE(run.is_object());
  EXPECT_EQ(run["provenance"], "virtual");
  ASSERT_GE(run["layers"].size(), 2U);
  ASSERT_EQ(run["layers"].size(), run["model"]["operators"]);
  for (const json& layer : run["layers"]) {
    ASSERT_TRUE(layer["virtual"].is_object()) << layer.dump();
    EXPECT_GT(layer["virtual"]["median"], 0) << layer.dump();
    EXPECT_EQ(layer["fnv1a"], layer["reference_fnv1a"]) << layer.dump();
    EXPECT_FALSE(layer["fnv1a"].empty());
  }
  ASSERT_TRUE(run["inference"]["virtual"].is_object());
  const double whole = run["inference"]["virtual"]["median"];
  const double sum = run["inference"]["sum_of_layers"];
  EXPECT_NEAR(sum / whole, 1.0, 0.25);
  for (const json& fact : run["machine"]) EXPECT_TRUE(fact["agrees"]) << fact.dump();
  EXPECT_EQ(run["swo"]["unrepaired"], 0);
}

class RunBoards : public Run, public testing::WithParamInterface<const char*> {};

TEST_P(RunBoards, MeasureEveryLayerAndComputeWhatTheHostDoes) {
  // The M0 is emulated as slowly as it runs: a smaller model for it.
  const std::string board = GetParam();
  const json run = runJson(board, zooFile(board == "f091rc" ? "gesture" : "ds_cnn"));
  expectWholeRun(run);
  // The M0 has no trace port.
  const bool swo = board != "f091rc";
  EXPECT_EQ(run["swo"]["frames"] > 0, swo);
}

INSTANTIATE_TEST_SUITE_P(, RunBoards,
                         testing::Values("f767zi", "f746zg", "f429zi", "f207zg", "f091rc"),
                         [](const auto& board) { return std::string(board.param); });

class RunModels : public Run, public testing::WithParamInterface<const char*> {};

TEST_P(RunModels, GiveTheOutputsOfTheHostReference) {
  if (sharedFolder().empty()) GTEST_SKIP() << "no models in " << MCUPROF_SHARED_DIR;
  const auto model = sharedFolder() / "models" / GetParam();
  for (const char* board : {"f767zi", "f429zi"}) {
    const json run = runJson(board, model.string(), {"--runs", "1", "--warm-up", "0"});
    ASSERT_TRUE(run.is_object());
    EXPECT_GT(run["outputs"]["equal_layers"], 0);
    EXPECT_EQ(run["outputs"]["different_layers"], 0);
  }
}

INSTANTIATE_TEST_SUITE_P(, RunModels,
                         testing::Values("hello_world_int8.tflite", "ad01_int8.tflite",
                                         "keyword_scrambled_8bit.tflite", "conv0.tflite",
                                         "trained_lstm_int8.tflite"),
                         [](const auto& model) {
                           const std::string name = model.param;
                           return name.substr(0, name.find('.'));
                         });

TEST_F(Run, MeasuresTheRestWhereTheAgentLacksAnOperator) {
  if (sharedFolder().empty()) GTEST_SKIP() << "no models in " << MCUPROF_SHARED_DIR;
  const json run =
      runJson("f429zi", sharedFolder() / "models/audio_preprocessor_int8.tflite", {"--runs", "1"});
  ASSERT_TRUE(run.is_object());
  std::size_t measured = 0;
  std::size_t lacking = 0;
  for (const json& layer : run["layers"]) {
    if (layer["trouble"] == "") {
      EXPECT_GT(layer["virtual"]["median"], 0);
      ++measured;
    } else {
      EXPECT_TRUE(layer["virtual"].is_null());
      ++lacking;
    }
  }
  EXPECT_GT(measured, 0U);
  EXPECT_GT(lacking, 0U);
  EXPECT_TRUE(run["inference"]["virtual"].is_null());
}

TEST_F(Run, GivesTheSameCyclesTwice) {
  const json first = runJson("f429zi", zooFile("gesture"));
  const json second = runJson("f429zi", zooFile("gesture"));
  ASSERT_TRUE(first.is_object() && second.is_object());
  EXPECT_EQ(first["layers"], second["layers"]);
  EXPECT_EQ(first["inference"], second["inference"]);
}

TEST_F(Run, EndsWithItsNumberAndCanBeShownAgain) {
  const ProgramRun done = run({"run", "--board", "f429zi", "--virtual", zooFile("gesture")});
  ASSERT_EQ(done.status, 0) << done.err;
  const auto lines = linesOf(done.out);
  EXPECT_EQ(lines.back(), "run 1");
  EXPECT_THAT(done.out, HasSubstr("VIRTUAL board, its cycles are modelled"));
  EXPECT_THAT(done.out,
              testing::ContainsRegex(
                  "of ([0-9]+) of [0-9]+ layers equal to the host reference, bit for bit"));
  const ProgramRun shown = run({"show", "1"});
  EXPECT_EQ(shown.out + "run 1\n", done.out);
  const ProgramRun listed = run({"runs", "--format", "csv"});
  EXPECT_THAT(listed.out, HasSubstr("\n1,"));
  EXPECT_THAT(listed.out, HasSubstr(",virtual,"));
  EXPECT_EQ(run({"show", "2"}).status, 2);
}

TEST_F(Run, TimesTheLayersThatWereAskedFor) {
  const json run = runJson("f429zi", zooFile("ds_cnn"), {"--layers", "2-3", "--runs", "5"});
  ASSERT_TRUE(run.is_object());
  EXPECT_TRUE(run["layers"][0]["virtual"].is_null());
  EXPECT_EQ(run["layers"][0]["trouble"], "not asked for");
  EXPECT_EQ(run["layers"][1]["virtual"]["runs"], 5);
  EXPECT_EQ(run["layers"][2]["virtual"]["runs"], 5);
  EXPECT_TRUE(run["layers"][3]["virtual"].is_null());
  EXPECT_EQ(run["outputs"]["equal_layers"], run["layers"].size()) << "outputs are checked for all";
}

TEST_F(Run, TakesInputsFromAFile) {
  const std::string model = zooFile("gesture");
  const json zeros = runJson("f429zi", model, {"--input", "zeros"});
  std::ofstream(path("in"), std::ios::binary) << std::string(6, '\0');
  const json file = runJson("f429zi", model, {"--input", path("in")});
  ASSERT_TRUE(zeros.is_object() && file.is_object());
  for (std::size_t i = 0; i < zeros["layers"].size(); ++i) {
    EXPECT_EQ(zeros["layers"][i]["fnv1a"], file["layers"][i]["fnv1a"]);
    EXPECT_EQ(file["layers"][i]["fnv1a"], file["layers"][i]["reference_fnv1a"]);
  }
  std::ofstream(path("short"), std::ios::binary) << "xyz";
  const ProgramRun wrong =
      run({"run", "--board", "f429zi", "--virtual", model, "--input", path("short")});
  EXPECT_EQ(wrong.status, 3);
}

TEST_F(Run, PutsTheProgramInRam) {
  const json run = runJson("f429zi", zooFile("gesture"), {"--place", "weights=sram"});
  expectWholeRun(run);
}

TEST_F(Run, WritesATimelineForPerfetto) {
  const json run =
      runJson("f429zi", zooFile("gesture"), {"--runs", "2", "--chrome-trace", path("trace.json")});
  const json trace = json::parse(contentOf(path("trace.json")), nullptr, false);
  ASSERT_TRUE(trace.is_object());
  std::size_t layers = 0;
  for (const json& event : trace["traceEvents"]) layers += event["ph"] == "X" ? 1U : 0U;
  EXPECT_EQ(layers, 2U * run["layers"].size());
}

TEST_F(Run, RepairsFromTheRingWhatSwoLoses) {
  const json run = runJson("f429zi", zooFile("ds_cnn"), {"--fault", "swo-loss=0.05"});
  ASSERT_TRUE(run.is_object());
  EXPECT_GT(run["swo"]["lost"], 0);
  expectWholeRun(run);
}

TEST_F(Run, GoesOnWithTheRingWhenTheClockOfSwoIsWrong) {
  const ProgramRun done = run({"run", "--board", "f429zi", "--virtual", "--format", "json", "--swo",
                               "2000000@90000000", zooFile("gesture")});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("SWO brought nothing that can be read: its clock is wrong"));
  expectWholeRun(json::parse(done.out, nullptr, false));
}

/// Runs that end with status 5 and this text, and leave neither a process nor a stored run.
class RunFailure : public Run {
 protected:
  void expectFailure(std::vector<std::string> arguments, const std::string& text) {
    arguments.insert(arguments.begin(), "run");
    arguments.push_back(zooFile("gesture"));
    const ProgramRun done = run(arguments);
    EXPECT_EQ(done.status, 5) << done.err;
    EXPECT_THAT(done.err, HasSubstr(text));
    EXPECT_EQ(done.out, "");
    EXPECT_FALSE(std::filesystem::exists(path("runs.db")));
  }
};

TEST_F(RunFailure, NamesBothWaysOutWithoutABoard) {
  expectFailure(
      {"--board", "f767zi", "--serial", "NONE0TEST"},
      "nucleo-f767zi: no debug probe with serial number NONE0TEST found (openocd: \"init\" "
      "failed: open failed): connect the board by its debug USB port, or add --virtual to "
      "run on the virtual board");
}

TEST_F(RunFailure, SaysThatOpenocdIsMissing) {
  expectFailure({"--board", "f767zi", "--openocd", "/nowhere/openocd"},
                "/nowhere/openocd: cannot be started: No such file or directory; install OpenOCD "
                "0.12 (Debian: apt install openocd)");
}

TEST_F(RunFailure, SaysThatTheTargetHasNoPower) {
  expectFailure(
      {"--board", "f767zi", "--virtual", "--fault", "unpowered"},
      "nucleo-f767zi: the target has no power: the probe measures 0.0 V; check the board's "
      "supply and its power jumpers");
}

TEST_F(RunFailure, SaysWhenTheBoardIsUnplugged) {
  expectFailure({"--board", "f767zi", "--virtual", "--fault", "drop@300"}, "openocd: ");
}

TEST_F(RunFailure, SaysWhenTheProbeStopsAnswering) {
  expectFailure({"--board", "f767zi", "--virtual", "--fault", "stop-answering@300"},
                "openocd: no answer to ");
}

TEST_F(RunFailure, SaysWhereTheAgentDoesNotRun) {
  expectFailure({"--board", "rpi-pico", "--virtual"}, "no device agent for rpi-pico");
}

TEST_F(RunFailure, SaysThatTheChipIsAnotherAndWritesNothing) {
  // A board of our own, which the program takes for real hardware behind a configuration.
  const std::string programs = MCUPROF_BINARY_DIR "/analyzer/cli:";
  setenv("PATH", (programs + getenv("PATH")).c_str(), 1);
  auto other = VirtualBoard::start("nucleo-f767zi");
  ASSERT_TRUE(other) << other.error().text();
  std::ofstream(path("board.cfg"))
      << "script board/st_nucleo_f7.cfg\nhla_stlink_backend tcp " << other->port() << "\n";
  expectFailure({"--board", "f746zg", "--openocd-config", path("board.cfg")},
                "nucleo-f746zg: wrong chip: found STM32F76x/77x, device id 0x451, wanted "
                "STM32F74x/75x (device id 0x449); nothing was written");
}

TEST_F(RunFailure, SaysInWhichLayerTheCoreHangs) {
  const ProgramRun done = run({"run", "--board", "f767zi", "--virtual", "--fault", "hang@100000000",
                               "--timeout", "1", "--runs", "32", zooFile("ds_cnn")});
  EXPECT_EQ(done.status, 5);
  EXPECT_THAT(done.err, testing::ContainsRegex("agent: the core hangs in layer [0-9]+ and does not "
                                               "answer"));
}

TEST_F(Run, GoesOnAfterAFaultOnTheCore) {
  const ProgramRun done =
      run({"run", "--board", "f767zi", "--virtual", "--fault", "fault@100000000", "--runs", "32",
           "--format", "json", zooFile("ds_cnn")});
  ASSERT_EQ(done.status, 0) << done.err;
  const json run = json::parse(done.out, nullptr, false);
  ASSERT_TRUE(run.is_object());
  std::size_t failed = 0;
  for (const json& layer : run["layers"]) {
    const std::string said =
        layer["cause"].get<std::string>() + layer["trouble"].get<std::string>();
    failed += said.find("fault at pc 0x") != std::string::npos ? 1U : 0U;
  }
  EXPECT_EQ(failed, 1U);
}

TEST_F(RunFailure, SaysThatTheModelDoesNotFit) {
  const ProgramRun done = run({"run", "--board", "f091rc", "--virtual",
                               zooFile("mobilenet_v2", {"--width", "0.35", "--input", "96"})});
  EXPECT_EQ(done.status, 5);
  EXPECT_THAT(done.err,
              testing::ContainsRegex("does not fit nucleo-f091rc: the arena takes [0-9,]+ "
                                     "B, the agent leaves [0-9,]+ B of RAM in one piece, "
                                     "[0-9,]+ B too few; layer [0-9]+ [A-Z_0-9]+ alone "
                                     "takes [0-9,]+ B"));
}

TEST_F(Run, LeavesNoProcessAndNoResultBehindWhenInterrupted) {
  const std::string out = path("out.json");
  std::ofstream(out) << "before";
  const std::string model = zooFile("mobilenet_v2", {"--width", "0.35", "--input", "96"});
  const std::string database = path("runs.db");
  std::ofstream(path("err"), std::ios::app);
  const pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    dup2(open(path("err").c_str(), O_WRONLY | O_APPEND), STDERR_FILENO);
    execl(MCUPROF_PROGRAM, MCUPROF_PROGRAM, "run", "--board", "f767zi", "--virtual", "--db",
          database.c_str(), "-o", out.c_str(), model.c_str(), nullptr);
    _exit(127);
  }
  const auto children = [&] {
    std::vector<pid_t> ids;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream in(entry.path() / "stat");
      std::string text;
      std::getline(in, text);
      const std::size_t at = text.rfind(") ");
      if (at == std::string::npos || text[at + 2] == 'Z') continue;
      if (std::atoi(text.c_str() + at + 4) == child) {
        ids.push_back(std::atoi(entry.path().filename().c_str()));
      }
    }
    return ids;
  };
  for (int i = 0; i < 3000 && contentOf(path("err")).find("start agent") == std::string::npos;
       ++i) {
    usleep(10'000);
    if (!std::filesystem::exists(path("err"))) std::ofstream(path("err"), std::ios::app);
  }
  const auto helpers = children();
  EXPECT_EQ(helpers.size(), 2U) << "openocd and mcuprof-vboard";
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  for (const pid_t id : helpers) EXPECT_NE(kill(id, 0), 0) << "process " << id << " is still there";
  EXPECT_EQ(contentOf(out), "before");
  EXPECT_FALSE(std::filesystem::exists(database));
  EXPECT_THAT(contentOf(path("err")), HasSubstr("interrupted; nothing was stored"));
}

}  // namespace
}  // namespace mcuprof::test
