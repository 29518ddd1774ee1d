#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/device-agent/dsp/calls.hpp"

namespace mcuprof::test {

/// A shape of targets/kernels/cmsis-nn/counts.csv and what CMSIS-NN executed for it.
struct CountedShape {
  std::string kernel;                ///< as in the file: conv_s8, dw_s8, fc_s8, avgpool_s8, add_s8
  std::string shapeClass;            ///< which loops do most of the work, such as "conv 1x1"
  std::vector<std::string> columns;  ///< shape_id n ih .. e1 macs
  Parameters parameters{};
  std::uint64_t instructions = 0;
};

/// All shapes of the kernels above that were counted for `core` at -O2. Fails the running test when
/// the file cannot be read.
std::vector<CountedShape> countedShapes(const std::string& core);

}  // namespace mcuprof::test
