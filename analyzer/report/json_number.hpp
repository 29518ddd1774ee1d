#pragma once

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "analyzer/base/estimate.hpp"

namespace mcuprof {

/// A whole number as an integer, so that bytes and counts read exactly; null for what is not
/// finite.
inline nlohmann::ordered_json jsonNumber(double value) {
  if (!std::isfinite(value)) return nullptr;
  constexpr double kExact = 0x1p53;
  if (value == std::floor(value) && std::abs(value) <= kExact)
    return static_cast<std::int64_t>(value);
  return value;
}

inline nlohmann::ordered_json jsonEstimate(const Estimate& estimate) {
  return {{"value", jsonNumber(estimate.value)},
          {"low", jsonNumber(estimate.low)},
          {"high", jsonNumber(estimate.high)},
          {"basis", nameOf(estimate.basis)}};
}
/// Null where there is none.
inline nlohmann::ordered_json jsonEstimate(const std::optional<Estimate>& estimate) {
  return estimate ? jsonEstimate(*estimate) : nlohmann::ordered_json(nullptr);
}

}  // namespace mcuprof
