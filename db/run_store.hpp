#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "db/database.hpp"
#include "db/run.hpp"

namespace mcuprof::db {

/// Stores the run, all of it or nothing, and returns its id. A uuid that is there already is an
/// error. `run.id` is not looked at.
Result<std::int64_t> insertRun(Database& database, const RunRecord& run);

/// What to list; empty strings take everything.
struct RunFilter {
  std::string model;  ///< part of the name, or the beginning of the SHA-256
  std::string board;  ///< the name
  std::int64_t limit = 1000;
};

/// The newest first.
Result<std::vector<RunSummary>> listRuns(Database& database, const RunFilter& filter = {});

/// Nothing when there is no such run.
Result<std::optional<RunRecord>> loadRun(Database& database, std::int64_t id);

/// Whether a run with this uuid is there.
Result<bool> hasRun(Database& database, const std::string& uuid);

/// 32 random hexadecimal digits.
std::string makeUuid();
/// Now, as RunRecord::started has it.
std::string timeNow();

}  // namespace mcuprof::db
