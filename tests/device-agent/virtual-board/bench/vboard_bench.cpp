// How many instructions a second the virtual boards execute: the dot product of the test firmware,
// caches and wait states as at the rated clock.

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>

#include <benchmark/benchmark.h>

#include "device-agent/virtual-board/bytes.hpp"
#include "device-agent/virtual-board/virtual_board.hpp"
#include "tests/device-agent/virtual-board/firmware/mailbox.h"

namespace {

using namespace mcuprof;
using namespace mcuprof::vboard;

constexpr std::uint32_t kFlash = 0x08000000;
constexpr std::uint32_t kRam = 0x20000000;

void poke(VirtualBoard& board, std::uint32_t address, std::uint32_t value) {
  std::array<std::byte, 4> bytes{};
  write32(bytes, 0, value);
  board.debugWrite(address, bytes, 4);
}

std::uint32_t peek(VirtualBoard& board, std::uint32_t address) {
  std::array<std::byte, 4> bytes{};
  board.debugRead(address, bytes, 4);
  return read32(bytes, 0);
}

std::unique_ptr<VirtualBoard> boot(const std::string& name, TimingMode mode) {
  const auto catalogue = Catalogue::find(MCUPROF_SOURCE_DIR "/targets");
  if (!catalogue) return nullptr;
  auto made = VirtualBoard::make(*catalogue, name, mode, {});
  if (!made) return nullptr;
  VirtualBoard& board = **made;
  std::ifstream file(MCUPROF_FIRMWARE_DIR "/" + name + ".bin", std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (bytes.size() % 2 != 0) bytes += '\xff';
  const bool small = board.chip().family == Family::F0;
  const std::uint32_t base = small ? 0x40022000 : 0x40023c00;
  poke(board, base + 4, 0x45670123);
  poke(board, base + 4, 0xcdef89ab);
  poke(board, base + 0x10, small ? 1 : 0x101);
  board.debugWrite(kFlash, std::as_bytes(std::span(bytes)), 2);
  board.setResetPin(true);
  board.setResetPin(false);
  board.run(100'000);
  poke(board, kRam + offsetof(test_mailbox, command), TEST_FULL_SPEED);
  board.run(100'000);
  if (peek(board, kRam + offsetof(test_mailbox, done)) != 1) return nullptr;
  poke(board, kRam + offsetof(test_mailbox, argument), 0x7fffffff);
  poke(board, kRam + offsetof(test_mailbox, command), TEST_KERNEL);
  return *std::move(made);
}

void emulate(benchmark::State& state, const std::string& name, TimingMode mode) {
  const auto board = boot(name, mode);
  if (!board) {
    state.SkipWithError("the test firmware does not run");
    return;
  }
  board->run(1'000'000);
  const std::uint64_t instructions = board->instructions();
  const std::uint64_t cycles = board->cycles();
  for (auto _ : state) board->run(50'000);
  state.counters["instructions"] = benchmark::Counter(
      static_cast<double>(board->instructions() - instructions), benchmark::Counter::kIsRate);
  state.counters["cycles"] = benchmark::Counter(static_cast<double>(board->cycles() - cycles),
                                                benchmark::Counter::kIsRate);
}

}  // namespace

int main(int argc, char** argv) {
  for (const char* name : {"nucleo-f767zi", "nucleo-f429zi", "nucleo-f207zg", "nucleo-f091rc"}) {
    for (const auto& [text, mode] :
         {std::pair("block", TimingMode::Block), std::pair("access", TimingMode::Access)}) {
      benchmark::RegisterBenchmark(
          (std::string("emulate/") + name + "/" + text).c_str(),
          [name, mode = mode](benchmark::State& state) { emulate(state, name, mode); });
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
