#include "device-agent/linker-script/linker_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "analyzer/target/catalogue.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using testing::HasSubstr;

constexpr AgentStacks kStacks = {Bytes(2048), Bytes(512)};

Board boardOf(const std::string& name) {
  auto board = Catalogue((test::sourceFolder() / "targets").string()).loadBoard(name);
  EXPECT_TRUE(board) << (board ? "" : board.error().text());
  return *std::move(board);
}

TEST(RenderLinkerScript, TakesMemoriesClockAndWaitStatesFromTheBoardsFile) {
  const auto script = renderLinkerScript(boardOf("f767zi"), kStacks);
  ASSERT_TRUE(script);
  EXPECT_THAT(*script, HasSubstr("FLASH (rx) : ORIGIN = 0x8000000, LENGTH = 0x200000\n"));
  EXPECT_THAT(*script, HasSubstr("RAM (rw) : ORIGIN = 0x20000000, LENGTH = 0x20000\n"));
  EXPECT_THAT(*script, HasSubstr("mcuprof_core_hz = 216000000;\n"));
  EXPECT_THAT(*script, HasSubstr("mcuprof_flash_wait_states = 7;\n"));
  EXPECT_THAT(*script, HasSubstr("mcuprof_stack_bytes = 2048;\n"));
  EXPECT_THAT(*script, HasSubstr("mcuprof_ram_ranges = 3;\n"));
  EXPECT_THAT(*script, HasSubstr("mcuprof_ram0_base = mcuprof_bss_end; mcuprof_ram0_bytes = "
                                 "0x20020000 - mcuprof_bss_end; /* dtcm */"));
  EXPECT_THAT(*script, HasSubstr("mcuprof_ram2_base = 0x2007c000;"));
}

TEST(RenderLinkerScript, ListsFreeRamInRisingOrderWhicheverTheAgentIsIn) {
  const auto script = renderLinkerScript(boardOf("f429zi"), kStacks);
  ASSERT_TRUE(script);
  EXPECT_THAT(*script, HasSubstr("mcuprof_ram0_base = 0x10000000;"));
  EXPECT_THAT(*script, HasSubstr("mcuprof_ram1_base = mcuprof_bss_end;"));
}

TEST(RenderLinkerScript, SaysWhatABoardLacks) {
  Board board = boardOf("f207zg");
  for (Memory& memory : board.memories) {
    if (memory.kind == MemoryKind::Flash) memory.waitStates.reset();
  }
  EXPECT_EQ(renderLinkerScript(board, kStacks).error().text(),
            "nucleo-f207zg: no flash that holds weights, with its wait states");
  for (Memory& memory : board.memories) memory.use = {};
  EXPECT_EQ(renderLinkerScript(board, kStacks).error().text(),
            "nucleo-f207zg: no RAM at 0x20000000 that holds activations; the agent wants it");
  board = boardOf("f207zg");
  for (std::uint64_t i = 0; i < 4; ++i) {
    Memory memory;
    memory.base = 0x10000000 + i * 0x1000;
    memory.size = Bytes(0x1000);
    memory.use.activations = true;
    board.memories.add(memory);
  }
  EXPECT_EQ(renderLinkerScript(board, kStacks).error().text(),
            "nucleo-f207zg: 5 regions hold activations; the agent's header has room for 4");
}

}  // namespace
}  // namespace mcuprof
