#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/result.hpp"

namespace mcuprof {

/// What a budget can limit; docs/ci.md says of each what it counts.
enum class Metric : std::uint8_t {
  Arena,
  WorkingSet,
  Ram,
  Flash,
  Latency,
  Energy,
  Power,
  Battery,
  Moved,
  Spilled,
  Unsupported,
  Modelled,
};
inline constexpr std::size_t kMetricCount = 12;

/// What a number of a budget is in, once read: bytes, milliseconds, millijoules, milliwatts, days,
/// a plain count, a share of 1.
enum class Dimension : std::uint8_t { Size, Time, Energy, Power, Days, Count, Share };

struct MetricInfo {
  Metric metric{};
  std::string_view key;    ///< in the budget file
  std::string_view title;  ///< in sentences
  Dimension dimension{};
  bool atLeast = false;    ///< more is better; the limit is a minimum
  bool perLayer = false;   ///< may be limited per operator kind and per layer
  bool estimated = false;  ///< a measurement on a board says more
};

const MetricInfo& infoOf(Metric metric);
/// All of them, in the order in which they are shown.
const std::array<MetricInfo, kMetricCount>& allMetrics();

/// A number as people write it, in the unit of its dimension: "198KiB", "1.5 MiB", "250ms", "12mJ",
/// "80 mW", "30 days", "90 %". Counts, and bytes without a unit, are plain numbers. At least 0. The
/// error says what was wanted. Units of 1000 and 1024 bytes that look alike (KB, MB) are refused.
Result<double> parseAmount(std::string_view text, Dimension dimension);

/// A number with its unit, three digits or exact: "197,632 B", "250 ms", "12.3 mJ", "90 %". No
/// upper end is "unknown".
std::string amountText(double value, Dimension dimension);

/// "+5 %" or "5%" as 0.05; the error says what was wanted.
Result<double> parseGrowth(std::string_view text);

}  // namespace mcuprof
