// What the DWT's counters counted, in words.
#include <fmt/format.h>

#include <algorithm>

#include "device-agent/cli/render_run.hpp"

namespace mcuprof::cli {
namespace {

/// By the architecture's sum. The counters run a little longer than the cycles are taken.
std::int64_t instructionsOf(std::int64_t cycles, const db::CounterValues& counts) {
  const std::int64_t beyond = counts.cpi + counts.exc + counts.sleep + counts.lsu - counts.fold;
  return std::max<std::int64_t>(cycles - beyond, 0);
}

}  // namespace

std::string countersText(const db::RunRecord& run, const TextStyle& style) {
  using Align = TextTable::Align;
  TextTable table({{"#"},
                   {"operator", Align::Left, 8},
                   {cyclesTitle(run.provenance)},
                   {"cpi"},
                   {"exc"},
                   {"sleep"},
                   {"lsu"},
                   {"fold"},
                   {"instructions"}});
  std::int64_t counted = 0;
  std::int64_t lost = 0;
  for (const db::LayerResult& layer : run.layers) {
    if (!layer.counters) continue;
    ++counted;
    std::vector<std::string> cells = {fmt::format("{}", layer.number), printable(layer.kind),
                                      grouped(layer.counters->cycles)};
    if (const auto& counts = layer.counters->counts) {
      for (const std::int64_t count :
           {counts->cpi, counts->exc, counts->sleep, counts->lsu, counts->fold,
            instructionsOf(layer.counters->cycles, *counts)}) {
        cells.push_back(grouped(count));
      }
    } else {
      ++lost;
      cells.insert(cells.end(), {"?", "?", "?", "?", "?", "?"});
    }
    table.addRow(std::move(cells));
  }
  if (counted == 0) {
    const auto fact = std::ranges::find(run.machine, "profile counters", &db::MachineFact::key);
    const bool none = fact != run.machine.end() && fact->value == "none";
    return none ? "\ncounters: none, the core has no profile counters\n"
                : "\ncounters: none were taken\n";
  }
  std::string out = fmt::format(
      "\ncounters of the DWT, one execution ({}; cycles, fold and instructions apart)\n{}",
      cyclesTitle(run.provenance), table.render(style));
  if (lost > 0) {
    out += fmt::format(
        "SWO was too slow for the counters of {} of {} layers; --swo takes a higher rate\n", lost,
        counted);
  }
  return out;
}

}  // namespace mcuprof::cli
