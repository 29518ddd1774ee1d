#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "analyzer/base/result.hpp"
#include "db/database.hpp"

namespace mcuprof::db {

/// Writes the database as lines of JSON (docs/database.md), each given to `write` with its line
/// feed. They are of one moment, even when another program writes meanwhile.
Result<void> writeJsonLines(Connection& connection,
                            const std::function<Result<void>(std::string_view)>& write);

/// A database in memory, of the version that the lines are of, with what writeJsonLines() wrote.
/// Errors name `name` and the line: no such table or column, a value that its column refuses, a row
/// that refers to none, lines missing at the end.
Result<Connection> readJsonLines(std::string_view text, const std::string& name);

}  // namespace mcuprof::db
