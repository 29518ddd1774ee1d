// CSV files of measurements of whole models or of layers (docs/accuracy.md).
#include <fmt/format.h>

#include <map>

#include "analyzer/accuracy/measurement_file.hpp"
#include "db/import/foreign_run.hpp"

namespace mcuprof::db {
namespace {

std::string libraryOf(RuntimeClass runtime) {
  switch (runtime) {
    case RuntimeClass::OpenCmsisNn:
      return "cmsis-nn";
    case RuntimeClass::OpenReference:
      return "reference";
    case RuntimeClass::OpenOther:
    case RuntimeClass::Closed:
      return "";
  }
  return "";
}

ForeignRun runOf(const Measurement& m, const std::string& name) {
  ForeignRun run;
  run.format = "CSV";
  run.place = fmt::format("{}:{}", name, m.line);
  run.origin = m.source;
  run.model = m.model;
  run.modelFile = m.modelFile;
  run.board = m.board;
  run.core = m.cpu;
  run.clockMhz = m.clockMhz;
  run.runtime = m.runtime;
  run.kernelLibrary = libraryOf(m.runtimeClass);
  run.compiler = m.compiler;
  run.caution = m.caution;
  return run;
}

}  // namespace

Result<std::vector<ForeignRun>> readMeasurementCsv(std::string_view text, const std::string& name) {
  const auto table = readCsv(text, name);
  if (!table) return table.error();
  const auto rows = readMeasurements(*table);
  if (!rows) return rows.error();
  std::vector<ForeignRun> runs;
  // Layers of one model on one board, from one source, are one run.
  std::map<std::string, std::size_t> models;
  for (const Measurement& m : *rows) {
    if (!m.layer) {
      runs.push_back(runOf(m, name));
      runs.back().latencyMs = m.latencyMs;
      runs.back().cycles = m.cycles;
      runs.back().energyMicrojoules = m.energyMicrojoules;
      continue;
    }
    const std::string key =
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", m.source, m.model, m.modelFile, m.board,
                    m.runtime, m.compiler, m.clockMhz.value_or(0));
    const auto [known, isNew] = models.emplace(key, runs.size());
    if (isNew) runs.push_back(runOf(m, name));
    ForeignLayer layer;
    layer.number = *m.layer + 1;
    layer.kind = m.op;
    layer.cycles = m.cycles;
    if (!m.cycles && m.latencyMs && m.clockMhz) layer.cycles = *m.latencyMs * 1e3 * *m.clockMhz;
    runs[known->second].layers.push_back(std::move(layer));
  }
  return runs;
}

}  // namespace mcuprof::db
