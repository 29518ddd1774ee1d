#include "analyzer/analysis/machine.hpp"

#include <gtest/gtest.h>

namespace mcuprof {
namespace {

/// 100 MHz, 2 wait states above 60 MHz, 64-bit flash behind a cache of 1 KiB for data and code.
Board boardWithFlash() {
  Board board;
  board.name = "b";
  board.clockHz = {100'000'000, Basis::Datasheet, "ds"};
  board.flashTiming = FlashTiming{
      {{30'000'000, 0}, {60'000'000, 1}, {100'000'000, 2}}, 1, "", Basis::Datasheet, "ds"};
  Memory flash;
  flash.name = "flash";
  flash.kind = MemoryKind::Flash;
  flash.use.weights = true;
  flash.size = 1024_KiB;
  flash.widthBits = {64, Basis::Datasheet, "ds"};
  flash.front = MemoryFront{};
  flash.front->name = "icache";
  flash.front->unifiedBytes = {1024, Basis::Datasheet, "ds"};
  board.memories.add(flash);
  return board;
}

MemoryTiming flashTiming(const MachineOptions& options) {
  const Board board = boardWithFlash();
  return timingOf(board.memories[RegionId(std::int32_t{0})], machineState(board, options));
}

TEST(MachineState, TakesWaitStatesForTheClockFromTheTable) {
  const Board board = boardWithFlash();
  EXPECT_EQ(machineState(board, {}).flashStallCycles->value, 2);
  MachineOptions slow;
  slow.clockHz = 60'000'000;
  EXPECT_EQ(machineState(board, slow).flashStallCycles->value, 1);
  slow.flashWaitStates = 5;
  EXPECT_EQ(machineState(board, slow).flashStallCycles->value, 5);
}

TEST(MachineState, CountsTheCyclesOfTheCoreWhereFlashHangsOnASlowerBus) {
  Board board = boardWithFlash();
  board.flashTiming->clockDivider = 2;
  // 50 MHz on the bus: 1 wait state, so an access takes 2 bus cycles, 4 of the core, 3 more than
  // its own.
  EXPECT_EQ(machineState(board, {}).flashStallCycles->value, 3);
}

TEST(MachineState, SaysItsStateInOneLine) {
  MachineOptions options;
  options.cache = false;
  options.opt = OptLevel::Os;
  EXPECT_EQ(machineState(boardWithFlash(), options).text(),
            "100 MHz, 2 flash wait states, cache off, -Os");
}

TEST(MemoryTiming, FetchesEachByteOnceWhereTheCacheHoldsAllWeights) {
  // 800 bytes fit 1 KiB: 100 units of 8 bytes, 2 cycles each, however often they are read.
  EXPECT_DOUBLE_EQ(flashTiming({}).readStalls(800, 8000, 2000), 200);
}

TEST(MemoryTiming, FetchesAgainWhatTheCacheCannotHold) {
  EXPECT_DOUBLE_EQ(flashTiming({}).readStalls(1600, 8000, 2000), 2000);
}

TEST(MemoryTiming, StallsEachLoadAndEachFetchWithTheCacheOff) {
  MachineOptions off;
  off.cache = false;
  EXPECT_DOUBLE_EQ(flashTiming(off).readStalls(800, 8000, 2000), 4000);
  EXPECT_DOUBLE_EQ(flashTiming(off).fetchStalls(1000, 4), 1000);  // 500 units of 8 bytes
  EXPECT_DOUBLE_EQ(flashTiming({}).fetchStalls(1000, 4), 0);
}

}  // namespace
}  // namespace mcuprof
