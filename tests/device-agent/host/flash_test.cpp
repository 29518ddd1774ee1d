#include "device-agent/host/flash.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device-agent/host/session.hpp"

namespace mcuprof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kInfo =
    "#0 : stm32f2x at 0x08000000, size 0x00018000, buswidth 0, chipwidth 0\n"
    "\t#  0: 0x00000000 (0x8000 32kB) not protected\n"
    "\t#  1: 0x00008000 (0x8000 32kB) not protected\n"
    "\t#  2: 0x00010000 (0x8000 32kB) protected\n"
    "STM32F7[6|7]x - Rev: A";

TEST(FlashSectors, AreReadFromOpenocdsAnswer) {
  EXPECT_THAT(sectorsOf(kInfo),
              ElementsAre(FlashSector{0x08000000, 0x8000}, FlashSector{0x08008000, 0x8000},
                          FlashSector{0x08010000, 0x8000}));
}

TEST(FlashSectors, AreNoneInOtherText) {
  EXPECT_THAT(sectorsOf(""), IsEmpty());
  EXPECT_THAT(sectorsOf("auto_probe failed"), IsEmpty());
  EXPECT_THAT(sectorsOf("at 0x08000000\n#  0: 0x00000000 (0x0 0kB)\n"), IsEmpty());
  EXPECT_THAT(sectorsOf("at 0x08000000\n# 0: 0x8000 (0x8000)\n# 1: 0x0 (0x8000)\n"), IsEmpty())
      << "sectors that go backwards";
}

TEST(FlashPlan, WritesTheBeginningLast) {
  const auto sectors = sectorsOf(kInfo);
  const auto pieces = planFlash(sectors, 0x08000000, 0x8000 + 0x8000 + 10);
  ASSERT_TRUE(pieces);
  EXPECT_THAT(*pieces,
              ElementsAre(FlashPiece{0x08008000, 0x8000, 0x8000},
                          FlashPiece{0x08010000, 0x10000, 10}, FlashPiece{0x08000000, 0, 0x8000}));
}

TEST(FlashPlan, TakesSmallSectorsTogether) {
  std::vector<FlashSector> sectors;
  for (std::uint32_t i = 0; i < 64; ++i) sectors.push_back({0x08000000 + i * 2048, 2048});
  const auto pieces = planFlash(sectors, 0x08000000, 40 * 2048);
  ASSERT_TRUE(pieces);
  EXPECT_THAT(*pieces, ElementsAre(FlashPiece{0x08008000, 0x8000, 0x8000},
                                   FlashPiece{0x08010000, 0x10000, 0x4000},
                                   FlashPiece{0x08000000, 0, 0x8000}));
}

TEST(FlashPlan, RefusesWhatLeavesTheFlashOrBeginsWithinASector) {
  const auto sectors = sectorsOf(kInfo);
  EXPECT_EQ(planFlash(sectors, 0x08010000, 0x8001).error().text(),
            "flash: 32769 bytes at 0x8010000 leave the flash, which ends at 0x8018000");
  EXPECT_EQ(planFlash(sectors, 0x08000010, 4).error().text(),
            "flash: no sector begins at 0x8000010");
}

class RunPlace : public testing::Test {
 protected:
  RunPlace() {
    m_header.ram_ranges = 2;
    m_header.ram[0] = {0x20000000, 1000};
    m_header.ram[1] = {0x20010000, 5000};
    m_header.model = {0x08020000, 9000};
    m_plan.program = m_program;
  }
  mcuprof_image_header m_header{};
  std::vector<std::byte> m_program = std::vector<std::byte>(4000);
  RunPlan m_plan;
  DoesNotFit m_why;
};

TEST_F(RunPlace, TakesTheSmallestRangeForTheArena) {
  m_plan.arenaBytes = 900;
  auto place = placeRun(m_header, m_plan, m_why);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->arena, 0x20000000U);
  EXPECT_EQ(place->program, 0x08020000U);
  m_plan.arenaBytes = 1001;
  place = placeRun(m_header, m_plan, m_why);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->arena, 0x20010000U);
}

TEST_F(RunPlace, TakesRangesThatTouchForOne) {
  m_header.ram[1].base = 0x20000000 + 1000;
  m_plan.arenaBytes = 6000;
  auto place = placeRun(m_header, m_plan, m_why);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->arena, 0x20000000U);
  m_plan.arenaBytes = 5000;
  EXPECT_EQ(placeRun(m_header, m_plan, m_why)->arena, 0x20000000U + 1000) << "one memory is better";
}

TEST_F(RunPlace, PutsTheProgramInRamWhereItFits) {
  m_plan.programInRam = true;
  m_plan.arenaBytes = 900;
  auto place = placeRun(m_header, m_plan, m_why);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->program, 0x20010000U);
  m_program.resize(88);
  m_plan.program = m_program;
  place = placeRun(m_header, m_plan, m_why);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->program, 0x20000000U + 912) << "behind the arena, at a multiple of 16";
}

TEST_F(RunPlace, SaysWhatDoesNotFit) {
  m_plan.arenaBytes = 5001;
  EXPECT_FALSE(placeRun(m_header, m_plan, m_why));
  EXPECT_TRUE(m_why.arena);
  EXPECT_EQ(m_why.needed - m_why.available, 1U);
  m_plan.arenaBytes = 10;
  m_program.resize(9001);
  m_plan.program = m_program;
  EXPECT_FALSE(placeRun(m_header, m_plan, m_why));
  EXPECT_FALSE(m_why.arena);
  EXPECT_EQ(m_why.needed - m_why.available, 1U);
}

TEST(Fault, IsToldInWords) {
  mcuprof_fault fault{};
  fault.kind = MCUPROF_FAULT_BUS;
  fault.frame_valid = 1;
  fault.pc = 0x08001234;
  fault.lr = 0x08000001;
  fault.cfsr = 0x8200;
  fault.bfar = 0x20080000;
  EXPECT_EQ(faultText(fault),
            "bus fault at pc 0x08001234, lr 0x08000001 (cfsr 0x00008200, hfsr 0x00000000, mmfar "
            "0x00000000, bfar 0x20080000)");
}

}  // namespace
}  // namespace mcuprof
