#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/result.hpp"
#include "db/run.hpp"

namespace mcuprof::db {

/// One layer as another tool reports it. Numbers that the file does not have are absent.
struct ForeignLayer {
  std::int32_t number = 0;  ///< from 1, >= 1, unique in its run
  std::string kind;
  std::string name;
  std::string kernel;
  std::string shape;
  std::optional<std::int64_t> macs;
  std::optional<double> cycles;    ///< that passed on a device or its simulation, >= 0
  std::optional<double> estimate;  ///< cycles that the tool only predicts, >= 0
};

/// One run as another tool reports it, before anybody asked which board or model that is.
struct ForeignRun {
  std::string format;   ///< "CSV", "TFLM benchmark log", ...
  std::string place;    ///< "measured.csv:12"
  std::string origin;   ///< where the file says that the figure is from; may be empty
  std::string started;  ///< UTC as RunRecord has it; empty where the file does not say
  std::string model;
  std::string modelFile;  ///< empty where the file does not name one
  std::string board;
  std::string core;
  std::optional<double> clockMhz;
  std::string runtime;
  std::string toolVersion;
  std::string kernelLibrary;  ///< "cmsis-nn", "reference", empty where it is not known
  std::string compiler;       ///< empty where it is not known
  std::string caution;        ///< what makes the figure doubtful
  std::optional<double> latencyMs;
  std::optional<double> cycles;
  std::optional<double> energyMicrojoules;
  std::vector<std::pair<std::string, std::string>> facts;  ///< "weights B", "23520"
  std::vector<ForeignLayer> layers;
};

/// The runs in a file of any of the formats of docs/database.md; which one it is, its content says.
/// Errors name `name` and the line or the key.
Result<std::vector<ForeignRun>> readForeignFile(std::string_view text, const std::string& name);

// Each format by itself.
Result<std::vector<ForeignRun>> readMeasurementCsv(std::string_view text, const std::string& name);
Result<std::vector<ForeignRun>> readTflmLog(std::string_view text, const std::string& name);
/// ST Edge AI's c_info.json, and its report JSON.
Result<std::vector<ForeignRun>> readStJson(std::string_view text, const std::string& name);
Result<std::vector<ForeignRun>> readVelaLayers(std::string_view text, const std::string& name);

/// What the user, or a target file, knows besides the file.
struct ImportContext {
  StoredModel model;          ///< sha256 empty: not known, a name stands for it
  StoredBoard board;          ///< sha256 empty: not known
  std::string runtime;        ///< in place of the file's
  bool clockAssumed = false;  ///< board.clockHz is the board's rated clock, not the file's
  std::string toolVersion;    ///< ours
};

/// The run as it is stored, with provenance `imported`. Its uuid follows from its content, so the
/// same figures give the same run, from whatever file. An error when it can be put on no clock.
Result<RunRecord> recordOf(const ForeignRun& run, const ImportContext& context);

}  // namespace mcuprof::db
