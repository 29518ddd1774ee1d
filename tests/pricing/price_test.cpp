#include "analyzer/pricing/price.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pricing/firmware.hpp"

namespace mcuprof {
namespace {

using test::corrected;
using test::Firmware;
using test::loopsOf;
using test::priceOf;
using ::testing::HasSubstr;

// The figures of the model alone are those that a study found with llvm-mca 19.1.7.

TEST(PriceBlock, TakesTwoCyclesForACountDownOnTheCortexM4BeforeRefill) {
  const BlockPrice price = priceOf(Firmware("m4.elf"), "cortex-m4", "count_down");
  EXPECT_EQ(price.modelCycles, 2);
  EXPECT_EQ(price.cycles, 2);
  EXPECT_EQ(price.takenBranchCycles, 2);
  EXPECT_EQ(price.bottleneck, Bottleneck::FrontEnd);
}

TEST(PriceBlock, SeesThatFlagsAreWrittenBehindTheLoadOnTheCortexM4) {
  const BlockPrice price = priceOf(Firmware("m4.elf"), "cortex-m4", "four_loads");
  EXPECT_EQ(price.modelCycles,
            12);  // 8 instructions; each of the four additions waits for one cycle
  EXPECT_EQ(price.bottleneck, Bottleneck::Dependency);
  EXPECT_EQ(price.issueCycles, 8);
  EXPECT_EQ(price.instructions[1].stallCycles, 1);
  EXPECT_EQ(price.instructions[1].stall, "results are written in order: behind ldr r0, [r1]");
}

TEST(PriceBlock, OverlapsALoadWithAnAdditionThatLeavesTheFlagsAlone) {
  EXPECT_EQ(priceOf(Firmware("m4.elf"), "cortex-m4", "loads_without_flags").modelCycles, 8);
}

TEST(PriceBlock, CountsAnItAsAnInstructionWhereTheModelKnowsIt) {
  EXPECT_EQ(priceOf(Firmware("m4.elf"), "cortex-m4", "predicated").modelCycles, 3);
  EXPECT_EQ(priceOf(Firmware("m33.elf"), "cortex-m33", "predicated").modelCycles, 3);
}

TEST(PriceBlock, StandsInForAnItThatTheModelRejects) {
  const BlockPrice price = priceOf(Firmware("m7.elf"), "cortex-m7", "predicated");
  ASSERT_EQ(price.instructions.size(), 3u);
  EXPECT_TRUE(price.instructions[0].modelled);
  EXPECT_FALSE(price.instructions[1].modelled);
  ASSERT_EQ(price.corrections.size(), 1u);
  EXPECT_EQ(price.corrections[0].what, "it eq: unknown to the model, 0 cycles");
  EXPECT_EQ(price.instructions[2].text, "moveq r2, r3");
}

TEST(PriceBlock, LoadsTwoWordsACycleOnTheCortexM7) {
  EXPECT_EQ(priceOf(Firmware("m7.elf"), "cortex-m7", "plain_loads").modelCycles, 2);
}

TEST(PriceBlock, AddsTheTransfersOfAPopThatTheModelTakesForOne) {
  const BlockPrice price = priceOf(Firmware("m4.elf"), "cortex-m4", "pop_eight");
  EXPECT_EQ(price.modelCycles, 2);
  EXPECT_EQ(price.cycles - price.modelCycles, corrected(price));
  ASSERT_EQ(price.corrections.size(), 1u);
  EXPECT_THAT(price.corrections[0].what, HasSubstr(": 9 cycles, the model has 1"));  // 1 + 8 words
  EXPECT_EQ(price.corrections[0].cycles, 8);
  EXPECT_EQ(price.corrections[0].basis, Basis::Assumed);
}

TEST(PriceBlock, OverridesDoubleLoadsAndDivisions) {
  const Firmware firmware("m4.elf");
  EXPECT_EQ(corrected(priceOf(firmware, "cortex-m4", "load_double")), 2);  // 3 for the model's 1
  EXPECT_EQ(corrected(priceOf(firmware, "cortex-m4", "divide")), 6);       // 7 for the model's 1
  EXPECT_EQ(corrected(priceOf(Firmware("m7.elf"), "cortex-m7", "divide")), 0);
}

TEST(PriceBlock, TakesOneCycleForALongProductOnTheCortexM4WhereTheModelTakesTwo) {
  const BlockPrice price = priceOf(Firmware("m4.elf"), "cortex-m4", "long_multiply");
  EXPECT_EQ(price.modelCycles, 2);
  EXPECT_EQ(price.cycles, 1);
  EXPECT_EQ(price.corrections.at(0).basis, Basis::Datasheet);
}

TEST(PriceBlock, ChargesACallItsRefillInsteadOfAHundredCycles) {
  const BlockPrice price = priceOf(Firmware("m4.elf"), "cortex-m4", "call");
  EXPECT_EQ(price.modelCycles, 1);
  EXPECT_EQ(price.cycles, 3);
}

TEST(PriceBlock, OverlapsVectorBeatsOnTheCortexM55) {
  const Firmware firmware("m55.elf");
  EXPECT_EQ(priceOf(firmware, "cortex-m55", "vector_loads").modelCycles, 8);
  EXPECT_EQ(priceOf(firmware, "cortex-m55", "vector_macs").modelCycles, 8);
  EXPECT_EQ(priceOf(firmware, "cortex-m55", "vector_both").modelCycles, 8);
  EXPECT_EQ(priceOf(firmware, "cortex-m85", "vector_both").modelCycles, 16);
}

TEST(PriceBlock, NamesTheUnitThatIsBusy) {
  const BlockPrice price = priceOf(Firmware("m55.elf"), "cortex-m55", "vector_loads");
  EXPECT_EQ(price.bottleneck, Bottleneck::Resource);
  EXPECT_EQ(price.bottleneckUnit, "M55UnitLoadStore");
}

TEST(PriceBlock, AddsTheTableOfTheCortexM0) {
  const Firmware firmware("m0plus.elf");
  // ldr 2, ldm of 3 words 1 + 3, str 2, muls 1, adds 1
  EXPECT_EQ(priceOf(firmware, "cortex-m0", "mixed").cycles, 10);
  EXPECT_EQ(priceOf(firmware, "cortex-m0plus", "mixed").cycles, 10);
  // A taken branch takes 3 cycles in all on the M0 and 2 on the M0+.
  const BlockPrice m0 = priceOf(firmware, "cortex-m0", "count_down");
  const BlockPrice m0plus = priceOf(firmware, "cortex-m0plus", "count_down");
  EXPECT_EQ(m0.cycles + m0.takenBranchCycles, 1 + 3);
  EXPECT_EQ(m0plus.cycles + m0plus.takenBranchCycles, 1 + 2);
  // POP with the program counter among n words: 4 + n on the M0, 3 + n on the M0+.
  const BlockPrice leave = priceOf(firmware, "cortex-m0", "leave");
  EXPECT_EQ(leave.cycles + leave.takenBranchCycles, 4 + 3);
}

TEST(PriceBlock, SaysWhereBytesAreNoInstruction) {
  const std::vector<std::byte> bytes = {std::byte{0x01}, std::byte{0x38}, std::byte{0xff},
                                        std::byte{0xff}, std::byte{0xff}, std::byte{0xff}};
  const auto price = priceBlock("cortex-m4", bytes, 0x8000100);
  ASSERT_FALSE(price);
  EXPECT_EQ(price.error().text(), "0x8000102: no instruction of cortex-m4");
  EXPECT_EQ(priceBlock("cortex-m4", {}, 0x100).error().text(), "0x100: no bytes to price");
}

TEST(PriceBlock, ListsTheCoresWhenItKnowsNoneOfThatName) {
  const auto price = priceBlock("cortex-a53", {}, 0);
  ASSERT_FALSE(price);
  EXPECT_EQ(
      price.error().text(),
      "unknown core \"cortex-a53\"; there are cortex-m0, cortex-m0plus, cortex-m3, cortex-m4, "
      "cortex-m4-table, cortex-m7, cortex-m23, cortex-m33, cortex-m35p, cortex-m52, cortex-m55, "
      "cortex-m85, esp32-c3, rv32imc, sifive-e21, sifive-e31, sifive-e76, syntacore-scr1");
}

TEST(PriceLoop, AddsUpToTheModelAndItsCorrections) {
  for (const char* core : {"m0plus", "m4", "m7", "m33", "m55"}) {
    const Firmware firmware(std::string(core) + ".elf");
    for (const char* function : {"dot_s8", "rows_s8", "clip", "pick", "copy_words", "calls"}) {
      for (const LoopPrice& loop : loopsOf(firmware, std::string("cortex-") + core, function)) {
        EXPECT_NEAR(loop.path.modelCycles + corrected(loop.path), loop.cycles, 1e-9)
            << core << function;
        EXPECT_LE(loop.shortestCycles, loop.cycles);
        EXPECT_GE(loop.path.modelCycles, 0);
      }
    }
  }
}

TEST(PriceLoop, FindsOneMacInADotProductOfEveryCore) {
  for (const char* core : {"m0plus", "m4", "m7", "m33", "m55"}) {
    const auto loops =
        loopsOf(Firmware(std::string(core) + ".elf"), std::string("cortex-") + core, "dot_s8");
    ASSERT_EQ(loops.size(), 1u) << core;
    EXPECT_EQ(loops[0].macs, Macs(1)) << core;
    EXPECT_EQ(loops[0].depth, 1u);
  }
  for (const char* core : {"esp32-c3", "sifive-e31", "sifive-e76"}) {
    const auto loops = loopsOf(Firmware("rv32.elf"), core, "dot_s8");
    ASSERT_EQ(loops.size(), 1u) << core;
    EXPECT_EQ(loops[0].macs, Macs(1)) << core;
  }
}

TEST(PriceLoop, PricesTheDotProductOfACortexM4AsItsInstructionsAndOneRefill) {
  const auto loops = loopsOf(Firmware("m4.elf"), "cortex-m4", "dot_s8");
  ASSERT_EQ(loops.size(), 1u);
  // ldrsb, ldrsb, cmp, smlabb, bne: 5 cycles, and 2 for the branch taken
  EXPECT_EQ(loops[0].path.instructions.size(), 5u);
  EXPECT_EQ(loops[0].cycles, 7);
}

TEST(PriceLoop, CountsTwoMacsForADualMultiplyAndSixteenForAVector) {
  const Firmware m4("m4.elf");
  EXPECT_EQ(loopsOf(m4, "cortex-m4", "dot_q15_pairs").at(0).macs, Macs(2));
  EXPECT_EQ(loopsOf(m4, "cortex-m4", "dot_q15_long").at(0).macs, Macs(2));
  EXPECT_EQ(loopsOf(m4, "cortex-m4", "dot_f32").at(0).macs, Macs(1));
  const Firmware m55("m55.elf");
  const LoopPrice s8 = loopsOf(m55, "cortex-m55", "dot_mve_s8").at(0);
  EXPECT_EQ(s8.macs, Macs(16));
  EXPECT_FALSE(s8.macsAreUpperBound);
  EXPECT_EQ(loopsOf(m55, "cortex-m55", "dot_mve_s16").at(0).macs, Macs(8));
}

TEST(PriceLoop, CallsTheMacsOfAPredicatedVectorLoopAnUpperBound) {
  const LoopPrice loop = loopsOf(Firmware("m55.elf"), "cortex-m55", "dot_mve_tail").at(0);
  EXPECT_EQ(loop.macs, Macs(16));
  EXPECT_TRUE(loop.macsAreUpperBound);
}

TEST(PriceLoop, TakesALowOverheadLoopForFree) {
  const auto loops = loopsOf(Firmware("m55.elf"), "cortex-m55", "hardware_loop");
  ASSERT_EQ(loops.size(), 1u);
  ASSERT_EQ(loops[0].path.instructions.size(), 3u);
  EXPECT_THAT(loops[0].path.instructions[2].text, HasSubstr("le lr, "));
  ASSERT_EQ(loops[0].path.corrections.size(), 1u);
  EXPECT_EQ(loops[0].path.corrections[0].cycles, 0);
  EXPECT_EQ(loops[0].cycles, loops[0].path.modelCycles);
}

TEST(PriceLoop, GivesTheShortestWayWhereThereIsMoreThanOne) {
  const auto loops = loopsOf(Firmware("m4.elf"), "cortex-m4", "clip");
  ASSERT_EQ(loops.size(), 1u);
  EXPECT_LT(loops[0].shortestCycles, loops[0].cycles);
}

TEST(PriceLoop, PricesAnOuterLoopWithoutTheLoopInside) {
  const auto loops = loopsOf(Firmware("m4.elf"), "cortex-m4", "rows_s8");
  ASSERT_EQ(loops.size(), 2u);
  EXPECT_EQ(loops[0].depth, 2u);
  EXPECT_TRUE(loops[0].innermost);
  EXPECT_EQ(loops[0].macs, Macs(1));
  EXPECT_EQ(loops[1].depth, 1u);
  EXPECT_FALSE(loops[1].innermost);
  EXPECT_EQ(loops[1].innerLoops, 1u);
  EXPECT_EQ(loops[1].macs, Macs(0));
}

TEST(PriceLoop, SaysThatWhatACallDoesIsNotIncluded) {
  const auto loops = loopsOf(Firmware("m4.elf"), "cortex-m4", "calls");
  ASSERT_EQ(loops.size(), 1u);
  EXPECT_EQ(loops[0].calls, 1u);
}

TEST(PriceLoop, ExplainsWhatAnInstructionWaitsFor) {
  const LoopPrice loop = loopsOf(Firmware("m7.elf"), "cortex-m7", "dot_s8").at(0);
  EXPECT_EQ(loop.path.bottleneck, Bottleneck::Dependency);
  double waits = 0;
  std::string reasons;
  for (const PricedInstruction& each : loop.path.instructions) {
    waits += each.stallCycles;
    reasons += each.stall + "\n";
    EXPECT_EQ(each.stallCycles > 0, !each.stall.empty()) << each.text;
  }
  EXPECT_GT(waits, 0);
  EXPECT_THAT(reasons, HasSubstr("waits for the result of ldrsb"));
}

}  // namespace
}  // namespace mcuprof
