// Pooling and MEAN against loops written from their definition.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <type_traits>

#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/reduce.h"
#include "tests/device-agent/kernels/naive.hpp"

namespace mcuprof {
namespace {

using test::clamped;
using test::Dice;
using test::forSeeds;
using test::Nd;

mcuprof_pool makePool(Dice& dice) {
  mcuprof_pool p{};
  p.batches = dice.oneIn(4) ? dice.between(2, 3) : 1;
  p.channels = dice.between(1, 9);
  const auto axis = [&](std::int32_t& in, std::int32_t& out, std::int32_t& taps,
                        std::int32_t& stride, std::int32_t& pad) {
    in = dice.between(1, 9);
    taps = dice.between(1, 5);
    stride = dice.between(1, 6);
    pad = dice.between(0, taps - 1);
    // Every window has an element.
    const std::int32_t most = (in + pad - 1) / stride + 1;
    out = dice.between(1, most);
  };
  axis(p.in_h, p.out_h, p.k_h, p.stride_h, p.pad_h);
  axis(p.in_w, p.out_w, p.k_w, p.stride_w, p.pad_w);
  return p;
}

template <typename T, bool isAverage>
void checkPool(std::uint32_t seed) {
  Dice dice(seed);
  mcuprof_pool p = makePool(dice);
  constexpr std::int32_t kMost = std::is_same_v<T, std::int8_t> ? 127 : 32767;
  p.act_min = dice.between(-kMost - 1, 0);
  p.act_max = dice.between(p.act_min, kMost);
  const mcuprof_range_f32 act{-1.0F, 1.5F};
  Nd<T> in({p.batches, p.in_h, p.in_w, p.channels}, {});
  if constexpr (std::is_same_v<T, float>) {
    in.values = dice.floats(in.count());
  } else {
    in.values = dice.values<T>(in.count());
  }
  Nd<T> out({p.batches, p.out_h, p.out_w, p.channels});
  if constexpr (std::is_same_v<T, std::int8_t>) {
    if (isAverage) {
      mcuprof_average_pool_s8(&p, in.values.data(), out.values.data(), nullptr);
    } else {
      mcuprof_max_pool_s8(&p, in.values.data(), out.values.data());
    }
  } else if constexpr (std::is_same_v<T, std::int16_t>) {
    if (isAverage) {
      mcuprof_average_pool_s16(&p, in.values.data(), out.values.data(), nullptr);
    } else {
      mcuprof_max_pool_s16(&p, in.values.data(), out.values.data());
    }
  } else if (isAverage) {
    mcuprof_average_pool_f32(&p, &act, in.values.data(), out.values.data());
  } else {
    mcuprof_max_pool_f32(&p, &act, in.values.data(), out.values.data());
  }
  for (std::int32_t n = 0; n < p.batches; ++n)
    for (std::int32_t y = 0; y < p.out_h; ++y)
      for (std::int32_t x = 0; x < p.out_w; ++x)
        for (std::int32_t c = 0; c < p.channels; ++c) {
          double sum = 0;
          double most = -std::numeric_limits<double>::infinity();
          std::int32_t count = 0;
          for (std::int32_t ky = 0; ky < p.k_h; ++ky)
            for (std::int32_t kx = 0; kx < p.k_w; ++kx) {
              const std::int32_t iy = y * p.stride_h - p.pad_h + ky;
              const std::int32_t ix = x * p.stride_w - p.pad_w + kx;
              if (iy < 0 || iy >= p.in_h || ix < 0 || ix >= p.in_w) continue;
              const double value = in.at(n, iy, ix, c);
              sum += value;
              most = std::max(most, value);
              ++count;
            }
          const double real = isAverage ? sum / count : most;
          if constexpr (std::is_same_v<T, float>) {
            EXPECT_NEAR(out.at(n, y, x, c), std::clamp(real, -1.0, 1.5), 1e-5) << "seed " << seed;
          } else {
            // std::round takes halves away from zero, as the kernels do.
            const auto whole = static_cast<std::int64_t>(std::round(real));
            ASSERT_EQ(out.at(n, y, x, c), clamped(whole, p.act_min, p.act_max)) << "seed " << seed;
          }
        }
}

/// MEAN over every second axis of six, in either order.
template <typename T>
void checkMean(std::uint32_t seed) {
  Dice dice(seed);
  const bool keepsFirst = dice.oneIn(2);
  std::vector<std::int32_t> extents;
  for (int i = 0; i < 6; ++i) extents.push_back(dice.oneIn(3) ? 1 : dice.between(1, 4));
  Nd<T> in(extents, {});
  in.values = dice.values<T>(in.count());
  std::vector<std::int32_t> strides(6, 1);
  for (std::size_t i = 6; i-- > 1;) strides[i - 1] = strides[i] * extents[i];
  mcuprof_mean p{};
  std::int32_t count = 1;
  std::int32_t outputs = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t kept = 2 * i + (keepsFirst ? 0 : 1);
    const std::size_t reduced = 2 * i + (keepsFirst ? 1 : 0);
    p.kept[i] = extents[kept];
    p.kept_stride[i] = strides[kept];
    p.reduced[i] = extents[reduced];
    p.reduced_stride[i] = strides[reduced];
    count *= extents[reduced];
    outputs *= extents[kept];
  }
  const std::int32_t zero = std::is_same_v<T, std::int8_t> ? dice.between(-128, 127) : 0;
  p.offset = zero * count;
  p.out_offset = std::is_same_v<T, std::int8_t> ? dice.between(-128, 127) : 0;
  p.mult = dice.multiplier();
  p.shift = dice.between(-10, 1);
  std::vector<T> out(static_cast<std::size_t>(outputs));
  if constexpr (std::is_same_v<T, std::int8_t>) {
    mcuprof_mean_s8(&p, in.values.data(), out.data());
  } else {
    mcuprof_mean_s16(&p, in.values.data(), out.data());
  }
  std::vector<std::int64_t> sums(out.size());
  for (std::int64_t i = 0; i < in.count(); ++i) {
    std::int64_t place = 0;
    for (std::size_t a = 0; a < 3; ++a) {
      const std::size_t kept = 2 * a + (keepsFirst ? 0 : 1);
      place = place * extents[kept] + i / strides[kept] % extents[kept];
    }
    sums[static_cast<std::size_t>(place)] += in.values[static_cast<std::size_t>(i)] - zero;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t mean = test::scaledTwice(sums[i], p.mult, p.shift) + p.out_offset;
    ASSERT_EQ(out[i], clamped(mean, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()))
        << "seed " << seed;
  }
}

class PoolKernels : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, PoolKernels, ::testing::Values(0U, 5000U));

TEST_P(PoolKernels, AverageS8EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkPool<std::int8_t, true>);
}
TEST_P(PoolKernels, AverageS16EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkPool<std::int16_t, true>);
}
TEST_P(PoolKernels, AverageF32IsCloseToItsDefinition) {
  forSeeds(GetParam(), 5000, checkPool<float, true>);
}
TEST_P(PoolKernels, MaxS8EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkPool<std::int8_t, false>);
}
TEST_P(PoolKernels, MaxS16EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkPool<std::int16_t, false>);
}
TEST_P(PoolKernels, MaxF32EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkPool<float, false>);
}
TEST_P(PoolKernels, MeanS8EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkMean<std::int8_t>);
}
TEST_P(PoolKernels, MeanS16EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkMean<std::int16_t>);
}

}  // namespace
}  // namespace mcuprof
