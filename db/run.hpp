#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/energy.hpp"

namespace mcuprof::db {

/// Where the numbers of a run come from. They are never mixed.
enum class Provenance : std::uint8_t {
  Measured,   ///< on a board
  Virtual,    ///< on the virtual board
  Predicted,  ///< nothing ran
  Imported,   ///< from a file of another tool
};

constexpr const char* nameOf(Provenance provenance) {
  switch (provenance) {
    case Provenance::Measured:
      return "measured";
    case Provenance::Virtual:
      return "virtual";
    case Provenance::Predicted:
      return "predicted";
    case Provenance::Imported:
      return "imported";
  }
  return "";
}

struct StoredModel {
  std::string sha256;
  std::string name;
  std::int64_t bytes = 0;
  std::int64_t operators = 0;
  std::int64_t macs = 0;
  friend bool operator==(const StoredModel&, const StoredModel&) = default;
};

/// A board as its file described it then.
struct StoredBoard {
  std::string sha256;  ///< of the files that describe it
  std::string name;
  std::string title;
  std::string chip;
  std::string core;
  std::int64_t clockHz = 0;
  friend bool operator==(const StoredBoard&, const StoredBoard&) = default;
};

struct StoredRuntime {
  std::string sha256;
  std::string name;
  std::string version;
  friend bool operator==(const StoredRuntime&, const StoredRuntime&) = default;
};

/// Cycles of several executions; nothing but zeros where runs is 0.
struct CycleSummary {
  std::int64_t runs = 0;
  std::int64_t minimum = 0;
  std::int64_t median = 0;
  std::int64_t maximum = 0;
  friend bool operator==(const CycleSummary&, const CycleSummary&) = default;
};

/// Cycles as predicted, with a 90 % interval.
struct Prediction {
  double value = 0;
  double low = 0;
  double high = 0;
  friend bool operator==(const Prediction&, const Prediction&) = default;
};

/// One fact about the board that the agent read back.
struct MachineFact {
  std::string key;
  std::string value;
  std::string expected;  ///< by the board file; empty where that does not say
  bool agrees = true;
  friend bool operator==(const MachineFact&, const MachineFact&) = default;
};

/// What the DWT's profile counters counted: cycles, but for `fold`, which are instructions.
struct CounterValues {
  std::int64_t cpi = 0;
  std::int64_t exc = 0;
  std::int64_t sleep = 0;
  std::int64_t lsu = 0;
  std::int64_t fold = 0;
  friend bool operator==(const CounterValues&, const CounterValues&) = default;
};

/// One execution of a layer that was counted.
struct LayerCounters {
  std::int64_t cycles = 0;
  std::optional<CounterValues> counts;  ///< nothing where some were lost on the way
  friend bool operator==(const LayerCounters&, const LayerCounters&) = default;
};

struct LayerResult {
  std::int32_t number = 0;  ///< from 1
  std::string kind;
  std::string name;
  std::string kernel;
  std::string shape;
  std::optional<std::int64_t> macs;
  std::optional<Prediction> predicted;
  std::string predictedBasis;
  CycleSummary cycles;
  std::vector<std::uint32_t> outputHashes;     ///< FNV-1a 32 of each output, from the device
  std::vector<std::uint32_t> referenceHashes;  ///< from the same kernels on the host
  std::string cause;    ///< of the difference between predicted and measured; may be empty
  std::string trouble;  ///< why it was not measured; empty when it was
  std::optional<LayerCounters> counters;
  friend bool operator==(const LayerResult&, const LayerResult&) = default;
};

/// One run with all that was learned in it.
struct RunRecord {
  std::int64_t id = 0;  ///< in this file; set by the store
  std::string uuid;     ///< 32 hexadecimal digits, the same wherever the run is copied to
  std::string started;  ///< UTC, "2026-03-01T12:34:56Z"
  Provenance provenance = Provenance::Measured;
  std::string source;  ///< of an imported run
  StoredModel model;
  StoredBoard board;
  StoredRuntime runtime;
  std::string toolVersion;
  std::string agentVersion;
  std::string agentBuild;
  std::string kernelLibrary;
  std::string compiler;  ///< "GCC 12.2.1"; empty where nobody says
  std::string probe;
  std::string calibration = "none";
  std::string input;
  std::int64_t warmUp = 0;
  std::int64_t repeats = 0;
  std::optional<Prediction> predicted;  ///< one inference
  CycleSummary inference;
  std::int64_t swoFrames = 0;
  std::int64_t swoLost = 0;
  std::int64_t unrepaired = 0;
  std::vector<MachineFact> machine;
  std::vector<LayerResult> layers;
  std::optional<RunEnergy> energy;  ///< where a power meter was asked for

  friend bool operator==(const RunRecord&, const RunRecord&) = default;
};

/// A run in a list.
struct RunSummary {
  std::int64_t id = 0;
  std::string started;
  std::string provenance;
  std::string model;
  std::string board;
  std::string runtime;
  std::optional<Prediction> predicted;
  CycleSummary inference;
  std::int64_t clockHz = 0;
  std::int64_t layers = 0;
  std::int64_t notMeasured = 0;
};

}  // namespace mcuprof::db
