#pragma once

#include <array>
#include <cstdint>

namespace mcuprof {

/// Scale and zero point of a tensor with one of each.
struct Affine {
  float scale = 1.0F;
  std::int32_t zeroPoint = 0;
};

/// Look-up tables that kernels read in place. They hold what TensorFlow Lite Micro's integer
/// kernels compute per element.

/// out[i] for the input i - 128.
using ByteTable = std::array<std::int8_t, 256>;
ByteTable makeLogisticTable(const Affine& in);
ByteTable makeTanhTable(const Affine& in);
ByteTable makeHardSwishTable(const Affine& in, const Affine& out);

/// 65536 times the sigmoid of i / 24, raised by half of what a chord to i + 1 misses at its middle;
/// the last entry is 65535. For LOGISTIC and TANH of int16 and for LSTM.
std::array<std::uint16_t, 256> makeSigmoidTable();

/// e^x for x in -10..0 and 1 / (1 + x) for x in 0..1 in 512 steps, with 15 fractional bits, each
/// entry lowered by half of what the chord behind it exceeds at its middle. For SOFTMAX of int16.
std::array<std::int16_t, 513> makeExponentialTable();
std::array<std::int16_t, 513> makeReciprocalTable();

}  // namespace mcuprof
