#include "device-agent/host/trace_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/device-agent/protocol/agent_frames.hpp"

namespace mcuprof {
namespace {

using testing::ElementsAre;
using Bytes = std::vector<std::uint8_t>;

constexpr EventCounts kNothing{};

/// A frame of the agent as packets of stimulus port 0.
Bytes traced(std::uint8_t type, std::uint32_t sequence, std::vector<std::uint32_t> payload = {}) {
  Bytes out;
  const Bytes frame = agentFrame(type, sequence, payload);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    if (i % 4 == 0) out.push_back(0x03);
    out.push_back(frame[i]);
  }
  return out;
}

/// An event counter packet with these counters' bits.
Bytes events(std::uint8_t bits) {
  return {0x05, bits};
}

std::vector<TracedFrame> readAll(std::initializer_list<Bytes> pieces) {
  Bytes stream;
  for (const Bytes& piece : pieces) stream.insert(stream.end(), piece.begin(), piece.end());
  return TraceReader().add(std::as_bytes(std::span(stream)));
}

TEST(TraceReader, CountsOverflowsBetweenFrames) {
  EXPECT_THAT(readAll({traced(4, 7), events(0b00001), events(0b11000), events(0b01001),
                       traced(8, 8, {1}), traced(12, 9)}),
              ElementsAre(TracedFrame{{4, 7, {}}, std::nullopt},
                          TracedFrame{{8, 8, {1}}, EventCounts{512, 0, 0, 512, 256}},
                          TracedFrame{{12, 9, {}}, kNothing}));
}

TEST(TraceReader, KnowsEachCounterByItsBit) {
  EXPECT_THAT(readAll({traced(4, 0), events(0b00010), events(0b00100), events(0b00100),
                       events(0b00010), events(0b00010), traced(8, 1)})
                  .back(),
              (TracedFrame{{8, 1, {}}, EventCounts{0, 768, 512, 0, 0}}));
}

TEST(TraceReader, TakesOverflowsAmongTheWordsOfAFrame) {
  Bytes middle = traced(8, 1);
  const Bytes event = events(1);
  middle.insert(middle.begin() + 5, event.begin(), event.end());
  EXPECT_THAT(readAll({traced(4, 0), middle, traced(12, 2)}),
              ElementsAre(TracedFrame{{4, 0, {}}, std::nullopt},
                          TracedFrame{{8, 1, {}}, EventCounts{256, 0, 0, 0, 0}},
                          TracedFrame{{12, 2, {}}, kNothing}));
}

TEST(TraceReader, IgnoresOtherPacketsOfTheDwtAndOtherPorts) {
  const Bytes programCounter = {0x17, 1, 2, 3, 4};
  const Bytes exception = {0x0e, 1, 0x10};
  const Bytes portOne = {0x0b, 0xa5, 0xc3, 4, 0};
  EXPECT_THAT(readAll({traced(4, 0), programCounter, exception, portOne, traced(8, 1)}).back(),
              (TracedFrame{{8, 1, {}}, kNothing}));
}

/// What stands between two frames and makes the counts there unknown, and only there.
class DamagedTrace : public testing::TestWithParam<Bytes> {};

TEST_P(DamagedTrace, MakesTheCountsUnknown) {
  EXPECT_THAT(
      readAll({traced(4, 0), events(1), GetParam(), traced(8, 1), traced(12, 2)}),
      ElementsAre(TracedFrame{{4, 0, {}}, std::nullopt}, TracedFrame{{8, 1, {}}, std::nullopt},
                  TracedFrame{{12, 2, {}}, kNothing}));
}

INSTANTIATE_TEST_SUITE_P(, DamagedTrace,
                         testing::Values(Bytes{0x70},                        // overflow
                                         Bytes{0x04},                        // reserved header
                                         Bytes{0x06, 1, 0},                  // event of two bytes
                                         Bytes{0x01, 0x55},                  // no part of a frame
                                         Bytes{0x02, 0xa5, 0xc3, 0x01, 9}),  // begins one
                         [](const auto& bytes) { return std::to_string(bytes.index); });

TEST(TraceReader, KnowsNoCountsBehindALostFrame) {
  EXPECT_THAT(readAll({traced(4, 0), events(1), traced(8, 2)}).back(),
              (TracedFrame{{8, 2, {}}, std::nullopt}));
}

TEST(TraceReader, GivesTheSameHoweverHostileBytesAreCut) {
  const Bytes frame = traced(8, 1, {5, 6});
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    Bytes stream;
    for (int piece = 0; piece < 20; ++piece) {
      if (random() % 2 == 0) stream.insert(stream.end(), frame.begin(), frame.end());
      for (unsigned i = random() % 8; i > 0; --i)
        stream.push_back(static_cast<std::uint8_t>(random() % 256));
    }
    const auto bytes = std::as_bytes(std::span(stream));
    const auto expected = TraceReader().add(bytes);
    TraceReader reader;
    std::vector<TracedFrame> got;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t count = std::min<std::size_t>(random() % 7, bytes.size() - at);
      for (TracedFrame& one : reader.add(bytes.subspan(at, count))) got.push_back(std::move(one));
      at += count;
    }
    ASSERT_EQ(got, expected) << "seed " << seed;
  }
}

TEST(EventCounts, AreTheCountersBytesAndTheirOverflows) {
  mcuprof_counters counters{};
  counters.cpi = 1;
  counters.exc = 2;
  counters.sleep = 3;
  counters.lsu = 4;
  counters.fold = 255;
  EXPECT_EQ(eventCountsOf(counters, {256, 0, 512, 0, 1024}), (EventCounts{257, 2, 515, 4, 1279}));
}

}  // namespace
}  // namespace mcuprof
