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
            {op->code == Code::And ? Code::SkipIfFalse : Code::SkipIfTrue, Source::Constant, 0});
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
    m_program.push_back({negated ? Code::Negate : Code::Not, Source::Stack, 0});
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
      m_program.push_back({function.code, Source::Stack, 0});
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

std::int64_t Expression::evaluate(std::span<const std::int64_t> row) const {
  std::array<std::int64_t, kStackSize> stack;
  std::size_t size = 0;
  for (std::size_t at = 0; at < m_program.size(); ++at) {
    const Instruction& instruction = m_program[at];
    std::int64_t right = 0;
    switch (instruction.source) {
      case Source::Variable:
        assert(static_cast<std::size_t>(instruction.operand) < row.size());
        right = row[static_cast<std::size_t>(instruction.operand)];
        break;
      case Source::Constant:
        right = instruction.operand;
        break;
      case Source::Stack:
        right = stack[--size];
        break;
    }
    switch (instruction.code) {
      case Code::Push:
        stack[size++] = right;
        continue;
      case Code::Not:
        stack[size++] = right == 0;
        continue;
      case Code::Negate:
        stack[size++] = subtract(0, right);
        continue;
      case Code::Absolute:
        stack[size++] = right < 0 ? subtract(0, right) : right;
        continue;
      case Code::SkipIfFalse:
        if (stack[size - 1] == 0) at = static_cast<std::size_t>(right) - 1;
        continue;
      case Code::SkipIfTrue:
        if (stack[size - 1] != 0) {
          stack[size - 1] = 1;
          at = static_cast<std::size_t>(right) - 1;
        }
        continue;
      case Code::Select: {
        const std::int64_t left = stack[--size];
        stack[size - 1] = stack[size - 1] != 0 ? left : right;
        continue;
      }
      default:
        break;
    }
    std::int64_t& left = stack[size - 1];
    switch (instruction.code) {
      case Code::Or:
        left = left != 0 || right != 0;
        break;
      case Code::And:
        left = left != 0 && right != 0;
        break;
      case Code::Equal:
        left = left == right;
        break;
      case Code::Unequal:
        left = left != right;
        break;
      case Code::Less:
        left = left < right;
        break;
      case Code::LessEqual:
        left = left <= right;
        break;
      case Code::Greater:
        left = left > right;
        break;
      case Code::GreaterEqual:
        left = left >= right;
        break;
      case Code::Add:
        left = add(left, right);
        break;
      case Code::Subtract:
        left = subtract(left, right);
        break;
      case Code::Multiply:
        left = multiply(left, right);
        break;
      case Code::Divide:
        left = divide(left, right);
        break;
      case Code::Remainder:
        left = remainder(left, right);
        break;
      case Code::Min:
        left = std::min(left, right);
        break;
      case Code::Max:
        left = std::max(left, right);
        break;
      case Code::CeilDivide:
        left = ceilDivide(left, right);
        break;
      case Code::RoundUp:
        left = multiply(ceilDivide(left, right), right);
        break;
      case Code::Push:
      case Code::Not:
      case Code::Negate:
      case Code::Absolute:
      case Code::SkipIfFalse:
      case Code::SkipIfTrue:
      case Code::Select:
        break;
    }
  }
  return stack[0];
}

}  // namespace mcuprof
