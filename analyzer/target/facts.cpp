#include "analyzer/target/facts.hpp"

#include <fmt/core.h>

#include <vector>

#include "analyzer/base/near_miss.hpp"

namespace mcuprof {

FactReader::FactReader(const TomlTable& root) {
  const auto sources = root.table("sources");
  if (!sources) return;
  for (const Basis basis :
       {Basis::Counted, Basis::Measured, Basis::Datasheet, Basis::Fitted, Basis::Assumed}) {
    const auto group = sources->table(nameOf(basis));
    if (!group) continue;
    for (const std::string& key : group->keys()) {
      const TomlValue declared = *group->value(key);
      auto text = declared.string();
      if (!text) continue;
      if (text->empty()) declared.problem(fmt::format("source \"{}\" says nothing", key));
      if (!m_sources.try_emplace(key, Source{declared, {basis, std::move(*text)}}).second)
        declared.problem(fmt::format("source \"{}\" is declared twice", key));
    }
  }
}

const FactReader::Citation* FactReader::resolve(const TomlValue& name) {
  const auto key = name.string();
  if (!key) return nullptr;
  const auto source = m_sources.find(*key);
  if (source == m_sources.end()) {
    std::vector<std::string> known;
    for (const auto& [declared, ignored] : m_sources) known.push_back(declared);
    const auto near = nearMiss(*key, known);
    name.problem(fmt::format("unknown source \"{}\"{}", *key,
                             near ? fmt::format(" (did you mean \"{}\"?)", *near) : ""));
    return nullptr;
  }
  source->second.used = true;
  return &source->second.citation;
}

template <typename T>
std::optional<Sourced<T>> FactReader::fact(
    const TomlTable& table, std::string_view key,
    const std::function<std::optional<T>(const TomlValue&)>& read) {
  const auto pair = table.value(key);
  if (!pair) return std::nullopt;
  const auto parts = pair->isArray() ? pair->elements() : std::vector<TomlValue>();
  if (parts.size() != 2) {
    pair->problem(fmt::format("\"{}\" has no source; wanted [value, \"source\"]", key));
    return std::nullopt;
  }
  auto value = read(parts[0]);
  const Citation* citation = resolve(parts[1]);
  if (!value || citation == nullptr) return std::nullopt;
  return Sourced<T>{std::move(*value), citation->basis, citation->text};
}

std::optional<Sourced<std::int64_t>> FactReader::integer(const TomlTable& table,
                                                         std::string_view key, std::int64_t least,
                                                         std::int64_t most) {
  return fact<std::int64_t>(table, key,
                            [=](const TomlValue& value) { return value.integer(least, most); });
}

std::optional<Sourced<int>> FactReader::smallInteger(const TomlTable& table, std::string_view key,
                                                     int least, int most) {
  return fact<int>(table, key, [=](const TomlValue& value) -> std::optional<int> {
    const auto integer = value.integer(least, most);
    return integer ? std::optional(static_cast<int>(*integer)) : std::nullopt;
  });
}

std::optional<Sourced<double>> FactReader::number(const TomlTable& table, std::string_view key,
                                                  double least, double most) {
  return fact<double>(table, key,
                      [=](const TomlValue& value) { return value.number(least, most); });
}

std::optional<Sourced<bool>> FactReader::boolean(const TomlTable& table, std::string_view key) {
  return fact<bool>(table, key, [](const TomlValue& value) { return value.boolean(); });
}

std::optional<Sourced<std::string>> FactReader::string(const TomlTable& table,
                                                       std::string_view key) {
  return fact<std::string>(table, key, [](const TomlValue& value) { return value.string(); });
}

std::optional<Sourced<std::int64_t>> FactReader::bytes(const TomlTable& table, std::string_view key,
                                                       Bytes most) {
  return fact<std::int64_t>(table, key, [=](const TomlValue& value) -> std::optional<std::int64_t> {
    const auto size = value.size(most);
    return size ? std::optional(size->value) : std::nullopt;
  });
}

FactReader::Citation FactReader::citation(const TomlTable& table, std::string_view key) {
  const auto name = table.requireValue(key);
  const Citation* found = name ? resolve(*name) : nullptr;
  return found != nullptr ? *found : Citation{};
}

void FactReader::noteUnusedSources() const {
  for (const auto& [key, source] : m_sources)
    if (!source.used)
      source.declaredAt.problem(fmt::format("no fact names the source \"{}\"", key));
}

}  // namespace mcuprof
