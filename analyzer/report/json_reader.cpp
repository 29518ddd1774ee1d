#include "analyzer/report/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analyzer/report/text.hpp"

namespace mcuprof {

using Json = JsonReader::Json;

Result<Json> parseJson(std::string_view text, const std::string& name) {
  constexpr std::size_t kLargestDocument = std::size_t{64} << 20;
  if (text.size() > kLargestDocument)
    return Error{name, fmt::format("the document has {} bytes; at most {} are read", text.size(),
                                   kLargestDocument)};
  // Deep nesting would overflow the stack of whoever frees the document.
  int depth = 0;
  const auto notTooDeep = [&depth](int now, Json::parse_event_t, Json&) {
    depth = std::max(depth, now);
    return now < 64;
  };
  Json document = Json::parse(text, notTooDeep, false);
  if (document.is_discarded() || depth >= 64) return Error{name, "not a JSON document"};
  return document;
}

void JsonReader::wrong(const std::string& path, const std::string& what) {
  if (!m_error) m_error = Error{m_name, fmt::format("{} {}", path, what)};
}

const Json& JsonReader::at(const Json& from, std::string_view path, bool required) {
  static const Json null;
  const Json* now = &from;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string key(rest.substr(0, slash));
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    const auto found = now->is_object() ? now->find(key) : now->end();
    if (!now->is_object() || found == now->end()) {
      if (required) wrong(std::string(path), "is missing");
      return null;
    }
    now = &*found;
  }
  return *now;
}

std::int64_t JsonReader::bytes(const Json& from, std::string_view path) {
  const Json& value = at(from, path);
  constexpr double kMost = 4e12;
  if (value.is_number() && value.get<double>() >= 0 && value.get<double>() <= kMost) {
    return value.is_number_integer() ? value.get<std::int64_t>()
                                     : static_cast<std::int64_t>(value.get<double>());
  }
  wrong(std::string(path), "is no count; wanted a number from 0 to 4e12");
  return 0;
}

double JsonReader::number(const Json& from, std::string_view path) {
  const Json& value = at(from, path);
  if (value.is_number() && std::isfinite(value.get<double>())) return value.get<double>();
  wrong(std::string(path), "is no number");
  return 0;
}

std::string JsonReader::text(const Json& from, std::string_view path, bool required) {
  const Json& value = at(from, path, required);
  if (value.is_string()) return printable(value.get<std::string>());
  if (required && !value.is_null()) wrong(std::string(path), "is no string");
  return {};
}

Basis JsonReader::basis(const Json& from) {
  const std::string name = text(from, "basis");
  for (const Basis basis : {Basis::Counted, Basis::Measured, Basis::Datasheet, Basis::Fitted,
                            Basis::Assumed, Basis::Virtual}) {
    if (name == nameOf(basis)) return basis;
  }
  wrong("basis", fmt::format("\"{}\" is not known", name.substr(0, 40)));
  return Basis::Assumed;
}

std::optional<Estimate> JsonReader::estimate(const Json& from, std::string_view path) {
  const Json& value = at(from, path, false);
  if (value.is_null()) return std::nullopt;
  if (!value.is_object()) {
    wrong(std::string(path), "is no estimate; wanted value, low, high, basis");
    return std::nullopt;
  }
  Estimate out;
  out.value = number(value, "value");
  out.low = number(value, "low");
  // No upper end is written as null.
  const Json& high = at(value, "high");
  out.high = high.is_null() ? std::numeric_limits<double>::infinity() : number(value, "high");
  out.basis = basis(value);
  if (!(out.low <= out.value && out.value <= out.high))
    wrong(std::string(path), "has no order: wanted low <= value <= high");
  return out;
}

Estimate JsonReader::requireEstimate(const Json& from, std::string_view path) {
  const auto out = estimate(from, path);
  if (!out) wrong(std::string(path), "is missing");
  return out.value_or(Estimate{});
}

const Json& JsonReader::array(const Json& from, std::string_view path, bool required) {
  static const Json none = Json::array();
  const Json& value = at(from, path, required);
  if (value.is_array()) return value;
  if (required || !value.is_null()) wrong(std::string(path), "is no array");
  return none;
}

}  // namespace mcuprof
