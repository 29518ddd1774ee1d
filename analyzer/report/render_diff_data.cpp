// A difference for programs and spreadsheets.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "analyzer/report/json_number.hpp"
#include "analyzer/report/render_diff.hpp"

namespace mcuprof {
namespace {

using Json = nlohmann::ordered_json;

Json difference(const Difference& d) {
  return {{"base", jsonEstimate(d.base)},
          {"new", jsonEstimate(d.fresh)},
          {"change", jsonEstimate(d.change)},
          {"within_uncertainty", d.withinUncertainty()}};
}

Json side(const DiffSide& s) {
  return {{"model", s.model},
          {"board", s.board},
          {"runtime", s.runtime},
          {"machine", s.machine},
          {"calibration", s.calibration},
          {"verdict", s.verdict},
          {"measured", s.measured}};
}

Json number(const std::optional<std::int32_t>& layer) {
  return layer ? Json(*layer) : Json(nullptr);
}

/// A field as RFC 4180 wants it.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string cell(double value) {
  return std::isfinite(value) ? fmt::format("{:.15g}", value) : std::string();
}

std::string cells(const Difference& d) {
  return fmt::format("{},{},{},{},{},{}", d.base ? cell(d.base->value) : "",
                     d.fresh ? cell(d.fresh->value) : "", d.change ? cell(d.change->value) : "",
                     d.change ? cell(d.change->low) : "", d.change ? cell(d.change->high) : "",
                     d.withinUncertainty() ? "yes" : "no");
}

}  // namespace

std::string renderDiffJson(const ReportDiff& diff) {
  Json out;
  out["schema"] = "mcuprof/diff";
  out["schema_version"] = 1;
  out["tool"] = {{"name", "mcuprof"}, {"version", diff.toolVersion}};
  out["new"] = side(diff.fresh);
  out["base"] = side(diff.base);
  out["empty"] = diff.empty();
  Json totals = Json::object();
  Json memories = Json::object();
  for (const DiffLine& line : linesOf(diff)) {
    const std::size_t colon = line.key.find(':');
    if (colon == std::string::npos) {
      totals[line.key] = difference(*line.difference);
    } else {
      memories[line.key.substr(colon + 1)] = difference(*line.difference);
    }
  }
  out["totals"] = std::move(totals);
  out["moved_bytes"] = std::move(memories);
  out["summary"] = describeLayers(diff);
  Json layers = Json::array();
  for (const LayerDifference& layer : diff.layers) {
    layers.push_back({{"base_layer", number(layer.baseNumber)},
                      {"new_layer", number(layer.freshNumber)},
                      {"change", nameOf(layer.kind)},
                      {"operator", layer.op},
                      {"name", layer.name},
                      {"what", layer.what},
                      {"working_set_bytes", difference(layer.workingSet)},
                      {"live_bytes", difference(layer.live)},
                      {"macs", difference(layer.macs)},
                      {"moved_bytes", difference(layer.moved)},
                      {"spilled_bytes", difference(layer.spilled)},
                      {"cycles", difference(layer.cycles)},
                      {"ms", difference(layer.milliseconds)},
                      {"mj", difference(layer.millijoules)}});
  }
  out["layers"] = std::move(layers);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string renderDiffCsv(const ReportDiff& diff) {
  std::string out =
      "layer_change,base_layer,new_layer,operator,name,figure,base,new,change,change_low,"
      "change_high,within_uncertainty\n";
  for (const DiffLine& line : linesOf(diff))
    out += fmt::format("total,,,,,{},{}\n", field(line.key), cells(*line.difference));
  for (const LayerDifference& layer : diff.layers) {
    const std::string head =
        fmt::format("{},{},{},{},{}", nameOf(layer.kind),
                    layer.baseNumber ? std::to_string(*layer.baseNumber) : "",
                    layer.freshNumber ? std::to_string(*layer.freshNumber) : "", field(layer.op),
                    field(layer.name));
    for (const auto& [key, d] :
         {std::pair("working_set_bytes", &layer.workingSet), std::pair("live_bytes", &layer.live),
          std::pair("macs", &layer.macs), std::pair("moved_bytes", &layer.moved),
          std::pair("spilled_bytes", &layer.spilled), std::pair("cycles", &layer.cycles),
          std::pair("ms", &layer.milliseconds), std::pair("mj", &layer.millijoules)})
      out += fmt::format("{},{},{}\n", head, key, cells(*d));
  }
  return out;
}

}  // namespace mcuprof
