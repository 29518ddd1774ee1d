// Element-wise kernels against their definition.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <type_traits>

#include "device-agent/firmware/kernels/arithmetic.h"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/unary.h"
#include "tests/device-agent/kernels/naive.hpp"

namespace mcuprof {
namespace {

using test::clamped;
using test::Dice;
using test::forSeeds;
using test::scaledTwice;

template <typename T>
constexpr std::int32_t kLeast = std::numeric_limits<T>::min();
template <typename T>
constexpr std::int32_t kMost = std::numeric_limits<T>::max();

template <typename T>
std::int32_t zeroPoint(Dice& dice) {
  return std::is_same_v<T, std::int8_t> ? dice.between(-128, 127) : 0;
}

/// Operands of a run: of full length, or of one element that is repeated.
template <typename T>
struct Operands {
  std::int32_t n, aStep, bStep;
  std::vector<T> a, b;
  T first(std::int32_t i) const { return a[static_cast<std::size_t>(i * aStep)]; }
  T second(std::int32_t i) const { return b[static_cast<std::size_t>(i * bStep)]; }
};

template <typename T>
Operands<T> makeOperands(Dice& dice) {
  Operands<T> o{};
  o.n = dice.between(1, 40);
  o.aStep = dice.oneIn(4) ? 0 : 1;
  o.bStep = dice.oneIn(4) ? 0 : 1;
  const std::int32_t a = o.aStep ? o.n : 1;
  const std::int32_t b = o.bStep ? o.n : 1;
  if constexpr (std::is_same_v<T, float>) {
    o.a = dice.floats(a);
    o.b = dice.floats(b);
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    for (std::int32_t i = 0; i < a; ++i) o.a.push_back(dice.between(kLeast<T>, kMost<T>));
    for (std::int32_t i = 0; i < b; ++i)
      o.b.push_back(dice.oneIn(8) ? dice.between(-1, 1) : dice.between(kLeast<T>, kMost<T>));
  } else {
    o.a = dice.values<T>(a);
    o.b = dice.values<T>(b);
  }
  return o;
}

template <typename T, bool isSub>
void checkSum(std::uint32_t seed) {
  Dice dice(seed);
  const auto o = makeOperands<T>(dice);
  mcuprof_add p{};
  p.left_shift = std::is_same_v<T, std::int8_t> ? 20 : 15;
  p.in1_offset = -zeroPoint<T>(dice);
  p.in2_offset = -zeroPoint<T>(dice);
  p.out_offset = zeroPoint<T>(dice);
  // One of the scales is half of the sum's, the other at most that.
  p.in1_mult = 1 << 30;
  p.in1_shift = 0;
  p.in2_mult = dice.multiplier();
  p.in2_shift = dice.between(-8, -1);
  if (dice.oneIn(2)) {
    std::swap(p.in1_mult, p.in2_mult);
    std::swap(p.in1_shift, p.in2_shift);
  }
  p.out_mult = dice.multiplier();
  p.out_shift = dice.between(-p.left_shift, -p.left_shift + 4);
  p.act_min = dice.between(kLeast<T>, 0);
  p.act_max = dice.between(p.act_min, kMost<T>);
  std::vector<T> out(static_cast<std::size_t>(o.n));
  if constexpr (std::is_same_v<T, std::int8_t>) {
    (isSub ? mcuprof_sub_s8 : mcuprof_add_s8)(&p, o.a.data(), o.aStep, o.b.data(), o.bStep,
                                              out.data(), o.n);
  } else {
    (isSub ? mcuprof_sub_s16 : mcuprof_add_s16)(&p, o.a.data(), o.aStep, o.b.data(), o.bStep,
                                                out.data(), o.n);
  }
  const std::int64_t left = std::int64_t{1} << p.left_shift;
  for (std::int32_t i = 0; i < o.n; ++i) {
    const std::int64_t a = scaledTwice((o.first(i) + p.in1_offset) * left, p.in1_mult, p.in1_shift);
    const std::int64_t b =
        scaledTwice((o.second(i) + p.in2_offset) * left, p.in2_mult, p.in2_shift);
    const std::int64_t sum = scaledTwice(isSub ? a - b : a + b, p.out_mult, p.out_shift);
    ASSERT_EQ(out[static_cast<std::size_t>(i)], clamped(sum + p.out_offset, p.act_min, p.act_max))
        << "seed " << seed;
  }
}

template <typename T>
void checkProduct(std::uint32_t seed) {
  Dice dice(seed);
  const auto o = makeOperands<T>(dice);
  mcuprof_mul p{};
  p.in1_offset = -zeroPoint<T>(dice);
  p.in2_offset = -zeroPoint<T>(dice);
  p.out_offset = zeroPoint<T>(dice);
  p.out_mult = dice.multiplier();
  p.out_shift = dice.between(-20, 0);
  p.act_min = dice.between(kLeast<T>, 0);
  p.act_max = dice.between(p.act_min, kMost<T>);
  std::vector<T> out(static_cast<std::size_t>(o.n));
  if constexpr (std::is_same_v<T, std::int8_t>) {
    mcuprof_mul_s8(&p, o.a.data(), o.aStep, o.b.data(), o.bStep, out.data(), o.n);
  } else {
    mcuprof_mul_s16(&p, o.a.data(), o.aStep, o.b.data(), o.bStep, out.data(), o.n);
  }
  for (std::int32_t i = 0; i < o.n; ++i) {
    const std::int64_t product =
        static_cast<std::int64_t>(o.first(i) + p.in1_offset) * (o.second(i) + p.in2_offset);
    const std::int64_t scaled = scaledTwice(product, p.out_mult, p.out_shift) + p.out_offset;
    ASSERT_EQ(out[static_cast<std::size_t>(i)], clamped(scaled, p.act_min, p.act_max))
        << "seed " << seed;
  }
}

void checkAddF32(std::uint32_t seed) {
  Dice dice(seed);
  const auto o = makeOperands<float>(dice);
  const mcuprof_range_f32 act{-1.5F, 2.5F};
  std::vector<float> out(static_cast<std::size_t>(o.n));
  mcuprof_add_f32(&act, o.a.data(), o.aStep, o.b.data(), o.bStep, out.data(), o.n);
  for (std::int32_t i = 0; i < o.n; ++i) {
    const double sum = static_cast<double>(o.first(i)) + static_cast<double>(o.second(i));
    // The exact sum, rounded once.
    ASSERT_EQ(out[static_cast<std::size_t>(i)], std::clamp(static_cast<float>(sum), -1.5F, 2.5F));
  }
}

/// What is left of 64 bits when the upper half is cut off.
std::int32_t wrapped(std::int64_t value) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
}

void checkPlain(std::uint32_t seed) {
  Dice dice(seed);
  const auto o = makeOperands<std::int32_t>(dice);
  const std::int32_t operation = dice.between(MCUPROF_OPERATION_ADD, MCUPROF_OPERATION_MAX);
  const mcuprof_plain p{operation, dice.oneIn(2) ? kLeast<std::int32_t> : -1000,
                        dice.oneIn(2) ? kMost<std::int32_t> : 1000};
  std::vector<std::int32_t> out(static_cast<std::size_t>(o.n));
  mcuprof_arithmetic_s32(&p, o.a.data(), o.aStep, o.b.data(), o.bStep, out.data(), o.n);
  for (std::int32_t i = 0; i < o.n; ++i) {
    const std::int64_t a = o.first(i);
    const std::int64_t b = o.second(i);
    std::int64_t wanted = 0;
    if (operation == MCUPROF_OPERATION_ADD) wanted = wrapped(a + b);
    if (operation == MCUPROF_OPERATION_SUB) wanted = wrapped(a - b);
    if (operation == MCUPROF_OPERATION_MUL) {
      wanted = wrapped(
          static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)));
    }
    if (operation == MCUPROF_OPERATION_DIV) wanted = b == 0 ? 0 : wrapped(a / b);
    if (operation == MCUPROF_OPERATION_MIN) wanted = std::min(a, b);
    if (operation == MCUPROF_OPERATION_MAX) wanted = std::max(a, b);
    ASSERT_EQ(out[static_cast<std::size_t>(i)], clamped(wanted, p.act_min, p.act_max))
        << "seed " << seed << ", operation " << operation;
  }
}

void checkPrelu(std::uint32_t seed) {
  Dice dice(seed);
  const std::int32_t n = dice.between(1, 40);
  const std::int32_t step = dice.oneIn(3) ? 0 : 1;
  const auto in = dice.values<std::int8_t>(n);
  const auto alpha = dice.values<std::int8_t>(step ? n : 1);
  const mcuprof_prelu p{dice.between(-127, 128), dice.between(-127, 128), dice.between(-128, 127),
                        dice.multiplier(),       dice.between(-4, 1),     dice.multiplier(),
                        dice.between(-12, -2)};
  std::vector<std::int8_t> out(static_cast<std::size_t>(n));
  mcuprof_prelu_s8(&p, in.data(), alpha.data(), step, out.data(), n);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t x = in[i] + p.in_offset;
    const std::int64_t slope = alpha[step ? i : 0] + p.alpha_offset;
    const std::int64_t y = x >= 0 ? scaledTwice(x, p.mult, p.shift)
                                  : scaledTwice(x * slope, p.alpha_mult, p.alpha_shift);
    ASSERT_EQ(out[i], clamped(y + p.out_offset, -128, 127)) << "seed " << seed;
  }
}

template <typename T>
void checkLeaky(std::uint32_t seed) {
  Dice dice(seed);
  const std::int32_t n = dice.between(1, 40);
  const auto in = dice.values<T>(n);
  const std::int32_t alpha = dice.oneIn(4) ? -dice.multiplier() : dice.multiplier();
  const mcuprof_leaky_relu p{
      -zeroPoint<T>(dice), zeroPoint<T>(dice), dice.multiplier(), dice.between(-4, 1), alpha,
      dice.between(-8, 1)};
  std::vector<T> out(static_cast<std::size_t>(n));
  if constexpr (std::is_same_v<T, std::int8_t>) {
    mcuprof_leaky_relu_s8(&p, in.data(), out.data(), n);
  } else {
    mcuprof_leaky_relu_s16(&p, in.data(), out.data(), n);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t x = in[i] + p.in_offset;
    const std::int64_t sign = alpha < 0 ? -1 : 1;
    const std::int64_t y = x >= 0 ? scaledTwice(x, p.mult, p.shift)
                                  : sign * scaledTwice(x, std::abs(alpha), p.alpha_shift);
    ASSERT_EQ(out[i], clamped(y + p.out_offset, kLeast<T>, kMost<T>)) << "seed " << seed;
  }
}

template <typename From, typename To>
void checkRequantize(Dice& dice, std::uint32_t seed) {
  const std::int32_t n = dice.between(1, 30);
  std::vector<From> in(static_cast<std::size_t>(n));
  for (From& value : in) {
    value = static_cast<From>(
        dice.between(std::max(kLeast<From>, -100000), std::min(kMost<From>, 100000)));
  }
  const mcuprof_rescale p{-zeroPoint<From>(dice), zeroPoint<To>(dice), dice.multiplier(),
                          dice.between(-12, 4),   kLeast<To>,          kMost<To>};
  std::vector<To> out(in.size());
  mcuprof_requantize_any(&p, sizeof(From), sizeof(To), in.data(), out.data(), n);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t y = scaledTwice(in[i] + p.in_offset, p.mult, p.shift) + p.out_offset;
    ASSERT_EQ(out[i], clamped(y, kLeast<To>, kMost<To>)) << "seed " << seed;
  }
}

void checkAnyRequantize(std::uint32_t seed) {
  Dice dice(seed);
  switch (dice.between(0, 6)) {
    case 0:
      return checkRequantize<std::int8_t, std::int8_t>(dice, seed);
    case 1:
      return checkRequantize<std::int8_t, std::int16_t>(dice, seed);
    case 2:
      return checkRequantize<std::int16_t, std::int8_t>(dice, seed);
    case 3:
      return checkRequantize<std::int16_t, std::int16_t>(dice, seed);
    case 4:
      return checkRequantize<std::int16_t, std::int32_t>(dice, seed);
    case 5:
      return checkRequantize<std::int32_t, std::int8_t>(dice, seed);
    default:
      return checkRequantize<std::int32_t, std::int16_t>(dice, seed);
  }
}

/// RELU and RELU6: rescaled, then clamped to the fused range.
template <typename T>
void checkRelu(std::uint32_t seed) {
  Dice dice(seed);
  const std::int32_t n = dice.between(1, 40);
  const auto in = dice.values<T>(n);
  mcuprof_rescale p{
      -zeroPoint<T>(dice), zeroPoint<T>(dice), dice.multiplier(), dice.between(-4, 1), 0, kMost<T>};
  p.act_min = p.out_offset;
  p.act_max = dice.between(p.act_min, kMost<T>);
  std::vector<T> out(in.size());
  if constexpr (std::is_same_v<T, std::int8_t>) {
    mcuprof_rescale_s8(&p, in.data(), out.data(), n);
  } else {
    mcuprof_rescale_s16(&p, in.data(), out.data(), n);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t y = scaledTwice(in[i] + p.in_offset, p.mult, p.shift) + p.out_offset;
    ASSERT_EQ(out[i], clamped(y, p.act_min, p.act_max)) << "seed " << seed;
  }
}

template <typename T>
void checkQuantizeF32(std::uint32_t seed) {
  Dice dice(seed);
  const std::int32_t n = dice.between(1, 40);
  // A power of two, so that the quotients are exact and halves occur.
  const float scale = std::ldexp(1.0F, -dice.between(1, 8));
  const std::int32_t zero = zeroPoint<T>(dice);
  std::vector<float> in(static_cast<std::size_t>(n));
  for (float& value : in) value = static_cast<float>(dice.between(-3000, 3000)) / 512;
  std::vector<T> out(in.size());
  std::vector<float> back(in.size());
  if constexpr (std::is_same_v<T, std::int8_t>) {
    mcuprof_quantize_f32_s8(scale, zero, in.data(), out.data(), n);
    mcuprof_dequantize_s8(scale, zero, out.data(), back.data(), n);
  } else {
    mcuprof_quantize_f32_s16(scale, zero, in.data(), out.data(), n);
    mcuprof_dequantize_s16(scale, zero, out.data(), back.data(), n);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double steps = std::round(static_cast<double>(in[i]) / static_cast<double>(scale));
    ASSERT_EQ(out[i], clamped(static_cast<std::int64_t>(steps) + zero, kLeast<T>, kMost<T>))
        << "seed " << seed;
    ASSERT_EQ(back[i], static_cast<float>(static_cast<double>(scale) * (out[i] - zero)));
  }
}

class ElementKernels : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, ElementKernels, ::testing::Values(0U));

TEST_P(ElementKernels, AddS8EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkSum<std::int8_t, false>);
}
TEST_P(ElementKernels, AddS16EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkSum<std::int16_t, false>);
}
TEST_P(ElementKernels, SubS8EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkSum<std::int8_t, true>);
}
TEST_P(ElementKernels, SubS16EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkSum<std::int16_t, true>);
}
TEST_P(ElementKernels, MulS8EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkProduct<std::int8_t>);
}
TEST_P(ElementKernels, MulS16EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkProduct<std::int16_t>);
}
TEST_P(ElementKernels, AddF32EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkAddF32);
}
TEST_P(ElementKernels, ArithmeticS32EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkPlain);
}
TEST_P(ElementKernels, PreluS8EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkPrelu);
}
TEST_P(ElementKernels, LeakyReluS8EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkLeaky<std::int8_t>);
}
TEST_P(ElementKernels, LeakyReluS16EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkLeaky<std::int16_t>);
}
TEST_P(ElementKernels, ReluS8EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkRelu<std::int8_t>);
}
TEST_P(ElementKernels, ReluS16EqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkRelu<std::int16_t>);
}
TEST_P(ElementKernels, RequantizeEqualsItsDefinition) {
  forSeeds(GetParam(), 10000, checkAnyRequantize);
}
TEST_P(ElementKernels, QuantizeF32S8AndBackEqualTheirDefinition) {
  forSeeds(GetParam(), 10000, checkQuantizeF32<std::int8_t>);
}
TEST_P(ElementKernels, QuantizeF32S16AndBackEqualTheirDefinition) {
  forSeeds(GetParam(), 10000, checkQuantizeF32<std::int16_t>);
}

}  // namespace
}  // namespace mcuprof
