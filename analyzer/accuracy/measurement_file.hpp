#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/csv.hpp"
#include "analyzer/base/result.hpp"

namespace mcuprof {

/// How far a published figure can be held against a prediction.
enum class RuntimeClass : unsigned char {
  OpenCmsisNn,    ///< open code that runs CMSIS-NN: what the kernel tables describe
  OpenReference,  ///< TensorFlow Lite Micro with its reference kernels
  OpenOther,      ///< open, but other kernels than those counted, or it is not said which
  Closed,         ///< a vendor's kernels; tells a range, not the truth about open ones
};
std::string_view nameOf(RuntimeClass runtime);

/// One published measurement: of a whole model, or of one layer where `layer` is set.
struct Measurement {
  std::size_t line = 0;
  std::string source;
  std::string model;
  std::string modelFile;  ///< empty: the model cannot be had
  std::string board;
  std::string cpu;
  std::optional<double> clockMhz;  ///< nothing: not stated
  std::string runtime;
  RuntimeClass runtimeClass = RuntimeClass::OpenOther;
  std::string compiler;  ///< empty: not stated
  std::optional<double> latencyMs;
  std::optional<double> cycles;
  std::optional<double> energyMicrojoules;
  std::optional<int> layer;
  std::string op;
  std::string caution;  ///< what makes the figure doubtful
};

/// Reads a CSV of measurements. Columns of whole models: model, model_file, board, cpu, clock_mhz,
/// runtime, open_runtime (yes or no), latency_ms; optional energy_uJ, compiler, source, caution.
/// Columns of layers: model, model_local, board, cpu, clock_mhz, runtime, layer_index, op, cycles;
/// optional latency_us, compiler, source. Other columns are ignored. Errors name the line and the
/// column.
Result<std::vector<Measurement>> readMeasurements(const CsvTable& table);

/// Names by which a target catalogue may know a board that a publication calls `name`, likeliest
/// first: "BRD2601 (EFR32xG24)" gives "brd2601-(efr32xg24)", "brd2601", "efr32xg24".
std::vector<std::string> boardNames(std::string_view name);

}  // namespace mcuprof
