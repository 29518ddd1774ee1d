#include "analyzer/target/kernel_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace mcuprof {
namespace {

constexpr std::size_t kTripSlots = kKernelColumns.size();
constexpr std::size_t kFirstDefined = kTripSlots + kTripNames.size();
constexpr std::size_t kMaxSlots = 256;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool isName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Calls fn with each name in a formula; numbers and functions are handed over too.
template <typename Fn>
void eachName(std::string_view formula, Fn fn) {
  for (std::size_t at = 0; at < formula.size();) {
    const std::size_t start = at;
    while (at < formula.size() && isName(formula[at])) ++at;
    if (at > start) {
      fn(formula.substr(start, at - start));
    } else {
      ++at;
    }
  }
}

/// Which names exist, and which of the definitions something needs.
class Names {
 public:
  explicit Names(const VariantText& text) : m_text(text) {
    m_names.reserve(kFirstDefined + text.define.size());
    for (const std::string_view name : kKernelColumns) m_names.push_back(name);
    for (const std::string_view name : kTripNames) m_names.push_back(name);
    for (const auto& [name, formula] : text.define) m_names.push_back(name);
  }

  std::span<const std::string_view> all() const { return m_names; }
  std::optional<std::size_t> find(std::string_view name) const {
    const auto at = std::find(m_names.begin(), m_names.end(), name);
    if (at == m_names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - m_names.begin());
  }

  /// Marks what a formula needs, definitions of definitions included.
  void need(std::string_view formula, std::vector<bool>& defined, unsigned& groups) const {
    eachName(formula, [&](std::string_view name) { needName(name, defined, groups); });
  }
  void needName(std::string_view name, std::vector<bool>& defined, unsigned& groups) const {
    const auto slot = find(name);
    if (!slot || *slot < kTripSlots) return;
    if (*slot < kFirstDefined) {
      groups |= tripGroupOf(*slot - kTripSlots);
      return;
    }
    const std::size_t index = *slot - kFirstDefined;
    if (defined[index]) return;
    defined[index] = true;
    need(m_text.define[index].second, defined, groups);
  }

 private:
  const VariantText& m_text;
  std::vector<std::string_view> m_names;
};

}  // namespace

Result<KernelVariant> KernelVariant::compile(VariantText text) {
  KernelVariant variant;
  variant.m_text = std::move(text);
  const VariantText& words = variant.m_text;
  const Names names(words);
  if (names.all().size() > kMaxSlots) return Error{words.name, "more than 256 names"};
  variant.m_slots = names.all().size();
  for (std::size_t i = 0; i < words.define.size(); ++i) {
    const auto& name = words.define[i].first;
    const auto first = std::find(names.all().begin(), names.all().end(), name);
    if (first != names.all().begin() + static_cast<std::ptrdiff_t>(kFirstDefined + i)) {
      return Error{name, "defined twice"};
    }
  }

  const auto compileNeeded = [&](const std::vector<bool>& needed,
                                 std::vector<Formula>& formulas) -> std::optional<Error> {
    for (std::size_t i = 0; i < words.define.size(); ++i) {
      if (!needed[i]) continue;
      // A definition sees those before it, so that none can need itself.
      const auto expression =
          Expression::parse(words.define[i].second, names.all().first(kFirstDefined + i));
      if (!expression) {
        return Error{words.define[i].first + ":" + expression.error().where,
                     expression.error().what};
      }
      formulas.push_back({*expression, static_cast<std::uint16_t>(kFirstDefined + i)});
    }
    return std::nullopt;
  };

  if (!words.when.empty()) {
    const auto when = Expression::parse(words.when, names.all());
    if (!when) return Error{"when:" + when.error().where, when.error().what};
    variant.m_when = *when;
    std::vector<bool> needed(words.define.size());
    names.need(words.when, needed, variant.m_whenGroups);
    if (const auto error = compileNeeded(needed, variant.m_whenFormulas)) return *error;
  }

  std::vector<bool> needed(words.define.size());
  for (const std::string& term : words.terms) {
    std::size_t start = 0;
    while (start <= term.size()) {
      const std::size_t end = std::min(term.find('*', start), term.size());
      const std::string_view factor = trimmed(std::string_view(term).substr(start, end - start));
      start = end + 1;
      if (factor == "1") continue;
      const auto slot = names.find(factor);
      if (!slot) return Error{term, "unknown name \"" + std::string(factor) + "\""};
      names.needName(factor, needed, variant.m_groups);
      variant.m_factors.push_back(static_cast<std::uint16_t>(*slot));
    }
    variant.m_termEnds.push_back(static_cast<std::uint32_t>(variant.m_factors.size()));
  }
  if (const auto error = compileNeeded(needed, variant.m_formulas)) return *error;
  variant.coefficients.resize(words.terms.size());
  return variant;
}

void KernelVariant::evaluate(std::span<const Formula> formulas,
                             std::span<std::int64_t> slots) const {
  for (const Formula& formula : formulas) slots[formula.slot] = formula.expression.evaluate(slots);
}

void KernelVariant::fillTrips(unsigned groups, const KernelRow& row,
                              std::span<std::int64_t> slots) const {
  std::copy(row.begin(), row.end(), slots.begin());
  if (groups == 0) return;
  const Trips trips = countTrips(row, groups, m_text.memory);
  std::copy(trips.begin(), trips.end(), slots.begin() + kTripSlots);
}

void KernelVariant::fillSlots(const KernelRow& row, std::span<std::int64_t> slots) const {
  fillTrips(m_groups, row, slots);
  evaluate(m_formulas, slots);
}

double KernelVariant::term(std::size_t index, std::span<const std::int64_t> slots) const {
  double product = 1;
  for (std::size_t at = index == 0 ? 0 : m_termEnds[index - 1]; at < m_termEnds[index]; ++at) {
    product *= static_cast<double>(slots[m_factors[at]]);
  }
  return product;
}

bool KernelVariant::applies(const KernelRow& row) const {
  if (!m_when) return true;
  std::array<std::int64_t, kMaxSlots> buffer;
  const std::span<std::int64_t> slots(buffer.data(), m_slots);
  fillTrips(m_whenGroups, row, slots);
  evaluate(m_whenFormulas, slots);
  return m_when->evaluate(slots) != 0;
}

std::vector<double> KernelVariant::termsOf(const KernelRow& row) const {
  std::array<std::int64_t, kMaxSlots> buffer;
  const std::span<std::int64_t> slots(buffer.data(), m_slots);
  fillSlots(row, slots);
  std::vector<double> values(termCount());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = term(i, slots);
  return values;
}

CostValues KernelVariant::costOf(const KernelRow& row) const {
  std::array<std::int64_t, kMaxSlots> buffer;
  const std::span<std::int64_t> slots(buffer.data(), m_slots);
  fillSlots(row, slots);
  CostValues cost{};
  for (std::size_t i = 0; i < m_termEnds.size(); ++i) {
    const double value = term(i, slots);
    const CostValues& prices = coefficients[i];
    for (std::size_t metric = 0; metric < cost.size(); ++metric) {
      cost[metric] += value * prices[metric];
    }
  }
  for (double& value : cost) value = std::max(0.0, value);
  return cost;
}

bool KernelVariant::inRange(const KernelRow& row) const {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] < range[i].first || row[i] > range[i].second) return false;
  }
  return true;
}

std::optional<KernelCost> costOf(const KernelTable& table, std::string_view kernel,
                                 const KernelRow& row, std::string_view opt) {
  const auto variant = std::find_if(
      table.variants.begin(), table.variants.end(),
      [&](const KernelVariant& v) { return v.text().kernel == kernel && v.applies(row); });
  if (variant == table.variants.end() || variant->termCount() == 0) return std::nullopt;

  KernelCost cost;
  cost.variant = &*variant;
  cost.values = variant->costOf(row);
  cost.hasCycles = variant->hasCycles;
  cost.inRange = variant->inRange(row);

  OptScale scale;
  if (!opt.empty() && opt != table.opt) {
    const auto known = std::find_if(table.scales.begin(), table.scales.end(), [&](const auto& s) {
      return s.kernel == kernel && s.opt == opt;
    });
    if (known == table.scales.end()) return std::nullopt;
    scale = *known;
    cost.scaled = true;
    // Bytes of tensors do not depend on the compiler; what it keeps in registers does, unknowably.
    for (std::size_t metric = 0; metric < cost.values.size(); ++metric) {
      if (metric < static_cast<std::size_t>(CostMetric::WeightBytes)) {
        cost.values[metric] *= scale.middle;
      }
    }
  }

  // Outside the shapes it was fitted on nothing vouches for the residuals: twice as wide and at
  // least one percent. Counts made for another core differ by what its compiler schedules, and a
  // factor found on another core by what it optimises. 1, 5 and 10 percent are judgement, not
  // measured.
  const double factor = cost.inRange ? 1 : 2;
  const double least =
      (cost.inRange ? 0 : 0.01) + (table.countsOf.empty() ? 0 : 0.05) + (cost.scaled ? 0.10 : 0);
  const auto low = [&](const Spread& spread) {
    return std::max(0.0, 1 - std::max(least, factor * (1 - spread.low))) * scale.low / scale.middle;
  };
  const auto high = [&](const Spread& spread) {
    return (1 + std::max(least, factor * (spread.high - 1))) * scale.high / scale.middle;
  };
  cost.instructionsLow = cost[CostMetric::Instructions] * low(variant->instructionSpread);
  cost.instructionsHigh = cost[CostMetric::Instructions] * high(variant->instructionSpread);
  cost.cyclesLow = cost[CostMetric::Cycles] * low(variant->cycleSpread);
  cost.cyclesHigh = cost[CostMetric::Cycles] * high(variant->cycleSpread);
  return cost;
}

}  // namespace mcuprof
