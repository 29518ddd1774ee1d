#include "device-agent/host/swo_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <random>

namespace mcuprof {
namespace {

using testing::ElementsAre;
using Kind = SwoPacket::Kind;

std::vector<std::byte> bytesOf(std::initializer_list<int> values) {
  std::vector<std::byte> out;
  for (const int value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

TEST(SwoDecoder, ReadsStimulusPacketsOfEachSize) {
  SwoDecoder decoder;
  EXPECT_THAT(
      decoder.decode(bytesOf({0x01, 0xaa, 0x0a, 0x34, 0x12, 0xfb, 0x78, 0x56, 0x34, 0x12})),
      ElementsAre(SwoPacket{Kind::Stimulus, 0, 1, 0xaa}, SwoPacket{Kind::Stimulus, 1, 2, 0x1234},
                  SwoPacket{Kind::Stimulus, 31, 4, 0x12345678}));
}

TEST(SwoDecoder, JoinsPacketsThatArriveInPieces) {
  SwoDecoder decoder;
  EXPECT_TRUE(decoder.decode(bytesOf({0x03, 0x78})).empty());
  EXPECT_TRUE(decoder.decode(bytesOf({0x56, 0x34})).empty());
  EXPECT_THAT(decoder.decode(bytesOf({0x12})),
              ElementsAre(SwoPacket{Kind::Stimulus, 0, 4, 0x12345678}));
}

TEST(SwoDecoder, TellsHardwarePacketsApart) {
  SwoDecoder decoder;
  EXPECT_THAT(decoder.decode(bytesOf({0x17, 0x00, 0x00, 0x00, 0x08})),
              ElementsAre(SwoPacket{Kind::Hardware, 2, 4, 0x08000000}));
}

TEST(SwoDecoder, CountsOverflows) {
  SwoDecoder decoder;
  EXPECT_THAT(decoder.decode(bytesOf({0x70, 0x01, 0x05})),
              ElementsAre(SwoPacket{Kind::Overflow, 0, 0, 0}, SwoPacket{Kind::Stimulus, 0, 1, 5}));
  EXPECT_EQ(decoder.overflows(), 1U);
}

TEST(SwoDecoder, ReadsSynchronisation) {
  SwoDecoder decoder;
  EXPECT_THAT(decoder.decode(bytesOf({0, 0, 0, 0, 0, 0x80, 0x01, 0x05})),
              ElementsAre(SwoPacket{Kind::Sync, 0, 0, 0}, SwoPacket{Kind::Stimulus, 0, 1, 5}));
  EXPECT_EQ(decoder.unknown(), 0U);
}

TEST(SwoDecoder, ReadsTimestampsAndExtensions) {
  SwoDecoder decoder;
  // Short local, long local of 0x81, global, stimulus page 3.
  EXPECT_THAT(
      decoder.decode(bytesOf({0x30, 0xc0, 0x81, 0x01, 0x94, 0x05, 0x38})),
      ElementsAre(SwoPacket{Kind::Timestamp, 0, 0, 3}, SwoPacket{Kind::Timestamp, 0, 2, 0x81},
                  SwoPacket{Kind::Timestamp, 0, 1, 5}, SwoPacket{Kind::Extension, 0, 0, 3}));
}

TEST(SwoDecoder, GoesOnAfterReservedHeaders) {
  SwoDecoder decoder;
  EXPECT_THAT(
      decoder.decode(bytesOf({0x80, 0x04, 0x01, 0x05})),
      ElementsAre(SwoPacket{Kind::Unknown, 0, 0, 0x80}, SwoPacket{Kind::Unknown, 0, 0, 0x04},
                  SwoPacket{Kind::Stimulus, 0, 1, 5}));
  EXPECT_EQ(decoder.unknown(), 2U);
}

TEST(SwoDecoder, GivesTheSameHoweverTheBytesAreCut) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::byte> bytes(300);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() % 256);
    SwoDecoder whole;
    const auto expected = whole.decode(bytes);
    SwoDecoder cut;
    std::vector<SwoPacket> got;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t count = std::min<std::size_t>(random() % 7, bytes.size() - at);
      for (const SwoPacket& packet : cut.decode(std::span(bytes).subspan(at, count)))
        got.push_back(packet);
      at += count;
    }
    ASSERT_EQ(got, expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace mcuprof
