#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/base/result.hpp"
#include "db/database.hpp"
#include "db/energy.hpp"

namespace mcuprof::db {

/// Stores a run's energy within the transaction that stores the run.
Result<void> insertEnergy(Connection& connection, std::int64_t run, const RunEnergy& energy);

/// Nothing where the run had no power meter. The trace is left out.
Result<std::optional<RunEnergy>> loadEnergy(Connection& connection, std::int64_t run);

/// The compressed samples of a run, for unpackTrace(); empty where there are none.
Result<std::vector<std::byte>> loadTrace(Connection& connection, std::int64_t run);

}  // namespace mcuprof::db
