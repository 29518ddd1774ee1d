#include "analyzer/budget/metric.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <span>

#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

constexpr std::array<MetricInfo, kMetricCount> kMetrics{{
    {Metric::Arena, "arena", "arena", Dimension::Size, false, false, false},
    {Metric::WorkingSet, "working_set", "peak working set", Dimension::Size, false, true, false},
    {Metric::Ram, "sram", "SRAM", Dimension::Size, false, false, false},
    {Metric::Flash, "flash", "flash", Dimension::Size, false, false, false},
    {Metric::Latency, "latency", "latency", Dimension::Time, false, true, true},
    {Metric::Energy, "energy", "energy", Dimension::Energy, false, true, true},
    {Metric::Power, "power", "average power", Dimension::Power, false, false, true},
    {Metric::Battery, "battery", "battery life", Dimension::Days, true, false, true},
    {Metric::Moved, "moved", "bytes moved", Dimension::Size, false, true, false},
    {Metric::Spilled, "spilled", "spilled bytes", Dimension::Size, false, true, false},
    {Metric::Unsupported, "unsupported", "unsupported operators", Dimension::Count, false, false,
     false},
    {Metric::Modelled, "modelled", "share of MACs that is modelled", Dimension::Share, true, false,
     false},
}};

struct Unit {
  std::string_view name;
  double factor;
};
constexpr Unit kByteUnits[] = {
    {"", 1}, {"B", 1}, {"KiB", 1024}, {"MiB", 1024.0 * 1024}, {"GiB", 1024.0 * 1024 * 1024}};
constexpr Unit kTimeUnits[] = {{"ms", 1}, {"us", 1e-3}, {"µs", 1e-3}, {"s", 1e3}, {"min", 6e4}};
constexpr Unit kEnergyUnits[] = {{"mJ", 1}, {"uJ", 1e-3}, {"µJ", 1e-3}, {"nJ", 1e-6}, {"J", 1e3}};
constexpr Unit kPowerUnits[] = {{"mW", 1}, {"uW", 1e-3}, {"µW", 1e-3}, {"W", 1e3}};
constexpr Unit kDayUnits[] = {
    {"d", 1},    {"day", 1},          {"days", 1},        {"h", 1.0 / 24},   {"weeks", 7},
    {"week", 7}, {"months", 30.4375}, {"month", 30.4375}, {"years", 365.25}, {"year", 365.25}};
constexpr Unit kCountUnits[] = {{"", 1}};
constexpr Unit kShareUnits[] = {{"%", 0.01}, {"", 1}};

std::span<const Unit> unitsOf(Dimension dimension) {
  switch (dimension) {
    case Dimension::Size:
      return kByteUnits;
    case Dimension::Time:
      return kTimeUnits;
    case Dimension::Energy:
      return kEnergyUnits;
    case Dimension::Power:
      return kPowerUnits;
    case Dimension::Days:
      return kDayUnits;
    case Dimension::Count:
      return kCountUnits;
    case Dimension::Share:
      return kShareUnits;
  }
  return {};
}

std::string_view wantedOf(Dimension dimension) {
  switch (dimension) {
    case Dimension::Size:
      return "wanted bytes as 200000, 198KiB or 1.5MiB";
    case Dimension::Time:
      return "wanted a time as 250ms, 800us or 1.2s";
    case Dimension::Energy:
      return "wanted an energy as 12mJ, 900uJ or 1.1J";
    case Dimension::Power:
      return "wanted a power as 80mW, 500uW or 1.2W";
    case Dimension::Days:
      return "wanted a time as 30 days, 8 weeks or 1 year";
    case Dimension::Count:
      return "wanted a whole number";
    case Dimension::Share:
      return "wanted a share as 90 % or 0.9";
  }
  return "";
}

bool looksDecimal(std::string_view unit) {
  return unit == "KB" || unit == "kB" || unit == "MB" || unit == "GB" || unit == "K" ||
         unit == "k" || unit == "M" || unit == "G";
}

struct Parts {
  double number = 0;
  std::string_view unit;
};

std::optional<Parts> partsOf(std::string_view text) {
  Parts out;
  const char* const end = text.data() + text.size();
  const auto [at, code] = std::from_chars(text.data(), end, out.number, std::chars_format::fixed);
  if (code != std::errc() || !(out.number >= 0) || !(out.number <= 1e15)) return std::nullopt;
  out.unit = text.substr(static_cast<std::size_t>(at - text.data()));
  while (out.unit.starts_with(' ')) out.unit.remove_prefix(1);
  return out;
}

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", printable(text.substr(0, 60)));
}

}  // namespace

const std::array<MetricInfo, kMetricCount>& allMetrics() {
  return kMetrics;
}

const MetricInfo& infoOf(Metric metric) {
  return kMetrics[static_cast<std::size_t>(metric)];
}

Result<double> parseAmount(std::string_view text, Dimension dimension) {
  const auto parts = partsOf(text);
  if (!parts)
    return Error{"", fmt::format("{} is no amount; {}", quoted(text), wantedOf(dimension))};
  for (const Unit& unit : unitsOf(dimension)) {
    if (parts->unit != unit.name) continue;
    const double value = parts->number * unit.factor;
    const bool whole = dimension == Dimension::Size || dimension == Dimension::Count;
    if ((whole && value != std::floor(value)) || (dimension == Dimension::Share && value > 1))
      break;
    return value;
  }
  if (dimension == Dimension::Size && looksDecimal(parts->unit)) {
    return Error{"", fmt::format("{}: {} may be 1000 or 1024 bytes; write KiB, MiB or bytes",
                                 quoted(text), parts->unit)};
  }
  if (parts->unit.empty()) {
    return Error{"", fmt::format("{} has no unit; {}", quoted(text), wantedOf(dimension))};
  }
  return Error{"", fmt::format("{} is not understood; {}", quoted(text), wantedOf(dimension))};
}

Result<double> parseGrowth(std::string_view text) {
  std::string_view number = text;
  if (number.starts_with('+')) number.remove_prefix(1);
  const auto parts = partsOf(number);
  if (parts && parts->unit == "%") return parts->number / 100;
  return Error{"", fmt::format("{} is no growth; wanted percent as +5 %", quoted(text))};
}

std::string amountText(double value, Dimension dimension) {
  if (!std::isfinite(value)) return "unknown";
  const auto scaled = [value](std::string_view unit) {
    const double size = std::abs(value);
    if (size >= 1000) return fmt::format("{} {}", grouped(std::llround(value)), unit);
    return fmt::format("{:.3g} {}", value, unit);
  };
  switch (dimension) {
    case Dimension::Size:
      return grouped(std::llround(value)) + " B";
    case Dimension::Time:
      return scaled("ms");
    case Dimension::Energy:
      return scaled("mJ");
    case Dimension::Power:
      return scaled("mW");
    case Dimension::Days:
      return scaled("days");
    case Dimension::Count:
      return grouped(std::llround(value));
    case Dimension::Share:
      return fmt::format("{:.4g} %", 100 * value);
  }
  return {};
}

}  // namespace mcuprof
