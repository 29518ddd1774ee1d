// The program and the stock OpenOCD, both as processes: every board is flashed, verified and run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <fmt/format.h>

#include "device-agent/host/openocd.hpp"
#include "tests/device-agent/virtual-board/board_support.hpp"

namespace mcuprof::vboard {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

/// mcuprof-vboard as a child; ends with the object.
class VboardProcess {
 public:
  explicit VboardProcess(Words options) {
    options.insert(options.begin(), MCUPROF_VBOARD_PROGRAM);
    auto started = Process::start(std::move(options));
    EXPECT_TRUE(started);
    if (!started) return;
    m_process.emplace(*std::move(started));
    const auto deadline = Clock::now() + std::chrono::seconds(30);
    while (port == 0 && m_process->outputFile() >= 0 && Clock::now() < deadline) {
      pollfd wait{m_process->outputFile(), POLLIN, 0};
      ::poll(&wait, 1, 100);
      for (const std::string& line : m_process->readLines()) {
        const std::string_view wanted = "listening on 127.0.0.1:";
        if (line.rfind(wanted, 0) == 0) port = std::stoi(line.substr(wanted.size()));
      }
    }
    EXPECT_NE(port, 0) << m_process->log();
  }

  Process& process() { return *m_process; }
  int port = 0;

 private:
  std::optional<Process> m_process;
};

struct Setup {
  std::string board;
  Words configurations;
};

Setup setupOf(const std::string& board) {
  if (board == "nucleo-f091rc") return {board, {"board/st_nucleo_f0.cfg"}};
  if (board == "nucleo-f429zi") return {board, {"board/st_nucleo_f4.cfg"}};
  if (board == "nucleo-f207zg") return {board, {"interface/stlink.cfg", "target/stm32f2x.cfg"}};
  return {board, {"board/st_nucleo_f7.cfg"}};
}

Result<std::unique_ptr<Openocd>> attach(const Setup& setup, int port,
                                        const std::string& serial = "") {
  OpenocdOptions options;
  options.program = MCUPROF_OPENOCD;
  for (const std::string& file : setup.configurations) options.addFile(file);
  if (setup.configurations.size() == 2) options.commands.push_back("reset_config srst_only");
  options.commands.push_back(fmt::format("hla_stlink_backend tcp {}", port));
  if (!serial.empty()) options.commands.push_back("adapter serial " + serial);
  // Before its Tcl port opens: a connection takes over the mode OpenOCD is in, and wants "exec".
  options.commands.push_back("init");
  auto openocd = Openocd::start(options);
  if (!openocd) return openocd.error();
  const auto connected = (*openocd)->connect();
  if (!connected) return connected.error();
  return openocd;
}

std::string call(Openocd& openocd, const std::string& command) {
  const auto answer = openocd.call(command, Milliseconds(60'000));
  EXPECT_TRUE(answer) << answer.error().text();
  return answer ? *answer : "";
}

std::string firmware(const std::string& board) {
  return std::string(MCUPROF_FIRMWARE_DIR "/") + board + ".elf";
}

void flashAndBoot(Openocd& openocd, const std::string& board) {
  call(openocd, "reset halt");
  call(openocd, "flash write_image erase " + firmware(board));
  call(openocd, "verify_image " + firmware(board));
  call(openocd, "reset run");
}

/// Gives the firmware a command over the mailbox while it runs and waits for the end.
test_mailbox runCommand(Openocd& openocd, std::uint32_t code, std::uint32_t argument) {
  constexpr std::size_t kWords = sizeof(test_mailbox) / 4;
  test_mailbox mailbox{};
  const auto look = [&] {
    const auto words = openocd.readWords(test::kRam, kWords);
    EXPECT_TRUE(words) << words.error().text();
    if (words) std::copy(words->begin(), words->end(), reinterpret_cast<std::uint32_t*>(&mailbox));
    return words && mailbox.ready == TEST_READY;
  };
  const auto until = [&](auto condition) {
    for (int i = 0; i < 500; ++i) {
      if (look() && condition()) return true;
      if (!openocd.wait(Milliseconds(10))) return false;
    }
    return false;
  };
  EXPECT_TRUE(until([] { return true; })) << "the firmware does not start";
  const std::uint32_t done = mailbox.done;
  const std::uint32_t command[] = {code, argument};
  EXPECT_TRUE(openocd.writeWords(test::kRam + 8, std::span(command).subspan(1)));
  EXPECT_TRUE(openocd.writeWords(test::kRam + 4, std::span(command).first(1)));
  EXPECT_TRUE(until([&] { return mailbox.done == done + 1; })) << "command " << code;
  return mailbox;
}

class EndToEnd : public testing::TestWithParam<std::string> {};
std::string plainName(const testing::TestParamInfo<std::string>& info) {
  return info.param.substr(info.param.find('-') + 1);
}
INSTANTIATE_TEST_SUITE_P(VirtualBoard, EndToEnd, testing::ValuesIn(test::boardNames()), plainName);

TEST_P(EndToEnd, OpenocdFlashesVerifiesAndRunsFirmware) {
  VboardProcess vboard({"--board", GetParam()});
  auto openocd = attach(setupOf(GetParam()), vboard.port);
  ASSERT_TRUE(openocd) << openocd.error().text();
  flashAndBoot(**openocd, GetParam());
  const test_mailbox over = runCommand(**openocd, TEST_KERNEL, 8);
  // The same firmware on a board model without the processes between.
  const auto direct = test::bootedBoard(GetParam());
  test::command(*direct, TEST_KERNEL, 8);
  EXPECT_THAT(over.cycles, testing::ElementsAreArray(test::mailboxOf(*direct).cycles));
  EXPECT_EQ(over.result, test::mailboxOf(*direct).result);
}

TEST(EndToEnd, TraceArrivesCompleteWhileTheCoreRuns) {
  VboardProcess vboard({"--board", "f767zi"});
  auto openocd = attach(setupOf("nucleo-f767zi"), vboard.port);
  ASSERT_TRUE(openocd) << openocd.error().text();
  flashAndBoot(**openocd, "nucleo-f767zi");
  ASSERT_TRUE((*openocd)->subscribeTrace());
  call(**openocd,
       "mww 0xe000edfc 0x01000000; stm32f7x.tpiu configure -protocol uart -output - -traceclk "
       "16000000 -pin-freq 2000000");
  call(**openocd, "stm32f7x.tpiu enable; itm port 1 on; mww 0xe0000e80 1");
  constexpr std::uint32_t kWords = 3000;
  runCommand(**openocd, TEST_TRACE, kWords);
  std::vector<std::byte> trace;
  for (int i = 0; i < 100 && trace.size() < 5 * kWords; ++i) {
    ASSERT_TRUE((*openocd)->wait(Milliseconds(50)));
    const auto more = (*openocd)->takeTrace();
    trace.insert(trace.end(), more.begin(), more.end());
  }
  ASSERT_EQ(trace.size(), 5 * kWords);
  for (std::uint32_t i = 0; i < kWords; ++i) {
    const std::uint32_t word = std::to_integer<std::uint32_t>(trace[5 * i + 1]) |
                               std::to_integer<std::uint32_t>(trace[5 * i + 2]) << 8;
    ASSERT_EQ(trace[5 * i], std::byte{0x0b});
    ASSERT_EQ(word, i);
  }
}

TEST(EndToEnd, SeveralBoardsAreToldApartBySerialNumber) {
  VboardProcess vboard({"--board", "f767zi", "--serial", "LEFT", "--board", "f091rc", "--serial",
                        "RIGHT", "--board", "f429zi"});
  auto left = attach(setupOf("nucleo-f767zi"), vboard.port, "LEFT");
  ASSERT_TRUE(left) << left.error().text();
  auto right = attach(setupOf("nucleo-f091rc"), vboard.port, "RIGHT");
  ASSERT_TRUE(right) << right.error().text();
  flashAndBoot(**left, "nucleo-f767zi");
  flashAndBoot(**right, "nucleo-f091rc");
  EXPECT_EQ(runCommand(**left, TEST_SUPERVISOR, 5).result, 5u);
  EXPECT_EQ(runCommand(**right, TEST_SUPERVISOR, 7).result, 7u);
  auto nobody = attach(setupOf("nucleo-f429zi"), vboard.port, "MIDDLE");
  EXPECT_FALSE(nobody);
}

TEST(EndToEnd, AFlashErrorReachesOpenocd) {
  VboardProcess vboard({"--board", "f767zi", "--fault", "flash-error@0x08000100"});
  auto openocd = attach(setupOf("nucleo-f767zi"), vboard.port);
  ASSERT_TRUE(openocd) << openocd.error().text();
  call(**openocd, "reset halt");
  const auto written = (*openocd)->call("flash write_image erase " + firmware("nucleo-f767zi"),
                                        Milliseconds(60'000));
  EXPECT_FALSE(written);
}

TEST(EndToEnd, ADroppedConnectionEndsOpenocdsAttempt) {
  VboardProcess vboard({"--board", "f429zi", "--fault", "drop@5"});
  EXPECT_FALSE(attach(setupOf("nucleo-f429zi"), vboard.port));
  EXPECT_TRUE(vboard.process().running()) << "the board stays for the next one";
}

TEST(EndToEnd, WithoutSupplyOpenocdFindsNoTarget) {
  VboardProcess vboard({"--board", "f429zi", "--fault", "unpowered"});
  EXPECT_FALSE(attach(setupOf("nucleo-f429zi"), vboard.port));
}

TEST(VboardProgram, EndsWithItsInputAndOnSigterm) {
  VboardProcess vboard({"--board", "f091rc"});
  kill(vboard.process().id(), SIGTERM);
  for (int i = 0; i < 100 && vboard.process().running(); ++i) usleep(50'000);
  EXPECT_EQ(vboard.process().status(), 0);
  const std::string quoted = fmt::format("'{}' --board f091rc < /dev/null", MCUPROF_VBOARD_PROGRAM);
  EXPECT_EQ(std::system(quoted.c_str()), 0);
}

TEST(VboardProgram, SaysWhatIsWrongWithItsCommandLine) {
  const auto outputOf = [](Words options) {
    options.insert(options.begin(), MCUPROF_VBOARD_PROGRAM);
    auto process = Process::start(std::move(options));
    EXPECT_TRUE(process);
    for (int i = 0; i < 200 && process->running(); ++i) {
      process->readLines();
      usleep(20'000);
    }
    process->readLines();
    EXPECT_EQ(process->status(), 2);
    return process->log();
  };
  EXPECT_THAT(outputOf({"--board", "f767zi", "--fault", "fire"}),
              HasSubstr("mcuprof-vboard: error: --fault fire: no such fault"));
  EXPECT_THAT(outputOf({"--board", "u575zi-q"}), HasSubstr("has no virtual board"));
  EXPECT_THAT(
      outputOf({"--board", "f767zi", "--board", "f767zi", "--serial", "A", "--serial", "A"}),
      HasSubstr("--serial: \"A\" is given twice"));
  EXPECT_THAT(outputOf({"--board", "f767zi", "--timing", "wrong"}), HasSubstr("error: --timing"));
}

}  // namespace
}  // namespace mcuprof::vboard
