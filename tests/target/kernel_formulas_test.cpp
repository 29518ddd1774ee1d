#include "analyzer/target/kernel_formulas.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace mcuprof {
namespace {

TEST(KernelFormulas, GiveWhatExpressionsGive) {
  const KernelNames::Definitions definitions = {
      {"a", "n*oh*ow"},         {"b", "ic%16/4"},     {"c", "oc/ic"},       {"d", "kh >= 3"},
      {"e", "ow - 9"},          {"f", "e*n"},         {"g", "f/ic"},        {"h", "f%ic"},
      {"i", "b == 2"},          {"j", "(ic + oc)*2"}, {"k", "oh < ow"},     {"l", "oh <= ow"},
      {"m", "n + oh*ow"},       {"o", "n*oh + ow"},   {"p", "max(e, f)"},   {"q", "7"},
      {"r", "oc/0 + 1"},        {"s", "oc/e1"},       {"t", "a > 12 && d"}, {"u", "oc % e1"},
      {"v", "sw*sh*9223372036"}};
  const KernelNames names(definitions);
  ASSERT_FALSE(names.clash());
  KernelFormulas formulas(names.size());
  std::vector<Expression> expressions;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const std::size_t slot = KernelNames::kFirstDefined + i;
    ASSERT_TRUE(formulas.add(definitions[i].second, names, slot)) << definitions[i].second;
    const auto expression = Expression::parse(definitions[i].second, names.before(i));
    ASSERT_TRUE(expression);
    expressions.push_back(*expression);
  }
  std::mt19937_64 random(4);
  for (int round = 0; round < 500; ++round) {
    std::array<std::int64_t, KernelNames::kMost> slots{};
    const std::int64_t most = round % 5 == 0 ? (std::int64_t{1} << 40) : 40;
    for (std::size_t i = 0; i < kKernelColumns.size(); ++i) {
      slots[i] = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
    }
    auto expected = slots;
    formulas.run(slots);
    for (std::size_t i = 0; i < expressions.size(); ++i) {
      const std::size_t slot = KernelNames::kFirstDefined + i;
      expected[slot] = expressions[i].evaluate(expected);
      EXPECT_EQ(slots[slot], expected[slot]) << definitions[i].second;
    }
  }
}

TEST(KernelFormulas, RefuseNamesThatStandBelow) {
  const KernelNames::Definitions definitions = {{"a", "b*2"}, {"b", "n"}};
  const KernelNames names(definitions);
  KernelFormulas formulas(names.size());
  const auto added = formulas.add("b*2", names, KernelNames::kFirstDefined);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().text(), "1: unknown variable \"b\"");
}

TEST(KernelNames, FindWhatIsDefinedTwice) {
  const KernelNames::Definitions twice = {{"a", "n"}, {"a", "n"}};
  EXPECT_EQ(KernelNames(twice).clash(), "a");
  const KernelNames::Definitions taken = {{"vy", "n"}};
  EXPECT_EQ(KernelNames(taken).clash(), "vy");
}

}  // namespace
}  // namespace mcuprof
