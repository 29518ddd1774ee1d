// Convolutions against loops written from their definition.
#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/transpose_conv.h"
#include "tests/device-agent/kernels/naive.hpp"

namespace mcuprof {
namespace {

using test::clamped;
using test::Dice;
using test::forSeeds;
using test::Nd;

/// Extents along one axis: strides beyond the filter, dilations, paddings on either side.
struct Axis {
  std::int32_t in, out, taps, stride, dilation, pad;
};

Axis makeAxis(Dice& dice, std::int32_t mostIn) {
  Axis a{};
  a.in = dice.oneIn(5) ? 1 : dice.between(1, mostIn);
  a.taps = dice.oneIn(5) ? 1 : dice.between(1, 4);
  a.stride = dice.oneIn(3) ? dice.between(1, 5) : dice.between(1, 2);
  a.dilation = dice.oneIn(3) ? dice.between(2, 3) : 1;
  a.pad = dice.between(0, (a.taps - 1) * a.dilation);
  const std::int32_t behind = dice.between(0, (a.taps - 1) * a.dilation);
  const std::int32_t reach = (a.taps - 1) * a.dilation + 1;
  // At least one position, if need be with more padding.
  a.out = std::max(1, (a.in + a.pad + behind - reach) / a.stride + 1);
  return a;
}

/// The value of the input at a tap; nothing where it lies in the padding.
bool isInside(const Axis& a, std::int32_t out, std::int32_t tap, std::int32_t& at) {
  at = out * a.stride - a.pad + tap * a.dilation;
  return at >= 0 && at < a.in;
}

template <typename T>
struct Bias {
  using Type =
      std::conditional_t<std::is_same_v<T, std::int8_t>, std::int32_t,
                         std::conditional_t<std::is_same_v<T, std::int16_t>, std::int64_t, float>>;
};

/// An accumulator as an output element.
template <typename T, typename P>
std::int64_t finished(const P& p, std::int64_t acc, std::int32_t mult, std::int32_t shift) {
  const std::int64_t scaled = std::is_same_v<T, std::int8_t> ? test::scaledTwice(acc, mult, shift)
                                                             : test::scaledOnce(acc, mult, shift);
  return clamped(scaled + p.out_offset, p.act_min, p.act_max);
}

template <typename T, typename P>
void randomRange(Dice& dice, P& p) {
  if (std::is_same_v<T, std::int8_t>) {
    p.in_offset = dice.between(-127, 128);
    p.out_offset = dice.between(-128, 127);
    p.act_min = dice.between(-128, 0);
    p.act_max = dice.between(p.act_min, 127);
  } else {
    p.act_min = dice.between(-32768, 0);
    p.act_max = dice.between(p.act_min, 32767);
  }
}

template <typename T>
void checkConv(std::uint32_t seed) {
  Dice dice(seed);
  const Axis h = makeAxis(dice, 7);
  const Axis w = makeAxis(dice, 7);
  const std::int32_t groups = dice.oneIn(4) ? dice.between(2, 3) : 1;
  mcuprof_conv p{};
  p.batches = dice.oneIn(4) ? dice.between(2, 3) : 1;
  p.filter_c = dice.between(1, 9);
  p.in_c = p.filter_c * groups;
  p.out_c = dice.between(1, 4) * groups;
  p.in_h = h.in;
  p.in_w = w.in;
  p.out_h = h.out;
  p.out_w = w.out;
  p.k_h = h.taps;
  p.k_w = w.taps;
  p.stride_h = h.stride;
  p.stride_w = w.stride;
  p.dil_h = h.dilation;
  p.dil_w = w.dilation;
  p.pad_h = h.pad;
  p.pad_w = w.pad;
  randomRange<T>(dice, p);
  Nd<T> in({p.batches, p.in_h, p.in_w, p.in_c});
  Nd<std::conditional_t<std::is_same_v<T, float>, float, std::int8_t>> f(
      {p.out_c, p.k_h, p.k_w, p.filter_c});
  if constexpr (std::is_same_v<T, float>) {
    in.values = dice.floats(in.count());
    f.values = dice.floats(f.count());
  } else {
    in.values = dice.values<T>(in.count());
    f.values = dice.values<std::int8_t>(f.count());
  }
  const bool hasBias = !dice.oneIn(5);
  const auto bias = dice.biases<typename Bias<T>::Type>(p.out_c, 100000);
  const auto* b = hasBias ? bias.data() : nullptr;
  const auto mult = dice.multipliers(p.out_c);
  const auto shift = dice.shifts(p.out_c, -16, std::is_same_v<T, std::int8_t> ? -2 : -4);
  Nd<T> out({p.batches, p.out_h, p.out_w, p.out_c});
  const mcuprof_range_f32 act{-50.0F, 60.0F};
  if constexpr (std::is_same_v<T, std::int8_t>) {
    mcuprof_conv_s8(&p, in.values.data(), f.values.data(), b, mult.data(), shift.data(),
                    out.values.data(), nullptr);
  } else if constexpr (std::is_same_v<T, std::int16_t>) {
    mcuprof_conv_s16(&p, in.values.data(), f.values.data(), b, mult.data(), shift.data(),
                     out.values.data(), nullptr);
  } else {
    mcuprof_conv_f32(&p, &act, in.values.data(), f.values.data(), b, out.values.data());
  }
  for (std::int32_t n = 0; n < p.batches; ++n)
    for (std::int32_t y = 0; y < p.out_h; ++y)
      for (std::int32_t x = 0; x < p.out_w; ++x)
        for (std::int32_t o = 0; o < p.out_c; ++o) {
          const auto channel = static_cast<std::size_t>(o);
          std::conditional_t<std::is_same_v<T, float>, double, std::int64_t> acc = 0;
          const std::int32_t first = o / (p.out_c / groups) * p.filter_c;
          for (std::int32_t ky = 0; ky < p.k_h; ++ky)
            for (std::int32_t kx = 0; kx < p.k_w; ++kx) {
              std::int32_t iy = 0;
              std::int32_t ix = 0;
              if (!isInside(h, y, ky, iy) || !isInside(w, x, kx, ix)) continue;
              for (std::int32_t c = 0; c < p.filter_c; ++c) {
                acc += static_cast<decltype(acc)>(f.at(o, ky, kx, c)) *
                       (static_cast<decltype(acc)>(in.at(n, iy, ix, first + c)) + p.in_offset);
              }
            }
          if (hasBias) acc += static_cast<decltype(acc)>(bias[channel]);
          if constexpr (std::is_same_v<T, float>) {
            // Sums of 32-bit floats: as many roundings as products.
            EXPECT_NEAR(out.at(n, y, x, o), std::clamp(acc, -50.0, 60.0),
                        1e-6 * (std::abs(acc) + 4.0 * static_cast<double>(f.count())))
                << "seed " << seed;
          } else {
            ASSERT_EQ(out.at(n, y, x, o), finished<T>(p, acc, mult[channel], shift[channel]))
                << "seed " << seed;
          }
        }
}

template <typename T>
void checkDepthwise(std::uint32_t seed) {
  Dice dice(seed);
  const Axis h = makeAxis(dice, 7);
  const Axis w = makeAxis(dice, 7);
  mcuprof_depthwise p{};
  p.batches = dice.oneIn(4) ? dice.between(2, 3) : 1;
  p.in_c = dice.between(1, 9);
  p.depth_multiplier = dice.oneIn(2) ? 1 : dice.between(2, 4);
  p.out_c = p.in_c * p.depth_multiplier;
  p.in_h = h.in;
  p.in_w = w.in;
  p.out_h = h.out;
  p.out_w = w.out;
  p.k_h = h.taps;
  p.k_w = w.taps;
  p.stride_h = h.stride;
  p.stride_w = w.stride;
  p.dil_h = h.dilation;
  p.dil_w = w.dilation;
  p.pad_h = h.pad;
  p.pad_w = w.pad;
  randomRange<T>(dice, p);
  Nd<T> in({p.batches, p.in_h, p.in_w, p.in_c});
  Nd<std::conditional_t<std::is_same_v<T, float>, float, std::int8_t>> f({p.k_h, p.k_w, p.out_c});
  if constexpr (std::is_same_v<T, float>) {
    in.values = dice.floats(in.count());
    f.values = dice.floats(f.count());
  } else {
    in.values = dice.values<T>(in.count());
    f.values = dice.values<std::int8_t>(f.count());
  }
  const bool hasBias = !dice.oneIn(5);
  const auto bias = dice.biases<typename Bias<T>::Type>(p.out_c, 30000);
  const auto* b = hasBias ? bias.data() : nullptr;
  const auto mult = dice.multipliers(p.out_c);
  const auto shift = dice.shifts(p.out_c, -14, std::is_same_v<T, std::int8_t> ? 0 : -4);
  Nd<T> out({p.batches, p.out_h, p.out_w, p.out_c});
  const mcuprof_range_f32 act{-5.0F, 6.0F};
  if constexpr (std::is_same_v<T, std::int8_t>) {
    mcuprof_depthwise_s8(&p, in.values.data(), f.values.data(), b, mult.data(), shift.data(),
                         out.values.data(), nullptr);
  } else if constexpr (std::is_same_v<T, std::int16_t>) {
    mcuprof_depthwise_s16(&p, in.values.data(), f.values.data(), b, mult.data(), shift.data(),
                          out.values.data(), nullptr);
  } else {
    mcuprof_depthwise_f32(&p, &act, in.values.data(), f.values.data(), b, out.values.data());
  }
  for (std::int32_t n = 0; n < p.batches; ++n)
    for (std::int32_t y = 0; y < p.out_h; ++y)
      for (std::int32_t x = 0; x < p.out_w; ++x)
        for (std::int32_t c = 0; c < p.in_c; ++c)
          for (std::int32_t m = 0; m < p.depth_multiplier; ++m) {
            const std::int32_t o = c * p.depth_multiplier + m;
            const auto channel = static_cast<std::size_t>(o);
            std::conditional_t<std::is_same_v<T, float>, double, std::int64_t> acc = 0;
            for (std::int32_t ky = 0; ky < p.k_h; ++ky)
              for (std::int32_t kx = 0; kx < p.k_w; ++kx) {
                std::int32_t iy = 0;
                std::int32_t ix = 0;
                if (!isInside(h, y, ky, iy) || !isInside(w, x, kx, ix)) continue;
                acc += static_cast<decltype(acc)>(f.at(ky, kx, o)) *
                       (static_cast<decltype(acc)>(in.at(n, iy, ix, c)) + p.in_offset);
              }
            if (hasBias) acc += static_cast<decltype(acc)>(bias[channel]);
            if constexpr (std::is_same_v<T, float>) {
              EXPECT_NEAR(out.at(n, y, x, o), std::clamp(acc, -5.0, 6.0),
                          1e-6 * (std::abs(acc) + 64.0))
                  << "seed " << seed;
            } else {
              ASSERT_EQ(out.at(n, y, x, o), finished<T>(p, acc, mult[channel], shift[channel]))
                  << "seed " << seed;
            }
          }
}

/// Scatters every input element over the outputs that it reaches, where the kernel gathers.
template <typename T>
void checkTransposeConv(std::uint32_t seed) {
  Dice dice(seed);
  mcuprof_conv p{};
  p.batches = dice.oneIn(4) ? 2 : 1;
  p.in_h = dice.between(1, 5);
  p.in_w = dice.between(1, 5);
  p.in_c = p.filter_c = dice.between(1, 5);
  p.out_c = dice.between(1, 4);
  p.k_h = dice.between(1, 4);
  p.k_w = dice.between(1, 4);
  p.stride_h = dice.between(1, 5);
  p.stride_w = dice.between(1, 3);
  p.dil_h = p.dil_w = 1;
  p.pad_h = dice.between(0, p.k_h - 1);
  p.pad_w = dice.between(0, p.k_w - 1);
  p.out_h = std::max(1, (p.in_h - 1) * p.stride_h + p.k_h - p.pad_h + dice.between(-2, 2));
  p.out_w = std::max(1, (p.in_w - 1) * p.stride_w + p.k_w - p.pad_w + dice.between(-2, 2));
  randomRange<T>(dice, p);
  Nd<T> in({p.batches, p.in_h, p.in_w, p.in_c}, {});
  in.values = dice.values<T>(in.count());
  Nd<std::int8_t> f({p.out_c, p.k_h, p.k_w, p.in_c}, {});
  f.values = dice.values<std::int8_t>(f.count());
  const bool hasBias = !dice.oneIn(5);
  const auto bias = dice.biases<typename Bias<T>::Type>(p.out_c, 30000);
  const auto* b = hasBias ? bias.data() : nullptr;
  const auto mult = dice.multipliers(p.out_c);
  const auto shift = dice.shifts(p.out_c, -14, std::is_same_v<T, std::int8_t> ? -2 : -4);
  Nd<T> out({p.batches, p.out_h, p.out_w, p.out_c});
  if constexpr (std::is_same_v<T, std::int8_t>) {
    mcuprof_transpose_conv_s8(&p, in.values.data(), f.values.data(), b, mult.data(), shift.data(),
                              out.values.data());
  } else {
    mcuprof_transpose_conv_s16(&p, in.values.data(), f.values.data(), b, mult.data(), shift.data(),
                               out.values.data());
  }
  Nd<std::int64_t> sums(out.extents);
  for (std::int32_t n = 0; n < p.batches; ++n)
    for (std::int32_t y = 0; y < p.in_h; ++y)
      for (std::int32_t x = 0; x < p.in_w; ++x)
        for (std::int32_t ky = 0; ky < p.k_h; ++ky)
          for (std::int32_t kx = 0; kx < p.k_w; ++kx) {
            const std::int32_t oy = y * p.stride_h - p.pad_h + ky;
            const std::int32_t ox = x * p.stride_w - p.pad_w + kx;
            if (oy < 0 || oy >= p.out_h || ox < 0 || ox >= p.out_w) continue;
            for (std::int32_t o = 0; o < p.out_c; ++o)
              for (std::int32_t c = 0; c < p.in_c; ++c) {
                sums.at(n, oy, ox, o) += static_cast<std::int64_t>(f.at(o, ky, kx, c)) *
                                         (in.at(n, y, x, c) + p.in_offset);
              }
          }
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const std::size_t o = i % static_cast<std::size_t>(p.out_c);
    const std::int64_t acc = sums.values[i] + (hasBias ? bias[o] : 0);
    ASSERT_EQ(out.values[i], finished<T>(p, acc, mult[o], shift[o])) << "seed " << seed;
  }
}

class ConvKernels : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, ConvKernels, ::testing::Values(0U, 2500U, 5000U, 7500U));

TEST_P(ConvKernels, ConvS8EqualsItsDefinition) {
  forSeeds(GetParam(), 2500, checkConv<std::int8_t>);
}
TEST_P(ConvKernels, ConvS16EqualsItsDefinition) {
  forSeeds(GetParam(), 2500, checkConv<std::int16_t>);
}
TEST_P(ConvKernels, ConvF32IsCloseToItsDefinition) {
  forSeeds(GetParam(), 2500, checkConv<float>);
}
TEST_P(ConvKernels, DepthwiseS8EqualsItsDefinition) {
  forSeeds(GetParam(), 2500, checkDepthwise<std::int8_t>);
}
TEST_P(ConvKernels, DepthwiseS16EqualsItsDefinition) {
  forSeeds(GetParam(), 2500, checkDepthwise<std::int16_t>);
}
TEST_P(ConvKernels, DepthwiseF32IsCloseToItsDefinition) {
  forSeeds(GetParam(), 2500, checkDepthwise<float>);
}
TEST_P(ConvKernels, TransposeConvS8EqualsItsDefinition) {
  forSeeds(GetParam(), 2500, checkTransposeConv<std::int8_t>);
}
TEST_P(ConvKernels, TransposeConvS16EqualsItsDefinition) {
  forSeeds(GetParam(), 2500, checkTransposeConv<std::int16_t>);
}

}  // namespace
}  // namespace mcuprof
