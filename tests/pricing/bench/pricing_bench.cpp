// What it costs to price: 300 blocks must take at most 150 ms on one core.

#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include "analyzer/pricing/price.hpp"

namespace {

/// A block as kernels have them: loads, dual multiply-accumulates, pointer steps, a branch back.
/// Each number gives other registers and another order, so that no two are the same block.
std::vector<std::byte> block(unsigned number) {
  std::vector<std::byte> bytes;
  const auto half = [&](unsigned value) {
    bytes.push_back(static_cast<std::byte>(value & 0xff));
    bytes.push_back(static_cast<std::byte>(value >> 8 & 0xff));
  };
  for (unsigned i = 0; i < 4 + number % 4; ++i) {
    half(0x6800 | (number + i) % 4 | (4 + i % 3) << 3);  // ldr r0-3, [r4-6]
    half(0xfb20 | (number + i) % 4);                     // smlad r8-11, r0-3, r0-3, r8-11
    half((8 + i % 4) << 12 | (8 + (number / 4) % 4) << 8 | i % 4);
    half(0x3004 | (4 + i % 3) << 8);  // adds r4-6, #4
  }
  half(0x3f01);  // subs r7, #1
  half(0xd1f0);  // bne
  return bytes;
}

void priceThreeHundredBlocks(benchmark::State& state, const char* name) {
  const auto core = mcuprof::findPricingCore(name);
  mcuprof::Pricer pricer(**core);
  std::vector<std::vector<std::byte>> blocks;
  for (unsigned i = 0; i < 300; ++i) blocks.push_back(block(i));
  std::size_t failures = 0;
  for (auto _ : state) {
    double cycles = 0;
    for (const auto& bytes : blocks) {
      const auto price = pricer.priceBlock(bytes, 0x8000000);
      if (price) {
        cycles += price->cycles;
      } else {
        ++failures;
      }
    }
    benchmark::DoNotOptimize(cycles);
  }
  if (failures != 0) state.SkipWithError("a block could not be priced");
}
BENCHMARK_CAPTURE(priceThreeHundredBlocks, m4, "cortex-m4")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(priceThreeHundredBlocks, m7, "cortex-m7")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(priceThreeHundredBlocks, m55, "cortex-m55")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(priceThreeHundredBlocks, m4Table, "cortex-m4-table")
    ->Unit(benchmark::kMillisecond);

void makePricer(benchmark::State& state) {
  const auto core = mcuprof::findPricingCore("cortex-m7");
  for (auto _ : state) {
    mcuprof::Pricer pricer(**core);
    benchmark::DoNotOptimize(pricer);
  }
}
BENCHMARK(makePricer)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
