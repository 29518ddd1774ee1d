// The ST-LINK TCP protocol byte by byte, and the command blocks behind it.

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device-agent/virtual-board/bytes.hpp"
#include "device-agent/virtual-board/stlink_protocol.hpp"
#include "tests/device-agent/virtual-board/board_support.hpp"

namespace mcuprof::vboard {
namespace {

using Bytes = std::vector<std::byte>;

Bytes bytes(std::initializer_list<unsigned> values) {
  Bytes result;
  for (const unsigned value : values) result.push_back(static_cast<std::byte>(value));
  return result;
}

class Stlink : public testing::Test {
 protected:
  explicit Stlink(const Faults& faults = {}) : m_probes(makeProbes(faults)) {}

  static std::vector<std::unique_ptr<Probe>> makeProbes(const Faults& faults) {
    std::vector<std::unique_ptr<Probe>> probes;
    probes.push_back(std::make_unique<Probe>(
        "FIRST", test::makeBoard("nucleo-f767zi", TimingMode::Block, faults)));
    probes.push_back(
        std::make_unique<Probe>("SECOND", test::makeBoard("nucleo-f091rc", TimingMode::Block)));
    return probes;
  }

  /// The reply to a request; the connection must stay.
  Bytes ask(const Bytes& request) {
    Bytes reply;
    EXPECT_EQ(m_protocol.receive(request, reply), Reaction::Reply);
    return reply;
  }

  /// A command to the first probe (connection 1).
  Bytes frame(const Bytes& block, Direction direction, std::uint32_t count, const Bytes& data = {},
              unsigned connection = 1) {
    Bytes request(32 + data.size());
    request[0] = std::byte{5};
    request[4] = static_cast<std::byte>(connection);
    std::copy(block.begin(), block.end(), request.begin() + 8);
    request[24] = static_cast<std::byte>(direction);
    write32(request, 28, count);
    std::copy(data.begin(), data.end(), request.begin() + 32);
    return request;
  }
  Bytes read(const Bytes& block, std::uint32_t count) {
    Bytes reply = ask(frame(block, Direction::Read, count));
    EXPECT_EQ(reply.size(), 4 + count);
    EXPECT_EQ(read32(reply, 0), 1u);
    reply.erase(reply.begin(), reply.begin() + 4);
    return reply;
  }
  std::uint8_t lastStatus() {
    return std::to_integer<std::uint8_t>(read(bytes({0xf2, 0x3e}), 12)[0]);
  }

  std::vector<std::unique_ptr<Probe>> m_probes;
  StlinkProtocol m_protocol{m_probes};
};

TEST_F(Stlink, ListsItsProbes) {
  EXPECT_EQ(read32(ask(bytes({6, 1, 0, 0})), 0), 3u) << "protocol version";
  EXPECT_EQ(read32(ask(bytes({0, 0})), 0), 1u);
  EXPECT_EQ(read32(ask(bytes({1})), 0), 2u);
  const Bytes info = ask(bytes({2, 1, 0, 0, 41, 0, 0, 0}));
  ASSERT_EQ(info.size(), 45u);
  EXPECT_EQ(read32(info, 0), 1u);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(info.data()) + 8), "SECOND");
  EXPECT_EQ(read16(info, 40), 0x0483u);
  EXPECT_EQ(read16(info, 42), 0x374eu);
  EXPECT_NE(read32(ask(bytes({2, 2, 0, 0, 41, 0, 0, 0})), 0), 1u) << "there is no third";
}

TEST_F(Stlink, OpensProbesByNumber) {
  EXPECT_EQ(read32(ask(bytes({3, 0, 0, 0, 1, 0, 0, 0})), 4), 2u);
  EXPECT_NE(read32(ask(bytes({3, 0, 0, 0, 9, 0, 0, 0})), 0), 1u);
  EXPECT_EQ(read32(ask(bytes({4, 0, 0, 0, 2, 0, 0, 0})), 0), 1u);
}

TEST_F(Stlink, RequestsMayArriveInAnyPieces) {
  const Bytes request = frame(bytes({0xf5}), Direction::Read, 2);
  Bytes reply;
  for (const std::byte one : request) {
    EXPECT_TRUE(reply.empty());
    EXPECT_EQ(m_protocol.receive(std::span(&one, 1), reply), Reaction::Reply);
  }
  EXPECT_EQ(reply.size(), 6u);
  Bytes two = request;
  two.insert(two.end(), request.begin(), request.end());
  EXPECT_EQ(ask(two).size(), 12u) << "and several at once";
}

TEST_F(Stlink, WhatIsNoRequestEndsTheConnection) {
  for (const Bytes& request :
       {bytes({7}), bytes({'G', 'E', 'T', ' ', '/'}),
        frame(bytes({0xf5}), Direction::Read, 0xffffffff), frame({}, Direction::Write, 10'240)}) {
    StlinkProtocol protocol(m_probes);
    Bytes reply;
    EXPECT_EQ(protocol.receive(request, reply), Reaction::Close);
    EXPECT_TRUE(reply.empty());
  }
}

TEST_F(Stlink, CommandsToNoProbeAreRefused) {
  const Bytes reply = ask(frame(bytes({0xf5}), Direction::Read, 2, {}, 77));
  EXPECT_EQ(reply.size(), 6u) << "as long as announced";
  EXPECT_NE(read32(reply, 0), 1u);
}

TEST_F(Stlink, SaysItIsAV3WithItsTargetPowered) {
  EXPECT_EQ(read(bytes({0xf1}), 6)[0], std::byte{0x30});
  const Bytes version = read(bytes({0xfb}), 12);
  EXPECT_EQ(version[0], std::byte{3});
  EXPECT_EQ(read16(version, 10), 0x374eu);
  const Bytes volts = read(bytes({0xf7}), 8);
  EXPECT_NEAR(2.0 * read32(volts, 4) * 1.2 / read32(volts, 0), 3.3, 0.01);
}

TEST_F(Stlink, EntersAndLeavesDebugMode) {
  EXPECT_EQ(read(bytes({0xf5}), 2)[0], std::byte{1});
  EXPECT_EQ(read(bytes({0xf2, 0x30, 0xa3}), 2)[0], std::byte{0x80});
  EXPECT_EQ(read(bytes({0xf5}), 2)[0], std::byte{2});
  EXPECT_EQ(read32(read(bytes({0xf2, 0x31}), 12), 4), 0x5ba02477u);
  ask(frame(bytes({0xf2, 0x21}), Direction::Write, 0));
  EXPECT_EQ(read(bytes({0xf5}), 2)[0], std::byte{1});
}

TEST_F(Stlink, MemoryIsWrittenAndReadInAllWidths) {
  const Bytes data = bytes({1, 2, 3, 4, 5, 6, 7, 8});
  for (const auto& [write, readBack] : {std::pair(0x08u, 0x07u), {0x48u, 0x47u}, {0x0du, 0x0cu}}) {
    const Bytes reply =
        ask(frame(bytes({0xf2, write, 0x10, 0, 0, 0x20, 8, 0}), Direction::Write, 8, data));
    EXPECT_EQ(read32(reply, 0), 1u);
    EXPECT_EQ(lastStatus(), 0x80);
    EXPECT_EQ(read(bytes({0xf2, readBack, 0x10, 0, 0, 0x20, 8, 0}), 8), data);
  }
  const Bytes one = read(bytes({0xf2, 0x0c, 0x11, 0, 0, 0x20, 1, 0}), 2);
  EXPECT_EQ(one[0], std::byte{2});
}

TEST_F(Stlink, MemoryThatIsNotThereIsTold) {
  read(bytes({0xf2, 0x07, 0, 0, 0, 0x90, 4, 0}), 4);
  EXPECT_EQ(lastStatus(), 0x11);
  read(bytes({0xf2, 0x07, 0, 0, 0, 0x20, 4, 0, 3}), 4);
  EXPECT_EQ(lastStatus(), 0x1d) << "only access port 0";
  EXPECT_EQ(read(bytes({0xf2, 0x99}), 2)[0], std::byte{0x42}) << "a command there is not";
}

TEST_F(Stlink, DebugRegistersHaltTheCore) {
  EXPECT_EQ(read(bytes({0xf2, 0x35, 0xf0, 0xed, 0, 0xe0, 0x03, 0, 0x5f, 0xa0}), 2)[0],
            std::byte{0x80});
  const Bytes status = read(bytes({0xf2, 0x36, 0xf0, 0xed, 0, 0xe0}), 8);
  EXPECT_NE(read32(status, 4) & 1u << 17, 0u) << "S_HALT";
  read(bytes({0xf2, 0x34, 3, 0x78, 0x56, 0x34, 0x12}), 2);
  EXPECT_EQ(read32(read(bytes({0xf2, 0x33, 3}), 8), 4), 0x12345678u);
}

TEST_F(Stlink, AccessPortRegistersReachMemory) {
  EXPECT_EQ(read32(read(bytes({0xf2, 0x45, 0, 0, 0xfc, 0}), 8), 4), 0x74770001u) << "IDR";
  read(bytes({0xf2, 0x46, 0xff, 0xff, 4, 0, 0, 0, 0, 0x50}), 2);
  EXPECT_EQ(read32(read(bytes({0xf2, 0x45, 0xff, 0xff, 4, 0}), 8), 4) & 0xf0000000u, 0xf0000000u)
      << "powered as asked";
  read(bytes({0xf2, 0x46, 0, 0, 4, 0, 0x20, 0, 0, 0x20}), 2);  // TAR
  read(bytes({0xf2, 0x46, 0, 0, 0xc, 0, 1, 2, 3, 4}), 2);      // DRW
  EXPECT_EQ(read32(read(bytes({0xf2, 0x45, 0, 0, 4, 0}), 8), 4), 0x20000024u) << "counted up";
  EXPECT_EQ(test::peek(m_probes[0]->board(), 0x20000020), 0x04030201u);
  EXPECT_EQ(read(bytes({0xf2, 0x4b, 1}), 2)[0], std::byte{0x1d}) << "no access port 1";
}

TEST_F(Stlink, BatchesCarryOutTheirItemsInOrder) {
  // Address, write, read, something unknown: codes, then arguments.
  Bytes data =
      bytes({1, 2, 3, 9, 0x40, 0, 0, 0x20, 0x78, 0x56, 0x34, 0x12, 0x40, 0, 0, 0x20, 0, 0, 0, 0});
  ask(frame(bytes({0xf2, 0x51, 4}), Direction::Write, static_cast<std::uint32_t>(data.size()),
            data));
  const Bytes reply = read(bytes({0xf2, 0x52}), 32);
  EXPECT_EQ(read32(reply, 8), 0x12345678u);
  EXPECT_EQ(read32(reply, 16), 0x80u);
  EXPECT_EQ(read32(reply, 24), 0x80u);
  EXPECT_NE(read32(reply, 28), 0x80u);
  ask(frame(bytes({0xf2, 0x51, 0xff, 0xff, 0xff, 0xff}), Direction::Write, 0));
  read(bytes({0xf2, 0x52}), 4096);  // more items than data: told, not read
}

TEST_F(Stlink, RepliesAreAsLongAsTheClientWants) {
  for (const std::uint32_t count : {0u, 1u, 3u, 10'208u}) {
    for (unsigned code = 0; code < 256; ++code) {
      read(bytes({0xf2, code, 0, 0, 0, 0x20, 0xff, 0xff}), count);
    }
  }
}

class SilentStlink : public Stlink {
 protected:
  static Faults after(std::uint64_t commands) {
    Faults faults;
    faults.stopAnsweringAt = commands;
    return faults;
  }
  SilentStlink() : Stlink(after(2)) {}
};

TEST_F(SilentStlink, AnswersNoMoreAfterSoManyCommands) {
  read(bytes({0xf5}), 2);
  read(bytes({0xf5}), 2);
  Bytes reply;
  EXPECT_EQ(m_protocol.receive(frame(bytes({0xf5}), Direction::Read, 2), reply), Reaction::Silent);
  EXPECT_EQ(m_protocol.receive(bytes({1}), reply), Reaction::Silent);
  EXPECT_TRUE(reply.empty());
}

class DroppingStlink : public Stlink {
 protected:
  static Faults after(std::uint64_t commands) {
    Faults faults;
    faults.dropAt = commands;
    return faults;
  }
  DroppingStlink() : Stlink(after(1)) {}
};

TEST_F(DroppingStlink, DropsTheConnectionAfterSoManyCommands) {
  read(bytes({0xf5}), 2);
  Bytes reply;
  EXPECT_EQ(m_protocol.receive(frame(bytes({0xf5}), Direction::Read, 2), reply), Reaction::Close);
}

}  // namespace
}  // namespace mcuprof::vboard
