#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/estimate.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof {

/// Bytes that one memory gives and takes in one inference, each address once.
struct MovedFigure {
  std::string memory;
  std::int64_t read = 0;
  std::int64_t written = 0;

  std::int64_t total() const { return read + written; }
  friend bool operator==(const MovedFigure&, const MovedFigure&) = default;
};

/// What limits and differences look at in one layer. Sizes are bytes; nothing where unknown.
struct LayerFigures {
  std::int32_t number = 0;  ///< from 1, as LayerRow::number
  std::string kind;
  std::string name;
  std::string kernel;  ///< the path whose cost was predicted
  std::string shape;   ///< of the first output
  std::string type;
  std::optional<std::int64_t> macs;
  std::int64_t weights = 0;  ///< with biases
  std::int64_t workingSet = 0;
  std::int64_t live = 0;
  std::int64_t spilled = 0;  ///< written to and read from backing storage
  std::optional<Estimate> cycles;
  std::optional<Estimate> milliseconds;
  std::optional<Estimate> millijoules;
  std::vector<MovedFigure> moved;
  bool unsupported = false;  ///< the runtime does not know the operator, or nobody its cost

  friend bool operator==(const LayerFigures&, const LayerFigures&) = default;
};

/// A memory of the board, by name and kind.
struct MemoryFigure {
  std::string name;
  std::string kind;
  friend bool operator==(const MemoryFigure&, const MemoryFigure&) = default;
};

/// The figures of one model on one board: what a budget limits and a difference compares, from an
/// analysis of this moment or from a report that was kept. A number that is a lower bound has an
/// infinite `high`.
struct ModelFigures {
  std::string model;  ///< file name
  std::string modelSha256;
  std::string board;
  std::string runtime;
  std::string machine;
  std::string calibration;  ///< "none"; empty where the report does not say
  std::string toolVersion;
  std::string verdict;
  std::string reason;

  std::int64_t modelBytes = 0;
  bool hasMemory = true;  ///< false: of a run, which has times only; all sizes below are 0 then
  Estimate arena;         ///< bytes, the smallest that works
  std::int64_t arenaTail = 0;   ///< of it, what stays for as long as the model is set up
  std::int64_t ramBesides = 0;  ///< static data, stack, reserve, weights in RAM, block buffers
  Basis ramBasis = Basis::Counted;
  Estimate flash;  ///< bytes of model and code

  Estimate cycles;
  Estimate milliseconds;
  bool measured = false;                ///< time is from the device
  std::optional<Estimate> millijoules;  ///< of one inference
  std::string energyReason;             ///< why there is none
  std::optional<Estimate> averageMilliwatts;
  std::optional<Estimate> batteryDays;
  double modelledMacShare = 1;
  std::int64_t unknownLayers = 0;  ///< without a cost

  std::vector<MovedFigure> moved;
  std::vector<MemoryFigure> memories;  ///< of the board; empty where only a report was read
  std::vector<LayerFigures> layers;

  /// Arena and all other RAM the model asks for while nothing is spilled, in bytes.
  Estimate ram() const;
  std::int64_t macs() const;
  std::int64_t spilled() const;
  std::int64_t unsupported() const;
  /// The layer with the largest working set; nullptr for a model without layers.
  const LayerFigures* largestLayer() const;

  friend bool operator==(const ModelFigures&, const ModelFigures&) = default;
};

ModelFigures figuresOf(const Report& report, const Board& board);
/// Without the board's memories.
ModelFigures figuresOf(const Report& report);

/// What a device measured of one model on one board.
struct MeasuredFigures {
  std::optional<Estimate> cycles;  ///< of one inference: least, median and most of the runs
  std::int64_t clockHz = 0;        ///< > 0
  std::string source;              ///< "run 12 of 2026-03-01T12:34:56Z"
  /// Cycles by layer number; layers that were not measured are absent.
  std::vector<std::pair<std::int32_t, Estimate>> layers;
};

/// Puts measured times in the place of estimated ones. Energy follows the time at the power that
/// was estimated, so its interval shrinks by the part that time had in it and stays an estimate.
void settle(ModelFigures& figures, const MeasuredFigures& measured);

}  // namespace mcuprof
