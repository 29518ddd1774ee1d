#include "analyzer/report/arena_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

/// A range of cells that a range of units touches, when `units` are shown in `cells` cells.
struct CellRange {
  std::size_t first;
  std::size_t last;
};

CellRange cellsOf(std::int64_t first, std::int64_t last, std::int64_t units, std::size_t cells) {
  const double scale = static_cast<double>(cells) / static_cast<double>(units);
  const auto at = [&](double unit) {
    return std::min(static_cast<std::size_t>(unit * scale), cells - 1);
  };
  const std::size_t start = at(static_cast<double>(first));
  // The end is exclusive in units and inclusive in cells; a hair less than the end finds its cell.
  return {start, std::max(start, at(static_cast<double>(last + 1) - 0.5 / scale * 1e-6))};
}

/// The unit in the middle of a cell.
std::int64_t middleOf(std::size_t cell, std::int64_t units, std::size_t cells) {
  return static_cast<std::int64_t>((static_cast<double>(cell) + 0.5) * static_cast<double>(units) /
                                   static_cast<double>(cells));
}

}  // namespace

char arenaKey(std::size_t buffer) {
  constexpr std::string_view kKeys =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return kKeys[buffer % kKeys.size()];
}

std::string renderArenaMap(const ArenaReport& report, std::size_t width, std::size_t height) {
  const std::int64_t bytes = report.summary.head.value;
  const std::int64_t steps = report.stepCount + 1;
  if (bytes == 0 || report.buffers.empty()) return {};
  constexpr std::size_t kLabel = 12;  // "1,234,567 |" and a space
  const std::size_t room = width > kLabel + 8 ? width - kLabel : 8;
  const std::size_t perStep =
      std::max<std::size_t>(1, std::min<std::size_t>(6, room / static_cast<std::size_t>(steps)));
  const std::size_t columns = std::min(room, static_cast<std::size_t>(steps) * perStep);

  std::vector<std::string> cells(height, std::string(columns, '.'));
  for (std::size_t i = 0; i < report.buffers.size(); ++i) {
    const ArenaBufferRow& buffer = report.buffers[i];
    if (buffer.life.first < 0 || buffer.size == Bytes(0)) continue;
    const std::int64_t end = buffer.offset.value + buffer.size.value - 1;
    const CellRange down = cellsOf(buffer.offset.value, end, bytes, height);
    const CellRange across = cellsOf(buffer.life.first, buffer.life.last, steps, columns);
    for (std::size_t row = down.first; row <= down.last; ++row) {
      const std::int64_t middleByte = middleOf(row, bytes, height);
      for (std::size_t column = across.first; column <= across.last; ++column) {
        const std::int64_t middleStep = middleOf(column, steps, columns);
        const bool atMiddle = buffer.offset.value <= middleByte && middleByte <= end &&
                              buffer.life.first <= middleStep && middleStep <= buffer.life.last;
        char& cell = cells[row][column];
        if (cell == '.' || atMiddle) cell = arenaKey(i);
      }
    }
  }

  std::string out;
  for (std::size_t row = height; row-- > 0;) {
    const bool labelled = row % 4 == 0 || row + 1 == height;
    const std::int64_t top = row + 1 == height ? bytes
                                               : bytes * static_cast<std::int64_t>(row) /
                                                     static_cast<std::int64_t>(height);
    out += fmt::format("{:>10} |{}\n", labelled ? grouped(top) : "", cells[row]);
  }
  out += fmt::format("{:>10} +{}\n", "", std::string(columns, '-'));
  const std::string last = fmt::format("step {}", report.stepCount);
  std::string axis = "0";
  if (columns > last.size() + 2) axis += std::string(columns - last.size() - 1, ' ') + last;
  out += fmt::format("{:>10}  {}\n", "", axis);
  return out;
}

namespace {

// Colours that stay apart for the common kinds of colour blindness (Okabe and Ito 2008), lightened
// so that black text is readable on them.
constexpr std::string_view kColours[] = {"#a6cee3", "#f5c77e", "#9fd8c0", "#f3e48b",
                                         "#9cbfe0", "#eda585", "#e0b3cc", "#c9c9c9"};

}  // namespace

std::string renderSvg(const ArenaReport& report) {
  constexpr double kLeft = 90;
  constexpr double kTop = 56;
  constexpr double kPlotHeight = 480;
  const std::int64_t steps = report.stepCount + 1;
  const double stepWidth = std::clamp(1000.0 / static_cast<double>(steps), 4.0, 60.0);
  const double plotWidth = stepWidth * static_cast<double>(steps);
  const std::int64_t used = std::max<std::int64_t>(report.summary.used.value, 1);
  const auto y = [&](std::int64_t byte) {
    return kTop + kPlotHeight * (1.0 - static_cast<double>(byte) / static_cast<double>(used));
  };
  const auto x = [&](std::int64_t step) { return kLeft + stepWidth * static_cast<double>(step); };

  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 "
      "0 {0:.0f} "
      "{1:.0f}\" font-family=\"sans-serif\" font-size=\"11\">\n",
      kLeft + plotWidth + 20, kTop + kPlotHeight + 50);
  out += fmt::format("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
  out += fmt::format(
      "<text x=\"{}\" y=\"20\" font-size=\"14\">Arena of {}: {} B used, {} on {}</text>\n", 10,
      xmlText(printable(report.provenance.model().name)), grouped(report.summary.used),
      xmlText(report.runtimeName), xmlText(report.coreName));
  out += fmt::format(
      "<text x=\"10\" y=\"38\">Address in bytes upwards, step to the right; head {} B, tail {} B "
      "(persistent)</text>\n",
      grouped(report.summary.head), grouped(report.summary.tail));
  for (int i = 0; i <= 8; ++i) {
    const std::int64_t byte = used / 8 * i + used % 8 * i / 8;
    out += fmt::format(
        "<line x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{1:.1f}\" stroke=\"#ddd\"/>"
        "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
        kLeft, y(byte), kLeft + plotWidth, kLeft - 6, y(byte) + 4, grouped(byte));
  }
  const std::int64_t every = std::max<std::int64_t>(1, static_cast<std::int64_t>(40 / stepWidth));
  for (std::int64_t step = 0; step < steps; step += every) {
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n",
                       x(step) + stepWidth / 2, kTop + kPlotHeight + 16, step);
  }
  if (report.summary.tail > Bytes(0)) {
    out += fmt::format(
        "<rect x=\"{}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"#eeeeee\" "
        "stroke=\"#888\"><title>tail, persistent: {} B</title></rect>\n",
        kLeft, y(used), plotWidth, y(report.summary.head.value) - y(used),
        grouped(report.summary.tail));
  }
  for (std::size_t i = 0; i < report.buffers.size(); ++i) {
    const ArenaBufferRow& buffer = report.buffers[i];
    if (buffer.life.first < 0) continue;
    const double top = y(buffer.offset.value + buffer.size.value);
    out += fmt::format(
        "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\" "
        "stroke=\"#444\" "
        "stroke-width=\"0.5\"><title>{}\n{} B at {}, steps {} to {}{}</title></rect>\n",
        x(buffer.life.first), top, stepWidth * (buffer.life.last - buffer.life.first + 1),
        y(buffer.offset.value) - top,
        buffer.scratch ? "#ffffff" : kColours[i % std::size(kColours)], xmlText(buffer.name),
        grouped(buffer.size), grouped(buffer.offset), buffer.life.first, buffer.life.last,
        buffer.offline ? ", offset from the model's metadata" : "");
  }
  out += "</svg>\n";
  return out;
}

}  // namespace mcuprof
