#include "analyzer/base/expression.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <string>
#include <utility>

namespace mcuprof {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"kh", "kw", "dsp"};
/// Wide enough for any single step on two 64-bit values.
__extension__ typedef __int128 Int128;

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

/// Value for kh = 3, kw = 5, dsp = 1.
std::int64_t valueOf(std::string_view text) {
  const auto expression = Expression::parse(text, kNames);
  EXPECT_TRUE(expression) << text << ": " << expression.error().text();
  const std::array<std::int64_t, 3> row = {3, 5, 1};
  return expression ? expression->evaluate(row) : kLowest;
}

std::string errorOf(std::string_view text) {
  const auto expression = Expression::parse(text, kNames);
  EXPECT_FALSE(expression) << text;
  return expression ? "" : expression.error().text();
}

TEST(Expression, FollowsThePrecedenceOfC) {
  EXPECT_EQ(valueOf("1 + 2 * 3"), 7);
  EXPECT_EQ(valueOf("(1 + 2) * 3"), 9);
  EXPECT_EQ(valueOf("10 - 4 - 3"), 3);
  EXPECT_EQ(valueOf("100 / 10 / 5"), 2);
  EXPECT_EQ(valueOf("7 % 4 * 2"), 6);
  EXPECT_EQ(valueOf("-kh * 2"), -6);
  EXPECT_EQ(valueOf("!kh + 1"), 1);
  EXPECT_EQ(valueOf("1 || 0 && 0"), 1);
  EXPECT_EQ(valueOf("kh == 3 && kw != 3"), 1);
  EXPECT_EQ(valueOf("1 < 2 == 1"), 1);
  EXPECT_EQ(valueOf("dsp ? kh : kw"), 3);
  EXPECT_EQ(valueOf("0 ? 1 : 0 ? 2 : 3"), 3);
  EXPECT_EQ(valueOf("kh<=3&&kw>=5&&!(kh>kw)"), 1);
  EXPECT_EQ(valueOf("  kh \n * kw "), 15);
}

TEST(Expression, CallsFunctions) {
  EXPECT_EQ(valueOf("min(kh, kw)"), 3);
  EXPECT_EQ(valueOf("max(kh, kw) + 1"), 6);
  EXPECT_EQ(valueOf("abs(kh - kw)"), 2);
  EXPECT_EQ(valueOf("ceildiv(7, 2)"), 4);
  EXPECT_EQ(valueOf("ceildiv(-7, 2)"), -3);
  EXPECT_EQ(valueOf("roundup(kh * kw, 4)"), 16);
  EXPECT_EQ(valueOf("4 * roundup(16, 4)"), 64);
}

TEST(Expression, GivesZeroWhereADivisorIsZero) {
  EXPECT_EQ(valueOf("kh / 0"), 0);
  EXPECT_EQ(valueOf("kh % 0"), 0);
  EXPECT_EQ(valueOf("ceildiv(kh, 0)"), 0);
  EXPECT_EQ(valueOf("roundup(kh, 0)"), 0);
}

TEST(Expression, SaturatesAtTheEndsOf64Bits) {
  EXPECT_EQ(valueOf("9223372036854775807 + 1"), kHighest);
  EXPECT_EQ(valueOf("-9223372036854775807 - 2"), kLowest);
  EXPECT_EQ(valueOf("9223372036854775807 * -2"), kLowest);
  EXPECT_EQ(valueOf("(-9223372036854775807 - 1) / -1"), kHighest);
  EXPECT_EQ(valueOf("(-9223372036854775807 - 1) % -1"), 0);
  EXPECT_EQ(valueOf("-(-9223372036854775807 - 1)"), kHighest);
  EXPECT_EQ(valueOf("abs(-9223372036854775807 - 1)"), kHighest);
}

TEST(Expression, SaysAtWhichColumnItWentWrong) {
  EXPECT_EQ(errorOf(""), "1: found the end, wanted a number, a name or \"(\"");
  EXPECT_EQ(errorOf("kh *"), "5: found the end, wanted a number, a name or \"(\"");
  EXPECT_EQ(errorOf("kh * ow"), "6: unknown variable \"ow\"");
  EXPECT_EQ(errorOf("kh kw"), "4: found \"k\", wanted an operator or the end");
  EXPECT_EQ(errorOf("kh = 3"), "4: found \"=\", wanted an operator or the end");
  EXPECT_EQ(errorOf("(kh + 1"), "8: found the end, wanted \")\"");
  EXPECT_EQ(errorOf("dsp ? 1"), "8: found the end, wanted \":\"");
  EXPECT_EQ(errorOf("min(kh)"), "7: found \")\", wanted \",\"");
  EXPECT_EQ(errorOf("abs kh"), "5: found \"k\", wanted \"(\"");
  EXPECT_EQ(errorOf("9223372036854775808"), "1: the number does not fit 63 bits");
}

TEST(Expression, RefusesNestingThatWouldExhaustAStack) {
  EXPECT_EQ(errorOf(std::string(100000, '(')), "66: nested too deeply");
  EXPECT_EQ(errorOf(std::string(100000, '-')), "66: nested too deeply");
  std::string sum;
  for (int i = 0; i < 40; ++i) sum += "1+(";
  EXPECT_EQ(errorOf(sum + "kh" + std::string(40, ')')), "98: needs more than 32 values at once");
  std::string chain = "1";
  for (int i = 0; i < 10000; ++i) chain += "+1";
  EXPECT_EQ(valueOf(chain), 10001);
}

/// A random formula and its value, computed in 128 bits and clamped after each step.
struct Formula {
  std::string text;
  std::int64_t value;
};

std::int64_t clamped(Int128 value) {
  return static_cast<std::int64_t>(std::clamp<Int128>(value, Int128{kLowest}, Int128{kHighest}));
}

Int128 ceilDivided(Int128 a, Int128 b) {
  if (b == 0) return 0;
  const Int128 down = a / b;
  return down + (a % b != 0 && (a < 0) == (b < 0) ? 1 : 0);
}

Formula randomFormula(std::mt19937& random, std::span<const std::int64_t> row, int depth) {
  const auto pick = [&](int count) {
    return static_cast<int>(random() % static_cast<unsigned>(count));
  };
  if (depth == 0 || pick(6) == 0) {
    if (pick(2) == 0) {
      const auto at = static_cast<std::size_t>(pick(3));
      return {std::string(kNames[at]), row[at]};
    }
    const std::int64_t number = pick(3) == 0 ? kHighest - pick(3) : pick(9);
    return {std::to_string(number), number};
  }
  const Formula a = randomFormula(random, row, depth - 1);
  const Formula b = randomFormula(random, row, depth - 1);
  const Int128 x = a.value;
  const Int128 y = b.value;
  const auto infix = [&](std::string_view sign, Int128 value) {
    return Formula{"(" + a.text + std::string(sign) + b.text + ")", clamped(value)};
  };
  const auto call = [&](std::string_view name, Int128 value) {
    return Formula{std::string(name) + "(" + a.text + "," + b.text + ")", clamped(value)};
  };
  switch (pick(21)) {
    case 0:
      return infix("||", a.value != 0 || b.value != 0);
    case 1:
      return infix("&&", a.value != 0 && b.value != 0);
    case 2:
      return infix("==", x == y);
    case 3:
      return infix("!=", x != y);
    case 4:
      return infix("<", x < y);
    case 5:
      return infix("<=", x <= y);
    case 6:
      return infix(">", x > y);
    case 7:
      return infix(">=", x >= y);
    case 8:
      return infix("+", x + y);
    case 9:
      return infix("-", x - y);
    case 10:
      return infix("*", x * y);
    case 11:
      return infix("/", y == 0 ? 0 : x / y);
    case 12:
      return infix("%", y == 0 ? 0 : x % y);
    case 13:
      return call("min", std::min(x, y));
    case 14:
      return call("max", std::max(x, y));
    case 15:
      return call("ceildiv", ceilDivided(x, y));
    case 16:
      return call("roundup", clamped(ceilDivided(x, y)) * y);
    case 17:
      return {"(-" + a.text + ")", clamped(-x)};
    case 18:
      return {"(!" + a.text + ")", x == 0 ? 1 : 0};
    case 19:
      return {"abs(" + a.text + ")", clamped(x < 0 ? -x : x)};
    default: {
      const Formula c = randomFormula(random, row, depth - 1);
      return {"(" + a.text + "?" + b.text + ":" + c.text + ")", a.value != 0 ? b.value : c.value};
    }
  }
}

TEST(Expression, AgreesWithDirectEvaluationOnRandomFormulas) {
  std::mt19937 random(1);
  for (int i = 0; i < 4000; ++i) {
    const auto small = [&] { return static_cast<std::int64_t>(random() % 21) - 10; };
    const std::array<std::int64_t, 3> row = {small(), small(), i % 5 == 0 ? kLowest : small()};
    const Formula formula = randomFormula(random, row, 4);
    const auto expression = Expression::parse(formula.text, kNames);
    ASSERT_TRUE(expression) << formula.text << ": " << expression.error().text();
    ASSERT_EQ(expression->evaluate(row), formula.value) << formula.text;
  }
}

}  // namespace
}  // namespace mcuprof
