#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analyzer/whatif/sweep.hpp"

namespace mcuprof {

/// Where something gives way between two neighbouring points of a sweep of one variable.
struct Cliff {
  std::size_t point = 0;          ///< index of the second of the two
  std::vector<std::string> what;  ///< "streams -> blocks", "weights flash -> card", "latency x4.1"
  double latency = 1;             ///< its milliseconds as a multiple of the point before

  friend bool operator==(const Cliff&, const Cliff&) = default;
};

/// A change of the verdict or of where the weights lie, spilling that begins or ends, and cycles
/// per MAC that change by more than 1.5 times where neither neighbouring step changes them by half
/// as much (as a logarithm): what a steady variable such as a clock does to every step is no cliff.
/// Refused points are passed over.
std::vector<Cliff> findCliffs(std::span<const SweepPoint> points);

}  // namespace mcuprof
