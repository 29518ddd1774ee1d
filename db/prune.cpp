#include "db/prune.hpp"

#include <fmt/format.h>

#include "db/tables.hpp"

namespace mcuprof::db {
namespace {

constexpr const char* kChosen =
    "FROM runs WHERE (?1 = '' OR started < ?1) "
    "AND (?2 = '' OR board_id IN (SELECT id FROM boards WHERE name = ?2)) "
    "AND (?3 = '' OR provenance = ?3)";

Result<Statement> choose(Connection& connection, const char* verb, const PruneFilter& filter) {
  auto statement = connection.prepare(fmt::format("{} {}", verb, kChosen));
  if (statement) statement->bind(filter.before).bind(filter.board).bind(filter.provenance);
  return statement;
}

/// Deletes rows of shared tables (those named by their content) that no row refers to.
Result<void> dropUnused(Connection& connection) {
  const auto tables = tablesOf(connection);
  if (!tables) return tables.error();
  for (const Table& shared : *tables) {
    if (!shared.key || shared.columns[*shared.key] != "sha256" || !shared.id) continue;
    std::string sql = fmt::format("DELETE FROM \"{}\" WHERE 1", shared.name);
    for (const Table& table : *tables) {
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.references[i] != shared.name) continue;
        sql +=
            fmt::format(" AND \"{}\" NOT IN (SELECT \"{}\" FROM \"{}\" WHERE \"{}\" NOT NULL)",
                        shared.columns[*shared.id], table.columns[i], table.name, table.columns[i]);
      }
    }
    if (auto done = connection.execute(sql); !done) return done;
  }
  return {};
}

}  // namespace

Result<std::vector<std::int64_t>> findRunsToPrune(Database& database, const PruneFilter& filter) {
  auto rows = choose(database.connection(), "SELECT id", filter);
  if (!rows) return rows.error();
  std::vector<std::int64_t> ids;
  const auto read = rows->each([&] { ids.push_back(rows->integer(0)); });
  if (!read) return read.error();
  return ids;
}

Result<std::int64_t> pruneRuns(Database& database, const PruneFilter& filter) {
  Connection& connection = database.connection();
  std::int64_t deleted = 0;
  {
    auto transaction = Transaction::begin(connection);
    if (!transaction) return transaction.error();
    auto remove = choose(connection, "DELETE", filter);
    if (!remove) return remove.error();
    if (auto done = remove->run(); !done) return done.error();
    deleted = connection.changes();
    if (auto done = dropUnused(connection); !done) return done.error();
    if (auto done = transaction->commit(); !done) return done.error();
  }
  // The runs are gone either way; that the file keeps its size then is no error.
  static_cast<void>(connection.execute("VACUUM"));
  return deleted;
}

}  // namespace mcuprof::db
