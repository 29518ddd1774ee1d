#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/target/catalogue.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Catalogue shipped() {
  return Catalogue((test::sourceFolder() / "targets").string());
}

const Memory& memoryOf(const Board& board, std::string_view name) {
  const auto found = std::find_if(board.memories.begin(), board.memories.end(),
                                  [&](const Memory& memory) { return memory.name == name; });
  EXPECT_NE(found, board.memories.end()) << name;
  return *found;
}

std::vector<std::int64_t> activationKib(const Board& board) {
  std::vector<std::int64_t> sizes;
  for (const Memory& memory : board.memories)
    if (memory.use.activations) sizes.push_back(memory.size.value / 1024);
  return sizes;
}

TEST(ShippedTargets, HaveNoProblems) {
  std::vector<std::string> problems;
  for (const Error& error : shipped().problems()) problems.push_back(error.text());
  EXPECT_THAT(problems, IsEmpty());
}

TEST(ShippedTargets, HaveTheBoardsPeopleUse) {
  const Result<std::vector<Board>> boards = shipped().listBoards();
  ASSERT_TRUE(boards) << boards.error().text();
  EXPECT_GE(boards->size(), 28U);
}

TEST(ShippedTargets, EveryBoardLoadsWithItsCore) {
  const Catalogue catalogue = shipped();
  for (const std::string& name : catalogue.boardNames()) {
    const Result<Board> board = catalogue.loadBoard(name);
    ASSERT_TRUE(board) << board.error().text();
    EXPECT_EQ(board->name, name);
    const Result<Core> core = catalogue.loadCore(board->core);
    ASSERT_TRUE(core) << core.error().text();
    EXPECT_EQ(core->name, board->core);
  }
}

// The five boards of the paper (its table 1): core, clock, total RAM, flash.
TEST(ShippedTargets, AgreeWithThePaperOnItsBoards) {
  struct Row {
    const char* name;
    const char* core;
    std::int64_t mhz;
    std::int64_t ramKib;
    std::int64_t flashKib;
  };
  constexpr Row kRows[] = {{"f767zi", "cortex-m7", 216, 512, 2048},
                           {"f746zg", "cortex-m7", 216, 320, 1024},
                           {"f429zi", "cortex-m4", 180, 256, 2048},
                           {"f207zg", "cortex-m3", 120, 128, 1024},
                           {"f091rc", "cortex-m0", 48, 32, 256}};
  for (const Row& row : kRows) {
    const Result<Board> board = shipped().loadBoard(row.name);
    ASSERT_TRUE(board) << board.error().text();
    EXPECT_EQ(board->core, row.core);
    EXPECT_EQ(board->clockHz.value, row.mhz * 1'000'000);
    std::int64_t ram = 0;
    for (const std::int64_t kib : activationKib(*board)) ram += kib;
    EXPECT_EQ(ram, row.ramKib) << row.name;
    EXPECT_EQ(memoryOf(*board, "flash").size.value, row.flashKib * 1024) << row.name;
    ASSERT_TRUE(board->sd) << row.name;
    EXPECT_EQ(board->sd->spiClockHz.value, 1'000'000);
    EXPECT_EQ(board->sd->blockBytes.value, 16 * 1024);
    EXPECT_EQ(memoryOf(*board, "sd").kind, MemoryKind::Sd);
  }
}

TEST(ShippedTargets, KeepRegionsApartThatNoBufferCanSpan) {
  EXPECT_THAT(activationKib(*shipped().loadBoard("f767zi")), ElementsAre(128, 368, 16));
  EXPECT_THAT(activationKib(*shipped().loadBoard("f746zg")), ElementsAre(64, 240, 16));
  const Board f429 = *shipped().loadBoard("f429zi");
  EXPECT_THAT(activationKib(f429), ElementsAre(192, 64));
  EXPECT_EQ(memoryOf(f429, "ccm").base, 0x10000000U);
  EXPECT_FALSE(memoryOf(f429, "ccm").dmaReach->value);
}

// Issue names; whoever types one of these must get a board.
TEST(ShippedTargets, AnswerToTheNamesPeopleType) {
  for (const char* name : {"nucleo-l4r5zi",
                           "nucleo-u575zi-q",
                           "nucleo-h7a3zi-q",
                           "nucleo-h743zi2",
                           "stm32f746g-disco",
                           "stm32f4-discovery",
                           "nucleo-f413zh",
                           "nrf52840-dk",
                           "nrf5340-dk",
                           "arduino-nano-33-ble",
                           "rpi-pico",
                           "rpi-pico-2",
                           "ek-ra6m4",
                           "ek-ra8d1",
                           "alif-e7",
                           "apollo510",
                           "teensy-4.0",
                           "xg24",
                           "esp32",
                           "esp32-s3",
                           "esp32-c3",
                           "esp8266",
                           "arduino-uno",
                           "pico",
                           "pico2",
                           "uno",
                           "ra8d1",
                           "nrf52840",
                           "h743zi",
                           "esp32s3",
                           "rp2040"})
    EXPECT_TRUE(shipped().boardPath(name)) << name;
}

// A missing source makes a file invalid; that each source says something is checked at load. Here:
// no number is dressed up, recalled figures carry the basis assumed.
TEST(ShippedTargets, CallRecalledFiguresAssumed) {
  const Result<std::vector<Board>> boards = shipped().listBoards();
  ASSERT_TRUE(boards);
  const auto check = [](const std::string& board, Basis basis, const std::string& source) {
    const bool recalled = source.find("recalled") != std::string::npos;
    EXPECT_FALSE(recalled && basis != Basis::Assumed) << board << ": " << source;
  };
  for (const Board& board : *boards) {
    check(board.name, board.clockHz.basis, board.clockHz.source);
    check(board.name, board.chip.basis, board.chip.source);
    for (const Memory& memory : board.memories) check(board.name, memory.basis, memory.source);
    for (const RunCurrent& run : board.power.run)
      check(board.name, run.milliamps.basis, run.milliamps.source);
  }
}

}  // namespace
}  // namespace mcuprof
