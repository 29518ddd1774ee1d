#include "analyzer/report/layer_costs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyzer/report/explanation.hpp"

namespace mcuprof {

namespace {

Estimate scaled(const Estimate& estimate, double factor) {
  return {estimate.value * factor, estimate.low * factor, estimate.high * factor, estimate.basis};
}

/// Three significant digits, without an exponent: "0.0123", "1.23", "12.3", "1,234".
std::string threeDigits(double value) {
  const double magnitude = std::abs(value);
  if (magnitude >= 1000) return grouped(static_cast<std::int64_t>(std::llround(value)));
  if (magnitude >= 100) return fmt::format("{:.0f}", value);
  if (magnitude >= 10) return fmt::format("{:.1f}", value);
  if (magnitude >= 1) return fmt::format("{:.2f}", value);
  if (magnitude >= 0.1) return fmt::format("{:.3f}", value);
  if (magnitude == 0) return "0";
  return fmt::format("{:.4f}", value);
}

std::string rangeText(const Estimate& estimate) {
  return fmt::format("{} .. {}", threeDigits(estimate.low), threeDigits(estimate.high));
}

/// "-22/+25 %": the 90 % interval around the value.
std::string bandText(const Estimate& estimate) {
  if (estimate.value <= 0) return "";
  return fmt::format("-{:.0f}/+{:.0f} %", 100 * (1 - estimate.low / estimate.value),
                     100 * (estimate.high / estimate.value - 1));
}

std::string lowerBound(const CostReport& report) {
  return report.unknownLayers > 0 ? "at least " : "";
}

/// The largest parts of the total, "instructions 71 %, flash stalls 14 %".
std::string sharesText(const CostReport& report) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < kCycleTermCount; ++i) {
    if (report.terms[i] >= 0.005 * report.cycles.value && report.terms[i] > 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return report.terms[a] > report.terms[b]; });
  std::string text;
  for (std::size_t i : order) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {:.0f} %", nameOf(static_cast<CycleTerm>(i)),
                        100 * report.terms[i] / report.cycles.value);
  }
  return text;
}

std::string energyLine(const CostReport& report) {
  if (!report.millijoules) return fmt::format("unknown: {}", report.energyReason);
  return fmt::format("{}{} mJ ({}; 90 %, {}) at {} mW, {:g} V ({}); power: {} ({})",
                     lowerBound(report), threeDigits(report.millijoules->value),
                     rangeText(*report.millijoules), nameOf(report.millijoules->basis),
                     threeDigits(report.activeMilliwatts.value), report.supplyVolts,
                     nameOf(report.supplyBasis), report.powerState,
                     nameOf(report.activeMilliwatts.basis));
}

std::string dutyLine(const DutyEstimate& duty) {
  std::string text = fmt::format("{} mW on average ({})", threeDigits(duty.averageMilliwatts.value),
                                 rangeText(duty.averageMilliwatts));
  text += duty.sleepState.empty() ? "; no sleep current is known, so this is the inference alone"
                                  : fmt::format("; between inferences: {}, {} mW", duty.sleepState,
                                                threeDigits(duty.sleepMilliwatts.value));
  if (duty.batteryDays)
    text += fmt::format("; battery lasts {} days ({})", threeDigits(duty.batteryDays->value),
                        rangeText(*duty.batteryDays));
  if (!duty.fitsPeriod) text += "; the inference takes longer than the period";
  return text;
}

}  // namespace

CostReport buildCostReport(const Analysis& analysis, const std::optional<Duty>& duty) {
  const Graph& graph = *analysis.graph;
  const CycleEstimate& cycles = analysis.cycles;
  const EnergyEstimate& energy = analysis.energy;
  CostReport report;
  report.machine = cycles.state.text();
  report.calibration = analysis.calibration ? analysis.calibration->name : "none";
  report.cycles = cycles.total;
  report.milliseconds = cycles.milliseconds;
  report.terms = cycles.termTotals;
  report.modelledMacShare = cycles.modelledMacShare;
  report.unknownLayers = cycles.unknownOps;
  const double msPerCycle = 1e3 / static_cast<double>(cycles.state.clockHz.value);
  for (OpId id : analysis.schedule.order) {
    const GraphOp& op = graph.ops[id];
    const OpCycles& c = cycles.ops[id];
    CostRow row;
    row.number = id.value + 1;
    row.kind = printable(graph.kindName(op));
    row.name = printable(op.name);
    row.known = c.known;
    row.unknown = c.unknownReason;
    row.outsideFit = c.outsideFit;
    row.coarse = c.coarse;
    if (op.macs) row.macs = op.macs->value;
    if (c.known) {
      row.kernel = c.coarse ? "rate" : fmt::format("{}:{}", c.kernel, c.variant);
      row.cycles = c.cycles;
      row.milliseconds = scaled(c.cycles, msPerCycle);
      if (energy.known) row.millijoules = energy.ops[id].total;
      if (op.macs && op.macs->value > 0)
        row.cyclesPerMac = c.cycles.value / static_cast<double>(op.macs->value);
      row.terms = c.terms;
      row.instructions = c.instructions;
      row.bound = nameOf(c.bound);
    }
    report.layers.push_back(std::move(row));
  }
  if (energy.known) {
    report.millijoules = energy.millijoules;
    report.activeMilliwatts = energy.activeMilliwatts;
    report.powerState = energy.powerState;
    report.powerSource = energy.powerSource;
    report.supplyVolts = energy.supplyVolts;
    report.supplyBasis = energy.supplyBasis;
    if (duty) report.duty = estimateDuty(cycles, energy, analysis.target->board, *duty);
  } else {
    report.energyReason = energy.reason;
  }
  return report;
}

std::string renderCostHeadline(const CostReport& report, const TextStyle& style) {
  std::string text;
  if (report.cycles.value > 0) {
    text +=
        wrapped("time     ",
                fmt::format("{}{} ms ({}; 90 %, {}), {} cycles; {}; calibration: {}",
                            lowerBound(report), threeDigits(report.milliseconds.value),
                            rangeText(report.milliseconds), nameOf(report.cycles.basis),
                            grouped(static_cast<std::int64_t>(std::llround(report.cycles.value))),
                            report.machine, report.calibration),
                style.width);
    text += wrapped("goes to  ", sharesText(report), style.width);
  } else {
    text += wrapped("time     ", "unknown: no layer's cost is known", style.width);
  }
  if (report.modelledMacShare < 1 || report.unknownLayers > 0) {
    text += wrapped("modelled ",
                    fmt::format("{:.1f} % of the MACs; cost unknown for {} layers",
                                100 * report.modelledMacShare, report.unknownLayers),
                    style.width);
  }
  text += wrapped("energy   ", energyLine(report), style.width);
  if (report.duty) text += wrapped("duty     ", dutyLine(*report.duty), style.width);
  return text;
}

std::string renderCostTable(const CostReport& report, const TextStyle& style) {
  using Align = TextTable::Align;
  TextTable table({{"#"},
                   {"operator", Align::Left, 8},
                   {"kernel", Align::Left, 8},
                   {"cycles"},
                   {"ms"},
                   {"90 %"},
                   {"mJ"},
                   {"cycles/MAC"},
                   {"bound by", Align::Left},
                   {"", Align::Left}});
  bool outside = false;
  bool coarse = false;
  for (const CostRow& row : report.layers) {
    if (!row.known) {
      table.addRow({std::to_string(row.number), row.kind, "cost unknown"}, Tone::Warning);
      continue;
    }
    outside |= row.outsideFit;
    coarse |= row.coarse;
    table.addRow({std::to_string(row.number), row.kind, row.kernel,
                  grouped(static_cast<std::int64_t>(std::llround(row.cycles.value))),
                  threeDigits(row.milliseconds.value), bandText(row.cycles),
                  row.millijoules ? threeDigits(row.millijoules->value) : "",
                  row.cyclesPerMac ? fmt::format("{:.2f}", *row.cyclesPerMac) : "", row.bound,
                  row.outsideFit ? "*"
                  : row.coarse   ? "c"
                                 : ""});
  }
  table.addRule();
  table.addRow(
      {"", "total", "", grouped(static_cast<std::int64_t>(std::llround(report.cycles.value))),
       threeDigits(report.milliseconds.value), bandText(report.cycles),
       report.millijoules ? threeDigits(report.millijoules->value) : ""},
      Tone::Strong);
  std::string text = table.render(style);
  if (outside)
    text += "* shape outside those the kernel table was fitted on: the interval is wider\n";
  if (coarse) text += "c coarse: counted on a few shapes only\n";
  return text;
}

std::string renderExplanation(const Analysis& analysis, const CostRow& row,
                              const TextStyle& style) {
  std::string text = fmt::format("layer {} {} \"{}\"\n", row.number, row.kind, row.name);
  if (!row.known) return text + wrapped("  ", "cost unknown: " + row.unknown, style.width);
  using Align = TextTable::Align;
  TextTable table(
      {{"term", Align::Left}, {"cycles"}, {"basis", Align::Left}, {"from", Align::Left, 20}});
  for (const ExplainedTerm& term : explainTerms(analysis, row)) {
    table.addRow(
        {term.name, grouped(std::llround(term.cycles)), std::string(nameOf(term.basis)), term.from},
        term.cycles == 0 ? Tone::Faint : Tone::Plain);
  }
  table.addRule();
  table.addRow(
      {"sum", grouped(std::llround(row.cycles.value)), std::string(nameOf(row.cycles.basis)),
       fmt::format("90 %: {} .. {}", grouped(std::llround(row.cycles.low)),
                   grouped(std::llround(row.cycles.high)))},
      Tone::Strong);
  text += table.render(style);
  if (analysis.calibration) text += wrapped("", calibrationText(analysis), style.width);
  return text;
}

}  // namespace mcuprof
