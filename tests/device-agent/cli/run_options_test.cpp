// Options of mcuprof run that reach OpenOCD, the board as it is left, the terminal, and faults.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "device-agent/firmware/agent/protocol.h"
#include "device-agent/host/openocd.hpp"
#include "device-agent/host/virtual_board.hpp"
#include "tests/device-agent/cli/run_fixture.hpp"

namespace mcuprof::test {
namespace {

using testing::HasSubstr;

class RunOptions : public Run {
 protected:
  /// A virtual board that outlives the run, which takes it for real hardware behind `board.cfg`.
  Result<VirtualBoard> standingBoard() {
    const std::string programs = MCUPROF_BINARY_DIR "/analyzer/cli:";
    setenv("PATH", (programs + getenv("PATH")).c_str(), 1);
    auto board = VirtualBoard::start("nucleo-f429zi");
    if (board) {
      std::ofstream(path("board.cfg"))
          << "script board/st_nucleo_f4.cfg\nhla_stlink_backend tcp " << board->port() << "\n";
    }
    return board;
  }

  /// What the stock OpenOCD is started with, which still runs.
  std::string startedWith(std::vector<std::string> options, std::string& said) {
    std::ofstream(path("openocd"))
        << "#!/bin/sh\nprintf '%s\\n' \"$@\" > '" << path("words") << "'\nexec openocd \"$@\"\n";
    std::filesystem::permissions(path("openocd"), std::filesystem::perms::owner_all);
    options.insert(options.begin(), {"run", "--openocd", path("openocd")});
    options.push_back(zooFile("gesture"));
    const ProgramRun done = run(options);
    EXPECT_EQ(done.status, 5);
    said = done.err;
    return contentOf(path("words"));
  }
};

TEST_F(RunOptions, LeaveTheBoardHaltedOrRunningAsAsked) {
  const auto board = standingBoard();
  ASSERT_TRUE(board) << board.error().text();
  for (const bool halt : {true, false}) {
    std::vector<std::string> words = {
        "run", "--board", "f429zi", "--openocd-config", path("board.cfg"), zooFile("gesture")};
    if (halt) words.emplace_back("--halt");
    const ProgramRun done = run(words);
    ASSERT_EQ(done.status, 0) << done.err;
    OpenocdOptions options;
    options.addFile(path("board.cfg"));
    auto openocd = Openocd::start(options);
    ASSERT_TRUE(openocd) << openocd.error().text();
    ASSERT_TRUE((*openocd)->connect());
    const auto state = (*openocd)->call("[target current] curstate");
    ASSERT_TRUE(state) << state.error().text();
    EXPECT_EQ(*state, halt ? "halted" : "running");
  }
}

TEST_F(RunOptions, ChooseProbeSerialNumberAndSpeed) {
  std::string said;
  const std::string words = startedWith(
      {"--board", "f767zi", "--probe", "jlink", "--serial", "123456", "--speed", "1234"}, said);
  EXPECT_THAT(words, HasSubstr("interface/jlink.cfg"));
  EXPECT_THAT(words, HasSubstr("transport select swd"));
  EXPECT_THAT(words, HasSubstr("target/stm32f7x.cfg"));
  EXPECT_THAT(words, HasSubstr("adapter speed 1234"));
  EXPECT_THAT(words, HasSubstr("adapter serial \"123456\""));
  // OpenOCD has taken all of it: what it lacks is the probe.
  EXPECT_THAT(said, HasSubstr("no debug probe with serial number 123456 found (openocd: \"init\" "
                              "failed: No J-Link device found)"));
}

TEST_F(RunOptions, SayWhichProbeOpenocdDoesNotKnow) {
  std::string said;
  startedWith({"--board", "f767zi", "--probe", "nosuch"}, said);
  EXPECT_THAT(said, HasSubstr("interface/nosuch.cfg"));
}

TEST_F(RunOptions, ShowABarOnATerminal) {
  int master = -1;
  int slave = -1;
  ASSERT_EQ(openpty(&master, &slave, nullptr, nullptr, nullptr), 0);
  const std::string model = zooFile("gesture");
  const std::string database = path("runs.db");
  const pid_t child = fork();
  if (child == 0) {
    dup2(slave, STDERR_FILENO);
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    close(master);
    execl(MCUPROF_PROGRAM, MCUPROF_PROGRAM, "run", "--board", "f429zi", "--virtual", "--db",
          database.c_str(), model.c_str(), nullptr);
    _exit(127);
  }
  close(slave);
  std::string shown;
  char bytes[4096];
  for (ssize_t count; (count = read(master, bytes, sizeof bytes)) > 0;)
    shown.append(bytes, static_cast<std::size_t>(count));
  close(master);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0) << shown;
  EXPECT_THAT(shown, HasSubstr("time layers      [##############################] 100 %"));
  EXPECT_THAT(shown, testing::EndsWith("\r\x1b[K")) << "and takes it away again";
}

TEST_F(RunOptions, RefuseAnAgentOfAnotherProtocol) {
  const std::string folder = MCUPROF_BINARY_DIR "/device-agent/firmware/";
  std::string image = contentOf(folder + "f429zi/agent.elf");
  const auto refused = [&](const std::string& board) {
    std::filesystem::create_directory(path("f429zi"));
    std::ofstream(path("f429zi/agent.elf"), std::ios::binary) << image;
    const ProgramRun done = runProgram({"run", "--board", board, "--virtual", zooFile("gesture")},
                                       {}, {{"MCUPROF_FIRMWARE", m_folder.path().string()}});
    EXPECT_EQ(done.status, 5);
    return done.err;
  };
  EXPECT_THAT(refused("f767zi"), HasSubstr("f767zi/agent.elf: is not there; MCUPROF_FIRMWARE"));
  const std::uint32_t magic = MCUPROF_HEADER_MAGIC;
  const std::size_t header =
      image.find(std::string(reinterpret_cast<const char*>(&magic), sizeof magic));
  ASSERT_NE(header, std::string::npos);
  image[header + offsetof(mcuprof_image_header, protocol) + 1] = 0;
  EXPECT_THAT(refused("f429zi"), HasSubstr("holds a device agent of protocol 0."));
}

TEST_F(RunOptions, RepairFromTheRingWhatTheProbeDrops) {
  const json run = runJson("f429zi", zooFile("ds_cnn"), {"--fault", "swo-overflow"});
  ASSERT_TRUE(run.is_object());
  EXPECT_EQ(run["swo"]["unrepaired"], 0);
  EXPECT_EQ(run["outputs"]["equal_layers"], run["layers"].size());
}

TEST_F(RunOptions, EndWithTheReasonWhenFlashCannotBeWritten) {
  const ProgramRun done = run({"run", "--board", "f429zi", "--virtual", "--fault",
                               "flash-error@0x08000400", zooFile("gesture")});
  EXPECT_EQ(done.status, 5);
  EXPECT_THAT(done.err, HasSubstr("openocd: \"flash erase_address pad 0x8000000 4\" failed: "
                                  "failed erasing sectors 0 to 0"));
  EXPECT_EQ(done.out, "");
  EXPECT_FALSE(std::filesystem::exists(path("runs.db")));
}

}  // namespace
}  // namespace mcuprof::test
