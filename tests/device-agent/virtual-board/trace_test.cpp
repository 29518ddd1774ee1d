#include "device-agent/virtual-board/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcuprof::vboard {
namespace {

using testing::ElementsAre;

constexpr std::uint32_t kTcr = 0xe80;
constexpr std::uint32_t kTer = 0xe00;
constexpr std::uint32_t kAcpr = 0x010;
constexpr std::uint32_t kSppr = 0x0f0;
constexpr std::uint32_t kFfcr = 0x304;

/// Ports 0 and 1 on, a UART at a tenth of the core clock.
Trace traceAtATenth() {
  Trace trace;
  trace.setEnabled(true, true);
  trace.writeTpiu(kAcpr, 9);
  trace.writeTpiu(kSppr, 2);
  trace.writeTpiu(kFfcr, 0x100);
  trace.writeItm(kTcr, 1, 4, 0);
  trace.writeItm(kTer, 3, 4, 0);
  return trace;
}

TEST(Trace, PacketsCarryPortAndSize) {
  Trace trace = traceAtATenth();
  trace.writeItm(0, 0x11, 1, 0);
  trace.writeItm(4, 0x2233, 2, 0);
  trace.writeItm(4, 0x44556677, 4, 0);
  EXPECT_THAT(trace.take(),
              ElementsAre(0x01, 0x11, 0x0a, 0x33, 0x22, 0x0b, 0x77, 0x66, 0x55, 0x44));
  EXPECT_TRUE(trace.take().empty());
}

TEST(Trace, WhatIsOffSaysNothing) {
  Trace trace = traceAtATenth();
  trace.writeItm(8, 1, 4, 0);  // port 2 is off
  trace.setEnabled(true, false);
  trace.writeItm(0, 1, 4, 0);
  trace.setEnabled(false, true);
  trace.writeItm(0, 1, 4, 0);
  EXPECT_TRUE(trace.take().empty());
}

TEST(Trace, ABytesTakesTenBitsAndThePortWaitsForRoom) {
  Trace trace = traceAtATenth();
  // 5 bytes of 10 bits of 10 clocks each: 500 cycles a packet.
  Ticks now = 0;
  int accepted = 0;
  while (trace.readItm(0, now) != 0) {
    trace.writeItm(0, 0, 4, now);
    ++accepted;
  }
  EXPECT_EQ(accepted, static_cast<int>(Trace::kFifoBytes / 5));
  EXPECT_EQ(trace.readItm(0, ticksOfCycles(99)), 0u);
  EXPECT_EQ(trace.readItm(0, ticksOfCycles(100)), 1u) << "24 bytes hold five more after one left";
  EXPECT_NE(trace.readItm(kTcr, ticksOfCycles(1999)) & 1u << 23, 0u) << "busy";
  EXPECT_EQ(trace.readItm(kTcr, ticksOfCycles(2000)) & 1u << 23, 0u);
}

TEST(Trace, LossIsToldByAnOverflowPacketInFrontOfWhatComesThrough) {
  Trace trace = traceAtATenth();
  for (int i = 0; i < 6; ++i) trace.writeItm(0, 0, 4, 0);
  EXPECT_EQ(trace.overflows(), 2u);
  EXPECT_EQ(trace.take().size(), 20u);
  trace.writeItm(0, 7, 1, ticksOfCycles(5000));
  EXPECT_THAT(trace.take(), ElementsAre(Trace::kOverflowPacket, 0x01, 7));
}

TEST(Trace, CarriesCounterEventsWhenTheItmLetsTheDwtPass) {
  Trace trace = traceAtATenth();
  trace.sendCounterEvent(0b01001, 0);
  EXPECT_TRUE(trace.take().empty()) << "TXENA is off";
  trace.writeItm(kTcr, 9, 4, 0);
  trace.sendCounterEvent(0b01001, 0);
  EXPECT_THAT(trace.take(), ElementsAre(0x05, 0b01001));
}

TEST(Trace, TheFormatterPacksFramesThatNameTheSource) {
  Trace trace = traceAtATenth();
  trace.writeTpiu(kFfcr, 0x102);
  for (int i = 0; i < 7; ++i) {
    trace.writeItm(0, 0xab, 1, ticksOfCycles(static_cast<std::uint64_t>(i) * 10'000));
  }
  // 14 bytes of trace behind the source: bytes at even places lose their lowest bit to the last.
  EXPECT_THAT(trace.take(), ElementsAre(0x03, 0x01, 0xaa, 0x01, 0xaa, 0x01, 0xaa, 0x01, 0xaa, 0x01,
                                        0xaa, 0x01, 0xaa, 0x01, 0xaa, 0xfe));
}

}  // namespace
}  // namespace mcuprof::vboard
