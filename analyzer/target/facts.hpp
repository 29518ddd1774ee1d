#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {

/// Reads the facts of one target file: each a pair of a value and the short name of its source,
/// `clock_hz = [216_000_000, "zep"]`. What the names stand for, and how far a source is to be
/// trusted, is said once, in a table per basis:
///
///     [sources.datasheet]
///     zep = "Zephyr boards/st/nucleo_f767zi/nucleo_f767zi.dts, commit 19a6a69e"
///     [sources.assumed]
///     recalled = "recalled, not looked up"
///
/// A fact without a source, or with one that the file does not declare, is noted as a problem in
/// the document, as is a source that no fact names.
class FactReader {
 public:
  struct Citation {
    Basis basis = Basis::Assumed;
    std::string text;
  };

  explicit FactReader(const TomlTable& root);

  std::optional<Sourced<std::int64_t>> integer(const TomlTable& table, std::string_view key,
                                               std::int64_t least, std::int64_t most);
  std::optional<Sourced<int>> smallInteger(const TomlTable& table, std::string_view key, int least,
                                           int most);
  std::optional<Sourced<double>> number(const TomlTable& table, std::string_view key, double least,
                                        double most);
  std::optional<Sourced<bool>> boolean(const TomlTable& table, std::string_view key);
  std::optional<Sourced<std::string>> string(const TomlTable& table, std::string_view key);
  /// In bytes; written as a size, `["16 KiB", "ds"]`.
  std::optional<Sourced<std::int64_t>> bytes(const TomlTable& table, std::string_view key,
                                             Bytes most);

  /// The source that a key names, for facts which share one: `source = "hdr"`. It must be there.
  Citation citation(const TomlTable& table, std::string_view key);

  /// Notes sources that nothing named. To be called after all facts were read.
  void noteUnusedSources() const;

 private:
  struct Source {
    TomlValue declaredAt;
    Citation citation;
    bool used = false;
  };
  const Citation* resolve(const TomlValue& name);
  template <typename T>
  std::optional<Sourced<T>> fact(const TomlTable& table, std::string_view key,
                                 const std::function<std::optional<T>(const TomlValue&)>& read);

  std::map<std::string, Source, std::less<>> m_sources;
};

/// A fact that the table has to state: notes its absence.
template <typename T>
Sourced<T> required(const TomlTable& table, std::string_view key, std::optional<Sourced<T>> fact) {
  table.requireValue(key);
  return std::move(fact).value_or(Sourced<T>{});
}

}  // namespace mcuprof
