#include "db/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mcuprof::db {
namespace {

Result<std::vector<std::string>> tableNames(Connection& connection) {
  auto rows = connection.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
      "ESCAPE '\\' ORDER BY name");
  if (!rows) return rows.error();
  std::vector<std::string> names;
  const auto read = rows->each([&] { names.push_back(rows->text(0)); });
  if (!read) return read.error();
  return names;
}

Result<Table> describe(Connection& connection, const std::string& name) {
  Table table;
  table.name = name;
  auto columns = connection.prepare("SELECT name, type, pk FROM pragma_table_info(?)");
  if (!columns) return columns.error();
  columns->bind(name);
  std::vector<std::size_t> primary;
  std::vector<bool> isInteger;
  const auto readColumns = columns->each([&] {
    const std::string column = columns->text(0);
    if (column == "uuid" || column == "sha256") table.key = table.columns.size();
    if (columns->integer(2) > 0) primary.push_back(table.columns.size());
    isInteger.push_back(columns->text(1) == "INTEGER");
    table.columns.push_back(column);
  });
  if (!readColumns) return readColumns.error();
  table.references.resize(table.columns.size());
  auto keys = connection.prepare(
      "SELECT \"from\", \"table\", on_delete FROM "
      "pragma_foreign_key_list(?) ORDER BY id, seq");
  if (!keys) return keys.error();
  keys->bind(name);
  const auto readKeys = keys->each([&] {
    const auto column = std::ranges::find(table.columns, keys->text(0));
    if (column == table.columns.end()) return;
    const auto index = static_cast<std::size_t>(column - table.columns.begin());
    table.references[index] = keys->text(1);
    if (keys->text(2) == "CASCADE") table.owner = index;
  });
  if (!readKeys) return readKeys.error();
  // An INTEGER PRIMARY KEY is the row's number, unless it is the number of another table's row.
  if (primary.size() == 1 && isInteger[primary[0]]) {
    table.handle = primary[0];
    if (table.references[primary[0]].empty()) table.id = primary[0];
  }
  return table;
}

}  // namespace

Result<std::vector<Table>> tablesOf(Connection& connection) {
  const auto names = tableNames(connection);
  if (!names) return names.error();
  std::vector<Table> waiting;
  for (const std::string& name : *names) {
    auto table = describe(connection, name);
    if (!table) return table.error();
    waiting.push_back(*std::move(table));
  }
  std::vector<Table> sorted;
  const auto isReady = [&](const Table& table) {
    return std::ranges::all_of(table.references, [&](const std::string& parent) {
      return parent.empty() || parent == table.name ||
             std::ranges::find(sorted, parent, &Table::name) != sorted.end();
    });
  };
  while (!waiting.empty()) {
    const auto next = std::ranges::find_if(waiting, isReady);
    if (next == waiting.end()) return Error{connection.path(), "has tables that refer in a circle"};
    sorted.push_back(std::move(*next));
    waiting.erase(next);
  }
  return sorted;
}

std::string columnList(const Table& table, std::optional<std::size_t> skipped) {
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i == skipped) continue;
    text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", table.columns[i]);
  }
  return text;
}

std::string parameterList(const Table& table, std::optional<std::size_t> skipped) {
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i != skipped) text += text.empty() ? "?" : ", ?";
  }
  return text;
}

}  // namespace mcuprof::db
