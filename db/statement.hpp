#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analyzer/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace mcuprof::db {

enum class Access : std::uint8_t { ReadOnly, ReadWrite };

/// Bytes that are no text.
struct Blob {
  std::string bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};

/// What a cell of any table holds; the first stands for NULL.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

class Statement;

/// An open SQLite file. Errors name the file and say in plain words what is wrong with it.
class Connection {
 public:
  /// ReadWrite makes the file when there is none. ReadOnly writes nothing at all, nor does it need
  /// to be allowed to.
  static Result<Connection> open(const std::string& path, Access access);

  /// An empty one that is gone with the object; `name` stands in errors.
  static Result<Connection> inMemory(std::string name);
  /// The whole content in memory, for changes that must not reach the file.
  Result<Connection> copyInMemory();

  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  const std::string& path() const { return m_path; }
  /// One or more statements without results.
  Result<void> execute(const std::string& sql);
  /// Lets readers go on beside a writer. Waits as long as a write does for others that open the
  /// file at the same moment: SQLite itself does not wait here.
  Result<void> keepWriteAheadLog();
  Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row; an error when there is none.
  Result<std::int64_t> number(std::string_view sql);
  std::int64_t lastRowId() const;
  /// Rows that the last INSERT, UPDATE or DELETE touched.
  std::int64_t changes() const;

 private:
  friend class Statement;
  Connection(sqlite3* handle, std::string path) : m_handle(handle), m_path(std::move(path)) {}
  Error error() const;

  sqlite3* m_handle = nullptr;
  std::string m_path;
};

/// One prepared statement: bind() from the first parameter on, then step() through the rows. It
/// must not outlive its connection.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& bind(std::int64_t value);
  Statement& bind(double value);
  Statement& bind(std::string_view value);
  Statement& bindNull();
  Statement& bindBlob(std::span<const std::byte> value);
  template <typename T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bindNull();
  }
  Statement& bind(bool value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(std::int32_t value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(const char*) = delete;  ///< would convert to bool
  Statement& bindValue(const Value& value);

  /// True on a row, false at the end.
  Result<bool> step();
  /// Calls `take()` on each row that is left.
  template <typename Take>
  Result<void> each(Take&& take) {
    for (;;) {
      const auto row = step();
      if (!row) return row.error();
      if (!*row) return {};
      take();
    }
  }
  /// Runs a statement without rows and makes it ready for the next bind().
  Result<void> run();

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  std::vector<std::byte> blob(int column) const;
  std::optional<std::int64_t> optionalInteger(int column) const;
  std::optional<double> optionalReal(int column) const;
  Value value(int column) const;

 private:
  friend class Connection;
  Statement(sqlite3_stmt* handle, const Connection& connection)
      : m_handle(handle), m_connection(&connection) {}

  sqlite3_stmt* m_handle = nullptr;
  const Connection* m_connection = nullptr;
  int m_next = 1;
};

}  // namespace mcuprof::db
