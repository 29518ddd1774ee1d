#include "analyzer/target/rate_table.hpp"

#include <gtest/gtest.h>

#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

constexpr std::string_view kRates = R"(float_needs_fpu = true
[[rate]]
op = "MEAN"
type = "int8"
unit = "input"
per = 130
low = 0.8
high = 1.3
shapes = 4
source = "m4"
[sources.fitted]
m4 = "counts"
)";

std::string problemOf(std::string text) {
  auto document = TomlDocument::parse(text, "r.toml");
  if (!document) return document.error().text();
  readRateTable(*document, "r");
  const auto ok = document->check();
  return ok ? "" : ok.error().text();
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kRates);
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(RateTable, ReadsWhatItFinds) {
  auto document = TomlDocument::parse(kRates, "r.toml");
  ASSERT_TRUE(document);
  const RateTable table = readRateTable(*document, "r");
  const OpRate* rate = table.find(OpKind::Mean, ElementType::Int8);
  ASSERT_NE(rate, nullptr);
  EXPECT_EQ(rate->per, 130);
  EXPECT_EQ(rate->unit, RateUnit::Input);
  EXPECT_EQ(rate->basis, Basis::Fitted);
  EXPECT_EQ(table.find(OpKind::Mean, ElementType::Float32), nullptr);
}

TEST(RateTable, NamesLineAndColumnOfWhatIsWrong) {
  EXPECT_EQ(problemOf(std::string(kRates)), "");
  EXPECT_EQ(problemOf(replaced("\"MEAN\"", "\"MEEN\"")),
            "r.toml:3:6: no operator is called \"MEEN\"");
  EXPECT_EQ(problemOf(replaced("\"int8\"", "\"string\"")),
            "r.toml:4:8: no rate can be for element type \"string\"");
}

TEST(RateTable, ShippedTablesLoad) {
  for (const char* name : {"tflm", "reference"}) {
    const auto table = loadRateTable(
        (test::sourceFolder() / "targets/rates" / (std::string(name) + ".toml")).string());
    ASSERT_TRUE(table) << table.error().text();
    EXPECT_GT(table->rates.size(), 30U);
  }
}

}  // namespace
}  // namespace mcuprof
