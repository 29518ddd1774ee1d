#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "db/statement.hpp"

namespace mcuprof::db {

/// A table as the file itself describes it. What copies rows from one file to another follows these
/// descriptions, so that a table that a later version adds is copied too.
struct Table {
  std::string name;
  std::vector<std::string> columns;
  /// The row's own number, which holds in one file only.
  std::optional<std::size_t> id;
  /// The number that rows of other tables refer to: the row's own, or that of the row it is part
  /// of.
  std::optional<std::size_t> handle;
  /// The column (uuid or sha256) that names a row on every desk.
  std::optional<std::size_t> key;
  /// By column: the table whose id it holds; empty where it holds a value.
  std::vector<std::string> references;
  /// The column with the row that this one is a part of and is deleted with.
  std::optional<std::size_t> owner;
};

/// All tables, each behind those that it refers to.
Result<std::vector<Table>> tablesOf(Connection& connection);

/// "a, b, c" of the columns, and "?, ?, ?" of as many; without `skipped`.
std::string columnList(const Table& table, std::optional<std::size_t> skipped = {});
std::string parameterList(const Table& table, std::optional<std::size_t> skipped = {});

}  // namespace mcuprof::db
