#include "analyzer/target/kernel_formulas.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <unordered_map>

namespace mcuprof {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_';
}

void skipSpace(std::string_view& rest) {
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
}

std::string_view takeWord(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() && isNameCharacter(rest[end])) ++end;
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

std::optional<std::size_t> fixedSlot(std::string_view name) {
  static const auto slots = [] {
    std::unordered_map<std::string_view, std::size_t> all;
    for (std::size_t i = 0; i < kKernelColumns.size(); ++i) all.emplace(kKernelColumns[i], i);
    for (std::size_t i = 0; i < kTripNames.size(); ++i) {
      all.emplace(kTripNames[i], KernelNames::kFirstTrip + i);
    }
    return all;
  }();
  const auto at = slots.find(name);
  if (at == slots.end()) return std::nullopt;
  return at->second;
}

/// As Expression multiplies: it saturates.
std::int64_t multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return product;
  return (a < 0) == (b < 0) ? std::numeric_limits<std::int64_t>::max()
                            : std::numeric_limits<std::int64_t>::min();
}

std::int64_t add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? std::numeric_limits<std::int64_t>::min()
               : std::numeric_limits<std::int64_t>::max();
}

std::int64_t subtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return b < 0 ? std::numeric_limits<std::int64_t>::max()
               : std::numeric_limits<std::int64_t>::min();
}

/// A division of 32 bits takes a fraction of one of 64.
bool fitsWord(std::int64_t a, std::int64_t b) {
  return ((a | b) >> 32) == 0;
}

std::int64_t divide(std::int64_t a, std::int64_t b) {
  if (b == 0) return 0;
  if (fitsWord(a, b)) return static_cast<std::uint32_t>(a) / static_cast<std::uint32_t>(b);
  return b == -1 ? subtract(0, a) : a / b;
}

std::int64_t remainder(std::int64_t a, std::int64_t b) {
  if (b == 0 || b == -1) return 0;
  if (fitsWord(a, b)) return static_cast<std::uint32_t>(a) % static_cast<std::uint32_t>(b);
  return a % b;
}

}  // namespace

std::optional<std::string> KernelNames::clash() const {
  for (std::size_t i = 0; i < m_definitions.size(); ++i) {
    if (find(m_definitions[i].first) != kFirstDefined + i) return m_definitions[i].first;
  }
  return std::nullopt;
}

std::optional<std::size_t> KernelNames::find(std::string_view name) const {
  if (const auto slot = fixedSlot(name)) return slot;
  for (std::size_t i = 0; i < m_definitions.size(); ++i) {
    if (m_definitions[i].first == name) return kFirstDefined + i;
  }
  return std::nullopt;
}

std::vector<std::string_view> KernelNames::before(std::size_t definition) const {
  std::vector<std::string_view> names;
  names.reserve(kFirstDefined + definition);
  for (const std::string_view name : kKernelColumns) names.push_back(name);
  for (const std::string_view name : kTripNames) names.push_back(name);
  for (std::size_t i = 0; i < definition; ++i) names.push_back(m_definitions[i].first);
  return names;
}

void KernelNames::need(std::string_view formula, std::vector<bool>& defined,
                       unsigned& groups) const {
  while (!formula.empty()) {
    if (!isNameCharacter(formula.front())) {
      formula.remove_prefix(1);
      continue;
    }
    const std::string_view word = takeWord(formula);
    if (isDigit(word.front())) continue;
    const auto slot = find(word);
    if (!slot || *slot < kFirstTrip) continue;
    if (*slot < kFirstDefined) {
      groups |= tripGroupOf(*slot - kFirstTrip);
      continue;
    }
    const std::size_t index = *slot - kFirstDefined;
    if (defined[index]) continue;
    defined[index] = true;
    need(m_definitions[index].second, defined, groups);
  }
}

/// A name known before the slot, or a number, which gets a slot among the constants.
std::optional<std::size_t> KernelFormulas::operand(std::string_view& rest, const KernelNames& names,
                                                   std::size_t slot) {
  skipSpace(rest);
  const std::string_view word = takeWord(rest);
  if (word.empty()) return std::nullopt;
  if (!isDigit(word.front())) {
    const auto known = names.find(word);
    if (known && *known < slot) return known;
    return std::nullopt;
  }
  std::int64_t value = 0;
  if (word.size() > 15) return std::nullopt;
  for (const char digit : word) {
    if (!isDigit(digit)) return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  const auto at = std::find(m_constants.begin(), m_constants.end(), value);
  const auto index = static_cast<std::size_t>(at - m_constants.begin());
  if (at == m_constants.end()) {
    if (slotCount() + 1 >= KernelNames::kMost) return std::nullopt;
    m_constants.push_back(value);
  }
  return m_firstConstant + index;
}

std::optional<KernelFormulas::Code> KernelFormulas::operation(std::string_view& rest) {
  struct Sign {
    std::string_view text;
    Code code;
  };
  static constexpr Sign kSigns[] = {
      {"*", Code::Multiply},      {"/", Code::Divide},   {"%", Code::Remainder},
      {"+", Code::Add},           {"-", Code::Subtract}, {"==", Code::Equal},
      {">=", Code::GreaterEqual}, {">", Code::Greater},  {"<", Code::Less}};
  skipSpace(rest);
  for (const Sign& sign : kSigns) {
    if (!rest.starts_with(sign.text)) continue;
    // "<=" is left to Expression.
    if (sign.code == Code::Less && rest.starts_with("<=")) return std::nullopt;
    rest.remove_prefix(sign.text.size());
    return sign.code;
  }
  return std::nullopt;
}

bool KernelFormulas::addSteps(std::string_view text, const KernelNames& names, std::size_t slot) {
  std::string_view rest = text;
  const auto first = operand(rest, names, slot);
  if (!first) return false;
  std::vector<Step> steps;
  const auto to = static_cast<std::uint8_t>(slot);
  auto left = static_cast<std::uint8_t>(*first);
  bool onlyProducts = true;
  skipSpace(rest);
  if (rest.empty()) steps.push_back({Code::Copy, to, left, left});
  while (!rest.empty()) {
    const auto code = operation(rest);
    const auto right = code ? operand(rest, names, slot) : std::nullopt;
    if (!right) return false;
    // Products, quotients and remainders bind alike and from the left; of the rest only one is
    // understood.
    onlyProducts = onlyProducts &&
                   (*code == Code::Multiply || *code == Code::Divide || *code == Code::Remainder);
    if (!onlyProducts && !steps.empty()) return false;
    steps.push_back({*code, to, left, static_cast<std::uint8_t>(*right)});
    left = to;
    skipSpace(rest);
    if (!onlyProducts && !rest.empty()) return false;
  }
  m_steps.insert(m_steps.end(), steps.begin(), steps.end());
  return true;
}

Result<void> KernelFormulas::add(std::string_view text, const KernelNames& names,
                                 std::size_t slot) {
  if (addSteps(text, names, slot)) return {};
  const std::size_t defined = std::min(slot, names.size()) - KernelNames::kFirstDefined;
  auto expression = Expression::parse(text, names.before(defined));
  if (!expression) return expression.error();
  if (m_expressions.size() == KernelNames::kMost) return Error{"", "too many formulas"};
  m_steps.push_back({Code::General, static_cast<std::uint8_t>(slot),
                     static_cast<std::uint8_t>(m_expressions.size()), 0});
  m_expressions.push_back(std::move(*expression));
  return {};
}

void KernelFormulas::run(std::span<std::int64_t> slots) const {
  assert(slots.size() >= slotCount());
  std::copy(m_constants.begin(), m_constants.end(),
            slots.begin() + static_cast<std::ptrdiff_t>(m_firstConstant));
  for (const Step& step : m_steps) {
    const std::int64_t left = slots[step.left];
    const std::int64_t right = slots[step.right];
    std::int64_t& to = slots[step.to];
    switch (step.code) {
      case Code::Copy:
        to = left;
        break;
      case Code::Multiply:
        to = multiply(left, right);
        break;
      case Code::Divide:
        to = divide(left, right);
        break;
      case Code::Remainder:
        to = remainder(left, right);
        break;
      case Code::Add:
        to = mcuprof::add(left, right);
        break;
      case Code::Subtract:
        to = subtract(left, right);
        break;
      case Code::Equal:
        to = left == right;
        break;
      case Code::Greater:
        to = left > right;
        break;
      case Code::GreaterEqual:
        to = left >= right;
        break;
      case Code::Less:
        to = left < right;
        break;
      case Code::General:
        to = m_expressions[step.left].evaluate(slots);
        break;
    }
  }
}

}  // namespace mcuprof
