#include "analyzer/whatif/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>
#include <optional>
#include <thread>

namespace mcuprof {

namespace {

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The values of "FIRST..LAST:STEP".
Result<std::vector<std::string>> rangeValues(std::string_view text) {
  const std::size_t dots = text.find("..");
  const std::size_t colon = text.find(':', dots);
  const auto first = whole(text.substr(0, dots));
  const auto last =
      whole(text.substr(dots + 2, colon == std::string_view::npos ? colon : colon - dots - 2));
  const auto step = colon == std::string_view::npos ? std::optional<std::int64_t>(1)
                                                    : whole(text.substr(colon + 1));
  if (!first || !last || !step || *step < 1 || *first < 0 || *last < *first) {
    return Error{
        "",
        fmt::format("\"{}\" is no range; wanted FIRST..LAST or FIRST..LAST:STEP, rising", text)};
  }
  if (static_cast<std::size_t>((*last - *first) / *step) >= kMostSweepPoints) {
    return Error{"", fmt::format("\"{}\" has more than {} values", text, kMostSweepPoints)};
  }
  std::vector<std::string> values;
  for (std::int64_t value = *first; value <= *last; value += *step) {
    values.push_back(std::to_string(value));
    if (*last - value < *step) break;  // the next one may not fit 64 bits
  }
  return values;
}

}  // namespace

Result<SweepAxis> parseAxis(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    return Error{
        "", fmt::format("\"{}\" is no variable; wanted NAME=FIRST..LAST:STEP or NAME=VALUE,VALUE",
                        text)};
  }
  SweepAxis axis;
  axis.name = text.substr(0, equals);
  std::string_view values = text.substr(equals + 1);
  if (values.find("..") != std::string_view::npos) {
    Result<std::vector<std::string>> range = rangeValues(values);
    if (!range) return range.error();
    axis.values = *std::move(range);
  } else {
    while (true) {
      const std::size_t comma = values.find(',');
      axis.values.emplace_back(values.substr(0, comma));
      if (comma == std::string_view::npos) break;
      values.remove_prefix(comma + 1);
    }
  }
  Variant probe;
  for (const std::string& value : axis.values) {
    if (const Result<void> ok = setVariable(probe, axis.name, value); !ok) return ok.error();
  }
  return axis;
}

Result<std::vector<SweepPoint>> sweep(const std::shared_ptr<const Graph>& graph,
                                      const TargetsByLevel& targets, const Variant& base,
                                      const std::vector<SweepAxis>& axes, unsigned threads,
                                      const std::function<void()>& onPoint) {
  std::size_t count = 1;
  for (const SweepAxis& axis : axes) {
    count *= axis.values.size();
    if (count > kMostSweepPoints)
      return Error{"", fmt::format("the sweep has more than {} points", kMostSweepPoints)};
  }
  std::vector<SweepPoint> points(count);
  const auto analyzePoint = [&](std::size_t number) {
    SweepPoint& point = points[number];
    point.values.resize(axes.size());
    Variant variant = base;
    std::size_t rest = number;
    for (std::size_t a = axes.size(); a-- > 0;) {
      point.values[a] = axes[a].values[rest % axes[a].values.size()];
      rest /= axes[a].values.size();
    }
    for (std::size_t a = 0; a < axes.size(); ++a) {
      if (const Result<void> ok = setVariable(variant, axes[a].name, point.values[a]); !ok)
        point.refused = ok.error().what;
    }
    if (!point.refused.empty()) return;
    const OptLevel level = variant.machine.opt.value_or(targets.at(OptLevel::O2)->runtime.opt);
    const Result<Analysis> analysis = analyzeVariant(graph, targets.at(level), variant);
    if (analysis) {
      point.figures = figuresOf(*analysis);
    } else {
      point.refused = analysis.error().text();
    }
  };
  std::atomic<std::size_t> next = 0;
  std::mutex telling;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      analyzePoint(i);
      if (!onPoint) continue;
      const std::lock_guard lock(telling);
      onPoint();
    }
  };
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::thread> helpers;
  for (unsigned t = 1; t < std::min<std::size_t>(threads, count); ++t) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  return points;
}

std::string renderSweepCsv(const std::vector<SweepAxis>& axes,
                           const std::vector<SweepPoint>& points) {
  std::string text;
  for (const SweepAxis& axis : axes) text += axis.name + ",";
  text +=
      "verdict,arena_bytes,peak_activation_bytes,peak_working_set_bytes,flash_bytes,spill_written_"
      "bytes,spill_read_bytes,macs,"
      "cycles,ms,ms_low,ms_high,compute_ms,spill_write_ms,spill_read_ms,mj,mj_low,mj_high,spill_"
      "write_mj,unknown_"
      "layers,refused\n";
  for (const SweepPoint& point : points) {
    for (const std::string& value : point.values) text += value + ",";
    if (!point.refused.empty()) {
      std::string quoted = point.refused;
      for (std::size_t at = quoted.find('"'); at != std::string::npos;
           at = quoted.find('"', at + 2))
        quoted.insert(at, 1, '"');
      text += fmt::format("refused,,,,,,,,,,,,,,,,,,,,\"{}\"\n", quoted);
      continue;
    }
    const VariantFigures& f = point.figures;
    text +=
        fmt::format("{},{},{},{},{},{},{},{},{:.0f},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g},",
                    nameOf(f.verdict), f.arena.value, f.peakActivations.value,
                    f.peakWorkingSet.value, f.flash.value, f.spillWritten.value, f.spillRead.value,
                    f.macs.value, f.cycles, f.milliseconds.value, f.milliseconds.low,
                    f.milliseconds.high, f.computeMs, f.spillWriteMs, f.spillReadMs);
    text += f.millijoules ? fmt::format("{:.6g},{:.6g},{:.6g},{:.6g},", f.millijoules->value,
                                        f.millijoules->low, f.millijoules->high,
                                        f.spillWriteMillijoules.value_or(0))
                          : ",,,,";
    text += fmt::format("{},\n", f.unknownLayers);
  }
  return text;
}

}  // namespace mcuprof
