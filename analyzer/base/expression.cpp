#include "analyzer/base/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <optional>
#include <utility>

namespace mcuprof {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

std::int64_t add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? (b < 0 ? kLowest : kHighest) : sum;
}

std::int64_t subtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  return __builtin_sub_overflow(a, b, &difference) ? (b < 0 ? kHighest : kLowest) : difference;
}

std::int64_t multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? ((a < 0) == (b < 0) ? kHighest : kLowest)
                                                : product;
}

std::int64_t divide(std::int64_t a, std::int64_t b) {
  if (b == 0) return 0;
  return b == -1 ? subtract(0, a) : a / b;
}

std::int64_t remainder(std::int64_t a, std::int64_t b) {
  return b == 0 || b == -1 ? 0 : a % b;
}

std::int64_t ceilDivide(std::int64_t a, std::int64_t b) {
  const bool roundsUp = remainder(a, b) != 0 && (a < 0) == (b < 0);
  return divide(a, b) + (roundsUp ? 1 : 0);
}

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

/// Recursive descent, one function a level of precedence, that emits the program as it goes. Depth
/// of the nesting and of the stack are bounded, so that no text can exhaust either.
class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, std::span<const std::string_view> variables)
      : m_text(text), m_variables(variables) {}

  Result<Expression> parse() {
    if (!choice()) return *m_error;
    skipSpace();
    if (m_at < m_text.size()) {
      refuse(fmt::format("found {}, wanted an operator or the end", found()));
      return *m_error;
    }
    Expression expression;
    expression.m_text = m_text;
    joinSkips();
    expression.m_program = std::move(m_program);
    return expression;
  }

 private:
  using Code = Expression::Code;
  using Source = Expression::Source;

  struct Operator {
    std::string_view sign;
    Code code;
  };
  static constexpr std::size_t kLevels = 6;
  static constexpr std::size_t kMaxNesting = 64;

  /// Binary operators by level, weakest first. Of signs that start alike the longer comes first.
  static std::span<const Operator> operatorsOf(std::size_t level) {
    static constexpr Operator kOr[] = {{"||", Code::Or}};
    static constexpr Operator kAnd[] = {{"&&", Code::And}};
    static constexpr Operator kEqual[] = {{"==", Code::Equal}, {"!=", Code::Unequal}};
    static constexpr Operator kCompare[] = {{"<=", Code::LessEqual},
                                            {">=", Code::GreaterEqual},
                                            {"<", Code::Less},
                                            {">", Code::Greater}};
    static constexpr Operator kSum[] = {{"+", Code::Add}, {"-", Code::Subtract}};
    static constexpr Operator kProduct[] = {
        {"*", Code::Multiply}, {"/", Code::Divide}, {"%", Code::Remainder}};
    static constexpr std::array<std::span<const Operator>, kLevels> kAll = {
        kOr, kAnd, kEqual, kCompare, kSum, kProduct};
    return kAll[level];
  }

  struct Function {
    std::string_view name;
    Code code;
    int arguments;
  };
  static std::optional<Function> functionCalled(std::string_view name) {
    static constexpr Function kFunctions[] = {{"min", Code::Min, 2},
                                              {"max", Code::Max, 2},
                                              {"abs", Code::Absolute, 1},
                                              {"ceildiv", Code::CeilDivide, 2},
                                              {"roundup", Code::RoundUp, 2}};
    for (const Function& function : kFunctions) {
      if (function.name == name) return function;
    }
    return std::nullopt;
  }

  /// A skip that leads to one of its kind goes where that one leads: `a && b && c` ends at the
  /// first 0. Later ones are final before earlier ones look at them.
  void joinSkips() {
    for (auto at = m_program.rbegin(); at != m_program.rend(); ++at) {
      if (at->code != Code::SkipIfFalse && at->code != Code::SkipIfTrue) continue;
      const auto target = static_cast<std::size_t>(at->operand);
      if (target < m_program.size() && m_program[target].code == at->code)
        at->operand = m_program[target].operand;
    }
  }

  bool choice() {
    if (!binary(0)) return false;
    if (!accept("?")) return true;
    if (++m_nesting > kMaxNesting) return refuse("nested too deeply");
    if (!choice() || !expect(":") || !choice()) return false;
    --m_nesting;
    m_program.push_back({Code::Select, Source::Stack, 0});
    m_depth -= 2;
    return true;
  }

  bool binary(std::size_t level) {
    if (level == kLevels) return unary();
    if (!binary(level + 1)) return false;
    while (const Operator* op = acceptOperator(level)) {
      const std::size_t skip = m_program.size();
      const bool skips = op->code == Code::And || op->code == Code::Or;
      if (skips) {
        m_program.push_back(
            {op->code == Code::And ? Code::SkipIfFalse : Code::SkipIfTrue, Source::None, 0});
      }
      if (!binary(level + 1)) return false;
      combine(op->code);
      if (skips) m_program[skip].operand = static_cast<std::int64_t>(m_program.size());
    }
    return true;
  }

  bool unary() {
    const bool negated = accept("-");
    if (!negated && !accept("!")) return primary();
    if (++m_nesting > kMaxNesting) return refuse("nested too deeply");
    if (!unary()) return false;
    --m_nesting;
    m_program.push_back({negated ? Code::Negate : Code::Not, Source::None, 0});
    return true;
  }

  bool primary() {
    skipSpace();
    const std::size_t start = m_at;
    if (m_at < m_text.size() && isDigit(m_text[m_at])) return number();
    if (m_at < m_text.size() && isLetter(m_text[m_at])) {
      while (m_at < m_text.size() && (isLetter(m_text[m_at]) || isDigit(m_text[m_at]))) ++m_at;
      const std::string_view name = m_text.substr(start, m_at - start);
      if (const auto function = functionCalled(name)) return call(*function);
      return variable(name, start);
    }
    if (accept("(")) return nested() && expect(")");
    return refuse(fmt::format("found {}, wanted a number, a name or \"(\"", found()));
  }

  bool nested() {
    if (++m_nesting > kMaxNesting) return refuse("nested too deeply");
    const bool ok = choice();
    --m_nesting;
    return ok;
  }

  bool number() {
    const std::size_t start = m_at;
    std::int64_t value = 0;
    bool fits = true;
    for (; m_at < m_text.size() && isDigit(m_text[m_at]); ++m_at) {
      const std::int64_t digit = m_text[m_at] - '0';
      fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
             !__builtin_add_overflow(value, digit, &value);
    }
    if (!fits) {
      m_at = start;
      return refuse("the number does not fit 63 bits");
    }
    return push({Code::Push, Source::Constant, value});
  }

  bool variable(std::string_view name, std::size_t start) {
    const auto at = std::find(m_variables.begin(), m_variables.end(), name);
    if (at == m_variables.end()) {
      m_at = start;
      return refuse(fmt::format("unknown variable \"{}\"", name));
    }
    return push({Code::Push, Source::Variable, at - m_variables.begin()});
  }

  bool call(const Function& function) {
    if (!expect("(") || !nested()) return false;
    if (function.arguments == 2) {
      if (!expect(",") || !nested()) return false;
      combine(function.code);
    } else {
      m_program.push_back({function.code, Source::None, 0});
    }
    return expect(")");
  }

  bool push(Expression::Instruction instruction) {
    if (++m_depth > Expression::kStackSize) return refuse("needs more than 32 values at once");
    m_program.push_back(instruction);
    return true;
  }

  /// A right operand that was only just pushed becomes part of the operation.
  void combine(Code code) {
    const Expression::Instruction last = m_program.back();
    if (last.code == Code::Push) {
      m_program.back() = {code, last.source, last.operand};
    } else {
      m_program.push_back({code, Source::Stack, 0});
    }
    --m_depth;
  }

  void skipSpace() {
    while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n')) ++m_at;
  }

  bool accept(std::string_view sign) {
    skipSpace();
    if (!m_text.substr(m_at).starts_with(sign)) return false;
    // "!" is no sign of its own in "!=".
    if (sign == "!" && m_text.substr(m_at).starts_with("!=")) return false;
    m_at += sign.size();
    return true;
  }

  const Operator* acceptOperator(std::size_t level) {
    for (const Operator& op : operatorsOf(level)) {
      if (accept(op.sign)) return &op;
    }
    return nullptr;
  }

  bool expect(std::string_view sign) {
    if (accept(sign)) return true;
    return refuse(fmt::format("found {}, wanted \"{}\"", found(), sign));
  }

  std::string found() const {
    if (m_at >= m_text.size()) return "the end";
    return fmt::format("\"{}\"", m_text[m_at]);
  }

  /// Keeps the first error. Always false, so that callers can hand it on.
  bool refuse(std::string what) {
    if (!m_error) m_error = Error{std::to_string(m_at + 1), std::move(what)};
    return false;
  }

  std::string_view m_text;
  std::span<const std::string_view> m_variables;
  std::size_t m_at = 0;
  std::size_t m_nesting = 0;
  std::size_t m_depth = 0;
  std::vector<Expression::Instruction> m_program;
  std::optional<Error> m_error;
};

Result<Expression> Expression::parse(std::string_view text,
                                     std::span<const std::string_view> variables) {
  return ExpressionParser(text, variables).parse();
}

// The value on top of the stack is kept apart, in a register; `below` holds those that wait under
// it.
std::int64_t Expression::evaluate(std::span<const std::int64_t> row) const {
  std::array<std::int64_t, kStackSize> below;
  std::size_t size = 0;
  std::int64_t top = 0;
  const Instruction* const program = m_program.data();
  const Instruction* const end = program + m_program.size();
  for (const Instruction* at = program; at != end; ++at) {
    std::int64_t right = at->operand;
    if (at->source == Source::Variable) {
      assert(static_cast<std::size_t>(right) < row.size());
      right = row[static_cast<std::size_t>(right)];
    } else if (at->source == Source::Stack) {
      right = top;
      top = below[--size];
    }
    switch (at->code) {
      case Code::Push:
        below[size++] = top;
        top = right;
        break;
      case Code::Not:
        top = top == 0;
        break;
      case Code::Negate:
        top = subtract(0, top);
        break;
      case Code::Absolute:
        top = top < 0 ? subtract(0, top) : top;
        break;
      case Code::SkipIfFalse:
        if (top == 0) at = program + right - 1;
        break;
      case Code::SkipIfTrue:
        if (top != 0) {
          top = 1;
          at = program + right - 1;
        }
        break;
      case Code::Select: {
        const std::int64_t condition = below[--size];
        if (condition == 0) top = right;
        break;
      }
      case Code::Or:
        top = top != 0 || right != 0;
        break;
      case Code::And:
        top = top != 0 && right != 0;
        break;
      case Code::Equal:
        top = top == right;
        break;
      case Code::Unequal:
        top = top != right;
        break;
      case Code::Less:
        top = top < right;
        break;
      case Code::LessEqual:
        top = top <= right;
        break;
      case Code::Greater:
        top = top > right;
        break;
      case Code::GreaterEqual:
        top = top >= right;
        break;
      case Code::Add:
        top = add(top, right);
        break;
      case Code::Subtract:
        top = subtract(top, right);
        break;
      case Code::Multiply:
        top = multiply(top, right);
        break;
      case Code::Divide:
        top = divide(top, right);
        break;
      case Code::Remainder:
        top = remainder(top, right);
        break;
      case Code::Min:
        top = std::min(top, right);
        break;
      case Code::Max:
        top = std::max(top, right);
        break;
      case Code::CeilDivide:
        top = ceilDivide(top, right);
        break;
      case Code::RoundUp:
        top = multiply(ceilDivide(top, right), right);
        break;
    }
  }
  return top;
}

}  // namespace mcuprof
