#pragma once

#include <string>

#include "analyzer/base/result.hpp"
#include "db/statement.hpp"

namespace mcuprof::db {

/// Where the database is unless told otherwise: `given` if it is not empty, else MCUPROF_DB, else
/// mcuprof/runs.db in the XDG data folder ($XDG_DATA_HOME or ~/.local/share). An error when none of
/// these is set and there is no home.
Result<std::string> databasePath(const std::string& given);

/// The store of runs: one SQLite file, in WAL mode, of the newest version of db/schema.
///
/// A change is a transaction that is on the disk when the call returns. So a kill, a full disk or a
/// second writer costs at most the change in hand, and the error says that it was not made.
class Database {
 public:
  /// ReadWrite makes file and folders, and brings an older version up to date in one step.
  /// ReadOnly takes a missing file for an error and an older version as it is. A newer version, a
  /// file of another program and a damaged one are refused and left alone.
  static Result<Database> open(const std::string& path, Access access);

  Connection& connection() { return m_connection; }

  /// The version of the file; a reader may meet one that is older than this program's.
  Result<std::int64_t> version() { return m_connection.number("PRAGMA user_version"); }

  /// Everything SQLite can check of the file: page structure, indices, foreign keys. The error has
  /// the first finding.
  Result<void> check();

  /// Writes a copy of this moment, as a database of its own, in place of whatever is at `path`.
  /// The copy is there whole or not at all.
  Result<void> copyTo(const std::string& path);

 private:
  explicit Database(Connection connection) : m_connection(std::move(connection)) {}

  Connection m_connection;
};

/// The newest version of the database that this program knows.
std::int64_t newestVersion();

/// An empty database in memory with the tables of `version`, 1 to newestVersion(). Errors name it
/// `name`.
Result<Connection> makeScratch(std::int64_t version, const std::string& name);

/// Brings a database that nobody else has open to the newest version.
Result<void> bringForward(Connection& connection);

/// Undoes what was done since begin() unless commit() came.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : m_connection(&connection) {}
  Connection* m_connection;
};

}  // namespace mcuprof::db
