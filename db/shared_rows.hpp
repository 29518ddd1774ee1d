#pragma once

#include <cstdint>

#include "analyzer/base/result.hpp"
#include "db/run.hpp"
#include "db/statement.hpp"

namespace mcuprof::db {

// Rows that runs and calibrations share, each known by its SHA-256: their id, after inserting what
// is not there yet.
Result<std::int64_t> modelId(Connection& connection, const StoredModel& model);
Result<std::int64_t> boardId(Connection& connection, const StoredBoard& board);
Result<std::int64_t> runtimeId(Connection& connection, const StoredRuntime& runtime);

}  // namespace mcuprof::db
