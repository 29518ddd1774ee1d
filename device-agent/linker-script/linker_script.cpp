#include "device-agent/linker-script/linker_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

namespace mcuprof {
namespace {

constexpr std::uint64_t kRamStart = 0x2000'0000;
constexpr std::size_t kMostFreeRegions = 4;  // MCUPROF_RAM_RANGES

// Behind the vector table of 128 entries comes the image header (MCUPROF_HEADER_OFFSET). The model
// begins at the first of 64, 128 and 256 KiB that the image leaves free: flash sectors start there
// on every STM32F0, F2, F4 and F7.
constexpr const char* kSections = R"(
SECTIONS
{{
  .vectors : {{ KEEP(*(.mcuprof.vectors)) . = 0x200; }} > FLASH
  .header : {{ KEEP(*(.mcuprof.header)) }} > FLASH
  .build_id : {{ *(.note.gnu.build-id) }} > FLASH
  .text : {{ *(.text .text.*) *(.rodata .rodata.*) . = ALIGN(4); }} > FLASH
  .ARM.exidx : {{ *(.ARM.exidx .ARM.exidx.*) }} > FLASH
  .stack (NOLOAD) : {{
    mcuprof_stack_base = .;
    . += mcuprof_stack_bytes;
    mcuprof_stack_end = .;
    . += mcuprof_handler_stack_bytes;
    mcuprof_handler_stack_end = .;
  }} > RAM
  .data : {{
    mcuprof_data_base = .;
    *(.data .data.*)
    . = ALIGN(4);
    mcuprof_data_end = .;
  }} > RAM AT > FLASH
  mcuprof_data_load = LOADADDR(.data);
  .bss (NOLOAD) : {{
    mcuprof_bss_base = .;
    *(.bss .bss.* COMMON)
    . = ALIGN(16);
    mcuprof_bss_end = .;
  }} > RAM
  .comment 0 (INFO) : {{ *(.comment) }}
}}
mcuprof_image_base = ORIGIN(FLASH);
mcuprof_image_bytes = LOADADDR(.data) + SIZEOF(.data) - ORIGIN(FLASH);
mcuprof_model_offset = mcuprof_image_bytes <= 0x10000 ? 0x10000 : mcuprof_image_bytes <= 0x20000 ? 0x20000 : 0x40000;
mcuprof_model_base = ORIGIN(FLASH) + mcuprof_model_offset;
mcuprof_model_bytes = LENGTH(FLASH) - mcuprof_model_offset;
ASSERT(mcuprof_image_bytes <= mcuprof_model_offset && mcuprof_model_offset < LENGTH(FLASH), "image too large for this flash")
)";

struct Regions {
  const Memory* flash = nullptr;
  const Memory* ram = nullptr;
  std::vector<const Memory*> free;
};

bool isRam(const Memory& memory) {
  return (memory.kind == MemoryKind::Tcm || memory.kind == MemoryKind::Sram) &&
         memory.use.activations && memory.base && memory.aliasOf.empty();
}

Regions regionsOf(const Board& board) {
  Regions regions;
  for (const Memory& memory : board.memories) {
    if (memory.kind == MemoryKind::Flash && memory.use.weights && memory.base &&
        memory.aliasOf.empty() && regions.flash == nullptr) {
      regions.flash = &memory;
    }
    if (!isRam(memory)) continue;
    if (*memory.base == kRamStart) regions.ram = &memory;
    regions.free.push_back(&memory);
  }
  std::ranges::sort(regions.free, {}, [](const Memory* memory) { return *memory->base; });
  return regions;
}

std::string freeSymbols(const Regions& regions) {
  std::string text = fmt::format("\nmcuprof_ram_ranges = {};\n", regions.free.size());
  for (std::size_t i = 0; i < kMostFreeRegions; ++i) {
    if (i >= regions.free.size()) {
      text += fmt::format("mcuprof_ram{0}_base = 0; mcuprof_ram{0}_bytes = 0;\n", i);
      continue;
    }
    const Memory& memory = *regions.free[i];
    const std::uint64_t end = *memory.base + static_cast<std::uint64_t>(memory.size.value);
    const std::string base =
        &memory == regions.ram ? "mcuprof_bss_end" : fmt::format("{:#x}", *memory.base);
    text +=
        fmt::format("mcuprof_ram{0}_base = {1}; mcuprof_ram{0}_bytes = {2:#x} - {1}; /* {3} */\n",
                    i, base, end, memory.name);
  }
  return text;
}

}  // namespace

Result<std::string> renderLinkerScript(const Board& board, const AgentStacks& stacks) {
  const Regions regions = regionsOf(board);
  if (regions.ram == nullptr) {
    return Error{board.name, "no RAM at 0x20000000 that holds activations; the agent wants it"};
  }
  if (regions.flash == nullptr || !regions.flash->waitStates) {
    return Error{board.name, "no flash that holds weights, with its wait states"};
  }
  if (regions.free.size() > kMostFreeRegions) {
    return Error{board.name,
                 fmt::format("{} regions hold activations; the agent's header has room for {}",
                             regions.free.size(), kMostFreeRegions)};
  }
  std::string script = fmt::format(
      "/* Made from the file of board {}; do not edit. */\n"
      "ENTRY(mcuprof_reset)\n"
      "MEMORY\n{{\n"
      "  FLASH (rx) : ORIGIN = {:#x}, LENGTH = {:#x}\n"
      "  RAM (rw) : ORIGIN = {:#x}, LENGTH = {:#x}\n}}\n"
      "mcuprof_core_hz = {};\n"
      "mcuprof_flash_wait_states = {};\n"
      "mcuprof_stack_bytes = {};\n"
      "mcuprof_handler_stack_bytes = {};\n",
      board.name, *regions.flash->base, regions.flash->size.value, *regions.ram->base,
      regions.ram->size.value, board.clockHz.value, regions.flash->waitStates->value,
      stacks.kernels.value, stacks.handlers.value);
  script += fmt::format(fmt::runtime(kSections));
  script += freeSymbols(regions);
  return script;
}

}  // namespace mcuprof
