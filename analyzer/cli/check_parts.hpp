#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/budget/budget.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/report/figures.hpp"

namespace mcuprof::cli {

/// The day in UTC, "2026-03-01", for which `allow` entries count.
std::string today();

/// Puts the boards' own names in place of short names and aliases everywhere in a budget; patterns
/// stay. A name that the catalogue does not know is the failure, with its place.
std::optional<Failure> resolveBoards(const Catalogue& catalogue, Budget& budget);

/// The figures of the budget's baselines, which lie beside it, and of further files.
Loaded<std::vector<ModelFigures>> readBaselines(const Budget& budget,
                                                std::vector<std::string> files = {});

/// "mcuprof.toml:3:9", where a pattern is written.
std::string at(const Budget& budget, const Pattern& pattern);
/// Whether it has '*', '?' or '['.
bool isPattern(std::string_view text);

}  // namespace mcuprof::cli
