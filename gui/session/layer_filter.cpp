#include "gui/session/layer_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "analyzer/base/near_miss.hpp"
#include "analyzer/base/size_text.hpp"

namespace mcuprof::gui {
namespace {

enum class Unit : std::uint8_t { Bytes, Plain };

struct NumberField {
  std::string_view name;
  Unit unit;
  std::optional<double> (*get)(const LayerRow& layer, const CostRow* cost);
};

std::optional<double> known(const CostRow* cost, const Estimate& estimate) {
  if (cost == nullptr || !cost->known) return std::nullopt;
  return estimate.value;
}

double asDouble(Bytes bytes) {
  return static_cast<double>(bytes.value);
}

constexpr std::array kNumbers =
    {
        NumberField{
            "#", Unit::Plain,
            [](const LayerRow& l, const CostRow*) -> std::optional<double> { return l.number; }},
        NumberField{"ws", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.parts.total());
                    }},
        NumberField{"in", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.parts.input);
                    }},
        NumberField{"out", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.parts.output);
                    }},
        NumberField{"w", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.parts.weights + l.parts.bias);
                    }},
        NumberField{"live", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.live);
                    }},
        NumberField{"scratch", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.parts.scratch);
                    }},
        NumberField{"read", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.read);
                    }},
        NumberField{"written", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.written);
                    }},
        NumberField{"moved", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.read + l.written);
                    }},
        NumberField{"spill", Unit::Bytes,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      return asDouble(l.spillRead + l.spillWritten);
                    }},
        NumberField{"macs", Unit::Plain,
                    [](const LayerRow& l, const CostRow*) -> std::optional<double> {
                      if (!l.macs) return std::nullopt;
                      return static_cast<double>(l.macs->value);
                    }},
        NumberField{"cycles", Unit::Plain,
                    [](const LayerRow&, const CostRow* c) -> std::optional<double> {
                      return c == nullptr ? std::nullopt : known(c, c->cycles);
                    }},
        NumberField{"ms", Unit::Plain,
                    [](const LayerRow&, const CostRow* c) -> std::optional<double> {
                      return c == nullptr ? std::nullopt : known(c, c->milliseconds);
                    }},
        NumberField{"mj", Unit::Plain,
                    [](const LayerRow&, const CostRow* c) -> std::optional<double> {
                      if (c == nullptr || !c->millijoules) return std::nullopt;
                      return known(c, *c->millijoules);
                    }},
};

constexpr std::array<std::string_view, 5> kTexts = {"op", "name", "kernel", "type", "shape"};
constexpr std::array<std::string_view, 4> kStates = {"over", "streams", "unknown", "spilling"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool contains(std::string_view text, const std::string& wanted) {
  return lower(text).find(wanted) != std::string::npos;
}

/// "1.5M" with powers of 1000.
std::optional<double> parsePlain(std::string_view text) {
  double scale = 1;
  if (!text.empty()) {
    const char unit = static_cast<char>(std::tolower(static_cast<unsigned char>(text.back())));
    if (unit == 'k') scale = 1e3;
    if (unit == 'm') scale = 1e6;
    if (unit == 'g') scale = 1e9;
    if (scale > 1) text.remove_suffix(1);
  }
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    return std::nullopt;
  return number * scale;
}

std::string joined(auto&& names) {
  std::string out;
  for (const auto& name : names) {
    if (!out.empty()) out += ' ';
    out += name;
  }
  return out;
}

Error unknownField(std::string_view term, std::string_view field) {
  std::vector<std::string> names;
  for (const NumberField& number : kNumbers) names.emplace_back(number.name);
  for (std::string_view text : kTexts) names.emplace_back(text);
  names.emplace_back("is");
  std::string what = fmt::format("no column \"{}\"", field);
  if (const auto near = nearMiss(field, names)) {
    what += fmt::format("; did you mean \"{}\"?", *near);
  } else {
    what += "; there are " + joined(names);
  }
  return {std::string(term), what};
}

Result<LayerFilter::Term> parseTerm(std::string_view whole) {
  LayerFilter::Term term;
  std::string_view text = whole;
  if (text.size() > 1 && text.front() == '-') {
    term.negated = true;
    text.remove_prefix(1);
  }
  const std::size_t compare = text.find_first_of("<>=");
  const std::size_t colon = text.find(':');
  if (compare != std::string_view::npos && compare > 0 &&
      (colon == std::string_view::npos || compare < colon)) {
    term.kind = LayerFilter::Term::Kind::Compare;
    term.field = lower(text.substr(0, compare));
    std::size_t end = compare + 1;
    const bool orEqual = end < text.size() && text[end] == '=';
    if (orEqual) ++end;
    using Order = LayerFilter::Term::Order;
    term.order = text[compare] == '<'   ? (orEqual ? Order::LessEqual : Order::Less)
                 : text[compare] == '>' ? (orEqual ? Order::GreaterEqual : Order::Greater)
                                        : Order::Equal;
    const auto field = std::ranges::find(kNumbers, term.field, &NumberField::name);
    if (field == kNumbers.end()) return unknownField(whole, term.field);
    const std::string_view value = text.substr(end);
    std::optional<double> number;
    if (field->unit == Unit::Bytes) {
      if (const auto size = parseSize(value)) number = asDouble(*size);
    } else {
      number = parsePlain(value);
    }
    if (!number) {
      return Error{std::string(whole), fmt::format("\"{}\" is no {}; wanted for instance {}", value,
                                                   field->unit == Unit::Bytes ? "size" : "number",
                                                   field->unit == Unit::Bytes ? "200K" : "1.5M")};
    }
    term.number = *number;
    return term;
  }
  if (colon != std::string_view::npos && colon > 0) {
    term.field = lower(text.substr(0, colon));
    term.text = lower(text.substr(colon + 1));
    if (term.field == "is") {
      term.kind = LayerFilter::Term::Kind::State;
      if (std::ranges::find(kStates, term.text) == kStates.end()) {
        return Error{std::string(whole),
                     fmt::format("no state \"{}\"; there are {}", term.text, joined(kStates))};
      }
      return term;
    }
    if (std::ranges::find(kTexts, term.field) != kTexts.end()) return term;
    return unknownField(whole, term.field);
  }
  term.text = lower(text);
  return term;
}

bool compares(double value, LayerFilter::Term::Order order, double limit) {
  switch (order) {
    case LayerFilter::Term::Order::Less:
      return value < limit;
    case LayerFilter::Term::Order::LessEqual:
      return value <= limit;
    case LayerFilter::Term::Order::Greater:
      return value > limit;
    case LayerFilter::Term::Order::GreaterEqual:
      return value >= limit;
    case LayerFilter::Term::Order::Equal:
      return value == limit;
  }
  return false;
}

bool holds(const LayerFilter::Term& term, const LayerRow& layer, const CostRow* cost) {
  switch (term.kind) {
    case LayerFilter::Term::Kind::Compare: {
      const auto field = std::ranges::find(kNumbers, term.field, &NumberField::name);
      const auto value = field->get(layer, cost);
      return value && compares(*value, term.order, term.number);
    }
    case LayerFilter::Term::Kind::State:
      if (term.text == "over") return !layer.fit.activationsFit;
      if (term.text == "streams") return !layer.fit.workingSetFits;
      if (term.text == "unknown") return !layer.unknown.empty();
      return layer.spillRead + layer.spillWritten > Bytes(0);
    case LayerFilter::Term::Kind::Text:
      break;
  }
  if (term.field == "op") return contains(layer.kind, term.text);
  if (term.field == "name") return contains(layer.name, term.text);
  if (term.field == "kernel") return contains(layer.kernel, term.text);
  if (term.field == "type") return contains(layer.type, term.text);
  if (term.field == "shape") return contains(layer.shape, term.text);
  return contains(layer.kind, term.text) || contains(layer.name, term.text) ||
         contains(layer.kernel, term.text);
}

}  // namespace

bool LayerFilter::matches(const LayerRow& layer, const CostRow* cost) const {
  return std::ranges::all_of(
      m_terms, [&](const Term& term) { return holds(term, layer, cost) != term.negated; });
}

Result<LayerFilter> parseLayerFilter(std::string_view text) {
  LayerFilter out;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    auto term = parseTerm(text.substr(0, end));
    if (!term) return term.error();
    out.m_terms.push_back(std::move(*term));
    text.remove_prefix(end);
  }
  return out;
}

std::vector<const CostRow*> costsByLayer(const Report& report) {
  std::vector<const CostRow*> out(report.layers.size(), nullptr);
  for (const CostRow& cost : report.costs.layers) {
    out[static_cast<std::size_t>(cost.number - 1)] = &cost;
  }
  return out;
}

}  // namespace mcuprof::gui
