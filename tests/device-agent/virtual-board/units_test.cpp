// The small parts: faults on the command line, caches, SysTick, operands of loads and stores.

#include <array>

#include <gtest/gtest.h>

#include "device-agent/virtual-board/cache.hpp"
#include "device-agent/virtual-board/faults.hpp"
#include "device-agent/virtual-board/memory_operand.hpp"
#include "device-agent/virtual-board/systick.hpp"

namespace mcuprof::vboard {
namespace {

TEST(Faults, AreReadFromTheCommandLine) {
  Faults faults;
  for (const char* text : {"swo-loss=0.25", "swo-overflow", "stop-answering@7", "drop@0x10",
                           "flash-error@0x08000010", "hang@100", "fault"}) {
    EXPECT_TRUE(addFault(faults, text)) << text;
  }
  EXPECT_EQ(faults.swoLoss, 0.25);
  EXPECT_TRUE(faults.swoOverflow);
  EXPECT_EQ(faults.stopAnsweringAt, 7u);
  EXPECT_EQ(faults.dropAt, 16u);
  EXPECT_EQ(faults.flashErrorAt, 0x08000010u);
  EXPECT_EQ(faults.hangAt, 100u);
  EXPECT_EQ(faults.faultAt, 0u);
}

TEST(Faults, WrongOnesAreRefusedByName) {
  Faults faults;
  const auto textOf = [&](const char* text) {
    const auto added = addFault(faults, text);
    return added ? std::string("taken") : added.error().text();
  };
  EXPECT_EQ(textOf("swo-loss=2"), "--fault swo-loss=2: want a share from 0 to 1");
  EXPECT_EQ(textOf("swo-loss=nan"), "--fault swo-loss=nan: want a share from 0 to 1");
  EXPECT_EQ(textOf("drop@x"), "--fault drop@x: want a count behind the @");
  EXPECT_EQ(textOf("flash-error@0x100000000"),
            "--fault flash-error@0x100000000: want an address behind the @");
  EXPECT_EQ(textOf("fire"),
            "--fault fire: no such fault; there are swo-loss=RATE, swo-overflow, "
            "stop-answering@COMMANDS, drop@COMMANDS, flash-error@ADDRESS, hang[@CYCLES], "
            "fault[@CYCLES], unpowered and those of a meter, meter-...");
}

TEST(Cache, TheLineNotUsedForLongestLeaves) {
  Cache cache(128, 32, 2);  // two sets of two lines
  EXPECT_FALSE(cache.touch(0x000, false, true).hit);
  EXPECT_FALSE(cache.touch(0x040, true, true).hit);
  EXPECT_TRUE(cache.touch(0x01f, false, true).hit) << "same line as 0x000";
  const Cache::Access third = cache.touch(0x080, false, true);
  EXPECT_FALSE(third.hit);
  EXPECT_TRUE(third.evictedDirty) << "0x040 was written";
  EXPECT_TRUE(cache.touch(0x000, false, true).hit);
  EXPECT_FALSE(cache.touch(0x040, false, true).hit);
  EXPECT_FALSE(cache.touch(0x020, false, false).hit) << "the other set";
  EXPECT_FALSE(cache.touch(0x020, false, true).hit) << "nothing was brought in";
  cache.invalidate();
  EXPECT_FALSE(cache.touch(0x000, false, true).hit);
}

TEST(SysTick, CountsDownAndReloads) {
  SysTick tick;
  tick.write(4, 9, 0);  // period of 10
  tick.write(8, 123, 0);
  EXPECT_EQ(tick.read(8, 0), 0u) << "any write clears the counter";
  tick.write(0, 7, 100);
  EXPECT_EQ(tick.read(8, 101), 9u);
  EXPECT_EQ(tick.read(8, 109), 1u);
  EXPECT_EQ(tick.nextInterrupt(), 110u);
  EXPECT_FALSE(tick.takeInterrupt(109));
  EXPECT_EQ(tick.read(8, 110), 0u);
  EXPECT_EQ(tick.read(0, 110), 7u | 1u << 16) << "COUNTFLAG";
  EXPECT_EQ(tick.read(0, 110), 7u) << "reading clears it";
  EXPECT_TRUE(tick.takeInterrupt(110));
  EXPECT_FALSE(tick.takeInterrupt(119));
  EXPECT_EQ(tick.nextInterrupt(), 120u);
  EXPECT_EQ(tick.read(8, 111), 9u);
  tick.write(0, 6, 115);
  EXPECT_EQ(tick.read(8, 500), 5u) << "stopped";
  EXPECT_EQ(tick.nextInterrupt(), SysTick::kNever);
}

TEST(SysTick, ItsSlowClockIsAnEighth) {
  SysTick tick;
  tick.write(4, 99, 0);
  tick.write(8, 0, 0);
  tick.write(0, 1, 0);
  EXPECT_EQ(tick.read(8, 8), 99u);
  EXPECT_EQ(tick.read(8, 15), 99u);
  EXPECT_EQ(tick.read(8, 16), 98u);
}

struct OperandCase {
  const char* text;
  std::uint32_t encoding;  // first half-word lowest
  std::uint32_t address;
  std::uint32_t bytes;
  bool write;
};

TEST(MemoryOperand, IsThatOfTheInstruction) {
  // Registers hold 0x1000 times their number; the instruction is at 0x100. Encodings are those of
  // arm-none-eabi-as.
  const auto reg = [](unsigned number) { return 0x1000u * number; };
  const std::array<OperandCase, 26> cases = {{
      {"ldr r1, [pc, #8]", 0x4902, 0x10c, 4, false},
      {"str r1, [r2, r3]", 0x50d1, 0x5000, 4, true},
      {"strh r1, [r2, r3]", 0x52d1, 0x5000, 2, true},
      {"ldrsb r1, [r2, r3]", 0x56d1, 0x5000, 1, false},
      {"ldrsh r1, [r2, r3]", 0x5ed1, 0x5000, 2, false},
      {"ldr r1, [r2, #12]", 0x68d1, 0x200c, 4, false},
      {"strb r1, [r2, #5]", 0x7151, 0x2005, 1, true},
      {"ldrh r1, [r2, #6]", 0x88d1, 0x2006, 2, false},
      {"str r1, [sp, #16]", 0x9104, 0xd010, 4, true},
      {"push {r4, r5, lr}", 0xb530, 0xcff4, 12, true},
      {"pop {r4, pc}", 0xbd10, 0xd000, 8, false},
      {"stmia r2!, {r0, r1}", 0xc203, 0x2000, 8, true},
      {"ldr.w r1, [r2, #100]", 0x1064f8d2, 0x2064, 4, false},
      {"ldr.w r1, [r2], #4", 0x1b04f852, 0x2000, 4, false},
      {"str.w r1, [r2, #-4]!", 0x1d04f842, 0x1ffc, 4, true},
      {"ldrsb.w r1, [r2, #-3]", 0x1c03f912, 0x1ffd, 1, false},
      {"ldrh.w r1, [r2, r3, lsl #1]", 0x1013f832, 0x8000, 2, false},
      {"ldr.w r1, [pc, #-4]", 0x1004f85f, 0x100, 4, false},
      {"ldrd r0, r1, [r2, #8]", 0x0102e9d2, 0x2008, 8, false},
      {"strd r0, r1, [r2], #8", 0x0102e8e2, 0x2000, 8, true},
      {"ldmdb r2, {r0, r1, r4}", 0x0013e912, 0x1ff4, 12, false},
      {"stmia.w r2!, {r5, r6}", 0x0060e8a2, 0x2000, 8, true},
      {"ldrex r1, [r2, #4]", 0x1f01e852, 0x2004, 4, false},
      {"vldr s0, [r2, #4]", 0x0a01ed92, 0x2004, 4, false},
      {"vstr d0, [r2]", 0x0b00ed82, 0x2000, 8, true},
      {"vpush {s0, s1}", 0x0a02ed2d, 0xcff8, 8, true},
  }};
  for (const OperandCase& one : cases) {
    const auto operand = memoryOperand(one.encoding, 0x100, reg);
    ASSERT_TRUE(operand) << one.text;
    EXPECT_EQ(operand->address, one.address) << one.text;
    EXPECT_EQ(operand->bytes, one.bytes) << one.text;
    EXPECT_EQ(operand->write, one.write) << one.text;
  }
  for (const std::uint32_t other : {0x3001u, 0x4770u, 0xbf00u, 0x7080f44fu, 0x8f4ff3bfu}) {
    EXPECT_FALSE(memoryOperand(other, 0x100, reg)) << std::hex << other;
  }
}

}  // namespace
}  // namespace mcuprof::vboard
