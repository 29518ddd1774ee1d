// FULLY_CONNECTED, SVDF and LSTM against their definition.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <type_traits>

#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/sequence.h"
#include "device-agent/host/lowering/quantization.hpp"
#include "device-agent/host/lowering/tables.hpp"
#include "tests/device-agent/kernels/naive.hpp"

namespace mcuprof {
namespace {

using test::clamped;
using test::Dice;
using test::forSeeds;
using test::scaledTwice;

template <typename T>
void checkFullyConnected(std::uint32_t seed) {
  constexpr bool kIsByte = std::is_same_v<T, std::int8_t>;
  Dice dice(seed);
  mcuprof_fully_connected p{};
  p.rows = dice.oneIn(3) ? dice.between(2, 4) : 1;
  p.in = dice.between(1, 70);
  p.out = dice.between(1, 9);
  p.per_channel = dice.oneIn(2) ? 1 : 0;
  if (kIsByte) {
    p.in_offset = dice.between(-127, 128);
    p.filter_offset = p.per_channel || dice.oneIn(2) ? 0 : dice.between(-127, 128);
    p.out_offset = dice.between(-128, 127);
  }
  p.act_min = dice.between(kIsByte ? -128 : -32768, 0);
  p.act_max = dice.between(p.act_min, kIsByte ? 127 : 32767);
  const auto in = dice.values<T>(static_cast<std::int64_t>(p.rows) * p.in);
  const auto w = dice.values<std::int8_t>(static_cast<std::int64_t>(p.out) * p.in);
  const bool hasBias = !dice.oneIn(5);
  const auto bias =
      dice.biases<std::conditional_t<kIsByte, std::int32_t, std::int64_t>>(p.out, 100000);
  const std::int32_t channels = p.per_channel ? p.out : 1;
  const auto mult = dice.multipliers(channels);
  const auto shift = dice.shifts(channels, -16, kIsByte ? -2 : -6);
  std::vector<T> out(static_cast<std::size_t>(p.rows * p.out));
  const auto* b = hasBias ? bias.data() : nullptr;
  if constexpr (kIsByte) {
    mcuprof_fully_connected_s8(&p, in.data(), w.data(), b, mult.data(), shift.data(), out.data(),
                               nullptr);
  } else {
    mcuprof_fully_connected_s16(&p, in.data(), w.data(), b, mult.data(), shift.data(), out.data(),
                                nullptr);
  }
  const auto width = static_cast<std::size_t>(p.in);
  const auto outputs = static_cast<std::size_t>(p.out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t row = i / outputs;
    const std::size_t o = i % outputs;
    std::int64_t acc = hasBias ? bias[o] : 0;
    for (std::size_t k = 0; k < width; ++k) {
      acc += static_cast<std::int64_t>(in[row * width + k] + p.in_offset) *
             (w[o * width + k] + p.filter_offset);
    }
    const std::size_t q = p.per_channel ? o : 0;
    const std::int64_t scaled =
        kIsByte ? scaledTwice(acc, mult[q], shift[q]) : test::scaledOnce(acc, mult[q], shift[q]);
    ASSERT_EQ(out[i], clamped(scaled + p.out_offset, p.act_min, p.act_max)) << "seed " << seed;
  }
}

void checkFullyConnectedF32(std::uint32_t seed) {
  Dice dice(seed);
  mcuprof_fully_connected p{};
  p.rows = dice.oneIn(3) ? dice.between(2, 4) : 1;
  p.in = dice.between(1, 70);
  p.out = dice.between(1, 9);
  const mcuprof_range_f32 act{-20.0F, 30.0F};
  const auto in = dice.floats(static_cast<std::int64_t>(p.rows) * p.in);
  const auto w = dice.floats(static_cast<std::int64_t>(p.out) * p.in);
  const auto bias = dice.floats(p.out);
  const bool hasBias = !dice.oneIn(5);
  std::vector<float> out(static_cast<std::size_t>(p.rows * p.out));
  mcuprof_fully_connected_f32(&p, &act, in.data(), w.data(), hasBias ? bias.data() : nullptr,
                              out.data());
  const auto width = static_cast<std::size_t>(p.in);
  const auto outputs = static_cast<std::size_t>(p.out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    double acc = hasBias ? static_cast<double>(bias[i % outputs]) : 0.0;
    for (std::size_t k = 0; k < width; ++k) {
      acc += static_cast<double>(in[i / outputs * width + k]) *
             static_cast<double>(w[i % outputs * width + k]);
    }
    EXPECT_NEAR(static_cast<double>(out[i]), std::clamp(acc, -20.0, 30.0), 1e-3) << "seed " << seed;
  }
}

/// Two steps, so that the state of the first is seen by the second.
template <typename T>
void checkSvdf(std::uint32_t seed) {
  constexpr bool kIsByte = std::is_same_v<T, std::int8_t>;
  constexpr std::int32_t kMost = kIsByte ? 127 : 32767;
  Dice dice(seed);
  mcuprof_svdf p{};
  p.batches = dice.between(1, 3);
  p.inputs = dice.between(1, 12);
  p.units = dice.between(1, 6);
  p.rank = dice.between(1, 3);
  p.memory = dice.between(1, 8);
  p.in_offset = dice.between(-127, 128);
  p.state_offset = 0;
  p.out_offset = dice.between(-128, 127);
  p.feature_mult = dice.multiplier();
  p.feature_shift = dice.between(-12, kIsByte ? -6 : 0);
  p.out_mult = dice.multiplier();
  p.out_shift = dice.between(-20, -8);
  const std::int32_t rows = p.units * p.rank;
  const auto w = dice.values<std::int8_t>(static_cast<std::int64_t>(rows) * p.inputs);
  const auto time = dice.values<T>(static_cast<std::int64_t>(rows) * p.memory);
  const auto bias = dice.biases<std::int32_t>(p.units, 10000);
  const bool hasBias = !dice.oneIn(4);
  std::vector<T> state(static_cast<std::size_t>(p.batches * rows * p.memory));
  // Newest last, per batch and row.
  std::vector<std::vector<std::int64_t>> history(
      static_cast<std::size_t>(p.batches * rows),
      std::vector<std::int64_t>(static_cast<std::size_t>(p.memory)));
  for (int step = 0; step < 2; ++step) {
    const auto in = dice.values<std::int8_t>(static_cast<std::int64_t>(p.batches) * p.inputs);
    std::vector<std::int8_t> out(static_cast<std::size_t>(p.batches * p.units));
    if constexpr (kIsByte) {
      mcuprof_svdf_s8(&p, in.data(), w.data(), time.data(), hasBias ? bias.data() : nullptr,
                      state.data(), out.data());
    } else {
      mcuprof_svdf_s8_s16(&p, in.data(), w.data(), time.data(), hasBias ? bias.data() : nullptr,
                          state.data(), out.data());
    }
    for (std::int32_t b = 0; b < p.batches; ++b)
      for (std::int32_t u = 0; u < p.units; ++u) {
        std::int64_t sum = hasBias ? bias[static_cast<std::size_t>(u)] : 0;
        for (std::int32_t r = u * p.rank; r < (u + 1) * p.rank; ++r) {
          std::int64_t feature = 0;
          for (std::int32_t i = 0; i < p.inputs; ++i) {
            feature += static_cast<std::int64_t>(w[static_cast<std::size_t>(r * p.inputs + i)]) *
                       (in[static_cast<std::size_t>(b * p.inputs + i)] + p.in_offset);
          }
          auto& past = history[static_cast<std::size_t>(b * rows + r)];
          past.erase(past.begin());
          past.push_back(
              clamped(scaledTwice(feature, p.feature_mult, p.feature_shift), -kMost - 1, kMost));
          for (std::size_t m = 0; m < past.size(); ++m) {
            sum += past[m] * time[static_cast<std::size_t>(r * p.memory) + m];
          }
        }
        // 32 bits, as on the device.
        sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum));
        const std::int64_t y = scaledTwice(sum, p.out_mult, p.out_shift) + p.out_offset;
        ASSERT_EQ(out[static_cast<std::size_t>(b * p.units + u)], clamped(y, -128, 127))
            << "seed " << seed << ", step " << step;
      }
  }
}

/// The real LSTM in double precision. Three steps of rounded states stay within a few units.
void checkLstm(std::uint32_t seed) {
  Dice dice(seed);
  mcuprof_lstm p{};
  p.batches = dice.between(1, 2);
  p.steps = dice.between(1, 3);
  p.inputs = dice.between(1, 6);
  p.units = dice.between(1, 6);
  p.time_major = dice.oneIn(2) ? 1 : 0;
  const std::int32_t inZero = dice.between(-20, 20);
  const std::int32_t hiddenZero = dice.between(-10, 10);
  constexpr double kIn = 1.0 / 64;
  constexpr double kHidden = 1.0 / 110;
  constexpr double kCell = 1.0 / 2048;
  constexpr double kWeight = 1.0 / 128;
  constexpr double kGate = 1.0 / 4096;
  constexpr double kCurve = 1.0 / 32768;
  p.in_offset = -inZero;
  p.state_offset = -hiddenZero;
  p.hidden_zero_point = hiddenZero;
  const auto put = [](double real, std::int32_t& mult, std::int32_t& shift) {
    const FixedMultiplier m = quantizeMultiplier(real);
    mult = m.value;
    shift = m.shift;
  };
  for (auto& gate : p.gate) {
    put(kIn * kWeight / kGate, gate.in_mult, gate.in_shift);
    put(kHidden * kWeight / kGate, gate.state_mult, gate.state_shift);
  }
  put(kCurve, p.forget_mult, p.forget_shift);
  put(kCurve * kCurve / kCell, p.update_mult, p.update_shift);
  put(kCurve * kCurve / kHidden, p.hidden_mult, p.hidden_shift);
  p.cell_clip = dice.oneIn(3) ? 2048 : 0;
  p.sigmoid = {3, 0};
  p.tanh = {3, 0};
  p.cell_tanh = {3 * 2, 0};  // 4 integer bits
  const auto table = makeSigmoidTable();
  std::array<std::vector<std::int8_t>, 4> wIn;
  std::array<std::vector<std::int8_t>, 4> wState;
  std::array<std::vector<std::int32_t>, 4> biases;
  const std::int8_t* wInAt[4];
  const std::int8_t* wStateAt[4];
  const std::int32_t* biasAt[4];
  for (std::size_t g = 0; g < 4; ++g) {
    wIn[g] = dice.values<std::int8_t>(static_cast<std::int64_t>(p.units) * p.inputs);
    wState[g] = dice.values<std::int8_t>(static_cast<std::int64_t>(p.units) * p.units);
    biases[g] = dice.biases<std::int32_t>(p.units, 8000);
    wInAt[g] = wIn[g].data();
    wStateAt[g] = wState[g].data();
    biasAt[g] = g == 3 && dice.oneIn(4) ? nullptr : biases[g].data();
  }
  const std::int32_t rows = p.batches * p.steps;
  std::vector<std::int8_t> in(static_cast<std::size_t>(rows * p.inputs));
  for (auto& value : in) value = static_cast<std::int8_t>(dice.between(-128, 127));
  const auto states = static_cast<std::size_t>(p.batches * p.units);
  std::vector<std::int8_t> hidden(states, static_cast<std::int8_t>(hiddenZero));
  std::vector<std::int16_t> cell(states);
  std::vector<std::int8_t> out(static_cast<std::size_t>(rows * p.units));
  mcuprof_lstm_s8(&p, table.data(), in.data(), wInAt, wStateAt, biasAt, hidden.data(), cell.data(),
                  out.data());

  const auto units = static_cast<std::size_t>(p.units);
  const auto inputs = static_cast<std::size_t>(p.inputs);
  const auto sigmoid = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
  for (std::int32_t b = 0; b < p.batches; ++b) {
    std::vector<double> h(units);
    std::vector<double> c(units);
    for (std::int32_t t = 0; t < p.steps; ++t) {
      const auto row = static_cast<std::size_t>(p.time_major ? t * p.batches + b : b * p.steps + t);
      std::vector<double> next(units);
      for (std::size_t u = 0; u < units; ++u) {
        std::array<double, 4> gate{};
        for (std::size_t g = 0; g < 4; ++g) {
          double x = biasAt[g] != nullptr ? biasAt[g][u] * kIn * kWeight : 0.0;
          for (std::size_t i = 0; i < inputs; ++i) {
            x += wIn[g][u * inputs + i] * kWeight * (in[row * inputs + i] - inZero) * kIn;
          }
          double fed = 0.0;
          for (std::size_t i = 0; i < units; ++i) fed += wState[g][u * units + i] * kWeight * h[i];
          // Gates hold -8..8.
          x = std::clamp(std::clamp(x, -8.0, 8.0) + std::clamp(fed, -8.0, 8.0), -8.0, 8.0);
          gate[g] = g == MCUPROF_GATE_CELL ? std::tanh(x) : sigmoid(x);
        }
        c[u] =
            gate[MCUPROF_GATE_FORGET] * c[u] + gate[MCUPROF_GATE_INPUT] * gate[MCUPROF_GATE_CELL];
        if (p.cell_clip > 0) c[u] = std::clamp(c[u], -1.0, 1.0);
        next[u] = gate[MCUPROF_GATE_OUTPUT] * std::tanh(c[u]);
        const double wanted = next[u] / kHidden + hiddenZero;
        ASSERT_NEAR(out[row * units + u], std::clamp(wanted, -128.0, 127.0), 1.5 + t)
            << "seed " << seed << ", step " << t;
      }
      h = next;
    }
  }
}

class MatrixKernels : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, MatrixKernels, ::testing::Values(0U, 5000U));

TEST_P(MatrixKernels, FullyConnectedS8EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkFullyConnected<std::int8_t>);
}
TEST_P(MatrixKernels, FullyConnectedS16EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkFullyConnected<std::int16_t>);
}
TEST_P(MatrixKernels, FullyConnectedF32IsCloseToItsDefinition) {
  forSeeds(GetParam(), 5000, checkFullyConnectedF32);
}
TEST_P(MatrixKernels, SvdfS8EqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkSvdf<std::int8_t>);
}
TEST_P(MatrixKernels, SvdfS8WithS16StateEqualsItsDefinition) {
  forSeeds(GetParam(), 5000, checkSvdf<std::int16_t>);
}
TEST_P(MatrixKernels, LstmS8IsCloseToTheRealLstm) {
  forSeeds(GetParam(), 5000, checkLstm);
}

}  // namespace
}  // namespace mcuprof
