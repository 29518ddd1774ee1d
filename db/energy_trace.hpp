#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof::db {

/// Samples of a power meter at a fixed rate.
struct EnergyTrace {
  double sampleHz = 0;
  std::vector<float> watts;
  std::vector<bool> marks;  ///< the trigger input, as long as `watts`
};

/// Compresses a trace. Each value keeps 14 bits of its mantissa (3e-5 of it), which is what meters
/// have.
std::vector<std::byte> packTrace(const EnergyTrace& trace);

/// The trace again. Errors: no trace of ours, a newer form, damaged.
Result<EnergyTrace> unpackTrace(std::span<const std::byte> bytes);

}  // namespace mcuprof::db
