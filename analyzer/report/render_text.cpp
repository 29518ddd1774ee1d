#include "analyzer/report/render_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analyzer/report/text_parts.hpp"

namespace mcuprof {
namespace {

Tone toneOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::Fits:
      return Tone::Good;
    case Verdict::Streams:
      return Tone::Warning;
    case Verdict::Blocks:
      return Tone::Bad;
  }
  return Tone::Plain;
}

/// The three answers: does it fit, what is the worst layer, what would help.
std::string renderVerdict(const Report& report, const TextStyle& style) {
  const VerdictReport& verdict = report.verdict;
  std::string word(nameOf(verdict.verdict));
  std::ranges::transform(word, word.begin(),
                         [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  std::string place = " on " + report.boardTitle + ": ";
  const std::size_t room = style.width - std::min(style.width - 8, place.size() + word.size());
  std::string out = shortened(printable(report.provenance.model().name), room) + place +
                    painted(style, toneOf(verdict.verdict), word) + '\n';
  if (verdict.worstLayer) {
    const LayerRow& layer = report.layers[*verdict.worstLayer];
    std::string text =
        fmt::format("layer {} {}: {} B = weights {} + in {} + out {}", layer.number, layer.kind,
                    grouped(layer.parts.total()), grouped(layer.parts.weights + layer.parts.bias),
                    grouped(layer.parts.input), grouped(layer.parts.output));
    if (!layer.fit.activationsFit) {
      text += fmt::format("; lacks {} B", grouped(layer.fit.activationsMissing));
    }
    out += wrapped("worst    ", text, style.width);
  }
  if (verdict.hints.empty() && verdict.verdict == Verdict::Fits) {
    out += wrapped("helps    ", "nothing needed", style.width);
  }
  for (std::size_t i = 0; i < verdict.hints.size(); ++i) {
    const Hint& hint = verdict.hints[i];
    std::string text = hint.text;
    if (hint.saves) text += fmt::format(" (saves {} B)", grouped(*hint.saves));
    out += wrapped(i == 0 ? "helps    " : "or       ", text, style.width);
    if (i == 0 && !verdict.reason.empty()) out += wrapped("why      ", verdict.reason, style.width);
  }
  if (verdict.hints.empty() && !verdict.reason.empty())
    out += wrapped("why      ", verdict.reason, style.width);
  return out;
}

std::string basisNote(const Figure& figure) {
  return figure.given ? "given" : std::string(nameOf(figure.basis));
}

std::string renderBudget(const Report& report, const TextStyle& style) {
  const BudgetReport& sram = report.sram;
  std::string text =
      fmt::format("usable {} B = {} total ({}) - {} static ({}) - {} stack ({}) - {} reserve",
                  grouped(sram.usable.value), grouped(sram.total.value), basisNote(sram.total),
                  grouped(sram.staticBytes.value), basisNote(sram.staticBytes),
                  grouped(sram.stack.value), basisNote(sram.stack), grouped(sram.reserve.value));
  if (sram.weights > Bytes(0)) text += fmt::format(" - {} weights", grouped(sram.weights));
  if (sram.streamBuffer > Bytes(0))
    text += fmt::format(" - {} block buffer", grouped(sram.streamBuffer));
  if (sram.missing > Bytes(0)) text += fmt::format(" + {} that fit nowhere", grouped(sram.missing));
  text += fmt::format("; largest region {} {} B",
                      sram.largestRegion.empty() ? "none" : sram.largestRegion,
                      grouped(sram.largestUsable));
  std::string out = wrapped("SRAM     ", text, style.width);
  if (sram.regions.size() > 1) {
    std::string regions;
    for (const BudgetRow& row : sram.regions) {
      if (!regions.empty()) regions += ", ";
      regions +=
          fmt::format("{} {} of {}", row.region, grouped(row.usable), grouped(row.size.value));
    }
    out += wrapped("         ", "by region: " + regions, style.width);
  }
  return out;
}

/// What happens when no region holds the arena as one piece.
std::string_view withoutArena(PlacementForm form) {
  switch (form) {
    case PlacementForm::OneArena:
      return "it is in one piece";
    case PlacementForm::ByBuffer:
      return "buffers are placed one by one";
    case PlacementForm::Spilled:
      return "buffers are placed one by one and some spill";
    case PlacementForm::Impossible:
      return "it cannot run";
  }
  return "";
}

std::string renderMemoryLines(const Report& report, const TextStyle& style) {
  std::string out = renderBudget(report, style);
  const ArenaSummary& arena = report.arena;
  std::string text = arenaSentence(arena);
  if (!arena.region.empty()) {
    text += fmt::format("; in {} as one piece", arena.region);
  } else {
    text += fmt::format("; {} B more than the largest region, so {}", grouped(arena.missing),
                        withoutArena(report.verdict.form));
  }
  out += wrapped("arena    ", text, style.width);

  const FlashReport& flash = report.flash;
  text = fmt::format("{} B needed ({}) of {} B ({})", grouped(flash.needed), nameOf(flash.basis),
                     grouped(flash.size), nameOf(flash.sizeBasis));
  if (flash.missing > Bytes(0)) text += fmt::format(", {} B missing", grouped(flash.missing));
  if (!report.weightMemory.empty()) text += "; weights in " + report.weightMemory;
  out += wrapped("flash    ", text, style.width);
  return out;
}

std::string renderHow(const Report& report, const TextStyle& style) {
  std::string out;
  out += wrapped("board    ",
                 fmt::format("{} ({}), {}, {} at {} MHz ({})", report.boardName, report.boardTitle,
                             report.chip, report.coreTitle, megahertz(report.clockHz.value),
                             basisNote(report.clockHz)),
                 style.width);
  out += wrapped(
      "runtime  ",
      fmt::format("{}: {} {}", report.runtimeName, report.runtimeTitle, report.runtimeVersion),
      style.width);
  out += modelLine(report.provenance, report.operators, report.totals, style);
  return out;
}

char markOf(const LayerRow& layer) {
  if (!layer.unknown.empty()) return '?';
  if (!layer.fit.activationsFit) return '!';
  if (!layer.fit.workingSetFits) return '~';
  return ' ';
}

Tone toneOf(const LayerRow& layer) {
  if (!layer.fit.activationsFit) return Tone::Bad;
  if (!layer.fit.workingSetFits || !layer.unknown.empty()) return Tone::Warning;
  return layer.step < 0 ? Tone::Faint : Tone::Plain;
}

/// Type of all layers' outputs where they agree, empty otherwise.
std::string commonType(const std::vector<LayerRow>& layers) {
  for (const LayerRow& layer : layers) {
    if (layer.type != layers[0].type) return {};
  }
  return layers.empty() ? std::string() : layers[0].type;
}

TextTable layerTable(const Report& report, Digits digits, bool withType) {
  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns = {
      {"", Align::Left}, {"#"}, {"operator", Align::Left, 8}, {"shape", Align::Left, 8}};
  if (withType) columns.push_back({"type", Align::Left, 5});
  for (const char* title : {"MACs", "weights", "input", "output", "work set", "live", "scratch"}) {
    columns.push_back({title});
  }
  TextTable table(std::move(columns));
  const auto number = [digits](std::int64_t n) { return numberText(n, digits); };

  WorkingSet largest;
  Macs largestMacs;
  Bytes largestWeights;
  Bytes largestSet;
  std::int32_t subgraph = -1;
  for (const LayerRow& row : report.layers) {
    if (row.subgraph != subgraph && report.subgraphs.size() > 1) {
      const std::string& name = report.subgraphs[static_cast<std::size_t>(row.subgraph)];
      table.addHeading(fmt::format("subgraph {} {}{}", row.subgraph, name,
                                   row.step < 0 ? " (never called)" : ""));
    }
    subgraph = row.subgraph;
    const Bytes weights = row.parts.weights + row.parts.bias;
    std::vector<std::string> cells = {std::string(1, markOf(row)), number(row.number), row.kind,
                                      row.shape};
    if (withType) cells.push_back(row.type);
    cells.push_back(row.macs ? number(row.macs->value) : "unknown");
    for (Bytes bytes : {weights, row.parts.input, row.parts.output, row.parts.total(), row.live,
                        row.parts.scratch}) {
      cells.push_back(number(bytes.value));
    }
    table.addRow(std::move(cells), toneOf(row));
    largest.input = std::max(largest.input, row.parts.input);
    largest.output = std::max(largest.output, row.parts.output);
    largest.scratch = std::max(largest.scratch, row.parts.scratch);
    largestWeights = std::max(largestWeights, weights);
    largestSet = std::max(largestSet, row.parts.total());
    if (row.macs) largestMacs = std::max(largestMacs, *row.macs);
  }
  table.addRule();
  const auto addSummary = [&](const char* title, Macs macs, const WorkingSet& parts, Bytes weights,
                              Bytes set, std::string live, std::string scratch) {
    std::vector<std::string> cells = {"", "", title, ""};
    if (withType) cells.emplace_back();
    cells.push_back(number(macs.value));
    for (Bytes bytes : {weights, parts.input, parts.output, set})
      cells.push_back(number(bytes.value));
    cells.push_back(std::move(live));
    cells.push_back(std::move(scratch));
    table.addRow(std::move(cells), Tone::Strong);
  };
  const WorkingSet& sum = report.totals.parts;
  addSummary(report.totals.unknownLayers > 0 ? "at least" : "total", report.totals.macs, sum,
             sum.weights + sum.bias, sum.total(), "", "");
  addSummary("largest", largestMacs, largest, largestWeights, largestSet,
             number(report.totals.peakLive.value), number(largest.scratch.value));
  return table;
}

std::string renderLayers(const Report& report, const TextStyle& style) {
  const std::string type = commonType(report.layers);
  std::string out = "\nlayers (bytes";
  if (!type.empty()) out += ", all outputs " + type;
  out += "; weights with biases; live: planned buffers alive at that step)\n";
  Digits digits = Digits::Grouped;
  out += fittingTable(style, digits, [&](Digits d) { return layerTable(report, d, type.empty()); });

  std::string legend;
  const auto addMark = [&](char mark, const char* meaning) {
    if (std::ranges::none_of(report.layers,
                             [mark](const LayerRow& row) { return markOf(row) == mark; }))
      return;
    if (!legend.empty()) legend += "; ";
    legend += fmt::format("{} {}", mark, meaning);
  };
  addMark('!', "activations exceed the largest region (blocks)");
  addMark('~', "working set exceeds the largest region (weights stream)");
  addMark('?', "cost unknown");
  if (!legend.empty()) out += wrapped("", legend, style.width);
  Basis weakest = Basis::Counted;
  std::size_t weaker = 0;
  for (const LayerRow& row : report.layers) {
    if (row.scratchBasis == Basis::Counted) continue;
    ++weaker;
    weakest = std::max(weakest, row.scratchBasis);
  }
  std::string bases = "all counted (exact)";
  if (weaker > 0) {
    bases += fmt::format(", except the scratch of {} {} ({})", weaker,
                         weaker == 1 ? "layer" : "layers", nameOf(weakest));
  }
  out += wrapped("", bases + digitsNote(digits), style.width);
  return out;
}

TextTable movedTable(const Report& report, Digits digits) {
  TextTable table({{"memory", TextTable::Align::Left, 6},
                   {"input"},
                   {"weights"},
                   {"bias"},
                   {"output"},
                   {"scratch"},
                   {"spill out"},
                   {"spill in"},
                   {"read"},
                   {"written"}});
  MovedRow total;
  total.memory = "total";
  const auto addRow = [&](const MovedRow& row, Tone tone) {
    std::vector<std::string> cells = {row.memory};
    for (Bytes bytes : row.byPurpose) cells.push_back(numberText(bytes.value, digits));
    cells.push_back(numberText(row.read.value, digits));
    cells.push_back(numberText(row.written.value, digits));
    table.addRow(std::move(cells), tone);
  };
  for (const MovedRow& row : report.moved) {
    addRow(row, Tone::Plain);
    for (std::size_t i = 0; i < kPurposeCount; ++i) total.byPurpose[i] += row.byPurpose[i];
    total.read += row.read;
    total.written += row.written;
  }
  table.addRule();
  addRow(total, Tone::Strong);
  return table;
}

/// What kernels load and store, where that is known of any row; empty otherwise.
std::string touchedText(const Report& report) {
  std::string text;
  TouchedTotals all;
  for (const MovedRow& row : report.moved) {
    const TouchedTotals& touched = row.touched;
    all.unknownRows += touched.unknownRows;
    if (touched.read + touched.written == Bytes(0)) continue;
    all.basis = weaker(all.basis, touched.basis);
    text +=
        fmt::format("{}{} {} B read", text.empty() ? "" : "; ", row.memory, grouped(touched.read));
    if (touched.written > Bytes(0)) text += fmt::format(", {} B written", grouped(touched.written));
  }
  if (text.empty()) return {};
  text = "loads and stores of kernels, repeats included: " + text +
         fmt::format(" ({}", nameOf(all.basis));
  if (all.unknownRows == 0) return text + ")";
  return text +
         fmt::format("; at least: {} of {} rows unknown)", all.unknownRows, report.ledger.size());
}

std::string renderMoved(const Report& report, const TextStyle& style) {
  if (report.moved.empty()) return {};
  std::string out = "\nbytes moved per inference, each address once (counted)\n";
  Digits digits = Digits::Grouped;
  out += fittingTable(style, digits, [&](Digits d) { return movedTable(report, d); });
  std::string worst = fmt::format("worst case, three reads and one write per MAC: {} B",
                                  grouped(report.totals.worstCase));
  if (report.totals.unknownLayers > 0) worst += " at least";
  out += wrapped("", worst + digitsNote(digits), style.width);
  if (const std::string touched = touchedText(report); !touched.empty())
    out += wrapped("", touched, style.width);
  return out;
}

std::string renderSpills(const Report& report, const TextStyle& style) {
  if (report.spills.empty()) return {};
  TextTable table({{"layer"},
                   {"spill", TextTable::Align::Left},
                   {"bytes"},
                   {"tensor", TextTable::Align::Left, 8}});
  Bytes written;
  Bytes read;
  for (const SpillRow& row : report.spills) {
    table.addRow(
        {grouped(row.layer), row.write ? "write" : "read back", grouped(row.bytes), row.tensor});
    (row.write ? written : read) += row.bytes;
  }
  table.addRule();
  table.addRow({"total", "", grouped(written + read), ""}, Tone::Strong);
  return fmt::format("\nspills: {} B written to storage and {} B read back\n", grouped(written),
                     grouped(read)) +
         table.render(style);
}

}  // namespace

std::string renderText(const Report& report, const TextStyle& style) {
  std::string out = renderVerdict(report, style);
  out += renderCostHeadline(report.costs, style);
  out += '\n';
  out += renderMemoryLines(report, style);
  out += renderHow(report, style);
  out += renderLayers(report, style);
  if (report.costs.cycles.value > 0) {
    out += "\ntime and energy by layer (fitted; 90 % intervals)\n";
    out += renderCostTable(report.costs, style);
  }
  out += renderMoved(report, style);
  out += renderSpills(report, style);
  out += '\n';
  for (const std::string& note : report.notes) out += wrapped("note     ", note, style.width);
  return out +
         wrapped("more     ",
                 fmt::format("\"mcuprof boards show {}\" for the board's facts and their sources, "
                             "\"mcuprof arena\" for the buffers",
                             report.boardName),
                 style.width);
}

}  // namespace mcuprof
