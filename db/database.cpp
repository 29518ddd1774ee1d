#include "db/database.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "db/migrations.hpp"

namespace mcuprof::db {
namespace {

/// "mcup"; tells our files from those of other programs that use SQLite.
constexpr std::int64_t kApplicationId = 0x6d637570;

Result<void> migrate(Connection& connection, std::int64_t from) {
  const auto steps = migrations();
  for (std::size_t version = static_cast<std::size_t>(from); version < steps.size(); ++version) {
    if (auto done = connection.execute(steps[version]); !done) return done;
  }
  return connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                        kApplicationId, steps.size()));
}

Error newer(const std::string& path, std::int64_t version) {
  return {path, fmt::format("was written by a newer mcuprof (version {} of the database, this "
                            "program knows up to {}); nothing was changed",
                            version, migrations().size())};
}

/// Whether the file is ours and of a version we know. An empty file is of version 0.
Result<std::int64_t> versionOf(Connection& connection) {
  const auto version = connection.number("PRAGMA user_version");
  if (!version) return version.error();
  const auto application = connection.number("PRAGMA application_id");
  if (!application) return application.error();
  const auto tables = connection.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  if (*application != kApplicationId && (*tables != 0 || *version != 0)) {
    return Error{connection.path(), "is a database of another program; nothing was changed"};
  }
  if (*version > static_cast<std::int64_t>(migrations().size())) {
    return newer(connection.path(), *version);
  }
  return *version;
}

Result<void> bringUpToDate(Connection& connection) {
  const auto before = versionOf(connection);
  if (!before) return before.error();
  if (auto done = connection.keepWriteAheadLog(); !done) return done;
  if (auto done = connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
      !done) {
    return done;
  }
  if (*before == static_cast<std::int64_t>(migrations().size())) return {};
  auto transaction = Transaction::begin(connection);
  if (!transaction) return transaction.error();
  // Another program may have been faster.
  const auto version = versionOf(connection);
  if (!version) return version.error();
  if (auto done = migrate(connection, *version); !done) return done;
  return transaction->commit();
}

}  // namespace

Result<std::string> databasePath(const std::string& given) {
  if (!given.empty()) return given;
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (std::string path = variable("MCUPROF_DB"); !path.empty()) return path;
  // The XDG specification has relative paths ignored.
  if (const std::string data = variable("XDG_DATA_HOME"); data.starts_with('/')) {
    return data + "/mcuprof/runs.db";
  }
  if (const std::string home = variable("HOME"); !home.empty()) {
    return home + "/.local/share/mcuprof/runs.db";
  }
  return Error{"", "no place for the database: HOME is not set; give --db FILE or MCUPROF_DB"};
}

std::int64_t newestVersion() {
  return static_cast<std::int64_t>(migrations().size());
}

Result<Connection> makeScratch(std::int64_t version, const std::string& name) {
  auto connection = Connection::inMemory(name);
  if (!connection) return connection;
  const auto steps = migrations();
  for (std::size_t i = 0; i < static_cast<std::size_t>(version); ++i) {
    if (auto done = connection->execute(steps[i]); !done) return done.error();
  }
  if (auto done =
          connection->execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; "
                                          "PRAGMA foreign_keys = ON",
                                          kApplicationId, version));
      !done) {
    return done.error();
  }
  return connection;
}

Result<void> bringForward(Connection& connection) {
  const auto version = versionOf(connection);
  if (!version) return version.error();
  if (*version == newestVersion()) return {};
  return migrate(connection, *version);
}

Result<Database> Database::open(const std::string& path, Access access) {
  std::error_code error;
  if (access == Access::ReadWrite) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (error) return Error{folder.string(), fmt::format("cannot be made: {}", error.message())};
  } else if (!std::filesystem::exists(path, error)) {
    return Error{path, "there is no database yet; \"mcuprof run\" makes it"};
  }
  if (std::filesystem::is_directory(path, error)) return Error{path, "is a folder"};
  auto connection = Connection::open(path, access);
  if (!connection) return connection.error();
  if (access == Access::ReadWrite) {
    if (auto done = bringUpToDate(*connection); !done) return done.error();
  } else {
    const auto version = versionOf(*connection);
    if (!version) return version.error();
    if (*version == 0) return Error{path, "holds nothing yet; \"mcuprof run\" fills it"};
  }
  return Database(std::move(*connection));
}

Result<void> Database::check() {
  for (const char* pragma : {"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"}) {
    auto statement = m_connection.prepare(pragma);
    if (!statement) return statement.error();
    const auto row = statement->step();
    if (!row) return row.error();
    if (*row && statement->text(0) != "ok") {
      return Error{m_connection.path(), "is damaged: " + statement->text(0)};
    }
  }
  return {};
}

Result<void> Database::copyTo(const std::string& path) {
  std::error_code failed;
  if (std::filesystem::equivalent(path, m_connection.path(), failed)) {
    return Error{path, "is the database itself; nothing was changed"};
  }
  const std::string partial = path + ".partial";
  std::filesystem::remove(partial, failed);
  {
    auto copy = m_connection.prepare("VACUUM INTO ?");
    if (!copy) return copy.error();
    if (auto done = copy->bind(partial).run(); !done) {
      std::filesystem::remove(partial, failed);
      return Error{path, done.error().what};
    }
  }
  std::filesystem::rename(partial, path, failed);
  if (failed) return Error{path, fmt::format("cannot be written: {}", failed.message())};
  return {};
}

Result<Transaction> Transaction::begin(Connection& connection) {
  // Immediate: to wait for another writer here, not to fail in the middle.
  if (auto done = connection.execute("BEGIN IMMEDIATE"); !done) return done.error();
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : m_connection(std::exchange(other.m_connection, nullptr)) {}

Transaction::~Transaction() {
  // Some errors have rolled back already; then this fails, which changes nothing.
  if (m_connection != nullptr && !m_connection->execute("ROLLBACK")) return;
}

Result<void> Transaction::commit() {
  auto done = m_connection->execute("COMMIT");
  if (done) m_connection = nullptr;
  return done;
}

}  // namespace mcuprof::db
