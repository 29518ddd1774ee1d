#include "analyzer/report/render_whatif.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace mcuprof {

namespace {

using Json = nlohmann::ordered_json;

/// One compared figure; absent where one side has none.
struct Line {
  std::string name;
  std::string key;
  std::optional<double> before;
  std::optional<double> after;
  bool whole = false;
};

std::vector<Line> linesOf(const WhatIfReport& report) {
  const VariantFigures& a = report.before;
  const VariantFigures& b = report.after;
  const auto bytes = [](Bytes value) { return static_cast<double>(value.value); };
  const auto energy = [](const VariantFigures& f) {
    return f.millijoules ? std::optional<double>(f.millijoules->value) : std::nullopt;
  };
  std::vector<Line> lines;
  lines.push_back({"arena, B", "arena_bytes", bytes(a.arena), bytes(b.arena), true});
  lines.push_back({"peak working set, B", "peak_working_set_bytes", bytes(a.peakWorkingSet),
                   bytes(b.peakWorkingSet), true});
  lines.push_back({"peak activations, B", "peak_activation_bytes", bytes(a.peakActivations),
                   bytes(b.peakActivations), true});
  lines.push_back({"flash, B", "flash_bytes", bytes(a.flash), bytes(b.flash), true});
  lines.push_back({"spilled: written, B", "spill_written_bytes", bytes(a.spillWritten),
                   bytes(b.spillWritten), true});
  lines.push_back(
      {"spilled: read, B", "spill_read_bytes", bytes(a.spillRead), bytes(b.spillRead), true});
  lines.push_back(
      {"MACs", "macs", static_cast<double>(a.macs.value), static_cast<double>(b.macs.value), true});
  lines.push_back({"latency, ms", "ms", a.milliseconds.value, b.milliseconds.value});
  lines.push_back({"  of it compute, ms", "compute_ms", a.computeMs, b.computeMs});
  lines.push_back({"  of it spill write, ms", "spill_write_ms", a.spillWriteMs, b.spillWriteMs});
  lines.push_back({"  of it spill read, ms", "spill_read_ms", a.spillReadMs, b.spillReadMs});
  lines.push_back({"energy, mJ", "mj", energy(a), energy(b)});
  return lines;
}

std::string numberText(double value, bool whole) {
  if (whole) return grouped(static_cast<std::int64_t>(std::llround(value)));
  return fmt::format("{:.{}f}", value, std::abs(value) >= 100 ? 0 : std::abs(value) >= 1 ? 2 : 4);
}

std::string deltaText(double value, bool whole) {
  const std::string text = numberText(std::abs(value), whole);
  if (text.find_first_not_of("0.,") == std::string::npos) return "0";
  return (value < 0 ? "-" : "+") + text;
}

}  // namespace

WhatIfReport buildWhatIfReport(const Analysis& before, const Analysis& after) {
  WhatIfReport report;
  report.before = figuresOf(before);
  report.after = figuresOf(after);
  report.machineBefore = before.cycles.state.text();
  report.machineAfter = after.cycles.state.text();
  report.calibration = after.calibration ? after.calibration->name : "none";
  const double perMsBefore = static_cast<double>(before.cycles.state.clockHz.value) / 1e3;
  const double perMsAfter = static_cast<double>(after.cycles.state.clockHz.value) / 1e3;
  const auto split = [](const OpCycles& c, double perMs) {
    return WhatIfReport::Split{(c.cycles.value - c.spillWriteCycles - c.spillReadCycles) / perMs,
                               c.spillWriteCycles / perMs, c.spillReadCycles / perMs};
  };
  for (OpId op : before.schedule.order) {
    report.layers.push_back(
        {op.index() + 1, printable(before.graph->kindName(before.graph->ops[op])),
         before.workingSets[op].total(), after.workingSets[op].total(),
         split(before.cycles.ops[op], perMsBefore), split(after.cycles.ops[op], perMsAfter)});
  }
  return report;
}

std::string renderWhatIfText(const WhatIfReport& report, const TextStyle& style) {
  using Align = TextTable::Align;
  TextTable table({{"", Align::Left}, {"before"}, {"after"}, {"difference"}});
  table.addRow({"verdict", std::string(nameOf(report.before.verdict)),
                std::string(nameOf(report.after.verdict))},
               Tone::Strong);
  for (const Line& line : linesOf(report)) {
    const bool both = line.before && line.after;
    table.addRow({line.name, line.before ? numberText(*line.before, line.whole) : "unknown",
                  line.after ? numberText(*line.after, line.whole) : "unknown",
                  both ? deltaText(*line.after - *line.before, line.whole) : ""});
  }
  std::string text = table.render(style);
  const auto interval = [](const VariantFigures& f) {
    return fmt::format("{} .. {} ms", numberText(f.milliseconds.low, false),
                       numberText(f.milliseconds.high, false));
  };
  text += wrapped("",
                  fmt::format("90 % intervals: before {}, after {}; they share most of their "
                              "error, so the difference is surer than either.",
                              interval(report.before), interval(report.after)),
                  style.width);
  text += wrapped("machine  ",
                  report.machineBefore == report.machineAfter
                      ? report.machineBefore
                      : report.machineBefore + " -> " + report.machineAfter,
                  style.width);
  if (report.after.unknownLayers > 0) {
    text += fmt::format("cost unknown for {} layers: latency and energy are lower bounds\n",
                        report.after.unknownLayers);
  }
  const auto resized = [](const WhatIfReport::Layer& layer) { return layer.before != layer.after; };
  if (std::ranges::none_of(report.layers, resized)) return text;
  TextTable layers({{"#"},
                    {"operator", Align::Left},
                    {"working set before"},
                    {"after"},
                    {"ms before"},
                    {"ms after"}});
  for (const WhatIfReport::Layer& layer : report.layers) {
    if (!resized(layer)) continue;
    layers.addRow({std::to_string(layer.number), layer.kind, grouped(layer.before),
                   grouped(layer.after), numberText(layer.msBefore.total(), false),
                   numberText(layer.msAfter.total(), false)});
  }
  return text + "\nlayers whose working set changes\n" + layers.render(style);
}

std::string renderWhatIfJson(const WhatIfReport& report) {
  const auto side = [&](bool after) {
    const VariantFigures& f = after ? report.after : report.before;
    Json figures = {{"verdict", nameOf(f.verdict)},
                    {"machine", after ? report.machineAfter : report.machineBefore}};
    for (const Line& line : linesOf(report)) {
      const std::optional<double>& value = after ? line.after : line.before;
      if (!value) {
        figures[line.key] = nullptr;
      } else if (line.whole) {
        figures[line.key] = std::llround(*value);
      } else {
        figures[line.key] = *value;
      }
    }
    figures["ms_interval"] = {f.milliseconds.low, f.milliseconds.high};
    figures["unknown_layers"] = f.unknownLayers;
    return figures;
  };
  Json layers = Json::array();
  for (const WhatIfReport::Layer& layer : report.layers) {
    layers.push_back(
        {{"layer", layer.number},
         {"operator", layer.kind},
         {"working_set_before", layer.before.value},
         {"working_set_after", layer.after.value},
         {"ms_before", layer.msBefore.total()},
         {"ms_after", layer.msAfter.total()},
         {"added_compute_ms", layer.msAfter.compute - layer.msBefore.compute},
         {"added_spill_write_ms", layer.msAfter.spillWrite - layer.msBefore.spillWrite},
         {"added_spill_read_ms", layer.msAfter.spillRead - layer.msBefore.spillRead}});
  }
  const Json all = {{"schema_version", 1},
                    {"calibration", report.calibration},
                    {"before", side(false)},
                    {"after", side(true)},
                    {"layers", std::move(layers)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string renderWhatIfCsv(const WhatIfReport& report) {
  std::string text = "figure,before,after,difference\n";
  text +=
      fmt::format("verdict,{},{},\n", nameOf(report.before.verdict), nameOf(report.after.verdict));
  const auto cell = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.9g}", *value) : std::string();
  };
  for (const Line& line : linesOf(report)) {
    const bool both = line.before && line.after;
    text += fmt::format("{},{},{},{}\n", line.key, cell(line.before), cell(line.after),
                        both ? fmt::format("{:.9g}", *line.after - *line.before) : "");
  }
  return text;
}

}  // namespace mcuprof
