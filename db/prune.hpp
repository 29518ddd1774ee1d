#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "db/database.hpp"

namespace mcuprof::db {

/// Which runs to delete: those that fit every part that is not empty.
struct PruneFilter {
  std::string before;      ///< runs that started earlier; UTC, "2026-03-01" or with a time
  std::string board;       ///< the full name
  std::string provenance;  ///< "measured", "virtual", "predicted", "imported"

  bool isEmpty() const { return before.empty() && board.empty() && provenance.empty(); }
};

/// The ids of these runs, in order.
Result<std::vector<std::int64_t>> findRunsToPrune(Database& database, const PruneFilter& filter);

/// Deletes these runs with all that belongs to them, and models, boards and runtimes that nothing
/// refers to any more. All or nothing. The file shrinks when the disk has room to rewrite it.
Result<std::int64_t> pruneRuns(Database& database, const PruneFilter& filter);

}  // namespace mcuprof::db
