#include "analyzer/report/render_json.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

namespace mcuprof {
namespace {

using Json = nlohmann::ordered_json;

std::string finished(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json figure(std::int64_t value, Basis basis) {
  return {{"value", value}, {"basis", nameOf(basis)}};
}

Json figure(const Figure& f) {
  Json out = figure(f.value, f.basis);
  if (f.given) out["given"] = true;
  return out;
}

template <typename Unit>
Json optional(const std::optional<Quantity<Unit>>& quantity) {
  return quantity ? Json(quantity->value) : Json(nullptr);
}

Json head(std::string_view kind, const std::string& toolVersion) {
  Json out;
  out["schema"] = kind;
  out["schema_version"] = kJsonSchemaVersion;
  out["tool"] = {{"name", "mcuprof"}, {"version", toolVersion}};
  return out;
}

Json inputFiles(const std::vector<InputFile>& files) {
  Json out = Json::array();
  for (const InputFile& file : files) {
    out.push_back({{"role", file.role},
                   {"name", file.name},
                   {"bytes", file.size.value},
                   {"sha256", file.sha256}});
  }
  return out;
}

Json target(const Report& report) {
  Json out;
  out["board"] = {{"name", report.boardName},
                  {"title", report.boardTitle},
                  {"chip", report.chip},
                  {"clock_hz", figure(report.clockHz)}};
  out["core"] = {{"name", report.coreName}, {"title", report.coreTitle}};
  out["runtime"] = {{"name", report.runtimeName},
                    {"title", report.runtimeTitle},
                    {"version", report.runtimeVersion}};
  return out;
}

Json verdict(const Report& report) {
  const VerdictReport& v = report.verdict;
  Json hints = Json::array();
  for (const Hint& hint : v.hints) {
    hints.push_back({{"text", hint.text}, {"saves_bytes", optional(hint.saves)}});
  }
  return {{"verdict", nameOf(v.verdict)},
          {"placement", nameOf(v.form)},
          {"reason", v.reason},
          {"worst_layer", v.worstLayer ? Json(report.layers[*v.worstLayer].number) : Json(nullptr)},
          {"hints", std::move(hints)}};
}

Json budget(const BudgetReport& sram) {
  Json out;
  out["total"] = figure(sram.total);
  out["static"] = figure(sram.staticBytes);
  out["stack"] = figure(sram.stack);
  out["reserve"] = figure(sram.reserve);
  out["weights"] = figure(sram.weights.value, Basis::Counted);
  out["block_buffer"] = figure(sram.streamBuffer.value, Basis::Counted);
  out["missing"] = figure(sram.missing.value, sram.usable.basis);
  out["usable"] = figure(sram.usable);
  out["largest_region"] = {{"name", sram.largestRegion},
                           {"usable", figure(sram.largestUsable.value, sram.usable.basis)}};
  Json regions = Json::array();
  for (const BudgetRow& row : sram.regions) {
    regions.push_back({{"name", row.region},
                       {"size", figure(row.size)},
                       {"static", row.staticBytes.value},
                       {"stack", row.stack.value},
                       {"reserve", row.reserve.value},
                       {"weights", row.weights.value},
                       {"block_buffer", row.streamBuffer.value},
                       {"usable", row.usable.value}});
  }
  out["regions"] = std::move(regions);
  return out;
}

Json arenaFigures(const ArenaSummary& arena) {
  Json out;
  out["head"] = figure(arena.head.value, arena.basis);
  out["tail"] = figure(arena.tail.value, arena.basis);
  out["used"] = figure(arena.used.value, arena.basis);
  out["smallest"] = figure(arena.smallest.value, arena.basis);
  out["lower_bound_reasons"] = arena.lowerBoundReasons;
  return out;
}

Json workingSet(const WorkingSet& parts) {
  return {{"weights", parts.weights.value},
          {"bias", parts.bias.value},
          {"input", parts.input.value},
          {"output", parts.output.value},
          {"total", parts.total().value}};
}

Json layer(const LayerRow& row) {
  Json out;
  out["layer"] = row.number;
  out["subgraph"] = row.subgraph;
  out["operator_index"] = row.index;
  out["step"] = row.step;
  out["operator"] = row.kind;
  out["name"] = row.name;
  out["kernel"] = row.kernel.empty() ? Json(nullptr) : Json(row.kernel);
  out["output_shape"] = row.shape;
  out["output_type"] = row.type;
  out["macs"] = optional(row.macs);
  out["working_set"] = workingSet(row.parts);
  out["live"] = row.live.value;
  out["scratch"] = row.parts.scratch.value;
  out["activations_fit"] = row.fit.activationsFit;
  out["working_set_fits"] = row.fit.workingSetFits;
  out["activations_missing"] = row.fit.activationsMissing.value;
  out["working_set_missing"] = row.fit.workingSetMissing.value;
  out["read"] = row.read.value;
  out["written"] = row.written.value;
  out["spill_written"] = row.spillWritten.value;
  out["spill_read"] = row.spillRead.value;
  out["worst_case"] = optional(row.worstCase);
  out["cost_unknown"] = row.unknown.empty() ? Json(nullptr) : Json(row.unknown);
  if (row.scratchBasis != Basis::Counted) out["bases"] = {{"scratch", nameOf(row.scratchBasis)}};
  return out;
}

Json totals(const LayerTotals& sum) {
  return {{"macs", sum.macs.value},
          {"working_set", workingSet(sum.parts)},
          {"peak_live", sum.peakLive.value},
          {"scratch", sum.parts.scratch.value},
          {"read", sum.read.value},
          {"written", sum.written.value},
          {"spill_written", sum.spillWritten.value},
          {"spill_read", sum.spillRead.value},
          {"worst_case", sum.worstCase.value},
          {"unknown_layers", sum.unknownLayers},
          {"lower_bounds", sum.unknownLayers > 0}};
}

/// What holds for every row of `layers`, `totals` and `traffic` unless the row says otherwise.
Json bases() {
  const std::string_view counted = nameOf(Basis::Counted);
  return {{"macs", counted},      {"working_set", counted},   {"live", counted},
          {"scratch", counted},   {"fits", counted},          {"read", counted},
          {"written", counted},   {"spill_written", counted}, {"spill_read", counted},
          {"worst_case", counted}};
}

Json estimate(const Estimate& value) {
  return {{"value", value.value},
          {"low", value.low},
          {"high", value.high},
          {"basis", nameOf(value.basis)}};
}

Json terms(const CycleTerms& cycles) {
  Json out = Json::object();
  for (std::size_t i = 0; i < kCycleTermCount; ++i)
    out[std::string(nameOf(static_cast<CycleTerm>(i)))] = cycles[i];
  return out;
}

/// Time and energy: the totals, then one row a layer that runs.
Json costs(const CostReport& report) {
  Json layers = Json::array();
  for (const CostRow& row : report.layers) {
    Json entry = {{"layer", row.number}, {"known", row.known}};
    if (row.known) {
      entry["kernel"] = row.kernel;
      entry["cycles"] = estimate(row.cycles);
      entry["ms"] = estimate(row.milliseconds);
      entry["mj"] = row.millijoules ? estimate(*row.millijoules) : Json(nullptr);
      entry["instructions"] = estimate(row.instructions);
      entry["cycles_per_mac"] = row.cyclesPerMac ? Json(*row.cyclesPerMac) : Json(nullptr);
      entry["bound"] = row.bound;
      entry["outside_fit"] = row.outsideFit;
      entry["coarse"] = row.coarse;
      entry["terms"] = terms(row.terms);
    } else {
      entry["reason"] = row.unknown;
    }
    layers.push_back(std::move(entry));
  }
  Json energy = nullptr;
  if (report.millijoules) {
    energy = {
        {"mj", estimate(*report.millijoules)},
        {"active_mw", estimate(report.activeMilliwatts)},
        {"supply_volts", {{"value", report.supplyVolts}, {"basis", nameOf(report.supplyBasis)}}},
        {"power_state", report.powerState},
        {"power_source", report.powerSource}};
  }
  Json duty = nullptr;
  if (report.duty) {
    duty = {{"average_mw", estimate(report.duty->averageMilliwatts)},
            {"sleep_state", report.duty->sleepState},
            {"battery_days",
             report.duty->batteryDays ? estimate(*report.duty->batteryDays) : Json(nullptr)},
            {"fits_period", report.duty->fitsPeriod}};
  }
  return {{"machine", report.machine},
          {"calibration", report.calibration},
          {"interval", 0.9},
          {"cycles", estimate(report.cycles)},
          {"ms", estimate(report.milliseconds)},
          {"terms", terms(report.terms)},
          {"modelled_mac_share", report.modelledMacShare},
          {"unknown_layers", report.unknownLayers},
          {"energy", std::move(energy)},
          {"energy_reason", report.energyReason},
          {"duty", std::move(duty)},
          {"layers", std::move(layers)}};
}

Json traffic(const Report& report) {
  Json memories = Json::array();
  for (const MovedRow& row : report.moved) {
    Json purposes;
    for (std::size_t i = 0; i < kPurposeCount; ++i) {
      purposes[std::string(nameOf(static_cast<Purpose>(i)))] = row.byPurpose[i].value;
    }
    memories.push_back({{"memory", row.memory},
                        {"by_purpose", std::move(purposes)},
                        {"read", row.read.value},
                        {"written", row.written.value},
                        {"touched",
                         {{"read", row.touched.read.value},
                          {"written", row.touched.written.value},
                          {"unknown_rows", row.touched.unknownRows},
                          {"basis", nameOf(row.touched.basis)}}}});
  }
  Json rows = Json::array();
  for (const LedgerRow& row : report.ledger) {
    Json entry = {{"layer", row.layer},
                  {"memory", row.memory},
                  {"purpose", row.purpose},
                  {"read", row.read.value},
                  {"written", row.written.value}};
    if (row.readTouched || row.writtenTouched) {
      entry["touched"] = {{"read", optional(row.readTouched)},
                          {"written", optional(row.writtenTouched)},
                          {"basis", nameOf(row.touchedBasis)}};
    }
    rows.push_back(std::move(entry));
  }
  return {{"by_memory", std::move(memories)}, {"rows", std::move(rows)}};
}

Json spills(const Report& report) {
  Json events = Json::array();
  for (const SpillRow& row : report.spills) {
    events.push_back({{"layer", row.layer},
                      {"kind", row.write ? "write" : "read"},
                      {"tensor", row.tensor},
                      {"bytes", row.bytes.value}});
  }
  return {{"fewest_possible", report.spillsExact}, {"events", std::move(events)}};
}

Json tensors(const std::vector<TensorRow>& rows) {
  Json out = Json::array();
  for (const TensorRow& row : rows) {
    out.push_back({{"tensor", row.index},
                   {"name", row.name},
                   {"shape", row.shape},
                   {"type", row.type},
                   {"bytes", row.bytes.value},
                   {"quantization", row.quantization}});
  }
  return out;
}

}  // namespace

std::string renderJson(const Report& report) {
  Json out = head("mcuprof/analysis", report.provenance.toolVersion);
  out["inputs"] = inputFiles(report.provenance.inputs);
  out["model"] = {{"name", report.provenance.model().name},
                  {"bytes", figure(report.provenance.model().size.value, Basis::Counted)},
                  {"operators", report.operators},
                  {"tensors", report.tensors},
                  {"subgraphs", report.subgraphs}};
  out["target"] = target(report);
  out["verdict"] = verdict(report);
  out["sram"] = budget(report.sram);
  out["flash"] = {{"needed", figure(report.flash.needed.value, report.flash.basis)},
                  {"size", figure(report.flash.size.value, report.flash.sizeBasis)},
                  {"missing", figure(report.flash.missing.value, report.flash.basis)},
                  {"weights_in", report.weightMemory}};
  out["arena"] = arenaFigures(report.arena);
  out["arena"]["region"] = report.arena.region.empty() ? Json(nullptr) : Json(report.arena.region);
  out["arena"]["missing"] = figure(report.arena.missing.value, report.sram.usable.basis);
  out["bases"] = bases();
  out["totals"] = totals(report.totals);
  Json layers = Json::array();
  for (const LayerRow& row : report.layers) layers.push_back(layer(row));
  out["layers"] = std::move(layers);
  out["costs"] = costs(report.costs);
  out["traffic"] = traffic(report);
  out["spills"] = spills(report);
  out["notes"] = report.notes;
  return finished(out);
}

std::string renderJson(const ArenaReport& report) {
  Json out = head("mcuprof/arena", report.provenance.toolVersion);
  out["inputs"] = inputFiles(report.provenance.inputs);
  out["core"] = report.coreName;
  out["runtime"] = {{"name", report.runtimeName}, {"version", report.runtimeVersion}};
  out["arena"] = arenaFigures(report.summary);
  out["peak"] = {{"layer", report.peakLayer.empty() ? Json(nullptr) : Json(report.peakLayer)},
                 {"step", report.peakStep},
                 {"live", figure(report.peakLive.value, report.summary.basis)}};
  out["steps"] = report.stepCount;
  out["bases"] = {{"buffers", nameOf(report.summary.basis)},
                  {"tail", nameOf(report.summary.basis)}};
  Json buffers = Json::array();
  for (const ArenaBufferRow& row : report.buffers) {
    buffers.push_back({{"kind", row.scratch ? "scratch" : "tensor"},
                       {"subgraph", row.subgraph},
                       {"index", row.index},
                       {"name", row.name},
                       {"offset", row.offset.value},
                       {"size", row.size.value},
                       {"first_step", row.life.first},
                       {"last_step", row.life.last},
                       {"offline", row.offline}});
  }
  out["buffers"] = std::move(buffers);
  Json tail = Json::array();
  for (const TailRow& row : report.tail) {
    tail.push_back({{"phase", row.phase}, {"requests", row.requests}, {"bytes", row.bytes.value}});
  }
  out["tail"] = std::move(tail);
  return finished(out);
}

std::string renderJson(const ModelReport& report) {
  Json out = head("mcuprof/model", report.provenance.toolVersion);
  out["inputs"] = inputFiles(report.provenance.inputs);
  out["model"] = {{"name", report.provenance.model().name},
                  {"bytes", figure(report.provenance.model().size.value, Basis::Counted)},
                  {"schema_version", report.schemaVersion},
                  {"description", report.description}};
  out["bases"] = {{"macs", nameOf(Basis::Counted)}, {"working_set", nameOf(Basis::Counted)}};
  out["totals"] = {{"macs", report.totals.macs.value},
                   {"working_set", workingSet(report.totals.parts)},
                   {"unknown_layers", report.totals.unknownLayers},
                   {"lower_bounds", report.totals.unknownLayers > 0}};
  Json subgraphs = Json::array();
  for (const SubgraphRow& row : report.subgraphs) {
    subgraphs.push_back({{"name", row.name},
                         {"operators", row.operators},
                         {"tensors", row.tensors},
                         {"inputs", tensors(row.inputs)},
                         {"outputs", tensors(row.outputs)}});
  }
  out["subgraphs"] = std::move(subgraphs);
  Json operators = Json::array();
  for (const OperatorRow& row : report.operators) {
    operators.push_back({{"layer", row.number},
                         {"subgraph", row.subgraph},
                         {"operator_index", row.index},
                         {"operator", row.kind},
                         {"name", row.name},
                         {"options", row.options},
                         {"input_shape", row.inputShape},
                         {"output_shape", row.shape},
                         {"output_type", row.type},
                         {"quantization", row.quantization},
                         {"macs", optional(row.macs)},
                         {"working_set", workingSet(row.parts)}});
  }
  out["operators"] = std::move(operators);
  Json metadata = Json::array();
  for (const MetadataRow& row : report.metadata) {
    metadata.push_back({{"name", row.name}, {"bytes", row.bytes.value}});
  }
  out["metadata"] = std::move(metadata);
  Json signatures = Json::array();
  for (const SignatureRow& row : report.signatures) {
    signatures.push_back({{"key", row.key},
                          {"subgraph", row.subgraph},
                          {"inputs", row.inputs},
                          {"outputs", row.outputs}});
  }
  out["signatures"] = std::move(signatures);
  return finished(out);
}

std::string renderJson(const FitReport& report) {
  Json out = head("mcuprof/fit", report.toolVersion);
  out["inputs"] = inputFiles(report.models);
  out["runtime"] = report.runtimeName;
  out["boards"] = report.boards;
  Json cells = Json::array();
  for (const FitCell& cell : report.cells) {
    cells.push_back({{"model", report.models[cell.model].name},
                     {"board", report.boards[cell.board]},
                     {"verdict", nameOf(cell.verdict)},
                     {"reason", cell.reason},
                     {"arena_used", figure(cell.arenaUsed.value, cell.arenaBasis)},
                     {"largest_region", figure(cell.largestRegion.value, cell.sramBasis)},
                     {"flash_needed", figure(cell.flashNeeded.value, cell.flashBasis)},
                     {"flash_size", figure(cell.flashSize.value, cell.flashSizeBasis)}});
  }
  out["cells"] = std::move(cells);
  return finished(out);
}

}  // namespace mcuprof
