#include "device-agent/host/lowering/tables.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "device-agent/firmware/kernels/fixed_point.h"
#include "device-agent/host/lowering/quantization.hpp"

namespace mcuprof {
namespace {

constexpr std::int32_t kLeast = std::numeric_limits<std::int8_t>::min();
constexpr std::int32_t kMost = std::numeric_limits<std::int8_t>::max();

std::int8_t toByte(std::int32_t value) {
  return static_cast<std::int8_t>(std::clamp(value, kLeast, kMost));
}

/// A table of an odd-about-the-middle curve: inputs are scaled to 4 integer bits; what is beyond
/// their range gives the type's ends.
template <typename Curve>
ByteTable makeCurveTable(const Affine& in, Curve curve) {
  constexpr int kIntegerBits = 4;
  const FixedMultiplier scale =
      quantizeMultiplier(static_cast<double>(in.scale) * std::ldexp(1.0, 31 - kIntegerBits));
  const std::int32_t radius = inputRadius(kIntegerBits, scale.shift);
  ByteTable table{};
  for (std::int32_t stored = kLeast; stored <= kMost; ++stored) {
    const std::int32_t centred = stored - in.zeroPoint;
    std::int8_t& entry = table[static_cast<std::size_t>(stored - kLeast)];
    if (centred <= -radius) {
      entry = toByte(kLeast);
    } else if (centred >= radius) {
      entry = toByte(kMost);
    } else {
      entry = toByte(curve(mcuprof_requantize(centred, scale.value, scale.shift)));
    }
  }
  return table;
}

/// 1 / (1 + e^-x) without integer bits, x with 4.
std::int32_t logistic(std::int32_t x) {
  if (x == 0) return 1 << 30;
  const std::int32_t positive = mcuprof_one_over_one_plus(mcuprof_exp_negative(x > 0 ? -x : x, 4));
  return x > 0 ? positive : std::numeric_limits<std::int32_t>::max() - positive;
}

/// tanh x without integer bits, x with 4: with twice x it takes 5.
std::int32_t hyperbolicTangent(std::int32_t x) {
  if (x == 0) return 0;
  const std::int32_t magnitude =
      mcuprof_one_minus_over_one_plus(mcuprof_exp_negative(x > 0 ? -x : x, 5));
  return x > 0 ? magnitude : -magnitude;
}

/// The 16-bit fixed-point steps of HARD_SWISH.
std::int32_t highMul16(std::int32_t a, std::int32_t b) {
  if (a == -32768 && b == -32768) return 32767;
  return (a * b + (1 << 14)) >> 15;
}

std::int32_t truncatingHighMul16(std::int32_t a, std::int32_t b) {
  return a == -32768 && b == -32768 ? 32767 : a * b / (1 << 15);
}

std::int32_t saturate16(std::int64_t value) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, -32768, 32767));
}

std::int32_t multiplier16(std::int32_t multiplier) {
  constexpr std::int32_t kHalf = 1 << 15;
  return multiplier >= std::numeric_limits<std::int32_t>::max() - kHalf
             ? 32767
             : (multiplier + kHalf) >> 16;
}

std::int16_t toWord(float value) {
  return static_cast<std::int16_t>(std::clamp(value, -32768.0F, 32767.0F));
}

/// 512 chords of a curve over [least, most], and its last value; 15 fractional bits.
template <typename Curve>
std::array<std::int16_t, 513> makeChordTable(float inScale, std::int32_t inZero, Curve curve) {
  const float least = inScale * static_cast<float>(-32768 - inZero);
  const float most = inScale * static_cast<float>(32767 - inZero);
  const float step = (most - least) / 512;
  constexpr float kOutScale = 2.0F / 65535;
  const float one = 65536.0F / (kOutScale * 32767 - kOutScale * -32768);
  std::array<std::int16_t, 513> table{};
  for (std::size_t i = 0; i < 512; ++i) {
    const float x = least + static_cast<float>(i) * step;
    const float sample = std::round(curve(x) * one);
    const float next = curve(least + static_cast<float>(i + 1) * step) * one;
    const float chord = std::round((next + std::round(curve(x) * one)) / 2);
    const float middle = std::round(curve(x + step / 2) * one);
    table[i] = toWord(sample - std::round((chord - middle) / 2));
  }
  table[512] = toWord(std::round(curve(most) * one));
  return table;
}

}  // namespace

ByteTable makeLogisticTable(const Affine& in) {
  return makeCurveTable(
      in, [](std::int32_t x) { return mcuprof_rounding_shift(logistic(x), 31 - 8) - 128; });
}

ByteTable makeTanhTable(const Affine& in) {
  return makeCurveTable(
      in, [](std::int32_t x) { return mcuprof_rounding_shift(hyperbolicTangent(x), 31 - 7); });
}

ByteTable makeHardSwishTable(const Affine& in, const Affine& out) {
  const float fine = (1.0F / 128.0F) * in.scale;
  const FixedMultiplier toOut = quantizeMultiplier(static_cast<double>(fine / out.scale));
  const FixedMultiplier toRelu = quantizeMultiplier(static_cast<double>(fine / (3.0F / 32768.0F)));
  ByteTable table{};
  for (std::int32_t stored = kLeast; stored <= kMost; ++stored) {
    const std::int32_t x = static_cast<std::int16_t>((stored - in.zeroPoint) * 128);
    const std::int32_t onOut = highMul16(x, multiplier16(toOut.value));
    std::int32_t gate = x;
    if (toRelu.shift > 0) {
      gate = saturate16(static_cast<std::int64_t>(gate) << (toRelu.shift - 1));
    }
    gate = highMul16(gate, multiplier16(toRelu.value));
    if (toRelu.shift > 0) gate = saturate16(static_cast<std::int64_t>(gate) * 2);
    if (toRelu.shift < 0) gate = mcuprof_rounding_shift(gate, -toRelu.shift);
    // From -1..1 to 0..1.
    gate = (gate + (1 << 15)) >> 1;
    const std::int32_t product = truncatingHighMul16(gate, onOut);
    const std::int32_t result = mcuprof_rounding_shift(product, -toOut.shift) + out.zeroPoint;
    table[static_cast<std::size_t>(stored - kLeast)] = toByte(result);
  }
  return table;
}

std::array<std::uint16_t, 256> makeSigmoidTable() {
  const auto sigmoid = [](double i) { return 65536.0 / (1.0 + std::exp(-i / 24.0)); };
  std::array<std::uint16_t, 256> table{};
  for (std::size_t i = 0; i < 255; ++i) {
    const auto x = static_cast<double>(i);
    const double missed = sigmoid(x + 0.5) - (sigmoid(x) + sigmoid(x + 1.0)) / 2;
    // 0.49 and not 0.5, so that a half at entry 0 and its like round as the published table does.
    table[i] = static_cast<std::uint16_t>(std::floor(sigmoid(x) + 0.49 * missed + 0.5));
  }
  table[255] = 65535;
  return table;
}

std::array<std::int16_t, 513> makeExponentialTable() {
  return makeChordTable(10.0F / 65535, 32767, [](float x) { return std::exp(x); });
}

std::array<std::int16_t, 513> makeReciprocalTable() {
  return makeChordTable(1.0F / 65535, -32768, [](float x) { return 1.0F / (1.0F + x); });
}

}  // namespace mcuprof
