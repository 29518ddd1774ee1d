#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analyzer/report/render_text.hpp"

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

/// One model: a line a board.
std::string renderModel(const FitReport& report, std::size_t model, const TextStyle& style) {
  TextTable table({{"board", TextTable::Align::Left},
                   {"verdict", TextTable::Align::Left},
                   {"arena"},
                   {"largest RAM"},
                   {"flash used"},
                   {"flash"}});
  std::string reasons;
  for (const FitCell& cell : report.cells) {
    if (cell.model != model) continue;
    const std::string& board = report.boards[cell.board];
    table.addRow({board, std::string(nameOf(cell.verdict)), grouped(cell.arenaUsed),
                  grouped(cell.largestRegion), grouped(cell.flashNeeded), grouped(cell.flashSize)},
                 toneOf(cell.verdict));
    if (cell.verdict != Verdict::Fits) reasons += wrapped(board + ": ", cell.reason, style.width);
  }
  std::string out = shortened(printable(report.models[model].name), style.width) + '\n';
  out += table.render(style);
  if (!reasons.empty()) out += "why\n" + reasons;
  return out;
}

/// All models: a line a board, a letter a model.
std::string renderMatrix(const FitReport& report, const TextStyle& style) {
  std::size_t boardWidth = 5;
  for (const std::string& board : report.boards) boardWidth = std::max(boardWidth, board.size());
  const std::size_t perBlock = std::max<std::size_t>(1, (style.width - boardWidth) / 4);
  std::string out = "models\n";
  for (std::size_t m = 0; m < report.models.size(); ++m) {
    out += fmt::format("{:>4}  {}\n", m + 1,
                       shortened(printable(report.models[m].name), style.width - 6));
  }
  for (std::size_t first = 0; first < report.models.size(); first += perBlock) {
    const std::size_t last = std::min(first + perBlock, report.models.size());
    out += fmt::format("\n{:<{}}", "board", boardWidth);
    for (std::size_t m = first; m < last; ++m) out += fmt::format("{:>4}", m + 1);
    out += '\n';
    for (std::size_t b = 0; b < report.boards.size(); ++b) {
      out += fmt::format("{:<{}}", report.boards[b], boardWidth);
      for (std::size_t m = first; m < last; ++m) {
        const FitCell& cell = report.cells[m * report.boards.size() + b];
        const char letter = static_cast<char>(nameOf(cell.verdict)[0] - 'a' + 'A');
        out += "   " + painted(style, toneOf(cell.verdict), std::string(1, letter));
      }
      out += '\n';
    }
  }
  return out +
         "F fits; S streams: runs, weights of some layers are larger than RAM; B blocks: "
         "activations "
         "exceed\nSRAM, they spill or the model cannot run\n";
}

}  // namespace

std::string renderText(const FitReport& report, const TextStyle& style) {
  std::array<std::size_t, 3> counts{};
  for (const FitCell& cell : report.cells) ++counts[static_cast<std::size_t>(cell.verdict)];
  std::string out =
      fmt::format("{} {} on {} boards with {}: {} fit, {} stream, {} block\n\n",
                  report.models.size(), report.models.size() == 1 ? "model" : "models",
                  report.boards.size(), report.runtimeName, counts[0], counts[1], counts[2]);
  if (report.models.size() > 1) out += renderMatrix(report, style) + '\n';
  for (std::size_t m = 0; m < report.models.size(); ++m) {
    if (m > 0) out += '\n';
    out += renderModel(report, m, style);
  }
  return out;
}

}  // namespace mcuprof
