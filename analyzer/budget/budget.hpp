#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/analysis/energy.hpp"
#include "analyzer/analysis/sram_budget.hpp"
#include "analyzer/budget/metric.hpp"

namespace mcuprof {

/// A place in the budget file, so that a finding can point at it.
struct FilePlace {
  std::int32_t line = 1;
  std::int32_t column = 1;
  friend auto operator<=>(const FilePlace&, const FilePlace&) = default;
};

/// A name or pattern as written, and where.
struct Pattern {
  std::string text;
  FilePlace place;
};

/// Whether `text` has the form of `pattern`: '*' stands for any characters, '?' for one, "[ab]" for
/// one of some.
bool matchesPattern(std::string_view pattern, std::string_view text);

/// Which end of an estimate's interval a limit is held against.
enum class Against : std::uint8_t {
  Interval,  ///< pass when all of it is inside, fail when all of it is outside, else inconclusive
  Upper,     ///< its upper end decides
  Estimate,  ///< the estimate itself decides
  Lower,     ///< its lower end decides
};
std::string_view nameOf(Against against);

struct LimitScope {
  enum class Kind : std::uint8_t { Model, Operator, Layer } kind = Kind::Model;
  std::string name;  ///< operator kind; layer's number or a pattern of its name
  friend bool operator==(const LimitScope&, const LimitScope&) = default;
};

struct Limit {
  Metric metric{};
  std::string memory;  ///< of Metric::Moved: a memory's name or kind; empty: all memories
  LimitScope scope;
  std::optional<double> bound;  ///< in the unit of the metric's dimension
  std::optional<double>
      growth;  ///< share of the baseline it may grow by; at least one of both is set
  Against against = Against::Interval;
  bool warning = false;  ///< a failure is a warning
  FilePlace place;
};

/// Which models on which boards with which runtimes; empty: all.
struct Selector {
  std::vector<Pattern> models;
  std::vector<Pattern> boards;
  std::vector<Pattern> runtimes;
};

struct BudgetRule {
  Selector selector;
  std::vector<Limit> limits;
};

/// How models use one memory together.
enum class Sharing : std::uint8_t {
  Together,  ///< all stay set up: what lasts adds up, the largest of what does not
  InTurn,    ///< one is set up at a time: the largest
};

/// Several models that share an arena, RAM or flash. Limits are of Arena, Ram and Flash.
struct SharedRule {
  std::string name;
  Selector selector;
  Sharing sharing = Sharing::Together;
  std::vector<Limit> limits;
  FilePlace place;
};

/// A failure that is accepted for a while.
struct Allowance {
  Selector selector;
  std::optional<Metric> metric;  ///< nothing: all
  std::string layer;             ///< number or pattern; empty: any
  std::string reason;
  std::string expires;  ///< "2026-12-31": the last day on which it holds
  FilePlace place;
};

enum class FailOn : std::uint8_t { Fail, Inconclusive, Warning };

/// What a budget file says.
struct Budget {
  std::string file;  ///< as it was named
  std::vector<Pattern> models;
  std::vector<Pattern> boards;
  std::vector<Pattern> runtimes;
  std::vector<Pattern> baselines;  ///< files
  PlacementOptions placement;
  std::optional<Duty> duty;
  FailOn failOn = FailOn::Fail;
  std::vector<BudgetRule> rules;  ///< of limits for the same thing the last one counts
  std::vector<SharedRule> shared;
  std::vector<Allowance> allowances;
};

}  // namespace mcuprof
