#include "analyzer/report/render_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyzer/report/markdown.hpp"

namespace mcuprof {
namespace {

std::string plainText(const std::optional<Estimate>& value, bool whole) {
  if (!value) return "unknown";
  const std::string least = std::isfinite(value->high) ? "" : "at least ";
  if (whole) return least + grouped(std::llround(value->value));
  const double size = std::abs(value->value);
  return least +
         (size >= 1000 ? grouped(std::llround(value->value)) : fmt::format("{:.3g}", value->value));
}

std::string percentText(const Difference& d) {
  if (!d.change || !d.base || d.base->value == 0 || d.change->value == 0) return {};
  return fmt::format("{:+.1f} %", 100 * d.change->value / d.base->value);
}

std::string changeText(const Difference& d, bool whole) {
  return d.change ? signedText(d.change->value, whole) : std::string("unknown");
}

Tone toneOf(const Difference& d) {
  if (!d.change || d.withinUncertainty()) return Tone::Warning;
  if (d.zero()) return Tone::Faint;
  return d.change->value > 0 ? Tone::Bad : Tone::Good;
}

std::string sideText(const DiffSide& side) {
  return fmt::format("{} on {}, {}{}", side.model, side.board, side.runtime,
                     side.measured ? ", time measured" : "");
}

std::string machineText(const DiffSide& side) {
  const bool calibrated = !side.calibration.empty() && side.calibration != "none";
  return side.machine + (calibrated ? ", calibration " + side.calibration : "");
}

bool figuresChanged(const LayerDifference& layer) {
  const auto still = [](const Difference& d) { return d.zero() || (!d.base && !d.fresh); };
  return layer.kind != LayerChange::Same || !still(layer.workingSet) || !still(layer.spilled) ||
         !still(layer.moved) || !still(layer.milliseconds);
}

std::string numbersText(const LayerDifference& layer) {
  const auto text = [](const std::optional<std::int32_t>& number) {
    return number ? std::to_string(*number) : std::string("-");
  };
  return text(layer.baseNumber) + " > " + text(layer.freshNumber);
}

}  // namespace

std::vector<DiffLine> linesOf(const ReportDiff& diff) {
  std::vector<DiffLine> out = {{"arena_bytes", "arena, B", &diff.arena, true},
                               {"sram_bytes", "SRAM, B", &diff.ram, true},
                               {"flash_bytes", "flash, B", &diff.flash, true},
                               {"working_set_bytes", "peak working set, B", &diff.workingSet, true},
                               {"macs", "MACs", &diff.macs, true},
                               {"spilled_bytes", "spilled, B", &diff.spilled, true},
                               {"cycles", "cycles", &diff.cycles, true},
                               {"ms", "latency, ms", &diff.milliseconds, false},
                               {"mj", "energy, mJ", &diff.millijoules, false}};
  for (const MemoryDifference& memory : diff.memories) {
    out.push_back(
        {"moved_bytes:" + memory.memory, "moved in " + memory.memory + ", B", &memory.bytes, true});
  }
  return out;
}

std::string signedText(double value, bool whole) {
  if (!std::isfinite(value)) return "?";
  if (value == 0) return "0";
  const double size = std::abs(value);
  const std::string number =
      whole || size >= 1000 ? grouped(std::llround(size)) : fmt::format("{:.3g}", size);
  return (value < 0 ? "-" : "+") + number;
}

std::string certaintyText(const Difference& d, bool whole) {
  if (!d.change || d.change->low == d.change->high) return {};
  const std::string interval =
      fmt::format("{} .. {}", signedText(d.change->low, whole), signedText(d.change->high, whole));
  return d.withinUncertainty() ? interval + ", within uncertainty" : interval;
}

std::string renderDiffText(const ReportDiff& diff, const TextStyle& style) {
  std::string text = wrapped("new      ", sideText(diff.fresh), style.width);
  text += wrapped("base     ", sideText(diff.base), style.width);
  if (machineText(diff.fresh) != machineText(diff.base)) {
    text += wrapped("machine  ", machineText(diff.base) + " -> " + machineText(diff.fresh),
                    style.width);
  }
  text += wrapped("fits     ",
                  diff.fresh.verdict == diff.base.verdict
                      ? diff.fresh.verdict
                      : diff.base.verdict + " -> " + diff.fresh.verdict,
                  style.width);
  if (diff.empty()) return text + "no difference\n";
  using Align = TextTable::Align;
  TextTable table({{"", Align::Left}, {"base"}, {"new"}, {"change"}, {"%"}, {"90 %", Align::Left}});
  for (const DiffLine& line : linesOf(diff)) {
    const Difference& d = *line.difference;
    if (!d.base && !d.fresh) continue;
    table.addRow({line.title, plainText(d.base, line.whole), plainText(d.fresh, line.whole),
                  changeText(d, line.whole), percentText(d), certaintyText(d, line.whole)},
                 toneOf(d));
  }
  text += "\n" + table.render(style);
  const std::vector<std::string> sentences = describeLayers(diff);
  if (!sentences.empty()) text += "\nlayers\n";
  for (const std::string& sentence : sentences) text += wrapped("  ", sentence, style.width);

  TextTable layers({{"base > new"},
                    {"operator", Align::Left, 8},
                    {"", Align::Left},
                    {"working set"},
                    {"moved"},
                    {"ms"},
                    {"90 %", Align::Left},
                    {"mJ"}});
  bool any = false;
  for (const LayerDifference& layer : diff.layers) {
    if (!figuresChanged(layer)) continue;
    any = true;
    const auto energy = layer.millijoules.base || layer.millijoules.fresh
                            ? changeText(layer.millijoules, false)
                            : std::string();
    layers.addRow(
        {numbersText(layer), layer.op, std::string(nameOf(layer.kind)),
         layer.workingSet.base ? changeText(layer.workingSet, true) : "",
         layer.moved.base ? changeText(layer.moved, true) : "",
         changeText(layer.milliseconds, false), certaintyText(layer.milliseconds, false), energy},
        toneOf(layer.milliseconds));
  }
  if (any) text += "\nchange by layer\n" + layers.render(style);
  return text;
}

std::string renderDiffMarkdown(const ReportDiff& diff) {
  std::string out =
      fmt::format("### mcuprof diff\n\nnew: {}<br>\nbase: {}\n\n",
                  markdownText(sideText(diff.fresh)), markdownText(sideText(diff.base)));
  if (diff.empty()) return out + "No difference.\n";
  out += "| | base | new | change | % | 90 % |\n|---|--:|--:|--:|--:|---|\n";
  for (const DiffLine& line : linesOf(diff)) {
    const Difference& d = *line.difference;
    if (!d.base && !d.fresh) continue;
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdownText(line.title),
                       plainText(d.base, line.whole), plainText(d.fresh, line.whole),
                       changeText(d, line.whole), percentText(d), certaintyText(d, line.whole));
  }
  const std::vector<std::string> sentences = describeLayers(diff);
  if (!sentences.empty()) out += '\n';
  for (const std::string& sentence : sentences) out += "- " + markdownText(sentence) + "\n";
  return out;
}

}  // namespace mcuprof
