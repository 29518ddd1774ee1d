#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/budget/budget.hpp"

namespace mcuprof {

/// A budget from TOML text (docs/ci.md). `name` is what errors and findings call it. The error
/// names line and column of the first thing that is wrong: an unknown key or unit, a limit that
/// cannot be, an `allow` without reason or expiry.
Result<Budget> readBudget(std::string_view text, const std::string& name);

/// "2026-02-29" is no date, "2028-02-29" is one.
bool isDate(std::string_view text);

}  // namespace mcuprof
