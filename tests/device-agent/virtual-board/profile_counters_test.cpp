#include "device-agent/virtual-board/profile_counters.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kCpi = 0x08;
constexpr std::uint32_t kExc = 0x0c;
constexpr std::uint32_t kSleep = 0x10;
constexpr std::uint32_t kLsu = 0x14;
constexpr std::uint32_t kFold = 0x18;

/// 1000 instructions in 1300 cycles: 12 of exceptions, 40 asleep, 200 waiting for data; some blocks
/// were 30 faster than a cycle an instruction.
constexpr CoreTime kSpent{.total = ticksOfCycles(1300),
                          .exceptions = ticksOfCycles(12),
                          .sleep = ticksOfCycles(40),
                          .dataWaits = ticksOfCycles(200),
                          .saved = ticksOfCycles(30),
                          .instructions = 1000};

std::array<std::uint32_t, 5> all(const ProfileCounters& counters, const CoreTime& now) {
  return {counters.read(kCpi, now), counters.read(kExc, now), counters.read(kSleep, now),
          counters.read(kLsu, now), counters.read(kFold, now)};
}

TEST(ProfileCounters, TellWhereCyclesBeyondOneAnInstructionWent) {
  ProfileCounters counters;
  counters.enable(ProfileCounters::kEnables, {});
  EXPECT_EQ(all(counters, kSpent), (std::array<std::uint32_t, 5>{78, 12, 40, 200, 30}));
  EXPECT_EQ(1300 - 78 - 12 - 40 - 200 + 30, 1000) << "the architecture's sum";
}

TEST(ProfileCounters, CountOnlyWhileTheyAreEnabled) {
  ProfileCounters counters;
  EXPECT_EQ(all(counters, kSpent), (std::array<std::uint32_t, 5>{}));
  counters.enable(1U << 20, {});
  EXPECT_EQ(counters.enabled(), 1U << 20);
  EXPECT_EQ(all(counters, kSpent), (std::array<std::uint32_t, 5>{0, 0, 0, 200, 0}));
  CoreTime later = kSpent;
  later.dataWaits += ticksOfCycles(20);
  counters.enable(0, kSpent);
  EXPECT_EQ(counters.read(kLsu, later), 200U) << "keeps its value";
  counters.enable(1U << 20, kSpent);
  EXPECT_EQ(counters.read(kLsu, later), 20U) << "starts at 0";
}

TEST(ProfileCounters, TellOfEachOverflowOnce) {
  ProfileCounters counters;
  counters.enable(ProfileCounters::kEnables, {});
  EXPECT_EQ(counters.takeOverflow(kSpent), 0U) << "none has reached 256";
  CoreTime later = kSpent;
  later.total += ticksOfCycles(600);
  later.sleep += ticksOfCycles(500);  // 540: twice
  later.dataWaits += ticksOfCycles(100);
  EXPECT_EQ(counters.takeOverflow(later), 0b01100U);
  EXPECT_EQ(counters.takeOverflow(later), 0b00100U);
  EXPECT_EQ(counters.takeOverflow(later), 0U);
  EXPECT_EQ(counters.read(kSleep, later), 540U - 512U);
}

TEST(ProfileCounters, GoOnFromWhatIsWritten) {
  ProfileCounters counters;
  counters.enable(ProfileCounters::kEnables, {});
  counters.write(kLsu, 250, kSpent);
  EXPECT_EQ(counters.read(kLsu, kSpent), 250U);
  CoreTime later = kSpent;
  later.total += ticksOfCycles(6);
  later.dataWaits += ticksOfCycles(6);
  EXPECT_EQ(counters.takeOverflow(later), 0b01000U);
  EXPECT_EQ(counters.read(kLsu, later), 0U);
}

}  // namespace
}  // namespace mcuprof::vboard
