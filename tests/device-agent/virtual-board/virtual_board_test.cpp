#include "device-agent/virtual-board/virtual_board.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/device-agent/virtual-board/board_support.hpp"

namespace mcuprof::vboard {
namespace {

using namespace mcuprof::vboard::test;
using testing::ElementsAreArray;

class EveryBoard : public testing::TestWithParam<std::string> {};

std::string plainName(const testing::TestParamInfo<std::string>& info) {
  return info.param.substr(info.param.find('-') + 1);
}
INSTANTIATE_TEST_SUITE_P(VirtualBoard, EveryBoard, testing::ValuesIn(boardNames()), plainName);

/// What the kernel of the test firmware must add up to.
std::uint32_t dotProduct() {
  std::uint32_t sum = 0;
  for (int i = 0; i < 16; ++i) {
    constexpr int kWeights[] = {1, -2, 3, -4, 5, -6, 7, -8, 9, 10, 11, 12, 13, 14, 15, 16};
    sum += static_cast<std::uint32_t>(static_cast<std::int8_t>(i * 7) * kWeights[i]);
  }
  return sum;
}

TEST_P(EveryBoard, BootsFirmwareFromFlash) {
  const auto board = bootedBoard(GetParam());
  EXPECT_EQ(mailboxOf(*board).result, 0x12345678u) << "initialised data was copied";
}

TEST_P(EveryBoard, SaysWhichChipItIs) {
  const auto board = makeBoard(GetParam());
  const Chip& chip = board->chip();
  EXPECT_EQ(peek(*board, 0xe000ed00), chip.cpuid);
  EXPECT_EQ(peek(*board, chip.idcodeAddress), chip.idcode);
  std::array<std::byte, 2> size{};
  ASSERT_TRUE(board->debugRead(chip.flashSizeAddress, size, 2));
  const std::uint32_t sectors = std::accumulate(
      chip.sectors.begin(), chip.sectors.end(), 0u,
      [](std::uint32_t sum, const SectorRun& run) { return sum + run.count * run.bytes; });
  EXPECT_EQ(std::to_integer<std::uint32_t>(size[0]) | std::to_integer<std::uint32_t>(size[1]) << 8,
            sectors / 1024)
      << "the sectors fill the flash of the board file";
}

TEST_P(EveryBoard, ComputesWhatTheFirmwareSays) {
  const auto board = bootedBoard(GetParam());
  command(*board, TEST_KERNEL, 4);
  EXPECT_EQ(mailboxOf(*board).result, 4 * dotProduct());
}

TEST_P(EveryBoard, CountsTheSameCyclesInEveryRun) {
  for (const TimingMode mode : {TimingMode::Access, TimingMode::Block}) {
    const auto first = bootedBoard(GetParam(), mode);
    const auto second = bootedBoard(GetParam(), mode);
    second->run(12'345);  // when the command comes must not matter
    for (const auto* board : {&first, &second}) {
      command(**board, TEST_FULL_SPEED);
      command(**board, TEST_KERNEL, 8);
    }
    const test_mailbox one = mailboxOf(*first);
    EXPECT_THAT(mailboxOf(*second).cycles, ElementsAreArray(one.cycles));
    EXPECT_GT(one.cycles[0], 512u) << "one cycle a product at least";
    EXPECT_EQ(one.cycles[6], one.cycles[7]) << "warm caches make equal runs";
  }
}

TEST_P(EveryBoard, AnyNumberOfStepsLeavesCyclesAsTheyAre) {
  const auto free = bootedBoard(GetParam());
  const auto stepped = bootedBoard(GetParam());
  command(*free, TEST_FULL_SPEED);
  command(*free, TEST_KERNEL, 1);
  command(*stepped, TEST_FULL_SPEED);
  halt(*stepped);
  const std::uint32_t done = mailboxOf(*stepped).done;
  giveCommand(*stepped, TEST_KERNEL, 1);
  for (int i = 0; i < 20'000 && mailboxOf(*stepped).done == done; ++i) step(*stepped);
  ASSERT_EQ(mailboxOf(*stepped).done, done + 1);
  EXPECT_EQ(mailboxOf(*stepped).cycles[0], mailboxOf(*free).cycles[0]);
  EXPECT_EQ(mailboxOf(*stepped).result, mailboxOf(*free).result);
}

TEST_P(EveryBoard, ABreakpointLeavesCyclesAsTheyAre) {
  const auto free = bootedBoard(GetParam());
  command(*free, TEST_KERNEL, 3);
  const auto board = bootedBoard(GetParam());
  // Somewhere in the middle of the kernel's loop: found by stepping.
  giveCommand(*board, TEST_KERNEL, 3);
  board->run(9'000);
  halt(*board);
  const std::uint32_t at = board->readRegister(kRegPc);
  const auto again = bootedBoard(GetParam());
  poke(*again, 0xe000edf0, 0xa05f0001);
  poke(*again, 0xe0002000, 3);
  const std::uint32_t comparator = again->chip().fpbRevision == 1 ? at | 1
                                   : (at & 2) != 0                ? (at & ~3u) | 0x80000001u
                                                                  : at | 0x40000001u;
  poke(*again, 0xe0002008, comparator);
  giveCommand(*again, TEST_KERNEL, 3);
  int hits = 0;
  for (int i = 0; i < 100'000 && mailboxOf(*again).done == 0; ++i) {
    again->run(1000);
    if (!again->halted()) continue;
    ++hits;
    EXPECT_EQ(again->readRegister(kRegPc), at);
    resume(*again);
  }
  EXPECT_GT(hits, 0);
  EXPECT_THAT(mailboxOf(*again).cycles, ElementsAreArray(mailboxOf(*free).cycles));
}

TEST_P(EveryBoard, TakesSupervisorCalls) {
  const auto board = bootedBoard(GetParam());
  command(*board, TEST_SUPERVISOR, 1000);
  EXPECT_EQ(mailboxOf(*board).result, 1000u);
}

TEST_P(EveryBoard, SysTickWakesASleepingCore) {
  const auto board = bootedBoard(GetParam());
  const std::uint64_t before = board->cycles();
  command(*board, TEST_TICKS, 50);
  EXPECT_EQ(mailboxOf(*board).result, 50u);
  const std::uint64_t took = board->cycles() - before;
  EXPECT_GE(took, 50u * 1000);
  EXPECT_LT(took, 53u * 1000) << "an interrupt each 1000 cycles, and the slice that ended after it";
}

TEST_P(EveryBoard, FaultsReachTheHandlerWithTheirAddress) {
  const auto board = bootedBoard(GetParam());
  command(*board, TEST_UNDEFINED);
  const test_mailbox undefined = mailboxOf(*board);
  EXPECT_EQ(undefined.faults, 1u);
  std::array<std::byte, 2> code{};
  ASSERT_TRUE(board->debugRead(undefined.fault_pc, code, 2));
  EXPECT_EQ(code[1], std::byte{0xde}) << "UDF";
  command(*board, TEST_BAD_ADDRESS);
  EXPECT_EQ(mailboxOf(*board).faults, 2u);
  if (board->chip().family != Family::F0) {
    EXPECT_EQ(peek(*board, 0xe000ed38), 0x90000000u) << "BFAR";
    EXPECT_EQ(peek(*board, 0xe000ed2c), 1u << 30) << "HFSR.FORCED";
  }
}

TEST_P(EveryBoard, AnExceptionBehindAMaskComesWhenItIsLifted) {
  const auto board = bootedBoard(GetParam());
  command(*board, TEST_PENDING);
  EXPECT_EQ(mailboxOf(*board).result, 1u) << "none while masked, one after";
}

TEST_P(EveryBoard, CodeThatTheCoreRewritesIsRunAsRewritten) {
  const auto board = bootedBoard(GetParam());
  command(*board, TEST_RAM_CODE);
  EXPECT_EQ(mailboxOf(*board).result, 10u * 1 + 10u * 16);
}

TEST_P(EveryBoard, CodeThatADebuggerRewritesIsRunAsRewritten) {
  const auto board = makeBoard(GetParam());
  halt(*board);
  const auto runFrom = [&](std::uint32_t firstWord) {
    poke(*board, kRam + 0x100, firstWord);  // one instruction and BKPT
    board->writeRegister(kRegPc, kRam + 0x100);
    board->writeRegister(0, 0);
    resume(*board);
    board->run(100);
    EXPECT_TRUE(board->halted());
    return board->readRegister(0);
  };
  EXPECT_EQ(runFrom(0xbe003001), 1u);  // adds r0, #1
  EXPECT_EQ(runFrom(0xbe003007), 7u);  // adds r0, #7
  EXPECT_EQ(runFrom(0xbe0030ff), 255u);
}

TEST_P(EveryBoard, ResetHaltsAtTheFirstInstructionWhenAsked) {
  const auto board = bootedBoard(GetParam());
  halt(*board);
  poke(*board, 0xe000edfc, 0x01000001);  // VC_CORERESET
  board->setResetPin(true);
  board->setResetPin(false);
  EXPECT_TRUE(board->halted());
  EXPECT_EQ(board->readRegister(kRegPc), peek(*board, kFlash + 4) & ~1u);
  EXPECT_EQ(board->readRegister(kRegSp), peek(*board, kFlash));
}

TEST_P(EveryBoard, ErasedFlashLocksTheCoreUp) {
  const auto board = makeBoard(GetParam());
  board->run(1000);
  EXPECT_NE(peek(*board, 0xe000edf0) & 1u << 19, 0u) << "DHCSR.S_LOCKUP";
  EXPECT_FALSE(board->run(1000));
}

TEST_P(EveryBoard, ReadsAcrossNeighbouringMemoriesAndRefusesNothingness) {
  const auto board = makeBoard(GetParam());
  std::array<std::byte, 64> bytes{};
  EXPECT_FALSE(board->debugRead(0x90000000, bytes, 4));
  EXPECT_FALSE(board->debugWrite(0x90000000, bytes, 4));
  EXPECT_FALSE(board->debugWrite(board->chip().flashSizeAddress, bytes, 2)) << "read-only";
}

TEST(VirtualBoard, CachesMakeAnF767Faster) {
  const auto board = bootedBoard("nucleo-f767zi");
  command(*board, TEST_KERNEL, 8);
  const std::uint32_t plain = mailboxOf(*board).cycles[7];
  command(*board, TEST_FULL_SPEED);
  command(*board, TEST_KERNEL, 8);
  EXPECT_LT(2 * mailboxOf(*board).cycles[7], plain);
}

TEST(VirtualBoard, DataTimingIsPricedPerAccessOnlyWhenAsked) {
  // Words of flash 64 bytes apart: each a line of its own, with 5 wait states behind the ART cache.
  const auto exact = bootedBoard("nucleo-f429zi", TimingMode::Access);
  const auto fast = bootedBoard("nucleo-f429zi", TimingMode::Block);
  for (const auto* board : {&exact, &fast}) {
    command(**board, TEST_FULL_SPEED);
    command(**board, TEST_READ_FLASH, 64);
  }
  EXPECT_EQ(mailboxOf(*exact).result, mailboxOf(*fast).result);
  EXPECT_EQ(mailboxOf(*exact).cycles[0], mailboxOf(*fast).cycles[0] + (64 + 1) * 5)
      << "and the literal that their address comes from";
}

TEST(VirtualBoard, AWatchpointHaltsBehindTheAccess) {
  const auto board = bootedBoard("nucleo-f429zi");
  halt(*board);
  poke(*board, 0xe000edfc, 1u << 24);
  poke(*board, 0xe0001020, kRam + offsetof(test_mailbox, result));
  poke(*board, 0xe0001024, 2);
  poke(*board, 0xe0001028, 6);  // writes
  resume(*board);
  giveCommand(*board, TEST_SUPERVISOR, 3);
  for (int i = 0; i < 100 && !board->halted(); ++i) board->run(1000);
  ASSERT_TRUE(board->halted());
  EXPECT_EQ(peek(*board, 0xe000ed30) & 4, 4u) << "DFSR.DWTTRAP";
  EXPECT_EQ(mailboxOf(*board).result, 3u) << "the store was done";
  EXPECT_EQ(mailboxOf(*board).done, 0u) << "and nothing behind it";
}

TEST(VirtualBoard, AnItAndWhatItMakesConditionalAreOneStep) {
  const auto board = makeBoard("nucleo-f429zi");
  halt(*board);
  const std::array<std::uint32_t, 5> code = {0xbf142805,   // cmp r0, #5; ite ne
                                             0x32013101,   // addne r1, #1; addeq r2, #1
                                             0x3301bf09,   // itett eq; addeq r3, #1
                                             0x35013401,   // addne r4, #1; addeq r5, #1
                                             0xbe003601};  // addeq r6, #1; bkpt
  for (std::uint32_t i = 0; i < code.size(); ++i) poke(*board, kRam + 4 * i, code[i]);
  const auto prepare = [&] {
    for (std::uint32_t i = 1; i <= 6; ++i) board->writeRegister(i, 0);
    board->writeRegister(0, 5);
    board->writeRegister(kRegPc, kRam);
  };
  const auto registers = [&] {
    std::vector<std::uint32_t> values;
    for (std::uint32_t i = 1; i <= 6; ++i) values.push_back(board->readRegister(i));
    return values;
  };
  prepare();
  for (const std::uint32_t expected : {2u, 8u, 18u}) {
    step(*board);
    EXPECT_EQ(board->readRegister(kRegPc), kRam + expected);
  }
  EXPECT_THAT(registers(), testing::ElementsAre(0, 1, 1, 0, 1, 1));
}

TEST(VirtualBoard, ABreakpointOnAConditionalInstructionHaltsAtItsIt) {
  const auto board = makeBoard("nucleo-f767zi");
  halt(*board);
  poke(*board, kRam, 0xbf182805);      // cmp r0, #5; it ne
  poke(*board, kRam + 4, 0xbe003101);  // addne r1, #1; bkpt
  board->writeRegister(0, 4);
  board->writeRegister(1, 0);
  board->writeRegister(kRegPc, kRam);
  poke(*board, 0xe0002000, 3);
  poke(*board, 0xe0002008, (kRam + 4) | 1);
  resume(*board);
  board->run(1000);
  ASSERT_TRUE(board->halted());
  EXPECT_EQ(board->readRegister(kRegPc), kRam + 2);
  resume(*board);
  board->run(1000);
  EXPECT_EQ(board->readRegister(kRegPc), kRam + 6);
  EXPECT_EQ(board->readRegister(1), 1u);
}

TEST(VirtualBoard, ClockFollowsThePllRegisters) {
  const auto board = makeBoard("nucleo-f767zi");
  EXPECT_EQ(board->coreHz(), 16'000'000u);
  // HSE 8 MHz / 4 * 216 / 2
  poke(*board, 0x40023800, 1u << 16 | 1);
  EXPECT_EQ(peek(*board, 0x40023800) & 1u << 17, 1u << 17) << "HSERDY";
  poke(*board, 0x40023804, 4 | 216u << 6 | 1u << 22 | 2u << 24);
  poke(*board, 0x40023800, 1u << 24 | 1u << 16 | 1);
  EXPECT_EQ(peek(*board, 0x40023800) & 1u << 25, 1u << 25) << "PLLRDY";
  poke(*board, 0x40023808, 2);
  EXPECT_EQ(peek(*board, 0x40023808) & 0xc, 8u) << "SWS";
  EXPECT_EQ(board->coreHz(), 216'000'000u);
  const auto small = makeBoard("nucleo-f091rc");
  EXPECT_EQ(small->coreHz(), 8'000'000u);
  poke(*small, 0x40021004, 2u << 15 | 4u << 18 | 2);  // HSE / 1 * 6
  EXPECT_EQ(small->coreHz(), 48'000'000u);
}

TEST(VirtualBoard, TheSlowOscillatorTicksAtItsOwnRateWhateverTheCoreDoes) {
  const auto board = bootedBoard("nucleo-f429zi");
  const auto ticksIn = [&](std::uint64_t cycles) {
    int ticks = 0;
    const std::uint64_t end = board->cycles() + cycles;
    while (board->cycles() < end) {
      board->run(100);
      if ((peek(*board, 0x40000c10) & 0x10) == 0) continue;
      ++ticks;
      peek(*board, 0x40000c40);  // CCR4: clears the flag
    }
    return ticks;
  };
  EXPECT_EQ(ticksIn(100'000), 0) << "off";
  poke(*board, 0x40023874, 1);        // LSION
  poke(*board, 0x40000c50, 1u << 6);  // channel 4 is the LSI
  poke(*board, 0x40000c20, 1u << 12);
  poke(*board, 0x40000c00, 1);
  // 32 kHz, every eighth period: 4000 cycles of 16 MHz.
  EXPECT_NEAR(ticksIn(160'000), 40, 1);
}

TEST(VirtualBoard, UnknownBoardsAreNamed) {
  const auto catalogue = Catalogue::find(MCUPROF_SOURCE_DIR "/targets");
  ASSERT_TRUE(catalogue);
  const auto board = VirtualBoard::make(*catalogue, "nucleo-u575zi-q", TimingMode::Block, {});
  ASSERT_FALSE(board);
  EXPECT_EQ(board.error().text(),
            "nucleo-u575zi-q: has no virtual board; there are nucleo-f767zi, nucleo-f746zg, "
            "nucleo-f429zi, nucleo-f207zg, nucleo-f091rc");
}

}  // namespace
}  // namespace mcuprof::vboard
