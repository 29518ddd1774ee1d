#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/whatif/variant.hpp"

namespace mcuprof {

/// One axis of a sweep: a variable and the values it takes, as text.
struct SweepAxis {
  std::string name;
  std::vector<std::string> values;
};

/// "filters=0..64:8" (from 0 to 64 in steps of 8; the step is 1 when left out) or
/// "sd.clock=100k,1M,25M".
Result<SweepAxis> parseAxis(std::string_view text);

/// One point of the grid: its values, one an axis, and its figures or why there are none.
struct SweepPoint {
  std::vector<std::string> values;
  std::string refused;
  VariantFigures figures;
};

/// At most this many points a sweep.
inline constexpr std::size_t kMostSweepPoints = 1'000'000;

/// The target with the cost tables of each optimisation level. Levels that were not counted for a
/// core scale the -O2 table, so their targets may be the same.
class TargetsByLevel {
 public:
  /// One target for all levels.
  TargetsByLevel(const std::shared_ptr<const Target>& target) { m_targets.fill(target); }
  void set(OptLevel level, std::shared_ptr<const Target> target) {
    m_targets[static_cast<std::size_t>(level)] = std::move(target);
  }
  const std::shared_ptr<const Target>& at(OptLevel level) const {
    return m_targets[static_cast<std::size_t>(level)];
  }

 private:
  std::array<std::shared_ptr<const Target>, kOptLevelNames.size()> m_targets;
};

/// Every combination of the axes' values, the last axis fastest, on top of `base`. The result does
/// not depend on the number of threads; 0 takes as many as there are cores. `onPoint` is called
/// after each point, by one thread at a time. Errors: no axes, too many points, a value that its
/// variable does not take.
Result<std::vector<SweepPoint>> sweep(const std::shared_ptr<const Graph>& graph,
                                      const TargetsByLevel& targets, const Variant& base,
                                      const std::vector<SweepAxis>& axes, unsigned threads,
                                      const std::function<void()>& onPoint = {});

/// One row a point.
std::string renderSweepCsv(const std::vector<SweepAxis>& axes,
                           const std::vector<SweepPoint>& points);

}  // namespace mcuprof
