#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof {

/// A whole-number formula from a target file, `ceil4(kh*kw*ic) * 4` or `dsp && kh == 3`, compiled once
/// and evaluated over a row of variables.
///
/// Operators, weakest first: `?:`, `||`, `&&`, `== !=`, `< <= > >=`, `+ -`, `* / %`, unary `! -`. Division and
/// remainder truncate and give 0 for a divisor of 0. Functions: min(a,b), max(a,b), abs(a), ceildiv(a,b),
/// roundup(a,b). Truth is "not 0". Arithmetic saturates at the ends of 64 bits, so no input is undefined.
class Expression {
 public:
  /// `variables` are the names that may be used; their position is the index into the row at evaluation.
  /// The error's `where` is the column in `text`, counted from 1.
  static Result<Expression> parse(std::string_view text, std::span<const std::string_view> variables);

  std::int64_t evaluate(std::span<const std::int64_t> row) const;

  const std::string& text() const { return m_text; }

 private:
  struct Instruction {
    std::uint8_t code;
    std::int64_t operand;
  };
  std::string m_text;
  std::vector<Instruction> m_program;  ///< for a stack machine
};

}  // namespace mcuprof
