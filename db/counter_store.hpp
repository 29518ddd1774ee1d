#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/base/result.hpp"
#include "db/database.hpp"
#include "db/run.hpp"

namespace mcuprof::db {

/// Stores what was counted in a run's layers within the transaction that stores the run.
Result<void> insertCounters(Connection& connection, std::int64_t run,
                            const std::vector<LayerResult>& layers);

/// Fills in what was counted in these layers, which are in the order of their numbers.
Result<void> loadCounters(Connection& connection, std::int64_t run,
                          std::vector<LayerResult>& layers);

}  // namespace mcuprof::db
