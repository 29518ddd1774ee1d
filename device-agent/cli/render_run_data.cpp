// Runs as JSON and CSV.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "device-agent/cli/render_run.hpp"

namespace mcuprof::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string finished(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json head(const char* schema, const std::string& version) {
  return {{"schema", schema},
          {"schema_version", 1},
          {"tool", {{"name", "mcuprof"}, {"version", version}}}};
}

Json predicted(const std::optional<db::Prediction>& p) {
  if (!p) return nullptr;
  return {{"cycles", p->value}, {"low", p->low}, {"high", p->high}};
}

Json cycles(const db::CycleSummary& c) {
  if (c.runs == 0) return nullptr;
  return {{"runs", c.runs}, {"min", c.minimum}, {"median", c.median}, {"max", c.maximum}};
}

Json hashes(const std::vector<std::uint32_t>& values) {
  Json out = Json::array();
  for (const std::uint32_t value : values) out.push_back(fmt::format("{:08x}", value));
  return out;
}

Json blockEnergy(const db::BlockEnergy* block) {
  if (block == nullptr) return nullptr;
  return {{"executions", block->executions},
          {"samples", block->samples},
          {"seconds", block->seconds},
          {"joules", block->joules},
          {"joules_low", block->joulesLow},
          {"joules_high", block->joulesHigh},
          {"average_watts", block->averageWatts},
          {"peak_watts", block->peakWatts}};
}

Json energyJson(const db::RunEnergy& energy) {
  const auto optional = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return {{"meter", energy.meter},
          {"meter_detail", energy.meterDetail},
          {"supply_volts", energy.supplyVolts},
          {"supply_source", energy.supplySource},
          {"sample_hz", energy.sampleHz},
          {"samples", energy.samples},
          {"missing", energy.missing},
          {"overloads", energy.overloads},
          {"alignment",
           {{"by", energy.alignment},
            {"quality", energy.alignmentQuality},
            {"residual_seconds", energy.alignmentSeconds},
            {"drift_ppm", energy.driftPpm}}},
          {"idle_before_watts", optional(energy.idleBeforeWatts)},
          {"idle_after_watts", optional(energy.idleAfterWatts)},
          {"inference", blockEnergy(energy.inference ? &*energy.inference : nullptr)},
          {"findings", energy.findings},
          {"trouble", energy.trouble}};
}

std::string energyCells(const db::BlockEnergy* block) {
  if (block == nullptr) return ",,,,,,";
  return fmt::format("{},{},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}", block->executions, block->samples,
                     block->joules, block->joulesLow, block->joulesHigh, block->averageWatts,
                     block->peakWatts);
}

Json countersJson(const std::optional<db::LayerCounters>& counters) {
  if (!counters) return nullptr;
  Json out = {{"cycles", counters->cycles}};
  const auto add = [&](const char* name, std::int64_t db::CounterValues::*count) {
    out[name] = counters->counts ? Json((*counters->counts).*count) : Json(nullptr);
  };
  add("cpi", &db::CounterValues::cpi);
  add("exc", &db::CounterValues::exc);
  add("sleep", &db::CounterValues::sleep);
  add("lsu", &db::CounterValues::lsu);
  add("fold", &db::CounterValues::fold);
  return out;
}

std::string counterCells(const std::optional<db::LayerCounters>& counters) {
  if (!counters) return ",,,,,";
  const auto& counts = counters->counts;
  if (!counts) return fmt::format("{},,,,,", counters->cycles);
  return fmt::format("{},{},{},{},{},{}", counters->cycles, counts->cpi, counts->exc, counts->sleep,
                     counts->lsu, counts->fold);
}

/// A cell of a CSV file (RFC 4180).
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string hashCell(const std::vector<std::uint32_t>& values) {
  std::string out;
  for (const std::uint32_t value : values) out += fmt::format("{:08x} ", value);
  if (!out.empty()) out.pop_back();
  return out;
}

std::string predictedCells(const std::optional<db::Prediction>& p) {
  return p ? fmt::format("{:.0f},{:.0f},{:.0f}", p->value, p->low, p->high) : ",,";
}

std::string cycleCells(const db::CycleSummary& c) {
  return c.runs > 0 ? fmt::format("{},{},{},{}", c.runs, c.minimum, c.median, c.maximum) : "0,,,";
}

}  // namespace

std::string renderJson(const db::RunRecord& run) {
  const RunTotals totals = totalsOf(run);
  Json out = head("mcuprof.run", run.toolVersion);
  out["id"] = run.id == 0 ? Json(nullptr) : Json(run.id);
  out["uuid"] = run.uuid;
  out["started"] = run.started;
  out["provenance"] = nameOf(run.provenance);
  if (!run.source.empty()) out["source"] = run.source;
  out["model"] = {{"name", run.model.name},
                  {"sha256", run.model.sha256},
                  {"bytes", run.model.bytes},
                  {"operators", run.model.operators},
                  {"macs", run.model.macs}};
  out["board"] = {{"name", run.board.name},        {"title", run.board.title},
                  {"chip", run.board.chip},        {"core", run.board.core},
                  {"clock_hz", run.board.clockHz}, {"sha256", run.board.sha256}};
  out["runtime"] = {
      {"name", run.runtime.name}, {"version", run.runtime.version}, {"sha256", run.runtime.sha256}};
  out["agent"] = {{"version", run.agentVersion},
                  {"build", run.agentBuild},
                  {"kernels", run.kernelLibrary},
                  {"compiler", run.compiler}};
  out["probe"] = run.probe;
  out["calibration"] = run.calibration;
  out["input"] = run.input;
  out["warm_up"] = run.warmUp;
  out["repeats"] = run.repeats;
  Json machine = Json::array();
  for (const db::MachineFact& fact : run.machine) {
    machine.push_back({{"key", fact.key},
                       {"value", fact.value},
                       {"expected", fact.expected.empty() ? Json(nullptr) : Json(fact.expected)},
                       {"agrees", fact.agrees}});
  }
  out["machine"] = std::move(machine);
  out["inference"] = {{"predicted", predicted(run.predicted)},
                      {nameOf(run.provenance), cycles(run.inference)},
                      {"sum_of_layers", totals.cycles}};
  out["outputs"] = {{"equal_layers", totals.equalOutputs},
                    {"different_layers", totals.wrongOutputs}};
  out["swo"] = {{"frames", run.swoFrames}, {"lost", run.swoLost}, {"unrepaired", run.unrepaired}};
  if (run.energy) out["energy"] = energyJson(*run.energy);
  Json layers = Json::array();
  for (const db::LayerResult& layer : run.layers) {
    layers.push_back(
        {{"number", layer.number},
         {"operator", layer.kind},
         {"name", layer.name},
         {"kernel", layer.kernel},
         {"shape", layer.shape},
         {"macs", layer.macs ? Json(*layer.macs) : Json(nullptr)},
         {"predicted", predicted(layer.predicted)},
         {"predicted_basis", layer.predicted ? Json(layer.predictedBasis) : Json(nullptr)},
         {nameOf(run.provenance), cycles(layer.cycles)},
         {"fnv1a", hashes(layer.outputHashes)},
         {"reference_fnv1a", hashes(layer.referenceHashes)},
         {"cause", layer.cause},
         {"trouble", layer.trouble},
         {"counters", countersJson(layer.counters)}});
    if (run.energy) layers.back()["energy"] = blockEnergy(energyOf(run, layer.number));
  }
  out["layers"] = std::move(layers);
  return finished(out);
}

std::string renderCsv(const db::RunRecord& run) {
  std::string out =
      "number,operator,name,kernel,shape,macs,predicted,predicted_low,predicted_high,provenance,"
      "runs,cycles_min,cycles_median,cycles_max,fnv1a,reference_fnv1a,cause,trouble,"
      "energy_executions,energy_samples,joules,joules_low,joules_high,average_watts,peak_watts,"
      "counted_cycles,cpi,exc,sleep,lsu,fold\n";
  for (const db::LayerResult& layer : run.layers) {
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", layer.number,
                       cell(layer.kind), cell(layer.name), cell(layer.kernel), layer.shape,
                       layer.macs ? fmt::format("{}", *layer.macs) : "",
                       predictedCells(layer.predicted), nameOf(run.provenance),
                       cycleCells(layer.cycles), hashCell(layer.outputHashes),
                       hashCell(layer.referenceHashes), cell(layer.cause), cell(layer.trouble),
                       energyCells(energyOf(run, layer.number)), counterCells(layer.counters));
  }
  return out;
}

std::string renderJson(const std::vector<db::RunSummary>& runs) {
  Json out = head("mcuprof.runs", MCUPROF_VERSION);
  Json list = Json::array();
  for (const db::RunSummary& run : runs) {
    list.push_back({{"id", run.id},
                    {"started", run.started},
                    {"provenance", run.provenance},
                    {"model", run.model},
                    {"board", run.board},
                    {"runtime", run.runtime},
                    {"clock_hz", run.clockHz},
                    {"predicted", predicted(run.predicted)},
                    {"cycles", cycles(run.inference)},
                    {"layers", run.layers},
                    {"not_measured", run.notMeasured}});
  }
  out["runs"] = std::move(list);
  return finished(out);
}

std::string renderCsv(const std::vector<db::RunSummary>& runs) {
  std::string out =
      "id,started,provenance,model,board,runtime,clock_hz,predicted,predicted_low,predicted_high,"
      "runs,cycles_min,cycles_median,cycles_max,layers,not_measured\n";
  for (const db::RunSummary& run : runs) {
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", run.id, run.started, run.provenance,
                       cell(run.model), run.board, run.runtime, run.clockHz,
                       predictedCells(run.predicted), cycleCells(run.inference), run.layers,
                       run.notMeasured);
  }
  return out;
}

}  // namespace mcuprof::cli
