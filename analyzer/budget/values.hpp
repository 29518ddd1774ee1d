#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/budget/budget.hpp"
#include "analyzer/report/figures.hpp"
#include "analyzer/report/report_diff.hpp"

namespace mcuprof {

/// The number that a limit is of, or why there is none.
struct LimitedValue {
  std::optional<Estimate> value;
  /// Why there is no value; when a board or a calibration could give one, it is only unknown.
  std::string missing;
  bool wrong = false;                   ///< the limit names what is not there
  const LayerFigures* layer = nullptr;  ///< the layer meant, or the one that takes the most
};

/// The number of `figures` that `limit` is of.
LimitedValue valueOf(const Limit& limit, const ModelFigures& figures);

/// Growth of that number against the base, as a share of the base: 0.05 is 5 % more.
LimitedValue growthOf(const Limit& limit, const ModelFigures& figures, const ModelFigures& base);

/// Whether the scope's name (a number, or a pattern of a layer's name) means this layer.
bool meansLayer(std::string_view name, const LayerFigures& layer);

/// "latency", "latency of CONV_2D", "bytes moved in sram1".
std::string subjectOf(const Limit& limit, const LayerFigures* layer);

}  // namespace mcuprof
