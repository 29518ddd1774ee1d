// Whatever bytes a layer program has, the agent's check refuses it or its layers stay inside of the
// program and the arena.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "device-agent/firmware/checksum.h"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/program.h"

namespace {

constexpr std::size_t kAlignment = MCUPROF_PROGRAM_ALIGNMENT;
// Small, so that no program within it computes for long.
constexpr std::uint32_t kMostArena = 2048;

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<void, Free>;

/// Of just this many bytes, a multiple of 16, so that a sanitizer sees the first byte beyond.
Memory allocate(std::size_t bytes) {
  void* memory = std::aligned_alloc(kAlignment, bytes == 0 ? kAlignment : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return Memory(memory);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < sizeof(mcuprof_program_header) || size > 16384) return 0;
  const std::size_t bytes = size / kAlignment * kAlignment;
  const Memory memory = allocate(bytes);
  std::memcpy(memory.get(), data, bytes);
  auto* header = static_cast<mcuprof_program_header*>(memory.get());
  // What only chance would get right.
  header->magic = MCUPROF_PROGRAM_MAGIC;
  header->version = MCUPROF_PROGRAM_VERSION;
  header->header_bytes = sizeof(mcuprof_program_header);
  header->bytes = static_cast<std::uint32_t>(bytes);
  header->library = mcuprof_linked_library;
  header->arena_bytes %= kMostArena + 1;
  header->arena_bytes -= header->arena_bytes % MCUPROF_ARENA_ALIGNMENT;
  constexpr std::size_t kBehindCrc =
      offsetof(mcuprof_program_header, crc32) + sizeof(header->crc32);
  header->crc32 = mcuprof_crc32(0, static_cast<const std::uint8_t*>(memory.get()) + kBehindCrc,
                                static_cast<std::uint32_t>(bytes - kBehindCrc));

  mcuprof_program program;
  const mcuprof_problem problem = mcuprof_program_check(
      &program, memory.get(), static_cast<std::uint32_t>(bytes), header->arena_bytes);
  if (problem.status != MCUPROF_PROGRAM_OK) return 0;
  const Memory arenaMemory = allocate(header->arena_bytes);
  auto* arena = static_cast<std::uint8_t*>(arenaMemory.get());
  std::memset(arena, 0x55, header->arena_bytes);
  mcuprof_program_reset(&program, arena);
  for (std::uint32_t i = 0; i < header->layer_count && i < 16; ++i) {
    const std::int32_t status = mcuprof_layer_run(&program, i, arena);
    if (status != MCUPROF_PROGRAM_OK && status != MCUPROF_PROGRAM_NOT_SUPPORTED) std::abort();
  }
  return 0;
}
