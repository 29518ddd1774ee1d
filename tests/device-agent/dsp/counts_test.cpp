// How many instructions our kernels execute, next to what CMSIS-NN executed for the same shapes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include "tests/device-agent/dsp/shapes.hpp"

namespace mcuprof::test {
namespace {

/// Of longer calls a ratio says nothing that shorter ones of the class do not; they are counted
/// when MCUPROF_ALL_SHAPES is set.
constexpr std::uint64_t kLongest = 100000;

/// Of these the output is compared too; the exactness test is what that is for.
constexpr std::uint64_t kLongestCompared = 20000;

/// Ratios ours / CMSIS-NN of one class of shapes.
struct Ratios {
  std::vector<double> all;
  double worst = 0;
  std::string worstShape;
  std::uint64_t ours = 0;
  std::uint64_t theirs = 0;
};

std::map<std::string, Ratios> compareAll(const std::string& core, const std::string& images,
                                         mcuprof_library library) {
  Emulator emulator(
      core, std::filesystem::path(MCUPROF_KERNEL_IMAGES) / images / (core + std::string(".elf")));
  std::mt19937 random(7);
  std::map<std::string, Ratios> classes;
  std::size_t left = 0;
  for (const CountedShape& shape : countedShapes(core)) {
    if (shape.instructions > kLongest && std::getenv("MCUPROF_ALL_SHAPES") == nullptr) {
      ++left;
      continue;
    }
    const KernelCall call = fill(shape.parameters, Data::Usual, random);
    const EmulatedRun run = runEmulated(emulator, call, library);
    EXPECT_EQ(emulator.fault(), "") << describe(shape.parameters);
    if (shape.instructions <= kLongestCompared) {
      EXPECT_EQ(run.out, runPortable(call)) << describe(shape.parameters);
    }
    const double ratio =
        static_cast<double>(run.instructions) / static_cast<double>(shape.instructions);
    Ratios& ratios = classes[shape.shapeClass];
    ratios.all.push_back(ratio);
    ratios.ours += run.instructions;
    ratios.theirs += shape.instructions;
    if (ratio > ratios.worst) {
      ratios.worst = ratio;
      ratios.worstShape = fmt::format("{} against {}: {}", run.instructions, shape.instructions,
                                      describe(shape.parameters));
    }
  }
  fmt::print("{:<32} {:>6} {:>6} {:>6} {:>6} {:>6}\n", core + ", " + images, "shapes", "mean",
             "p95", "worst", "total");
  fmt::print("{} longer calls left out\n", left);
  for (auto& [name, ratios] : classes) {
    std::ranges::sort(ratios.all);
    double sum = 0;
    for (const double ratio : ratios.all) sum += ratio;
    const auto count = ratios.all.size();
    fmt::print("{:<32} {:>6} {:>6.3f} {:>6.3f} {:>6.3f} {:>6.3f}\n", name, count,
               sum / static_cast<double>(count), ratios.all[(count * 95 + 99) / 100 - 1],
               ratios.worst, static_cast<double>(ratios.ours) / static_cast<double>(ratios.theirs));
  }
  return classes;
}

class DspCounts : public testing::TestWithParam<const char*> {};

TEST_P(DspCounts, StayWithinFiveQuartersOfCmsisNn) {
  for (const auto& [name, ratios] : compareAll(GetParam(), "dsp", MCUPROF_LIBRARY_DSP))
    EXPECT_LE(ratios.worst, 1.25) << name << ", " << ratios.worstShape;
}

INSTANTIATE_TEST_SUITE_P(Cores, DspCounts, testing::Values("cortex-m4", "cortex-m7", "cortex-m33"),
                         [](const auto& instance) {
                           return std::string(instance.param).substr(7);
                         });

class PortableCounts : public testing::TestWithParam<const char*> {};

TEST_P(PortableCounts, StayWithinTwoAndAHalfTimesCmsisNn) {
  for (const auto& [name, ratios] : compareAll(GetParam(), "portable", MCUPROF_LIBRARY_PORTABLE))
    EXPECT_LE(ratios.worst, 2.5) << name << ", " << ratios.worstShape;
}

INSTANTIATE_TEST_SUITE_P(Cores, PortableCounts, testing::Values("cortex-m0plus", "cortex-m3"),
                         [](const auto& instance) {
                           return std::string(instance.param).substr(7);
                         });

}  // namespace
}  // namespace mcuprof::test
