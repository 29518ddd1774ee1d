#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/quantity.hpp"
#include "analyzer/base/result.hpp"

namespace mcuprof {

class TomlTable;
class TomlValue;

/// A TOML text with a memory of what was read from it.
///
/// A reader asks for the keys it knows. A missing or ill-typed one is noted as a problem with its
/// line and column and a harmless value is given back, so that readers are straight lines; at the
/// end `problems` has all of them, and every key nobody asked for, in the order of the text.
/// Nothing that was read counts until there are none.
///
/// Tables and values point into their document and must not outlive it. Nothing throws. A text is
/// at most 4 MiB.
class TomlDocument {
 public:
  /// `name` is what errors call the text: "boards/f746.toml:31:9: ...".
  static Result<TomlDocument> parse(std::string_view text, std::string name);
  static Result<TomlDocument> load(const std::string& path);

  TomlDocument(TomlDocument&&) noexcept;
  TomlDocument& operator=(TomlDocument&&) noexcept;
  ~TomlDocument();

  TomlTable root();
  const std::string& name() const;

  /// Problems noted so far and keys that were never asked for, in the order of the text.
  std::vector<Error> problems() const;
  /// The first of them.
  Result<void> check() const;

 private:
  friend class TomlTable;
  friend class TomlValue;
  struct State;
  explicit TomlDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

/// The whole of a file of at most 4 MiB.
Result<std::string> readTextFile(const std::string& path);

/// One value and where it stands. What is asked of it must fit its type; the name in errors is that
/// of its key.
class TomlValue {
 public:
  bool isString() const;
  bool isInteger() const;
  bool isBoolean() const;
  bool isNumber() const;  ///< whole or not
  bool isArray() const;
  bool isTable() const;

  /// A text of at most 1000 characters.
  std::optional<std::string> string() const;
  std::optional<std::int64_t> integer(std::int64_t least = INT64_MIN,
                                      std::int64_t most = INT64_MAX) const;
  std::optional<bool> boolean() const;
  /// A finite number; whole numbers are numbers too.
  std::optional<double> number(double least = -1e300, double most = 1e300) const;
  /// Bytes, at least 0: "128 KiB", "2 MiB", "1 GiB", "512 B", or a whole number. "KB" is refused
  /// since nobody knows which one is meant.
  std::optional<Bytes> size(Bytes most = Bytes(INT64_MAX)) const;
  /// "2026-12-31", written as a date of TOML or as a string; whether there is such a day is for the
  /// caller to say.
  std::optional<std::string> date() const;
  std::optional<TomlTable> table() const;
  /// The elements; nothing when it is not an array (which is noted).
  std::vector<TomlValue> elements() const;
  std::vector<std::string> strings() const;

  /// Notes a problem at this value.
  void problem(std::string what) const;
  /// "boards/f746.toml:31:9".
  std::string where() const;

 private:
  friend class TomlTable;
  friend class TomlDocument;
  TomlValue(TomlDocument::State* state, const void* node, std::string name);
  void wrongType(std::string_view wanted) const;

  TomlDocument::State* m_state;
  const void* m_node;
  std::string m_name;
};

/// One table. `name(key)` gives nothing when the key is absent; `requireName(key)` notes its
/// absence and gives a harmless value.
class TomlTable {
 public:
  /// Whether the key is there; does not count as reading it.
  bool has(std::string_view key) const;
  /// All keys in the order of the text, for tables whose keys are names; each still has to be read.
  std::vector<std::string> keys() const;

  std::optional<TomlValue> value(std::string_view key) const;
  std::optional<std::string> string(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least = INT64_MIN,
                                      std::int64_t most = INT64_MAX) const;
  std::optional<bool> boolean(std::string_view key) const;
  std::optional<double> number(std::string_view key, double least = -1e300,
                               double most = 1e300) const;
  std::optional<Bytes> size(std::string_view key, Bytes most = Bytes(INT64_MAX)) const;
  std::optional<TomlTable> table(std::string_view key) const;
  /// The tables of `[[key]]`, or of an array of inline tables; none when absent.
  std::vector<TomlTable> tables(std::string_view key) const;
  /// The elements of an array; none when absent.
  std::vector<TomlValue> array(std::string_view key) const;
  std::vector<std::string> strings(std::string_view key) const;

  std::optional<TomlValue> requireValue(std::string_view key) const;
  std::string requireString(std::string_view key) const;
  std::int64_t requireInteger(std::string_view key, std::int64_t least = INT64_MIN,
                              std::int64_t most = INT64_MAX) const;
  bool requireBoolean(std::string_view key) const;
  double requireNumber(std::string_view key, double least = -1e300, double most = 1e300) const;
  Bytes requireSize(std::string_view key, Bytes most = Bytes(INT64_MAX)) const;
  std::optional<TomlTable> requireTable(std::string_view key) const;

  /// The position in `words` of a string; noted when it is none of them.
  std::optional<std::size_t> word(std::string_view key,
                                  std::span<const std::string_view> words) const;
  std::size_t requireWord(std::string_view key, std::span<const std::string_view> words) const;

  /// Notes a problem at this table, or at the value of one of its keys (at the table when absent).
  void problem(std::string what) const;
  void problemAt(std::string_view key, std::string what) const;
  std::string where() const;

 private:
  friend class TomlDocument;
  friend class TomlValue;
  TomlTable(TomlDocument::State* state, const void* node, std::string name);

  TomlDocument::State* m_state;
  const void* m_node;
  std::string m_name;  ///< its key; empty for the root
};

}  // namespace mcuprof
