#include <fmt/format.h>

#include "analyzer/report/arena_map.hpp"
#include "analyzer/report/render_text.hpp"
#include "analyzer/report/text_parts.hpp"

namespace mcuprof {
namespace {

std::string renderBuffers(const ArenaReport& report, const TextStyle& style) {
  if (report.buffers.empty()) return {};
  TextTable table({{"", TextTable::Align::Left},
                   {"offset"},
                   {"bytes"},
                   {"first"},
                   {"last"},
                   {"tensor"},
                   {"name", TextTable::Align::Left, 12}});
  for (std::size_t i = 0; i < report.buffers.size(); ++i) {
    const ArenaBufferRow& row = report.buffers[i];
    std::string tensor;
    if (!row.scratch) {
      tensor = row.subgraph > 0 ? fmt::format("{}:{}", row.subgraph, row.index)
                                : fmt::format("{}", row.index);
    }
    table.addRow({std::string(1, arenaKey(i)), grouped(row.offset), grouped(row.size),
                  fmt::format("{}", row.life.first), fmt::format("{}", row.life.last), tensor,
                  row.name + (row.offline ? " (offset from metadata)" : "")});
  }
  return "\nbuffers of the head, by offset; first and last step in which each is alive\n" +
         table.render(style);
}

std::string renderTail(const ArenaReport& report, const TextStyle& style) {
  if (report.tail.empty()) return {};
  TextTable table({{"phase", TextTable::Align::Left}, {"requests"}, {"bytes"}});
  Bytes total;
  std::int64_t requests = 0;
  for (const TailRow& row : report.tail) {
    table.addRow({row.phase, row.requests > 0 ? grouped(row.requests) : "", grouped(row.bytes)});
    total += row.bytes;
    requests += row.requests;
  }
  table.addRule();
  table.addRow({"total", grouped(requests), grouped(total)}, Tone::Strong);
  return "\ntail (persistent allocations) by phase of start-up\n" + table.render(style);
}

}  // namespace

std::string renderText(const ArenaReport& report, const TextStyle& style) {
  std::string out = wrapped("arena    ", arenaSentence(report.summary), style.width);
  if (!report.peakLayer.empty()) {
    out += wrapped("peak     ",
                   fmt::format("{} B alive at step {}, {}", grouped(report.peakLive),
                               report.peakStep, report.peakLayer),
                   style.width);
  }
  out += wrapped("for      ",
                 fmt::format("{} with {} {} on {}", printable(report.provenance.model().name),
                             report.runtimeName, report.runtimeVersion, report.coreName),
                 style.width);
  for (const std::string& reason : report.summary.lowerBoundReasons) {
    out += wrapped("note     ", "lower bound: " + reason, style.width);
  }
  const std::string map = renderArenaMap(report, style.width, 24);
  if (!map.empty())
    out += "\nhead, address upwards, step to the right, one letter a buffer\n" + map;
  out += renderBuffers(report, style);
  out += renderTail(report, style);
  return out;
}

}  // namespace mcuprof
