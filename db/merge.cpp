#include "db/merge.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "db/tables.hpp"

namespace mcuprof::db {
namespace {

/// Rows that were stored later stay behind.
std::string orderOf(const Table& table) {
  return table.id ? fmt::format(" ORDER BY \"{}\"", table.columns[*table.id]) : std::string();
}

/// Copies rows table by table. A row's number is another one in another file, so every reference
/// goes through the numbers that its row has here.
class Merger {
 public:
  Merger(Connection& into, Connection& from) : m_into(into), m_from(from) {}

  Result<void> copy(const Table& table) {
    auto rows = m_from.prepare(
        fmt::format("SELECT {} FROM \"{}\"{}", columnList(table), table.name, orderOf(table)));
    if (!rows) return rows.error();
    auto insert =
        m_into.prepare(fmt::format("INSERT INTO \"{}\" ({}) VALUES ({})", table.name,
                                   columnList(table, table.id), parameterList(table, table.id)));
    if (!insert) return insert.error();
    for (;;) {
      const auto next = rows->step();
      if (!next) return next.error();
      if (!*next) return {};
      if (auto done = copyRow(table, *rows, *insert); !done) return done;
    }
  }

  MergeCounts counts;

 private:
  struct Known {
    std::unordered_map<std::int64_t, std::int64_t> here;  ///< number here by number there
    std::unordered_set<std::int64_t> added;               ///< numbers there
  };

  Result<void> copyRow(const Table& table, const Statement& row, Statement& insert) {
    if (table.owner) {
      const auto whole = row.integer(static_cast<int>(*table.owner));
      // Its parts came with it when it was taken over, if ever.
      if (!m_known[table.references[*table.owner]].added.contains(whole)) return {};
    }
    if (table.key) {
      const auto present = find(table, row.text(static_cast<int>(*table.key)));
      if (!present) return present.error();
      if (*present) {
        if (table.name == "runs") ++counts.present;
        if (table.id)
          m_known[table.name].here[row.integer(static_cast<int>(*table.id))] = **present;
        return {};
      }
    }
    std::int64_t here = 0;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i == table.id) continue;
      Value value = row.value(static_cast<int>(i));
      if (!table.references[i].empty() && std::holds_alternative<std::int64_t>(value)) {
        const auto& numbers = m_known[table.references[i]].here;
        const auto found = numbers.find(std::get<std::int64_t>(value));
        if (found == numbers.end()) {
          return Error{m_from.path(),
                       fmt::format("is damaged: {} refer to a row of {} that is not there",
                                   table.name, table.references[i])};
        }
        value = found->second;
        if (i == table.handle) here = found->second;
      }
      insert.bindValue(value);
    }
    if (auto done = insert.run(); !done) return done;
    if (table.name == "runs") ++counts.added;
    if (table.handle) {
      const std::int64_t there = row.integer(static_cast<int>(*table.handle));
      m_known[table.name].here[there] = table.id ? m_into.lastRowId() : here;
      m_known[table.name].added.insert(there);
    }
    return {};
  }

  Result<std::optional<std::int64_t>> find(const Table& table, const std::string& key) {
    auto row = m_into.prepare(fmt::format("SELECT \"{}\" FROM \"{}\" WHERE \"{}\" = ?",
                                          table.id ? table.columns[*table.id] : "rowid", table.name,
                                          table.columns[*table.key]));
    if (!row) return row.error();
    const auto found = row->bind(key).step();
    if (!found) return found.error();
    return *found ? std::optional(row->integer(0)) : std::nullopt;
  }

  Connection& m_into;
  Connection& m_from;
  std::map<std::string, Known> m_known;
};

}  // namespace

Result<MergeCounts> mergeFrom(Database& into, Connection& from) {
  const auto version = from.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version < newestVersion()) {
    auto copy = from.copyInMemory();
    if (!copy) return copy.error();
    if (auto done = bringForward(*copy); !done) return done.error();
    return mergeFrom(into, *copy);
  }
  Connection& connection = into.connection();
  auto transaction = Transaction::begin(connection);
  if (!transaction) return transaction.error();
  const auto tables = tablesOf(connection);
  if (!tables) return tables.error();
  Merger merger(connection, from);
  for (const Table& table : *tables) {
    if (auto done = merger.copy(table); !done) return done.error();
  }
  if (auto done = transaction->commit(); !done) return done.error();
  return merger.counts;
}

Result<MergeCounts> mergeFile(Database& into, const std::string& path) {
  std::error_code failed;
  if (std::filesystem::equivalent(path, into.connection().path(), failed)) {
    return Error{path, "is the database that it would be merged into"};
  }
  auto other = Database::open(path, Access::ReadOnly);
  if (!other) return other.error();
  return mergeFrom(into, other->connection());
}

}  // namespace mcuprof::db
