// The DWT's profile counters as a debugger sees them: registers and event counter packets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "device-agent/host/swo_decoder.hpp"
#include "tests/device-agent/virtual-board/board_support.hpp"

namespace mcuprof::vboard {
namespace {

using namespace mcuprof::vboard::test;

constexpr std::uint32_t kDwtControl = 0xe0001000;
constexpr std::uint32_t kFirstCounter = 0xe0001008;
constexpr std::uint32_t kAllCounters = 31U << 17;
constexpr std::uint32_t kNoProfileCounters = 1U << 24;

using Counts = std::array<std::uint64_t, 5>;  // CPI, EXC, SLEEP, LSU, FOLD

/// ITM and DWT packets on, a pin that takes a packet in `cyclesPerBit` x 20 cycles.
void switchTraceOn(VirtualBoard& board, std::uint32_t cyclesPerBit) {
  poke(board, 0xe000edfc, 1U << 24);  // DEMCR.TRCENA
  poke(board, 0xe0042004, 1U << 5);   // DBGMCU_CR.TRACE_IOEN
  poke(board, 0xe0040010, cyclesPerBit - 1);
  poke(board, 0xe00400f0, 2);      // a UART
  poke(board, 0xe0040304, 0x100);  // no formatter
  poke(board, 0xe0000e80, 9);      // ITM_TCR: ITMENA, TXENA
}

/// Runs the kernel with the counters on; `overflows` counts the ITM's overflow packets.
Counts countKernel(VirtualBoard& board, std::uint64_t& overflows) {
  poke(board, kDwtControl, 1 | kAllCounters);
  command(board, TEST_KERNEL, 50);
  poke(board, kDwtControl, 1);
  Counts counts{};
  for (std::uint32_t i = 0; i < counts.size(); ++i) counts[i] = peek(board, kFirstCounter + 4 * i);
  SwoDecoder decoder;
  const auto bytes = board.takeTrace();
  for (const SwoPacket& packet : decoder.decode(std::as_bytes(std::span(bytes)))) {
    if (packet.kind == SwoPacket::Kind::Overflow) continue;
    EXPECT_EQ(packet.kind, SwoPacket::Kind::Hardware);
    EXPECT_EQ(packet.source, 0U);
    for (std::uint32_t i = 0; i < counts.size(); ++i) counts[i] += (packet.value >> i & 1) << 8;
  }
  overflows = decoder.overflows();
  return counts;
}

class CountingBoard : public testing::TestWithParam<const char*> {};

TEST_P(CountingBoard, HasCyclesLessWhatItCountedAsInstructions) {
  const auto board = bootedBoard(GetParam());
  switchTraceOn(*board, 1);
  const std::uint64_t cycles = board->cycles();
  const std::uint64_t instructions = board->instructions();
  std::uint64_t overflows = 0;
  const auto [cpi, exc, sleep, lsu, fold] = countKernel(*board, overflows);
  EXPECT_EQ(overflows, 0U);
  EXPECT_GT(cpi + fold, 256U) << "some counter has overflowed";
  const double expected = static_cast<double>(board->instructions() - instructions);
  const double found =
      static_cast<double>(board->cycles() - cycles - cpi - exc - sleep - lsu + fold);
  EXPECT_NEAR(found, expected, 3) << "each count is whole cycles";
}

TEST_P(CountingBoard, SaysWhenThePinIsTooSlowForItsPackets) {
  const auto board = bootedBoard(GetParam());
  switchTraceOn(*board, 1000);
  std::uint64_t overflows = 0;
  countKernel(*board, overflows);
  // The packet that tells of the loss stands in front of the next one that is sent.
  poke(*board, 0xe0000e00, 1);
  board->run(1'000'000);
  poke(*board, 0xe0000000, 0);
  EXPECT_THAT(board->takeTrace(), testing::Contains(Trace::kOverflowPacket));
}

INSTANTIATE_TEST_SUITE_P(VirtualBoard, CountingBoard,
                         testing::Values("nucleo-f767zi", "nucleo-f429zi", "nucleo-f207zg"),
                         [](const auto& board) { return std::string(board.param).substr(7); });

TEST(CortexM0, HasNoProfileCounters) {
  const auto board = bootedBoard("nucleo-f091rc");
  EXPECT_NE(peek(*board, kDwtControl) & kNoProfileCounters, 0U);
  poke(*board, kDwtControl, kAllCounters);
  command(*board, TEST_KERNEL, 4);
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(peek(*board, kFirstCounter + 4 * i), 0U);
}

}  // namespace
}  // namespace mcuprof::vboard
