#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof {

/// A whole-number formula from a target file, `4 * roundup(kh*kw*ic, 4)` or `dsp && kh == 3`,
/// compiled once and evaluated over a row of variables without allocation, in tens of nanoseconds.
///
/// Operators, weakest first: `?:`, `||`, `&&`, `== !=`, `< <= > >=`, `+ -`, `* / %`, unary `! -`.
/// Division and remainder truncate and give 0 for a divisor of 0. Functions: min(a,b), max(a,b),
/// abs(a), ceildiv(a,b) (the quotient rounded up) and roundup(a,b) (the multiple of b at or above
/// a). Truth is "not 0"; what compares gives 1 or 0. Arithmetic
/// saturates at the ends of 64 bits, so no input is undefined.
class Expression {
 public:
  /// `variables` are the names that may be used; their position is the index into the row at
  /// evaluation. The error's `where` is the column in `text`, counted from 1.
  static Result<Expression> parse(std::string_view text,
                                  std::span<const std::string_view> variables);

  /// `row` holds one value for each of the names given to parse().
  std::int64_t evaluate(std::span<const std::int64_t> row) const;

  const std::string& text() const { return m_text; }

 private:
  friend class ExpressionParser;

  enum class Code : std::uint8_t {
    Push,
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Min,
    Max,
    CeilDivide,
    RoundUp,
    Not,
    Negate,
    Absolute,
    Select,
    SkipIfFalse,  ///< to `operand` with the 0 on top as the result
    SkipIfTrue,   ///< to `operand` with 1 as the result
  };
  /// Where the right operand of a binary operation, or the value to push, comes from; None for what
  /// works on the value on top.
  enum class Source : std::uint8_t { Stack, Variable, Constant, None };
  struct Instruction {
    Code code;
    Source source;
    std::int64_t operand;  ///< the variable's index, the constant, or where to go
  };

  /// Values that may wait on the stack at once; parse() refuses what would need more.
  static constexpr std::size_t kStackSize = 32;

  std::string m_text;
  std::vector<Instruction> m_program;  ///< for a stack machine
};

}  // namespace mcuprof
