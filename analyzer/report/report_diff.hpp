#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/figures.hpp"

namespace mcuprof {

/// A number on both sides and what it changed by, new less base.
///
/// The interval of the change is narrower than those of its sides where both are estimates of the
/// same machine: what the cost model gets wrong of a kernel it gets wrong on both sides. So a layer
/// that both have adds nothing to it, and one that only one side has adds its whole interval.
struct Difference {
  std::optional<Estimate> base;   ///< nothing where it is unknown, or the layer is not there
  std::optional<Estimate> fresh;  ///< likewise
  /// Nothing where a number that should be there is unknown.
  std::optional<Estimate> change;

  bool zero() const {
    return change && change->value == 0 && change->low == 0 && change->high == 0;
  }
  /// Neither sign can be told, and it is not plainly zero.
  bool withinUncertainty() const {
    return change && !zero() && change->low <= 0 && change->high >= 0;
  }
  friend bool operator==(const Difference&, const Difference&) = default;
};

enum class LayerChange : std::uint8_t { Same, Changed, Moved, Inserted, Removed };
std::string_view nameOf(LayerChange change);

/// One layer of either model, or of both.
struct LayerDifference {
  LayerChange kind{};
  std::optional<std::int32_t> baseNumber;
  std::optional<std::int32_t> freshNumber;
  std::string op;
  std::string name;               ///< in the new model where it is there
  std::vector<std::string> what;  ///< "output 1x8x8x16 -> 1x8x8x32", "MACs 100 -> 200"
  Difference workingSet;
  Difference live;  ///< bytes of planned buffers alive while the layer runs
  Difference macs;
  Difference moved;  ///< bytes, all memories
  Difference spilled;
  Difference cycles;
  Difference milliseconds;
  Difference millijoules;
};

struct MemoryDifference {
  std::string memory;
  Difference bytes;  ///< read and written
};

/// What the two sides are.
struct DiffSide {
  std::string model;
  std::string board;
  std::string runtime;
  std::string machine;
  std::string calibration;
  std::string verdict;
  bool measured = false;
};

/// One model held against another, or one on two boards or with two runtimes.
struct ReportDiff {
  std::string toolVersion;
  DiffSide base;
  DiffSide fresh;
  Difference arena;
  Difference ram;
  Difference flash;
  Difference workingSet;  ///< the largest of a layer
  Difference macs;
  Difference spilled;
  Difference cycles;
  Difference milliseconds;
  Difference millijoules;
  std::vector<MemoryDifference> memories;  ///< by name
  std::vector<LayerDifference> layers;     ///< in order; those that moved at the end

  /// Whether nothing changed at all.
  bool empty() const;
};

/// diff(a, b) is the negative of diff(b, a) in every number, and diff(a, a) is all zero.
ReportDiff diffFigures(const ModelFigures& fresh, const ModelFigures& base);

/// What happened to the layers, one sentence each, as a person would say it: "inserted after layer
/// 4 CONV_2D: PAD, CONV_2D (layers 5 and 6)".
std::vector<std::string> describeLayers(const ReportDiff& diff);

}  // namespace mcuprof
