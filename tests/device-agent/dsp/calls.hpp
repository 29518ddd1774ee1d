#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "device-agent/firmware/kernels/kernels.h"
#include "tests/device-agent/dsp/emulator.hpp"

namespace mcuprof::test {

/// A sum of two vectors of this length.
struct AddCall {
  mcuprof_add parameters;
  std::int32_t length;
};

using Parameters =
    std::variant<mcuprof_conv, mcuprof_depthwise, mcuprof_fully_connected, mcuprof_pool, AddCall>;

/// One call of a kernel with all its data.
struct KernelCall {
  Parameters parameters{};
  std::vector<std::int8_t> in;
  std::vector<std::int8_t> second;  ///< weights, or the other operand
  std::vector<std::int32_t> bias;   ///< empty: none
  std::vector<std::int32_t> mult;
  std::vector<std::int32_t> shift;
  std::size_t outSize = 0;
};

/// How wild the data of a call is.
enum class Data : std::uint8_t {
  Usual,    ///< outputs spread over the range, as in a trained model
  Extreme,  ///< multipliers of 0 and others that are not normalised, shifts and biases of any size
};

/// Fills in random tensors and scaling for the given parameters.
KernelCall fill(const Parameters& parameters, Data data, std::mt19937& random);

/// Output of the portable kernel on this machine.
std::vector<std::int8_t> runPortable(const KernelCall& call);

struct EmulatedRun {
  std::vector<std::int8_t> out;
  std::uint64_t instructions = 0;
};
/// Runs the image's kernel; what goes wrong is in emulator.fault(). `library` says how much scratch
/// the kernel is given.
EmulatedRun runEmulated(Emulator& emulator, const KernelCall& call, mcuprof_library library);

/// Kernel and extents in one line.
std::string describe(const Parameters& parameters);

/// Output height (or width) of a window over padded input; `after` is the padding behind it.
std::int32_t outExtent(std::int32_t in, std::int32_t kernel, std::int32_t stride,
                       std::int32_t dilation, std::int32_t before, std::int32_t after);

}  // namespace mcuprof::test
