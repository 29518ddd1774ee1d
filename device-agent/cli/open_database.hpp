#pragma once

#include <string>

#include "analyzer/cli/inputs.hpp"
#include "db/database.hpp"

namespace mcuprof::cli {

/// The database that `given` or the environment names. That there is no place for one is wrong
/// usage; one that cannot be used is bad input.
Loaded<db::Database> openForReading(const std::string& given);
Loaded<db::Database> openForWriting(const std::string& given);

}  // namespace mcuprof::cli
