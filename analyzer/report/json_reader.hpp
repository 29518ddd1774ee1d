#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/estimate.hpp"
#include "analyzer/base/result.hpp"

namespace mcuprof {

/// A JSON text of at most 64 MiB and 63 levels; `name` is what an error calls it.
Result<nlohmann::ordered_json> parseJson(std::string_view text, const std::string& name);

/// Reads keys of a document and keeps the first thing that was wrong; after that, harmless values.
/// Keys are paths such as "arena/used/value".
class JsonReader {
 public:
  using Json = nlohmann::ordered_json;

  explicit JsonReader(std::string name) : m_name(std::move(name)) {}

  bool failed() const { return m_error.has_value(); }
  const Error& error() const { return *m_error; }
  void wrong(const std::string& path, const std::string& what);

  /// Null when it is not there, which is noted where it is required.
  const Json& at(const Json& from, std::string_view path, bool required = true);
  /// From 0 to 4e12, so that sums over as many rows as a document can have fit 63 bits.
  std::int64_t bytes(const Json& from, std::string_view path);
  double number(const Json& from, std::string_view path);
  /// Printable.
  std::string text(const Json& from, std::string_view path, bool required = true);
  Basis basis(const Json& from);
  /// Nothing where the value is null or absent.
  std::optional<Estimate> estimate(const Json& from, std::string_view path);
  Estimate requireEstimate(const Json& from, std::string_view path);
  const Json& array(const Json& from, std::string_view path, bool required = true);

 private:
  std::string m_name;
  std::optional<Error> m_error;
};

}  // namespace mcuprof
