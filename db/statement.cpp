#include "db/statement.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cassert>
#include <utility>

namespace mcuprof::db {
namespace {

/// Milliseconds to wait for another writer; one run takes some.
constexpr int kBusyTime = 10'000;

/// What SQLite's result code means for who has the file.
std::string meaningOf(int code, const char* message) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full; nothing was changed";
    case SQLITE_READONLY:
      return "the file is read-only; nothing was changed";
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return "cannot be opened; check that the folder exists and may be written";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program is writing to it and did not finish within 10 s; try again";
    case SQLITE_NOTADB:
      return "is not an mcuprof database";
    case SQLITE_CORRUPT:
      return "is damaged; restore a copy, or save what can be read with \"sqlite3 FILE .recover\"";
    case SQLITE_IOERR:
      return fmt::format("cannot be read or written: {}; nothing was changed", message);
    default:
      return message;
  }
}

Error errorOf(sqlite3* handle, const std::string& path) {
  return {path, meaningOf(sqlite3_errcode(handle), sqlite3_errmsg(handle))};
}

/// The path as an SQLite URI that promises that nobody writes to the file.
std::string immutableUri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

/// Opens and reads the header, which sqlite3_open_v2() leaves for later; nullptr after closing it.
sqlite3* tryOpen(const std::string& path, int flags, Error& error) {
  sqlite3* handle = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_busy_timeout(handle, kBusyTime);
    code = sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
  }
  if (code == SQLITE_OK) return handle;
  error = handle != nullptr ? errorOf(handle, path) : Error{path, "out of memory"};
  sqlite3_close(handle);
  return nullptr;
}

}  // namespace

Result<Connection> Connection::open(const std::string& path, Access access) {
  Error error;
  const bool write = access == Access::ReadWrite;
  sqlite3* handle = tryOpen(
      path, write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY, error);
  // A reader of a database in WAL mode makes a file beside it. Where it may not, and nobody left
  // pages in a log, the file alone is the whole database.
  if (handle == nullptr && !write && ::access(path.c_str(), R_OK) == 0 &&
      ::access((path + "-wal").c_str(), F_OK) != 0) {
    Error ignored;
    handle = tryOpen(immutableUri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, ignored);
  }
  if (handle != nullptr) return Connection(handle, path);
  // SQLite says only that it cannot open the file; what it may not write is often the reason.
  if (write && ::access(path.c_str(), R_OK) == 0 && ::access(path.c_str(), W_OK) != 0) {
    return Error{path, meaningOf(SQLITE_READONLY, "")};
  }
  return error;
}

Result<Connection> Connection::inMemory(std::string name) {
  Error failed;
  sqlite3* handle = tryOpen(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, failed);
  if (handle == nullptr) return Error{std::move(name), failed.what};
  return Connection(handle, std::move(name));
}

Result<Connection> Connection::copyInMemory() {
  auto copy = inMemory(m_path);
  if (!copy) return copy;
  sqlite3_backup* backup = sqlite3_backup_init(copy->m_handle, "main", m_handle, "main");
  if (backup == nullptr) return copy->error();
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) return copy->error();
  return copy;
}

Connection::Connection(Connection&& other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr)), m_path(std::move(other.m_path)) {}

Connection::~Connection() {
  sqlite3_close(m_handle);
}

Error Connection::error() const {
  return errorOf(m_handle, m_path);
}

Result<void> Connection::execute(const std::string& sql) {
  if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return error();
  return {};
}

Result<void> Connection::keepWriteAheadLog() {
  constexpr int kPause = 10;
  for (int waited = 0;; waited += kPause) {
    const int code = sqlite3_exec(m_handle, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return {};
    if ((code & 0xff) != SQLITE_BUSY || waited >= kBusyTime) return error();
    sqlite3_sleep(kPause);
  }
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(m_handle, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    return error();
  }
  return Statement(statement, *this);
}

Result<std::int64_t> Connection::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  if (!*row) return Error{m_path, "a query that has a result gave none"};
  return statement->integer(0);
}

std::int64_t Connection::lastRowId() const {
  return sqlite3_last_insert_rowid(m_handle);
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(m_handle);
}

Statement::Statement(Statement&& other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr)),
      m_connection(other.m_connection),
      m_next(other.m_next) {}

Statement::~Statement() {
  sqlite3_finalize(m_handle);
}

// A parameter that does not exist is a defect of the statement beside the call, not of the data.
Statement& Statement::bind(std::int64_t value) {
  [[maybe_unused]] const int code = sqlite3_bind_int64(m_handle, m_next++, value);
  assert(code == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(double value) {
  [[maybe_unused]] const int code = sqlite3_bind_double(m_handle, m_next++, value);
  assert(code == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  [[maybe_unused]] const int code =
      sqlite3_bind_text(m_handle, m_next++, value.data() == nullptr ? "" : value.data(),
                        static_cast<int>(value.size()), SQLITE_TRANSIENT);
  assert(code == SQLITE_OK);
  return *this;
}

Statement& Statement::bindNull() {
  [[maybe_unused]] const int code = sqlite3_bind_null(m_handle, m_next++);
  assert(code == SQLITE_OK);
  return *this;
}

Statement& Statement::bindBlob(std::span<const std::byte> value) {
  [[maybe_unused]] const int code =
      value.empty()
          ? sqlite3_bind_zeroblob(m_handle, m_next++, 0)
          : sqlite3_bind_blob64(m_handle, m_next++, value.data(), value.size(), SQLITE_TRANSIENT);
  assert(code == SQLITE_OK);
  return *this;
}

Statement& Statement::bindValue(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return bind(*number);
  if (const auto* real = std::get_if<double>(&value)) return bind(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return bind(std::string_view(*text));
  if (const auto* blob = std::get_if<Blob>(&value))
    return bindBlob(std::as_bytes(std::span(blob->bytes)));
  return bindNull();
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(m_handle);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return m_connection->error();
}

Result<void> Statement::run() {
  const int code = sqlite3_step(m_handle);
  Error error;
  if (code != SQLITE_DONE && code != SQLITE_ROW) error = m_connection->error();
  sqlite3_reset(m_handle);
  sqlite3_clear_bindings(m_handle);
  m_next = 1;
  if (code != SQLITE_DONE && code != SQLITE_ROW) return error;
  return {};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(m_handle, column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(m_handle, column);
}

std::string Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(m_handle, column);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column))};
}

std::vector<std::byte> Statement::blob(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(m_handle, column));
  if (bytes == nullptr) return {};
  return {bytes, bytes + sqlite3_column_bytes(m_handle, column)};
}

std::optional<std::int64_t> Statement::optionalInteger(int column) const {
  if (sqlite3_column_type(m_handle, column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

std::optional<double> Statement::optionalReal(int column) const {
  if (sqlite3_column_type(m_handle, column) == SQLITE_NULL) return std::nullopt;
  return real(column);
}

Value Statement::value(int column) const {
  switch (sqlite3_column_type(m_handle, column)) {
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return real(column);
    case SQLITE_TEXT:
      return text(column);
    case SQLITE_BLOB: {
      const void* bytes = sqlite3_column_blob(m_handle, column);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column));
      return Blob{bytes == nullptr ? std::string()
                                   : std::string(static_cast<const char*>(bytes), size)};
    }
    default:
      return {};
  }
}

}  // namespace mcuprof::db
