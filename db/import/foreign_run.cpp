#include "db/import/foreign_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "analyzer/base/sha256.hpp"
#include "db/run_store.hpp"

namespace mcuprof::db {
namespace {

std::string hashOf(std::string_view text) {
  return sha256Of(std::as_bytes(std::span(text)));
}

/// More cycles than any inference takes; keeps sums far inside 63 bits.
constexpr double kMostCycles = 1e15;

std::optional<CycleSummary> summaryOf(const std::optional<double>& cycles) {
  if (!cycles || !(*cycles >= 0) || *cycles > kMostCycles) return std::nullopt;
  const std::int64_t whole = std::llround(*cycles);
  return CycleSummary{1, whole, whole, whole};
}

std::string contentOf(const ForeignRun& run, const RunRecord& record) {
  const auto number = [](const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : std::string("-");
  };
  std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", run.format, run.origin,
                  record.model.sha256, record.board.name, record.board.clockHz, record.runtime.name,
                  number(run.latencyMs), number(run.cycles), number(run.energyMicrojoules));
  for (const auto& [key, value] : run.facts) text += key + '=' + value + '\n';
  for (const ForeignLayer& layer : run.layers) {
    text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", layer.number, layer.kind, layer.name,
                        layer.macs.value_or(-1), number(layer.cycles), number(layer.estimate));
  }
  return text;
}

bool looksLikeCsvOf(std::string_view header, std::string_view title) {
  return header.find(title) != std::string_view::npos;
}

}  // namespace

Result<std::vector<ForeignRun>> readForeignFile(std::string_view text, const std::string& name) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (first == std::string_view::npos) return Error{name, "is empty"};
  if (text[first] == '{') return readStJson(text, name);
  const std::string_view header = text.substr(first, text.substr(first).find('\n'));
  if (looksLikeCsvOf(header, "NNG Operator")) return readVelaLayers(text, name);
  if (looksLikeCsvOf(header, "board") && looksLikeCsvOf(header, "runtime") &&
      looksLikeCsvOf(header, ",")) {
    return readMeasurementCsv(text, name);
  }
  if (text.find(" took ") != std::string_view::npos &&
      text.find(" ticks") != std::string_view::npos) {
    return readTflmLog(text, name);
  }
  return Error{name,
               "is none of the formats that can be imported: a CSV of measurements, a TFLM "
               "benchmark log, ST's c_info.json or report JSON, Vela's per-layer CSV"};
}

Result<RunRecord> recordOf(const ForeignRun& run, const ImportContext& context) {
  RunRecord record;
  record.provenance = Provenance::Imported;
  record.source = fmt::format("{} {}", run.format, run.place);
  if (!run.origin.empty()) record.source += "; " + run.origin;
  if (!run.caution.empty()) record.source += "; caution: " + run.caution;
  record.started = run.started.empty() ? timeNow() : run.started;
  record.toolVersion = context.toolVersion;
  record.kernelLibrary = run.kernelLibrary;
  record.compiler = run.compiler;

  record.model = context.model;
  if (record.model.sha256.empty()) {
    record.model.name = run.modelFile.empty() ? run.model : run.modelFile;
    record.model.sha256 = hashOf("model named " + record.model.name);
    record.model.operators = std::ssize(run.layers);
  }
  record.board = context.board;
  if (record.board.sha256.empty()) {
    record.board.name = run.board.empty() ? "unknown" : run.board;
    record.board.title = record.board.name;
    record.board.core = run.core;
    record.board.sha256 = hashOf(
        fmt::format("board named {} at {} MHz", record.board.name, run.clockMhz.value_or(0)));
  }
  if (run.clockMhz) record.board.clockHz = std::llround(*run.clockMhz * 1e6);
  record.runtime.name = context.runtime.empty() ? run.runtime : context.runtime;
  if (record.runtime.name.empty()) record.runtime.name = "unknown";
  record.runtime.version = run.toolVersion;
  record.runtime.sha256 = hashOf("runtime named " + record.runtime.name + '\n' + run.toolVersion);

  const bool hasClock = record.board.clockHz > 0;
  std::optional<double> cycles = run.cycles;
  if (!cycles && run.latencyMs) {
    if (!hasClock) {
      return Error{run.place, fmt::format("the clock of {} is not stated, and no target file knows "
                                          "the board; give --clock",
                                          record.board.name)};
    }
    cycles = *run.latencyMs * 1e-3 * static_cast<double>(record.board.clockHz);
  }
  if (const auto summary = summaryOf(cycles)) record.inference = *summary;
  const auto fact = [&](std::string key, std::string value) {
    record.machine.push_back({std::move(key), std::move(value), "", true});
  };
  if (hasClock) {
    fact(context.clockAssumed && !run.clockMhz ? "clock Hz, assumed" : "clock Hz",
         fmt::format("{}", record.board.clockHz));
  }
  if (run.latencyMs) fact("latency ms", fmt::format("{}", *run.latencyMs));
  if (run.energyMicrojoules) fact("energy uJ", fmt::format("{}", *run.energyMicrojoules));
  for (const auto& [key, value] : run.facts) fact(key, value);

  std::vector<ForeignLayer> layers = run.layers;
  std::ranges::sort(layers, {}, &ForeignLayer::number);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    ForeignLayer& from = layers[i];
    if (i > 0 && from.number == layers[i - 1].number) {
      return Error{run.place, fmt::format("has layer {} twice", from.number)};
    }
    LayerResult layer;
    layer.number = from.number;
    layer.kind = std::move(from.kind);
    layer.name = std::move(from.name);
    layer.kernel = std::move(from.kernel);
    layer.shape = std::move(from.shape);
    layer.macs = from.macs;
    if (const auto summary = summaryOf(from.cycles)) layer.cycles = *summary;
    if (from.estimate) {
      layer.predicted = Prediction{*from.estimate, *from.estimate, *from.estimate};
      layer.predictedBasis = "estimate of " + run.format;
    }
    if (layer.cycles.runs == 0) layer.trouble = "the file has no time of it";
    record.layers.push_back(std::move(layer));
  }
  record.uuid = hashOf(contentOf(run, record)).substr(0, 32);
  return record;
}

}  // namespace mcuprof::db
