#include "analyzer/target/kernel_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace mcuprof {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Result<KernelVariant> KernelVariant::compile(VariantText text) {
  KernelVariant variant;
  variant.m_text = std::move(text);
  const VariantText& words = variant.m_text;
  const KernelNames names(words.define);
  // One slot more for the condition, and room for the constants.
  if (names.size() + 1 >= KernelNames::kMost)
    return Error{words.name, "more names than 256 slots hold"};
  if (const auto clash = names.clash()) return Error{*clash, "defined twice"};
  const std::size_t answer = names.size();

  const auto addNeeded = [&](const std::vector<bool>& needed,
                             KernelFormulas& formulas) -> Result<void> {
    for (std::size_t i = 0; i < words.define.size(); ++i) {
      if (!needed[i]) continue;
      const auto added =
          formulas.add(words.define[i].second, names, KernelNames::kFirstDefined + i);
      if (!added) {
        return Error{words.define[i].first + ":" + added.error().where, added.error().what};
      }
    }
    return {};
  };

  variant.m_condition = KernelFormulas(answer + 1);
  variant.m_hasCondition = !words.when.empty();
  if (variant.m_hasCondition) {
    std::vector<bool> needed(words.define.size());
    names.need(words.when, needed, variant.m_conditionGroups);
    if (const auto ok = addNeeded(needed, variant.m_condition); !ok) return ok.error();
    const auto when = variant.m_condition.add(words.when, names, answer);
    if (!when) return Error{"when:" + when.error().where, when.error().what};
    variant.m_answer = answer;
  }

  variant.m_formulas = KernelFormulas(answer + 1);
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
      names.need(factor, needed, variant.m_groups);
      variant.m_factors.push_back(static_cast<std::uint8_t>(*slot));
    }
    variant.m_termEnds.push_back(static_cast<std::uint32_t>(variant.m_factors.size()));
  }
  if (const auto ok = addNeeded(needed, variant.m_formulas); !ok) return ok.error();
  variant.coefficients.resize(words.terms.size());
  return variant;
}

void KernelVariant::fillTrips(unsigned groups, const KernelRow& row,
                              std::span<std::int64_t> slots) const {
  std::copy(row.begin(), row.end(), slots.begin());
  if (groups == 0) return;
  countTrips(row, groups, m_text.memory,
             slots.subspan<KernelNames::kFirstTrip, kTripNames.size()>());
}

void KernelVariant::fillSlots(const KernelRow& row, std::span<std::int64_t> slots) const {
  fillTrips(m_groups, row, slots);
  m_formulas.run(slots);
}

double KernelVariant::term(std::size_t index, std::span<const std::int64_t> slots) const {
  double product = 1;
  for (std::size_t at = index == 0 ? 0 : m_termEnds[index - 1]; at < m_termEnds[index]; ++at) {
    product *= static_cast<double>(slots[m_factors[at]]);
  }
  return product;
}

bool KernelVariant::applies(const KernelRow& row) const {
  if (!m_hasCondition) return true;
  Slots slots;
  fillTrips(m_conditionGroups, row, slots);
  m_condition.run(slots);
  return slots[m_answer] != 0;
}

std::vector<double> KernelVariant::termsOf(const KernelRow& row) const {
  Slots slots;
  fillSlots(row, slots);
  std::vector<double> values(termCount());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = term(i, slots);
  return values;
}

CostValues KernelVariant::costOf(const KernelRow& row) const {
  Slots slots;
  fillSlots(row, slots);
  // Two metrics at a time, so that all sums stay in registers over the terms.
  using Pair = double __attribute__((vector_size(16)));
  constexpr std::size_t kPairs = kCostMetricNames.size() / 2;
  Pair sums[kPairs] = {};
  double last = 0;
  static_assert(kCostMetricNames.size() == 2 * kPairs + 1);
  std::size_t at = 0;
  for (std::size_t i = 0; i < m_termEnds.size(); ++i) {
    double value = 1;
    for (; at < m_termEnds[i]; ++at) value *= static_cast<double>(slots[m_factors[at]]);
    if (value == 0) continue;  // most terms are of tails that this shape has not
    const double* const prices = coefficients[i].data();
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      Pair price;
      std::memcpy(&price, prices + 2 * pair, sizeof price);
      sums[pair] += value * price;
    }
    last += value * prices[2 * kPairs];
  }
  CostValues cost;
  std::memcpy(cost.data(), sums, sizeof sums);
  cost.back() = last;
  for (double& value : cost) value = std::max(0.0, value);
  return cost;
}

bool KernelVariant::inRange(const KernelRow& row) const {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] < range[i].first || row[i] > range[i].second) return false;
  }
  return true;
}

bool isOfVersion(const KernelTable& table, std::string_view version) {
  for (const std::string_view names :
       {std::string_view(table.version), std::string_view(table.sameAs)}) {
    for (std::size_t at = names.find(version); at != names.npos; at = names.find(version, at + 1)) {
      if (at == 0 || names[at - 1] == ' ' || names[at - 1] == '(') return true;
    }
  }
  return false;
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
  // least one percent, and what a call costs once may be off by a hundred instructions. Counts made
  // for another core differ by what its compiler schedules, and a factor found on another core by
  // what it optimises. These are judgement. Between versions of CMSIS-NN of 2022 and 2026 the
  // convolution with im2col differs by 7 %.
  const double factor = cost.inRange ? 1 : 2;
  const double once = cost.inRange ? 0 : 100;
  const double least = (cost.inRange ? 0 : 0.01) + (table.countsOf.empty() ? 0 : 0.05) +
                       (cost.scaled ? 0.10 : 0) + (table.otherVersion ? 0.07 : 0);
  const auto low = [&](CostMetric metric, const Spread& spread) {
    const double share = 1 - std::max(least, factor * (1 - spread.low));
    return std::max(0.0, cost[metric] * share * scale.low / scale.middle - once);
  };
  const auto high = [&](CostMetric metric, const Spread& spread) {
    const double share = 1 + std::max(least, factor * (spread.high - 1));
    return cost[metric] * share * scale.high / scale.middle + once;
  };
  cost.instructionsLow = low(CostMetric::Instructions, variant->instructionSpread);
  cost.instructionsHigh = high(CostMetric::Instructions, variant->instructionSpread);
  cost.cyclesLow = low(CostMetric::Cycles, variant->cycleSpread);
  cost.cyclesHigh = high(CostMetric::Cycles, variant->cycleSpread);
  return cost;
}

}  // namespace mcuprof
