#include "analyzer/pricing/elf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/pricing/hot_loops.hpp"
#include "tests/pricing/firmware.hpp"

namespace mcuprof {
namespace {

using test::Firmware;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string errorOf(std::span<const std::byte> bytes) {
  const auto elf = readElf(bytes, "fw.elf");
  return elf ? "no error" : elf.error().text();
}

std::vector<std::byte> changed(const Firmware& firmware, std::size_t at,
                               std::initializer_list<int> values) {
  std::vector<std::byte> bytes = firmware.bytes;
  for (const int value : values) bytes.at(at++) = static_cast<std::byte>(value);
  return bytes;
}

TEST(ReadElf, RefusesWhatIsNoElfFile) {
  EXPECT_EQ(errorOf(test::bytesOf("hello")),
            "fw.elf:0x0: not an ELF file: wanted 7f 45 4c 46 at its start");
  EXPECT_EQ(errorOf({}), "fw.elf:0x0: not an ELF file: wanted 7f 45 4c 46 at its start");
}

TEST(ReadElf, NamesTheArchitectureItCannotPrice) {
  const Firmware m4("m4.elf");
  EXPECT_EQ(errorOf(changed(m4, 18, {3, 0})),
            "fw.elf:0x12: ELF for Intel 80386; wanted Arm Thumb or RISC-V");
  EXPECT_EQ(errorOf(changed(m4, 18, {94, 0})),
            "fw.elf:0x12: ELF for Xtensa; wanted Arm Thumb or RISC-V");
  std::vector<std::byte> x86 = changed(m4, 18, {62, 0});
  x86[4] = std::byte{2};
  EXPECT_EQ(errorOf(x86), "fw.elf:0x4: 64-bit ELF for x86-64; wanted 32-bit Arm Thumb or RISC-V");
}

TEST(ReadElf, RefusesTheOtherByteOrder) {
  std::vector<std::byte> bytes = changed(Firmware("m4.elf"), 18, {0, 40});
  bytes[5] = std::byte{2};
  EXPECT_EQ(errorOf(bytes),
            "fw.elf:0x5: big-endian ELF for Arm; wanted little-endian Arm Thumb or RISC-V");
}

TEST(ReadElf, SaysWhichTableLeavesTheFile) {
  const Firmware m4("m4.elf");
  const auto half = std::span(m4.bytes).first(m4.bytes.size() / 2);
  EXPECT_THAT(errorOf(half), HasSubstr("section header table reaches to byte"));
  EXPECT_EQ(errorOf(std::span(m4.bytes).first(30)),
            "fw.elf:0x0: ELF header reaches to byte 52, the file has 30");
}

TEST(ReadElf, SurvivesAFileCutAtAnyByte) {
  const Firmware m4("m4.elf");
  for (std::size_t size = 0; size < m4.bytes.size(); ++size) {
    // A copy of exactly this size: the sanitizer sees a read one byte too far.
    const std::vector<std::byte> cut(m4.bytes.begin(),
                                     m4.bytes.begin() + static_cast<std::ptrdiff_t>(size));
    const auto elf = readElf(cut, "fw.elf");
    ASSERT_FALSE(elf) << size;  // the section headers stand at the very end
  }
}

TEST(ReadElf, SurvivesAnyByteOfItsHeadersChanged) {
  const Firmware m4("m4.o");
  const std::size_t headers = m4.bytes.size() < 4096 ? 0 : m4.bytes.size() - 2048;
  for (std::size_t at = 0; at < m4.bytes.size(); at += at < 64 || at > headers ? 1 : 7) {
    for (const int value : {0x00, 0x7f, 0xff}) {
      const std::vector<std::byte> bytes = changed(m4, at, {value});
      const auto elf = readElf(bytes, "fw.elf");
      if (!elf) {
        EXPECT_THAT(elf.error().where, HasSubstr("fw.elf:0x"));
      } else {
        findFunctions(*elf);
      }
    }
  }
}

TEST(ReadElf, LaysOutTheSectionsOfAnObjectFileOneAfterTheOther) {
  const Firmware object("m4.o");
  EXPECT_TRUE(object.elf.relocatable);
  const Function& dot = object.function("dot_s8");
  const Function& clip = object.function("clip");
  EXPECT_TRUE(dot.end <= clip.address || clip.end <= dot.address);
  EXPECT_EQ(test::loopsOf(object, "cortex-m4", "dot_s8").size(), 1u);
}

TEST(FindFunctions, GivesEachFunctionItsSymbolsRange) {
  const Firmware m4("m4.elf");
  EXPECT_FALSE(m4.list.stripped);
  const Function& predicated = m4.function("predicated");
  EXPECT_EQ(predicated.end - predicated.address, 6u);
  for (std::size_t i = 1; i < m4.list.functions.size(); ++i) {
    EXPECT_LE(m4.list.functions[i - 1].end, m4.list.functions[i].address);
  }
}

TEST(FindFunctions, FindsTheStartsOfAStrippedProgramByItsCalls) {
  const Firmware named("m4.elf");
  const Firmware stripped("m4_stripped.elf");
  EXPECT_TRUE(stripped.list.stripped);
  std::vector<std::uint32_t> starts;
  for (const Function& function : stripped.list.functions) starts.push_back(function.address);
  for (const char* called : {"rows_s8", "clip", "pick", "calls", "helper"}) {
    EXPECT_THAT(starts, ::testing::Contains(named.function(called).address)) << called;
  }
}

TEST(FindFunctions, LeavesOutCodeThatNoCortexMRuns) {
  const Firmware arm("arm_state.elf");
  const auto price = priceFirmware(arm.elf, "fw.elf", test::coreOf("cortex-m4"), {});
  ASSERT_FALSE(price);
  EXPECT_THAT(price.error().text(), HasSubstr("functions are 32-bit Arm code; wanted Thumb"));
}

TEST(FindControlFlow, NeverTakesALiteralPoolForCode) {
  const Firmware m4("m4.elf");
  const Disassembler disassembler(test::coreOf("cortex-m4"));
  for (const char* name : {"pick", "_start", "copy_words"}) {
    const Function& function = m4.function(name);
    const ControlFlow flow = findControlFlow(function, disassembler);
    EXPECT_EQ(flow.undecoded, 0u) << name;
    for (const Instruction& instruction : flow.instructions) {
      for (const AddressRange& data : function.data) {
        EXPECT_TRUE(instruction.end() <= data.first || instruction.address >= data.end) << name;
      }
    }
  }
}

TEST(FindControlFlow, FollowsAJumpTableWithAndWithoutMappingSymbols) {
  for (const char* file : {"m4.elf", "m7.elf", "m33.elf"}) {
    const Firmware firmware(file);
    Function pick = firmware.function("pick");
    const Disassembler disassembler(test::coreOf("cortex-m4"));
    const ControlFlow mapped = findControlFlow(pick, disassembler);
    EXPECT_EQ(mapped.unresolvedJumps, 0u);
    ASSERT_EQ(mapped.loops.size(), 1u) << file;  // inside one of the cases
    std::size_t widest = 0;
    for (const BasicBlock& block : mapped.blocks)
      widest = std::max(widest, block.successors.size());
    EXPECT_EQ(widest, 7u) << file;
    pick.data.clear();
    pick.mapped = false;
    const ControlFlow alone = findControlFlow(pick, disassembler);
    EXPECT_EQ(alone.instructions.size(), mapped.instructions.size()) << file;
    EXPECT_EQ(alone.blocks.size(), mapped.blocks.size()) << file;
  }
}

TEST(FindControlFlow, GivesEveryInstructionToOneBlock) {
  for (const char* file : {"m4.elf", "m55.elf", "m4_stripped.elf"}) {
    const Firmware firmware(file);
    const Disassembler disassembler(test::coreOf("cortex-m55"));
    for (const Function& function : firmware.list.functions) {
      const ControlFlow flow = findControlFlow(function, disassembler);
      std::size_t next = 0;
      for (const BasicBlock& block : flow.blocks) {
        EXPECT_EQ(block.first, next);
        EXPECT_GT(block.count, 0u);
        next += block.count;
      }
      EXPECT_EQ(next, flow.instructions.size());
    }
  }
}

TEST(PriceFirmware, SuggestsTheNameThatWasMeant) {
  const Firmware m4("m4.elf");
  PriceRequest request;
  request.function = "dot_q8";
  const auto price = priceFirmware(m4.elf, "fw.elf", test::coreOf("cortex-m4"), request);
  ASSERT_FALSE(price);
  EXPECT_EQ(price.error().text(), "fw.elf: no function \"dot_q8\"; did you mean \"dot_s8\"?");
  request.function = "something_else_entirely";
  EXPECT_EQ(priceFirmware(m4.elf, "fw.elf", test::coreOf("cortex-m4"), request).error().text(),
            "fw.elf: no function \"something_else_entirely\"");
}

TEST(PriceFirmware, RefusesACoreOfTheOtherArchitecture) {
  const Firmware m4("m4.elf");
  const auto price = priceFirmware(m4.elf, "fw.elf", test::coreOf("esp32-c3"), {});
  ASSERT_FALSE(price);
  EXPECT_EQ(price.error().text(), "fw.elf: code is Arm Thumb, core esp32-c3 runs RISC-V");
}

TEST(PriceFirmware, RanksDeepLoopsWithManyMacsFirst) {
  const Firmware m55("m55.elf");
  PriceRequest request;
  request.top = 4;
  const auto price = priceFirmware(m55.elf, "fw.elf", test::coreOf("cortex-m55"), request);
  ASSERT_TRUE(price);
  ASSERT_EQ(price->hot.size(), 4u);
  std::vector<std::string> names;
  for (const PricedLoop& loop : price->hot) names.push_back(loop.function);
  EXPECT_THAT(std::vector(names.begin(), names.begin() + 2),
              ::testing::UnorderedElementsAre("dot_mve_s8", "dot_mve_tail"));
  EXPECT_EQ(price->hot[0].price.macs, Macs(16));
}

TEST(PriceFirmware, CountsPlacesThatTheCoreCannotRun) {
  const auto price = priceFirmware(Firmware("m4.elf").elf, "fw.elf", test::coreOf("cortex-m0"), {});
  ASSERT_TRUE(price);
  EXPECT_GT(price->undecoded, 0u);
}

}  // namespace
}  // namespace mcuprof
