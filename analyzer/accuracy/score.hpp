#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/estimate.hpp"

namespace mcuprof {

/// One published or measured latency beside what the cost model says of it.
///
/// The prediction is `fixed + factor * scaled`: `scaled` is the part that the core's correction
/// factor multiplies, so that a score can leave a board out of the factor it is judged with.
struct ScoredRow {
  std::string board;
  std::string family;  ///< cores that share a correction factor
  std::string runtime;
  std::string model;
  double measured = 0;  ///< cycles or milliseconds, > 0
  double fixed = 0;     ///< same unit, >= 0
  double scaled = 0;    ///< same unit, > 0
  /// Relative half widths of the 90 % interval: [value * (1 - below), value * (1 + above)].
  double below = 0;
  double above = 0;
  double shippedFactor = 1;  ///< used where no other board of the family is known
  bool fitsFactor = true;    ///< whether it may be used to fit factors (closed runtimes may not)
};

/// How a row's prediction was made.
enum class ScoreMode : unsigned char {
  Uncalibrated,       ///< correction factor fitted without the row's board
  OneScalarPerBoard,  ///< times a scalar fitted on the other models of the board and runtime
  OtherBoardsScalar,  ///< times a scalar fitted on all other boards of the family
};
std::string_view nameOf(ScoreMode mode);

struct RowScore {
  std::size_t row = 0;
  double predicted = 0;
  double low = 0;
  double high = 0;
  double error = 0;  ///< predicted / measured - 1
  bool inside = false;
};

struct Score {
  ScoreMode mode{};
  std::vector<RowScore>
      rows;              ///< rows that the mode can predict; a board's only model has no scalar
  std::size_t left = 0;  ///< rows that it cannot
  double meanAbsolute = 0;
  double medianAbsolute = 0;
  double worstAbsolute = 0;
  double bias = 0;      ///< mean of error
  double coverage = 0;  ///< share of rows inside their interval
};

/// The factor that brings fixed + factor * scaled to the measurements of the rows that may fit it:
/// the geometric mean over boards of the geometric mean over their rows, so that a board with many
/// models counts as much as one with a single model. Nothing without such a row.
std::optional<double> fitFactor(std::span<const ScoredRow> rows, const std::string& family,
                                const std::string& withoutBoard);

Score scoreRows(std::span<const ScoredRow> rows, ScoreMode mode);

}  // namespace mcuprof
