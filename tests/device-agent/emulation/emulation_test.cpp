#include <gtest/gtest.h>
#include <unicorn/unicorn.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "device-agent/emulation/engine.hpp"
#include "device-agent/emulation/hook.hpp"
#include "device-agent/emulation/image.hpp"

namespace mcuprof {
namespace {

constexpr std::uint32_t kCode = 0x08000000;
constexpr std::array kAddOne = {std::byte{0x01}, std::byte{0x30}};  // adds r0, #1
constexpr std::array kAddTwo = {std::byte{0x02}, std::byte{0x30}};

Elf imageOf(std::initializer_list<ElfSection> sections) {
  Elf elf;
  elf.sections = sections;
  return elf;
}

void countBlock(uc_engine*, std::uint64_t, std::uint32_t, void* count) {
  ++*static_cast<int*>(count);
}

TEST(MakeEngine, KnowsTheCoresThatUnicornHas) {
  for (const char* core :
       {"cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33"})
    EXPECT_NE(makeEngine(core), nullptr) << core;
  EXPECT_EQ(makeEngine("cortex-m55"), nullptr);
  EXPECT_EQ(makeEngine(""), nullptr);
}

TEST(LoadImage, ExecutesSectionsThatShareAPageAndTellsHooks) {
  const Engine engine = makeEngine("cortex-m4");
  ASSERT_TRUE(loadImage(engine.get(),
                        imageOf({{".a", kCode, kAddOne, true}, {".b", kCode + 2, kAddTwo, true}}),
                        UC_PROT_READ | UC_PROT_EXEC));
  int blocks = 0;
  EXPECT_NE(addHook(engine.get(), UC_HOOK_BLOCK, countBlock, &blocks), 0U);
  ASSERT_EQ(uc_emu_start(engine.get(), kCode | 1, kCode + 4, 0, 0), UC_ERR_OK);
  std::uint32_t sum = 0;
  uc_reg_read(engine.get(), UC_ARM_REG_R0, &sum);
  EXPECT_EQ(sum, 3U);
  EXPECT_EQ(blocks, 1);
}

TEST(LoadImage, RefusesASectionBehindTheEndOfMemory) {
  const Engine engine = makeEngine("cortex-m4");
  EXPECT_FALSE(loadImage(engine.get(), imageOf({{".a", 0xffffffff, kAddOne, true}}), UC_PROT_ALL));
}

}  // namespace
}  // namespace mcuprof
