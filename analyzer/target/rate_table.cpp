#include "analyzer/target/rate_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analyzer/target/facts.hpp"

namespace mcuprof {

namespace {

constexpr std::array<std::string_view, 3> kUnits = {"input", "output", "mac"};
constexpr std::array<ElementType, 6> kTypes = {ElementType::Int8,   ElementType::Int16,
                                               ElementType::Int32,  ElementType::Uint8,
                                               ElementType::Uint32, ElementType::Float32};

std::optional<OpKind> kindNamed(std::string_view name) {
#define MCUPROF_OP(enumerator, schemaName, code) \
  if (name == #schemaName) return OpKind::enumerator;
#include "analyzer/model/op_kinds.def"
#undef MCUPROF_OP
  return std::nullopt;
}

OpRate readRate(const TomlTable& table, FactReader& facts) {
  OpRate rate;
  const std::string name = table.requireString("op");
  if (const std::optional<OpKind> kind = kindNamed(name)) {
    rate.kind = *kind;
  } else if (!name.empty()) {
    table.problemAt("op", fmt::format("no operator is called \"{}\"", name));
  }
  const std::string type = table.requireString("type");
  const auto known =
      std::find_if(kTypes.begin(), kTypes.end(), [&](ElementType t) { return nameOf(t) == type; });
  if (known != kTypes.end()) {
    rate.type = *known;
  } else if (!type.empty()) {
    table.problemAt("type", fmt::format("no rate can be for element type \"{}\"", type));
  }
  rate.unit = static_cast<RateUnit>(table.requireWord("unit", kUnits));
  rate.constant = table.number("constant", 0, 1e12).value_or(0);
  rate.per = table.requireNumber("per", 0, 1e9);
  rate.low = table.requireNumber("low", 0, 1);
  rate.high = table.requireNumber("high", 1, 1000);
  rate.shapes = static_cast<int>(table.requireInteger("shapes", 0, 1'000'000));
  const FactReader::Citation source = facts.citation(table, "source");
  rate.basis = source.basis;
  rate.source = source.text;
  return rate;
}

}  // namespace

const OpRate* RateTable::find(OpKind kind, ElementType type) const {
  const auto found = std::find_if(rates.begin(), rates.end(), [&](const OpRate& rate) {
    return rate.kind == kind && rate.type == type;
  });
  return found == rates.end() ? nullptr : &*found;
}

RateTable readRateTable(TomlDocument& document, std::string name) {
  const TomlTable root = document.root();
  FactReader facts(root);
  RateTable table;
  table.name = std::move(name);
  table.floatNeedsFpu = root.requireBoolean("float_needs_fpu");
  for (const TomlTable& entry : root.tables("rate")) {
    OpRate rate = readRate(entry, facts);
    if (table.find(rate.kind, rate.type) != nullptr)
      entry.problem("this operator and type have a rate already");
    table.rates.push_back(std::move(rate));
  }
  facts.noteUnusedSources();
  return table;
}

Result<RateTable> loadRateTable(const std::string& path) {
  Result<TomlDocument> document = TomlDocument::load(path);
  if (!document) return document.error();
  RateTable table = readRateTable(*document, path);
  if (const auto ok = document->check(); !ok) return ok.error();
  return table;
}

}  // namespace mcuprof
