// SOFTMAX, LOGISTIC, TANH and HARD_SWISH against the real functions. Their integer forms are
// approximations, so the real value is missed by a bounded part of the output's step.
#include <gtest/gtest.h>

#include <algorithm>

#include "device-agent/firmware/checksum.h"
#include "device-agent/firmware/kernels/arithmetic.h"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/unary.h"
#include "device-agent/host/lowering/quantization.hpp"
#include "device-agent/host/lowering/tables.hpp"
#include "tests/device-agent/kernels/naive.hpp"

namespace mcuprof {
namespace {

using test::Dice;
using test::forSeeds;

/// e^(x - most) over their sum.
template <typename T>
std::vector<double> softmax(const std::vector<T>& in, std::size_t first, std::size_t depth,
                            double scale) {
  std::vector<double> out;
  double sum = 0;
  const T most = *std::max_element(in.begin() + static_cast<std::ptrdiff_t>(first),
                                   in.begin() + static_cast<std::ptrdiff_t>(first + depth));
  for (std::size_t i = first; i < first + depth; ++i) {
    out.push_back(std::exp((in[i] - most) * scale));
    sum += out.back();
  }
  for (double& value : out) value /= sum;
  return out;
}

void checkSoftmaxS8(std::uint32_t seed) {
  Dice dice(seed);
  mcuprof_softmax p{};
  p.rows = dice.between(1, 3);
  p.depth = dice.between(1, 30);
  const double scale = std::ldexp(dice.between(1, 4096), -14);
  const FixedMultiplier m =
      quantizeMultiplier(std::min(scale * static_cast<double>(1 << 26), 2147483647.0));
  p.mult = m.value;
  p.shift = m.shift;
  p.diff_min = -inputRadius(5, m.shift);
  const auto in = dice.values<std::int8_t>(static_cast<std::int64_t>(p.rows) * p.depth);
  std::vector<std::int8_t> out(in.size());
  std::vector<std::int16_t> wide(in.size());
  mcuprof_softmax_s8(&p, in.data(), out.data());
  mcuprof_softmax_s8_s16(&p, in.data(), wide.data());
  const auto depth = static_cast<std::size_t>(p.depth);
  for (std::size_t first = 0; first < in.size(); first += depth) {
    const auto real = softmax(in, first, depth, scale);
    for (std::size_t i = 0; i < depth; ++i) {
      // 1 does not fit: it is 255/256 and 65535/65536.
      ASSERT_NEAR(out[first + i] + 128.0, std::min(real[i] * 256, 255.0), 0.51) << "seed " << seed;
      ASSERT_NEAR(wide[first + i] + 32768.0, std::min(real[i] * 65536, 65535.0), 2.0)
          << "seed " << seed;
    }
  }
}

void checkSoftmaxS16(std::uint32_t seed) {
  static const auto exponential = makeExponentialTable();
  static const auto reciprocal = makeReciprocalTable();
  Dice dice(seed);
  mcuprof_softmax p{};
  p.rows = dice.between(1, 3);
  p.depth = dice.between(1, 30);
  const double scale = std::ldexp(dice.between(1, 4096), -22);
  const FixedMultiplier m = quantizeMultiplier(scale / (10.0 / 65535.0));
  p.mult = m.value;
  p.shift = m.shift;
  const auto in = dice.values<std::int16_t>(static_cast<std::int64_t>(p.rows) * p.depth);
  std::vector<std::int16_t> out(in.size());
  mcuprof_softmax_s16(&p, exponential.data(), reciprocal.data(), in.data(), out.data());
  const auto depth = static_cast<std::size_t>(p.depth);
  for (std::size_t first = 0; first < in.size(); first += depth) {
    const auto real = softmax(in, first, depth, scale);
    for (std::size_t i = 0; i < depth; ++i) {
      // Every exponential is rounded to a whole number, and the least is 1.
      ASSERT_NEAR(out[first + i], std::min(real[i] * 32768, 32767.0), 12.0 + 2.0 * p.depth)
          << "seed " << seed;
    }
  }
}

void checkTables(std::uint32_t seed) {
  Dice dice(seed);
  const Affine in{static_cast<float>(std::ldexp(dice.between(8, 2048), -13)),
                  dice.between(-128, 127)};
  const ByteTable logistic = makeLogisticTable(in);
  const ByteTable tanh = makeTanhTable(in);
  const Affine out{in.scale * static_cast<float>(dice.between(8, 32)) / 16,
                   dice.between(-128, 127)};
  const ByteTable swish = makeHardSwishTable(in, out);
  for (std::size_t i = 0; i < 256; ++i) {
    const double x = (static_cast<double>(i) - 128 - in.zeroPoint) * static_cast<double>(in.scale);
    const double s = 256 / (1 + std::exp(-x)) - 128;
    ASSERT_NEAR(logistic[i], std::clamp(s, -128.0, 127.0), 0.51) << "seed " << seed;
    ASSERT_NEAR(tanh[i], std::clamp(std::tanh(x) * 128, -128.0, 127.0), 0.51) << "seed " << seed;
    const double h = x * std::clamp(x + 3, 0.0, 6.0) / 6 / static_cast<double>(out.scale);
    ASSERT_NEAR(swish[i], std::clamp(h + out.zeroPoint, -128.0, 127.0), 1.6) << "seed " << seed;
  }
}

void checkCurvesS16(std::uint32_t seed) {
  static const auto table = makeSigmoidTable();
  Dice dice(seed);
  const std::int32_t n = dice.between(1, 40);
  const auto in = dice.values<std::int16_t>(n);
  // Three integer bits.
  const mcuprof_curve curve{3, 0};
  std::vector<std::int16_t> sigmoid(in.size());
  std::vector<std::int16_t> tanh(in.size());
  mcuprof_logistic_s16(&curve, table.data(), in.data(), sigmoid.data(), n);
  mcuprof_tanh_s16(&curve, table.data(), in.data(), tanh.data(), n);
  for (std::size_t i = 0; i < in.size(); ++i) {
    const double x = in[i] / 4096.0;
    ASSERT_NEAR(sigmoid[i], 32768 / (1 + std::exp(-x)), 1.6) << "seed " << seed;
    ASSERT_NEAR(tanh[i], std::tanh(x) * 32768, 4.0) << "seed " << seed;
  }
}

void checkByteTable(std::uint32_t seed) {
  Dice dice(seed);
  const auto table = dice.values<std::int8_t>(256);
  const std::int32_t n = dice.between(1, 40);
  const auto in = dice.values<std::int8_t>(n);
  std::vector<std::int8_t> out(in.size());
  mcuprof_table_s8(table.data(), in.data(), out.data(), n);
  for (std::size_t i = 0; i < in.size(); ++i) {
    ASSERT_EQ(out[i], table[static_cast<std::size_t>(in[i] + 128)]) << "seed " << seed;
  }
}

TEST(CurveKernels, SoftmaxS8IsCloseToTheRealOne) {
  forSeeds(0, 10000, checkSoftmaxS8);
}
TEST(CurveKernels, SoftmaxS16IsCloseToTheRealOne) {
  forSeeds(0, 10000, checkSoftmaxS16);
}
TEST(CurveKernels, TablesAreCloseToTheRealCurves) {
  forSeeds(0, 1000, checkTables);
}
TEST(CurveKernels, CurvesS16AreCloseToTheRealOnes) {
  forSeeds(0, 10000, checkCurvesS16);
}
TEST(CurveKernels, ByteTablesAreLookedUp) {
  forSeeds(0, 10000, checkByteTable);
}

}  // namespace
}  // namespace mcuprof
