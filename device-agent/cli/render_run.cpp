#include "device-agent/cli/render_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mcuprof::cli {
namespace {

constexpr std::string_view kNotAsked = "not asked for";

/// "?" where nobody knows the clock (of an imported run).
std::string milliseconds(double cycles, std::int64_t clockHz) {
  if (clockHz <= 0) return "?";
  const double ms = cycles * 1000 / static_cast<double>(clockHz);
  if (ms >= 100) return fmt::format("{:.0f}", ms);
  if (ms >= 10) return fmt::format("{:.1f}", ms);
  return fmt::format("{:.2f}", ms);
}

std::int64_t whole(double value) {
  return static_cast<std::int64_t>(std::llround(value));
}

/// "+12 %" of how much was measured more than predicted.
std::string residual(double predicted, double measured) {
  if (!(predicted > 0)) return "";
  return fmt::format("{:+.0f} %", (measured - predicted) / predicted * 100);
}

std::string interval(const db::Prediction& p) {
  if (!(p.value > 0)) return "";
  return fmt::format("-{:.0f}/+{:.0f} %", (p.value - p.low) / p.value * 100,
                     (p.high - p.value) / p.value * 100);
}

std::string machineText(const db::RunRecord& run) {
  std::string text;
  for (const db::MachineFact& fact : run.machine) {
    text += text.empty() ? "" : "; ";
    text += fact.key + " " + printable(fact.value);
    if (fact.expected.empty()) continue;
    text += fact.agrees ? " (as the board file)"
                        : fmt::format(" (BOARD FILE: {})", printable(fact.expected));
  }
  return text;
}

std::string outputsText(const db::RunRecord& run, const RunTotals& totals) {
  if (totals.wrongOutputs > 0) {
    return fmt::format("{} layers differ from the host reference, first layer {}; {} are equal",
                       totals.wrongOutputs, totals.firstWrong, totals.equalOutputs);
  }
  if (totals.equalOutputs == 0) return "none could be compared with the host reference";
  return fmt::format("of {} of {} layers equal to the host reference, bit for bit (FNV-1a)",
                     totals.equalOutputs, run.layers.size());
}

std::string headText(const db::RunRecord& run, const RunTotals& totals, const TextStyle& style) {
  const std::string word = cyclesTitle(run.provenance);
  std::string out = fmt::format(
      "{} on {}{}\n", printable(run.model.name), run.board.title,
      run.provenance == db::Provenance::Virtual ? ": VIRTUAL board, its cycles are modelled" : "");
  const auto line = [&](const char* lead, const std::string& text) {
    out += wrapped(fmt::format("{:<10}", lead), text, style.width);
  };
  const std::int64_t clock = run.board.clockHz;
  if (run.inference.runs > 0) {
    line("time", fmt::format("{} ms, {} cycles ({}; median of {}, {} .. {})",
                             milliseconds(static_cast<double>(run.inference.median), clock),
                             grouped(run.inference.median), word, run.inference.runs,
                             grouped(run.inference.minimum), grouped(run.inference.maximum)));
  } else {
    line("time", "the whole inference was not timed: some layers did not run");
  }
  if (run.predicted && run.predicted->value > 0) {
    std::string text =
        fmt::format("{} ms, {} cycles ({} .. {}; 90 %; {} as {}, calibration: {})",
                    milliseconds(run.predicted->value, clock), grouped(whole(run.predicted->value)),
                    grouped(whole(run.predicted->low)), grouped(whole(run.predicted->high)),
                    "predicted", run.runtime.name, run.calibration);
    if (run.inference.runs > 0) {
      text +=
          "; residual " + residual(run.predicted->value, static_cast<double>(run.inference.median));
    }
    line("predicted", text);
  }
  if (run.inference.runs > 0 && totals.measured == static_cast<std::int64_t>(run.layers.size())) {
    const double share = run.inference.median > 0 ? static_cast<double>(totals.cycles) /
                                                        static_cast<double>(run.inference.median)
                                                  : 0;
    line("sum", fmt::format("of the layers {} cycles, {:.1f} % of the whole inference",
                            grouped(totals.cycles), share * 100));
  }
  line("outputs", outputsText(run, totals));
  if (totals.comparable > 0) {
    line("interval",
         fmt::format("holds the {} cycles of {} of {} layers; residuals: {:.0f} % on average "
                     "without their sign, {:+.0f} % with it",
                     word, totals.covered, totals.comparable, totals.meanAbsoluteResidual * 100,
                     totals.bias * 100));
  }
  out += energyText(run, style);
  line("machine", machineText(run));
  return out;
}

TextTable layerTable(const db::RunRecord& run, const RunTotals& totals) {
  using Align = TextTable::Align;
  const bool hasEnergy = run.energy && !run.energy->layers.empty();
  std::vector<TextTable::Column> columns = {{"#"},
                                            {"operator", Align::Left, 8},
                                            {"shape", Align::Left, 6},
                                            {"predicted"},
                                            {"90 %"},
                                            {cyclesTitle(run.provenance)},
                                            {"residual"}};
  if (hasEnergy) columns.insert(columns.end(), {{"uJ"}, {"90 %"}, {"mW"}, {"peak mW"}});
  columns.push_back({"cause", Align::Left, 12});
  TextTable table(std::move(columns));
  double joules = 0;
  for (const db::LayerResult& layer : run.layers) {
    if (layer.trouble == kNotAsked) continue;
    const bool known = layer.predicted.has_value();
    const bool wrong = !layer.outputHashes.empty() && layer.outputHashes != layer.referenceHashes;
    std::string note = layer.cycles.runs > 0 ? layer.cause : layer.trouble;
    if (wrong) note = "OUTPUT DIFFERS" + (note.empty() ? "" : "; " + note);
    std::vector<std::string> cells = {
        fmt::format("{}", layer.number),
        printable(layer.kind),
        layer.shape,
        known ? grouped(whole(layer.predicted->value)) : "?",
        known ? interval(*layer.predicted) : "",
        layer.cycles.runs > 0 ? grouped(layer.cycles.median) : "not measured",
        known && layer.cycles.runs > 0
            ? residual(layer.predicted->value, static_cast<double>(layer.cycles.median))
            : ""};
    if (hasEnergy) {
      const db::BlockEnergy* const energy = energyOf(run, layer.number);
      joules += energy == nullptr ? 0 : energy->joules;
      cells.insert(cells.end(), {energy == nullptr ? "?" : microjoules(energy->joules),
                                 energy == nullptr ? "" : energyInterval(*energy),
                                 energy == nullptr ? "" : milliwatts(energy->averageWatts),
                                 energy == nullptr ? "" : milliwatts(energy->peakWatts)});
    }
    cells.push_back(printable(note));
    table.addRow(std::move(cells), wrong || layer.cycles.runs == 0 ? Tone::Bad : Tone::Plain);
  }
  table.addRule();
  std::vector<std::string> cells = {
      "",
      "total",
      "",
      grouped(whole(totals.predicted)),
      "",
      grouped(totals.cycles),
      residual(totals.predicted, static_cast<double>(totals.compared))};
  if (hasEnergy) cells.insert(cells.end(), {microjoules(joules), "", "", ""});
  cells.push_back("");
  table.addRow(std::move(cells), Tone::Strong);
  return table;
}

}  // namespace

std::optional<double> residualOf(const db::LayerResult& layer) {
  if (layer.cycles.runs <= 0 || !layer.predicted || !(layer.predicted->value > 0)) return {};
  return static_cast<double>(layer.cycles.median) / layer.predicted->value - 1;
}

RunTotals totalsOf(const db::RunRecord& run) {
  RunTotals out;
  std::int64_t residuals = 0;
  for (const db::LayerResult& layer : run.layers) {
    if (layer.cycles.runs > 0) {
      ++out.measured;
      out.cycles += layer.cycles.median;
      if (layer.predicted) {
        const auto median = static_cast<double>(layer.cycles.median);
        ++out.comparable;
        out.predicted += layer.predicted->value;
        out.compared += layer.cycles.median;
        if (median >= layer.predicted->low && median <= layer.predicted->high) ++out.covered;
      }
    } else if (layer.trouble != kNotAsked) {
      ++out.notMeasured;
    }
    if (const auto residual = residualOf(layer)) {
      ++residuals;
      out.meanAbsoluteResidual += std::abs(*residual);
      out.bias += *residual;
    }
    if (layer.outputHashes.empty() || layer.referenceHashes.empty()) continue;
    if (layer.outputHashes == layer.referenceHashes) {
      ++out.equalOutputs;
    } else if (out.wrongOutputs++ == 0) {
      out.firstWrong = layer.number;
    }
  }
  if (residuals > 0) {
    out.meanAbsoluteResidual /= static_cast<double>(residuals);
    out.bias /= static_cast<double>(residuals);
  }
  return out;
}

std::string cyclesTitle(db::Provenance provenance) {
  return nameOf(provenance);
}

std::string renderText(const db::RunRecord& run, const TextStyle& style) {
  const RunTotals totals = totalsOf(run);
  std::string out = headText(run, totals, style) + '\n';
  out += fmt::format("layers (cycles; {}: median of {} after {} to warm up)\n",
                     cyclesTitle(run.provenance), run.repeats, run.warmUp);
  out += layerTable(run, totals).render(style);
  if (totals.notMeasured > 0) {
    out += fmt::format("{} layers not measured; sums are lower bounds\n", totals.notMeasured);
  }
  out += '\n';
  const auto line = [&](const char* lead, const std::string& text) {
    out += wrapped(fmt::format("{:<10}", lead), text, style.width);
  };
  line("model",
       fmt::format("SHA-256 {}; input {}", run.model.sha256.substr(0, 16), printable(run.input)));
  line("versions", fmt::format("mcuprof {}; agent {} (build {}), {} kernels{}; {}", run.toolVersion,
                               run.agentVersion, run.agentBuild.substr(0, 12), run.kernelLibrary,
                               run.compiler.empty() ? "" : ", " + printable(run.compiler),
                               run.probe.empty() ? "probe unknown" : printable(run.probe)));
  if (run.swoFrames + run.swoLost > 0) {
    line("swo", fmt::format("{} frames received, {} lost and repaired from the ring, {} lost for "
                            "good",
                            run.swoFrames, std::max<std::int64_t>(run.swoLost - run.unrepaired, 0),
                            run.unrepaired));
  } else {
    line("swo", fmt::format("not used, frames came by the ring; {} lost", run.unrepaired));
  }
  line("started", run.started);
  return out;
}

std::string renderText(const std::vector<db::RunSummary>& runs, const TextStyle& style) {
  if (runs.empty()) return "no runs\n";
  using Align = TextTable::Align;
  TextTable table({{"run"},
                   {"started", Align::Left},
                   {"model", Align::Left, 12},
                   {"board", Align::Left},
                   {"provenance", Align::Left},
                   {"cycles"},
                   {"ms"},
                   {"residual"},
                   {"layers"}});
  for (const db::RunSummary& run : runs) {
    const bool timed = run.inference.runs > 0;
    const auto median = static_cast<double>(run.inference.median);
    table.addRow({fmt::format("{}", run.id), run.started, printable(run.model), run.board,
                  run.provenance, timed ? grouped(run.inference.median) : "-",
                  timed ? milliseconds(median, run.clockHz) : "-",
                  timed && run.predicted ? residual(run.predicted->value, median) : "",
                  run.notMeasured > 0
                      ? fmt::format("{} of {}", run.layers - run.notMeasured, run.layers)
                      : fmt::format("{}", run.layers)});
  }
  return table.render(style);
}

}  // namespace mcuprof::cli
