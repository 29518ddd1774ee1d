#pragma once

#include <cstdint>
#include <string>

#include "analyzer/base/result.hpp"
#include "db/database.hpp"

namespace mcuprof::db {

struct MergeCounts {
  std::int64_t added = 0;    ///< runs
  std::int64_t present = 0;  ///< runs that were there already
};

/// Takes over all runs, with everything that belongs to them, that are not there yet, and what else
/// has a uuid; `from` is of any version this program knows and stays as it is. All or nothing.
/// Doing it again adds nothing. Where both hold the same uuid, ours stays.
Result<MergeCounts> mergeFrom(Database& into, Connection& from);

/// The same with the file at `path`, which must not be the one that is merged into.
Result<MergeCounts> mergeFile(Database& into, const std::string& path);

}  // namespace mcuprof::db
