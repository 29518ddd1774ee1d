#include "analyzer/report/figures_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "analyzer/report/json_number.hpp"
#include "analyzer/report/json_reader.hpp"

namespace mcuprof {
namespace {

using Json = nlohmann::ordered_json;
constexpr double kUnbounded = std::numeric_limits<double>::infinity();

LayerFigures readLayer(JsonReader& reader, const Json& from) {
  LayerFigures out;
  out.number = static_cast<std::int32_t>(std::min<std::int64_t>(
      reader.bytes(from, "layer"), std::numeric_limits<std::int32_t>::max()));
  out.kind = reader.text(from, "operator");
  out.name = reader.text(from, "name");
  out.shape = reader.text(from, "output_shape");
  out.type = reader.text(from, "output_type");
  if (const Json& macs = reader.at(from, "macs"); !macs.is_null())
    out.macs = reader.bytes(from, "macs");
  out.weights = reader.bytes(from, "working_set/weights") + reader.bytes(from, "working_set/bias");
  out.workingSet = reader.bytes(from, "working_set/total");
  out.live = reader.bytes(from, "live");
  out.spilled = reader.bytes(from, "spill_written") + reader.bytes(from, "spill_read");
  out.unsupported = !reader.at(from, "cost_unknown").is_null();
  return out;
}

void readCosts(JsonReader& reader, const Json& from,
               const std::unordered_map<std::int64_t, std::size_t>& at, ModelFigures& out) {
  const Json& costs = reader.at(from, "costs");
  out.machine = reader.text(costs, "machine");
  out.calibration = reader.text(costs, "calibration", false);
  out.cycles = reader.requireEstimate(costs, "cycles");
  out.milliseconds = reader.requireEstimate(costs, "ms");
  out.measured = out.milliseconds.basis == Basis::Measured;
  out.modelledMacShare = reader.number(costs, "modelled_mac_share");
  out.unknownLayers = reader.bytes(costs, "unknown_layers");
  out.energyReason = reader.text(costs, "energy_reason", false);
  out.millijoules = reader.estimate(costs, "energy/mj");
  out.averageMilliwatts = reader.estimate(costs, "duty/average_mw");
  out.batteryDays = reader.estimate(costs, "duty/battery_days");
  // As in figuresOf(): sums that lack a part have no upper end.
  const Json& sleep = reader.at(costs, "duty/sleep_state", false);
  const bool noSleep = sleep.is_string() && sleep.get<std::string>().empty();
  if (out.unknownLayers > 0) {
    out.cycles.high = out.milliseconds.high = kUnbounded;
    if (out.millijoules) out.millijoules->high = kUnbounded;
  }
  if (out.unknownLayers > 0 || noSleep) {
    if (out.averageMilliwatts) out.averageMilliwatts->high = kUnbounded;
    if (out.batteryDays) out.batteryDays->low = 0;
  }
  for (const Json& row : reader.array(costs, "layers")) {
    const auto layer = at.find(reader.bytes(row, "layer"));
    const Json& known = reader.at(row, "known");
    if (layer == at.end() || !known.is_boolean()) {
      reader.wrong("costs/layers", "names a layer that is not in layers, or lacks known");
      return;
    }
    if (!known.get<bool>()) continue;
    LayerFigures& into = out.layers[layer->second];
    into.kernel = reader.text(row, "kernel");
    into.cycles = reader.estimate(row, "cycles");
    into.milliseconds = reader.estimate(row, "ms");
    into.millijoules = reader.estimate(row, "mj");
  }
}

void readTraffic(JsonReader& reader, const Json& from,
                 const std::unordered_map<std::int64_t, std::size_t>& at, ModelFigures& out) {
  for (const Json& row : reader.array(from, "traffic/by_memory")) {
    out.moved.push_back(
        {reader.text(row, "memory"), reader.bytes(row, "read"), reader.bytes(row, "written")});
  }
  for (const Json& row : reader.array(from, "traffic/rows")) {
    const auto layer = at.find(reader.bytes(row, "layer"));
    if (layer == at.end()) {
      reader.wrong("traffic/rows", "names a layer that is not in layers");
      return;
    }
    std::vector<MovedFigure>& moved = out.layers[layer->second].moved;
    const std::string memory = reader.text(row, "memory");
    auto same = std::ranges::find(moved, memory, &MovedFigure::memory);
    if (same == moved.end()) same = moved.insert(moved.end(), MovedFigure{memory, 0, 0});
    same->read += reader.bytes(row, "read");
    same->written += reader.bytes(row, "written");
  }
}

ModelFigures readOne(JsonReader& reader, const Json& from) {
  ModelFigures out;
  out.toolVersion = reader.text(from, "tool/version", false);
  out.model = reader.text(from, "model/name");
  out.modelBytes = reader.bytes(from, "model/bytes/value");
  for (const Json& file : reader.array(from, "inputs", false)) {
    if (reader.text(file, "role") == "model") out.modelSha256 = reader.text(file, "sha256");
  }
  out.board = reader.text(from, "target/board/name");
  out.runtime = reader.text(from, "target/runtime/name");
  out.verdict = reader.text(from, "verdict/verdict");
  out.reason = reader.text(from, "verdict/reason");
  out.arena = Estimate::exact(static_cast<double>(reader.bytes(from, "arena/smallest/value")),
                              reader.basis(reader.at(from, "arena/smallest")));
  if (!reader.array(from, "arena/lower_bound_reasons").empty()) out.arena.high = kUnbounded;
  out.arenaTail = reader.bytes(from, "arena/tail/value");
  for (const char* part : {"static", "stack", "reserve", "weights", "block_buffer"}) {
    const Json& figure = reader.at(from, std::string("sram/") + part);
    out.ramBesides += reader.bytes(figure, "value");
    if (!reader.at(figure, "given", false).is_boolean())
      out.ramBasis = weaker(out.ramBasis, reader.basis(figure));
  }
  out.flash = Estimate::exact(static_cast<double>(reader.bytes(from, "flash/needed/value")),
                              reader.basis(reader.at(from, "flash/needed")));
  std::unordered_map<std::int64_t, std::size_t> at;
  for (const Json& layer : reader.array(from, "layers")) {
    out.layers.push_back(readLayer(reader, layer));
    if (!at.emplace(out.layers.back().number, out.layers.size() - 1).second)
      reader.wrong("layers", fmt::format("has layer {} twice", out.layers.back().number));
  }
  readCosts(reader, from, at, out);
  readTraffic(reader, from, at, out);
  return out;
}

Json figure(double value, Basis basis) {
  return {{"value", static_cast<std::int64_t>(value)}, {"basis", nameOf(basis)}};
}

Json writtenCosts(const ModelFigures& figures) {
  Json layers = Json::array();
  for (const LayerFigures& layer : figures.layers) {
    Json row = {{"layer", layer.number}, {"known", layer.cycles.has_value()}};
    if (layer.cycles) {
      row["kernel"] = layer.kernel;
      row["cycles"] = jsonEstimate(layer.cycles);
      row["ms"] = jsonEstimate(layer.milliseconds);
      row["mj"] = jsonEstimate(layer.millijoules);
    }
    layers.push_back(std::move(row));
  }
  Json out = {{"machine", figures.machine},
              {"calibration", figures.calibration},
              {"cycles", jsonEstimate(figures.cycles)},
              {"ms", jsonEstimate(figures.milliseconds)},
              {"modelled_mac_share", figures.modelledMacShare},
              {"unknown_layers", figures.unknownLayers},
              {"energy", figures.millijoules ? Json{{"mj", jsonEstimate(figures.millijoules)}}
                                             : Json(nullptr)},
              {"energy_reason", figures.energyReason},
              {"duty", nullptr},
              {"layers", std::move(layers)}};
  if (figures.averageMilliwatts) {
    out["duty"] = {{"average_mw", jsonEstimate(figures.averageMilliwatts)},
                   {"battery_days", jsonEstimate(figures.batteryDays)}};
  }
  return out;
}

Json writtenTraffic(const ModelFigures& figures) {
  const auto row = [](const MovedFigure& moved) {
    return Json{{"memory", moved.memory}, {"read", moved.read}, {"written", moved.written}};
  };
  Json memories = Json::array();
  for (const MovedFigure& moved : figures.moved) memories.push_back(row(moved));
  Json rows = Json::array();
  for (const LayerFigures& layer : figures.layers) {
    for (const MovedFigure& moved : layer.moved) {
      Json entry = {{"layer", layer.number}};
      entry.update(row(moved));
      rows.push_back(std::move(entry));
    }
  }
  return {{"by_memory", std::move(memories)}, {"rows", std::move(rows)}};
}

}  // namespace

Result<std::vector<ModelFigures>> readFigures(std::string_view json, const std::string& name) {
  const auto document = parseJson(json, name);
  if (!document) return document.error();
  JsonReader reader(name);
  const std::string schema = reader.text(*document, "schema", false);
  std::vector<ModelFigures> out;
  if (schema == "mcuprof/analysis") {
    out.push_back(readOne(reader, *document));
  } else if (schema == "mcuprof/check") {
    for (const Json& analysis : reader.array(*document, "analyses"))
      out.push_back(readOne(reader, analysis));
  } else {
    return Error{name,
                 "schema is none that figures are read from; wanted a document of \"mcuprof "
                 "analyze --format json\" or \"mcuprof check --format json\""};
  }
  if (reader.failed()) return reader.error();
  return out;
}

std::string figuresJson(const ModelFigures& f) {
  Json out;
  out["schema"] = "mcuprof/analysis";
  out["tool"] = {{"name", "mcuprof"}, {"version", f.toolVersion}};
  out["inputs"] = Json::array(
      {{{"role", "model"}, {"name", f.model}, {"bytes", f.modelBytes}, {"sha256", f.modelSha256}}});
  out["model"] = {{"name", f.model},
                  {"bytes", figure(static_cast<double>(f.modelBytes), Basis::Counted)}};
  out["target"] = {{"board", {{"name", f.board}}}, {"runtime", {{"name", f.runtime}}}};
  out["verdict"] = {{"verdict", f.verdict}, {"reason", f.reason}};
  out["arena"] = {{"tail", figure(static_cast<double>(f.arenaTail), f.arena.basis)},
                  {"smallest", figure(f.arena.value, f.arena.basis)},
                  {"lower_bound_reasons", Json::array()}};
  if (!std::isfinite(f.arena.high)) out["arena"]["lower_bound_reasons"].push_back("as reported");
  // Figures keep what RAM is taken besides the arena as one sum.
  out["sram"] = {{"static", figure(static_cast<double>(f.ramBesides), f.ramBasis)}};
  for (const char* part : {"stack", "reserve", "weights", "block_buffer"})
    out["sram"][part] = figure(0, Basis::Counted);
  out["flash"] = {{"needed", figure(f.flash.value, f.flash.basis)}};
  Json layers = Json::array();
  for (const LayerFigures& layer : f.layers) {
    layers.push_back(
        {{"layer", layer.number},
         {"operator", layer.kind},
         {"name", layer.name},
         {"output_shape", layer.shape},
         {"output_type", layer.type},
         {"macs", layer.macs ? Json(*layer.macs) : Json(nullptr)},
         {"working_set", {{"weights", layer.weights}, {"bias", 0}, {"total", layer.workingSet}}},
         {"live", layer.live},
         {"spill_written", layer.spilled},
         {"spill_read", 0},
         {"cost_unknown", layer.unsupported ? Json("as reported") : Json(nullptr)}});
  }
  out["layers"] = std::move(layers);
  out["costs"] = writtenCosts(f);
  out["traffic"] = writtenTraffic(f);
  return out.dump(1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mcuprof
