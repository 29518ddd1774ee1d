#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/estimate.hpp"
#include "analyzer/budget/budget.hpp"
#include "analyzer/report/figures.hpp"

namespace mcuprof {

/// In the order in which a reader wants them.
enum class Outcome : std::uint8_t {
  Error,  ///< there was nothing to hold the limit against
  Fail,
  Inconclusive,  ///< the interval holds the limit: measure
  Warning,
  Allowed,  ///< failed, and an `allow` entry accepts that
  Pass,
};
/// "error", "fail", "inconclusive", "warning", "allowed", "pass".
std::string_view nameOf(Outcome outcome);

/// One limit held against one number.
struct Finding {
  Outcome outcome = Outcome::Pass;
  std::string rule;  ///< "latency", "latency/regression", "arena/shared", "allow"
  std::string model;
  std::string board;
  std::string runtime;
  std::string subject;  ///< "latency", "latency of CONV_2D", "latency of layer 5 PAD"
  std::string message;  ///< one sentence with value, interval and limit
  Dimension dimension = Dimension::Count;
  std::optional<Estimate> value;  ///< of a regression: the growth as a share
  std::optional<double> limit;
  /// The layer that the limit is of, or the one that takes the most of it; 0: none.
  std::int32_t layer = 0;
  std::string layerName;
  std::string layerKind;
  std::string settle;   ///< command that would settle what is inconclusive
  std::string allowed;  ///< reason and expiry of the `allow` entry
  FilePlace place;      ///< of the limit in the budget file
};

/// A model on a board as the command line knows it: its figures, and how to name the model in a
/// command.
struct JudgedModel {
  ModelFigures figures;
  std::string path;  ///< of the model file, as it would be typed
};

/// All that a check found.
struct CheckReport {
  std::string toolVersion;
  std::string budgetFile;
  std::string date;  ///< the day for which `allow` entries count
  FailOn failOn = FailOn::Fail;
  std::vector<Finding> findings;  ///< worst first, then in the order of models, boards and limits
  std::vector<ModelFigures> figures;

  std::size_t count(Outcome outcome) const;
};

/// The rule of a finding about a model that cannot be read.
inline constexpr std::string_view kInputRule = "input";

/// What the gate says to all findings: 0 pass, 1 fail, 6 inconclusive; 2 where a limit had nothing
/// to be held against, 3 where a model could not be read.
int gateStatus(const CheckReport& report);

/// One value against a bound that must not be exceeded (`atLeast`: fallen short of).
Outcome judgeBound(const Estimate& value, double bound, bool atLeast, Against against);

/// Holds every limit that applies against every model. `baseline` has the figures of earlier
/// reports; one with the same model name, board and runtime is the base of `regression`. `date`,
/// "2026-03-01", is the day on which `allow` entries have to hold. Board names of the budget are
/// those of the figures, or patterns.
CheckReport judge(const Budget& budget, const std::vector<JudgedModel>& models,
                  const std::vector<ModelFigures>& baseline, const std::string& date);

/// Findings that differ in model, board, runtime or number only.
struct FindingGroup {
  Outcome outcome{};
  std::string rule;
  std::string subject;
  FilePlace place;
  std::vector<const Finding*> findings;
};

/// Everything but passes, worst first; groups point into the report.
std::vector<FindingGroup> mergeAlike(const CheckReport& report);
/// The group as one text: the finding's own message, or one line a model and board.
std::string textOf(const FindingGroup& group);

}  // namespace mcuprof
