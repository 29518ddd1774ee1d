#include "device-agent/cli/chrome_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace mcuprof::cli {

std::string renderChromeTrace(const db::RunRecord& run,
                              const std::vector<TimelineEntry>& timeline) {
  using Json = nlohmann::ordered_json;
  const double microsecond =
      static_cast<double>(std::max<std::int64_t>(run.board.clockHz, 1)) / 1e6;
  Json events = Json::array();
  const auto name = [&](const char* what, std::uint32_t track, const std::string& text) {
    events.push_back(
        {{"ph", "M"}, {"pid", 1}, {"tid", track}, {"name", what}, {"args", {{"name", text}}}});
  };
  name("process_name", 0,
       fmt::format("{} on {} ({})", run.model.name, run.board.name, nameOf(run.provenance)));
  std::set<std::uint32_t> passes;
  for (const TimelineEntry& entry : timeline) {
    if (entry.layer >= run.layers.size()) continue;
    if (passes.insert(entry.pass).second) {
      name("thread_name", entry.pass + 1, fmt::format("pass {}", entry.pass + 1));
    }
    const db::LayerResult& layer = run.layers[entry.layer];
    Json arguments = {{"layer", layer.number},
                      {"name", layer.name},
                      {"shape", layer.shape},
                      {"cycles", entry.cycles},
                      {"provenance", nameOf(run.provenance)}};
    if (layer.predicted) arguments["predicted_cycles"] = layer.predicted->value;
    events.push_back({{"ph", "X"},
                      {"pid", 1},
                      {"tid", entry.pass + 1},
                      {"ts", static_cast<double>(entry.start) / microsecond},
                      {"dur", static_cast<double>(entry.cycles) / microsecond},
                      {"name", fmt::format("{} {}", layer.number, layer.kind)},
                      {"cat", "layer"},
                      {"args", std::move(arguments)}});
  }
  const Json document = {{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace mcuprof::cli
