#include "device-agent/protocol/frame_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/device-agent/protocol/agent_frames.hpp"

namespace mcuprof {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Words = std::vector<std::uint32_t>;

void append(Bytes& to, const Bytes& bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

TEST(Checksum, IsTheOneOfZlibAndTheOneOfFnv) {
  // The check value of CRC-32/ISO-HDLC, and FNV-1a of "foobar" from the authors' list.
  EXPECT_EQ(mcuprof_crc32(0, "123456789", 9), 0xCBF43926U);
  EXPECT_EQ(mcuprof_crc32(mcuprof_crc32(0, "1234", 4), "56789", 5), 0xCBF43926U);
  EXPECT_EQ(mcuprof_fnv1a(MCUPROF_FNV_START, "foobar", 6), 0xBF9CF968U);
}

TEST(FrameReader, ReadsWhatTheAgentWrites) {
  Bytes stream = agentFrame(4, 7, Words{1, 0xFFFFFFFF});
  append(stream, agentFrame(12, 8, Words{}));
  FrameReader reader;
  const std::vector<Frame> frames = reader.add(stream);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0], (Frame{4, 7, {1, 0xFFFFFFFF}}));
  EXPECT_EQ(frames[1], (Frame{12, 8, {}}));
  EXPECT_EQ(reader.skippedBytes(), 0U);
}

TEST(FrameReader, HasTheBytesOfTheSpecification) {
  // By hand from docs/protocol.md; the checksum is that of Python's zlib.crc32.
  const Bytes bytes = {0xA5, 0xC3, 12,   1,    2,    0,    0,    0,
                       0x78, 0x56, 0x34, 0x12, 0x68, 0xE4, 0x80, 0x62};
  EXPECT_EQ(agentFrame(12, 2, Words{0x12345678}), bytes);
}

TEST(FrameReader, TakesPiecesOfAnyLength) {
  Bytes stream;
  for (std::uint32_t i = 0; i < 20; ++i) append(stream, agentFrame(5, i, Words(i % 5, i)));
  for (std::size_t piece = 1; piece < 40; ++piece) {
    FrameReader reader;
    std::uint32_t seen = 0;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      const auto bytes = std::span(stream).subspan(at, std::min(piece, stream.size() - at));
      for (const Frame& frame : reader.add(bytes)) EXPECT_EQ(frame.sequence, seen++);
    }
    EXPECT_EQ(seen, 20U);
    EXPECT_EQ(reader.skippedBytes(), 0U);
  }
}

TEST(FrameReader, FindsTheNextFrameBehindDamage) {
  Bytes stream = agentFrame(4, 0, Words{0xC3A5, 0xC3A5C3A5});  // sync bytes in the payload
  const std::size_t first = stream.size();
  append(stream, agentFrame(4, 1, Words{3}));
  stream[9] ^= 1;
  FrameReader reader;
  const std::vector<Frame> frames = reader.add(stream);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].sequence, 1U);
  EXPECT_EQ(reader.skippedBytes(), first);
}

TEST(FrameReader, DoesNotWaitForAFrameLongerThanAnyIs) {
  Bytes stream = {0xA5, 0xC3, 1, 33, 0, 0, 0, 0};
  append(stream, agentFrame(4, 1, Words{}));
  FrameReader reader;
  EXPECT_EQ(reader.add(stream).size(), 1U);
  EXPECT_EQ(reader.skippedBytes(), 8U);
}

TEST(FrameReader, AfterARestartAFrameThatHadBegunCountsAsSkipped) {
  const Bytes frame = agentFrame(4, 1, Words{1, 2});
  FrameReader reader;
  EXPECT_TRUE(reader.add(std::span(frame).first(10)).empty());
  EXPECT_EQ(reader.skippedBytes(), 0U);
  reader.restart();
  EXPECT_EQ(reader.skippedBytes(), 10U);
  EXPECT_EQ(reader.add(frame).size(), 1U);
}

/// Whatever is lost or damaged: frames that come out were put in, and every byte is accounted for.
TEST(FrameReader, NeverInventsAFrame) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<Bytes> sent;
    Bytes stream;
    for (std::uint32_t i = 0; i < 50; ++i) {
      Words payload(random() % 8);
      for (std::uint32_t& word : payload)
        word = random() % 3 == 0 ? 0xC3A5C3A5U : static_cast<std::uint32_t>(random());
      sent.push_back(agentFrame(static_cast<std::uint8_t>(random() % 14), i, payload));
      append(stream, sent.back());
    }
    for (int damage = 0; damage < 10; ++damage) {
      const std::size_t at = random() % stream.size();
      if (random() % 2 == 0) {
        stream[at] ^= static_cast<std::uint8_t>(1U << (random() % 8));
      } else {
        const auto from = stream.begin() + static_cast<std::ptrdiff_t>(at);
        const auto length = static_cast<std::ptrdiff_t>(random() % 9);
        stream.erase(from, from + std::min(length, stream.end() - from));
      }
    }
    FrameReader reader;
    const std::vector<Frame> frames = reader.add(stream);
    std::size_t taken = 0;
    for (const Frame& frame : frames) {
      const Bytes bytes = agentFrame(frame.type, frame.sequence, frame.payload);
      ASSERT_LT(frame.sequence, sent.size());
      EXPECT_EQ(bytes, sent[frame.sequence]);
      taken += bytes.size();
    }
    EXPECT_GE(frames.size(), 25U);
    reader.restart();
    EXPECT_EQ(taken + reader.skippedBytes(), stream.size());
  }
}

TEST(Ring, GivesBackWhatTheAgentWroteAndCountsWhatItOverwrote) {
  mcuprof_ring ring{};
  mcuprof_ring_clear(&ring);
  EXPECT_EQ(ring.magic, MCUPROF_RING_MAGIC);
  std::mt19937 random(1);
  Bytes all;
  std::uint32_t tail = 0;
  std::uint64_t lost = 0;
  Bytes read;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const Bytes frame = agentFrame(4, i, Words(random() % 33, i));
    Words words(frame.size() / 4);
    std::memcpy(words.data(), frame.data(), frame.size());
    mcuprof_ring_write(&ring, words.data(), static_cast<std::uint32_t>(words.size()));
    append(all, frame);
    if (random() % 12 != 0) continue;
    Bytes copy(sizeof ring.data);
    std::memcpy(copy.data(), ring.data, copy.size());
    const RingBytes bytes = readRing(copy, tail, ring.head);
    lost += bytes.lost;
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(ring.head);
    EXPECT_EQ(bytes.bytes, Bytes(end - static_cast<std::ptrdiff_t>(bytes.bytes.size()), end));
    append(read, bytes.bytes);
    tail = ring.head;
  }
  EXPECT_GT(lost, 0U);
  EXPECT_EQ(read.size() + lost, tail);
}

TEST(Ring, HasRoomForWhatTheHostHasRead) {
  mcuprof_ring ring{};
  mcuprof_ring_clear(&ring);
  const Words words(MCUPROF_RING_BYTES / 4 - 3, 1);
  mcuprof_ring_write(&ring, words.data(), static_cast<std::uint32_t>(words.size()));
  EXPECT_TRUE(mcuprof_ring_has_room(&ring, 3));
  EXPECT_FALSE(mcuprof_ring_has_room(&ring, 4));
  ring.tail = 4;
  EXPECT_TRUE(mcuprof_ring_has_room(&ring, 4));
}

TEST(Ring, PositionsWrapAtFourGigabytes) {
  mcuprof_ring ring{};
  mcuprof_ring_clear(&ring);
  ring.head = ring.tail = 0xFFFFFFF8U;
  const Words words = {1, 2, 3, 4};
  mcuprof_ring_write(&ring, words.data(), 4);
  EXPECT_EQ(ring.head, 8U);
  Bytes copy(sizeof ring.data);
  std::memcpy(copy.data(), ring.data, copy.size());
  const RingBytes bytes = readRing(copy, ring.tail, ring.head);
  EXPECT_EQ(bytes.lost, 0U);
  EXPECT_EQ(bytes.bytes, (Bytes{1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0}));
}

}  // namespace
}  // namespace mcuprof
