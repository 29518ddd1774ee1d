// What a kept report says that its numbers rest on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/report/facts_json.hpp"
#include "analyzer/report/render_json.hpp"
#include "tests/report/sample_report.hpp"

namespace mcuprof {
namespace {

std::string textOf(const std::vector<FactRow>& facts, std::string_view group,
                   std::string_view name) {
  for (const FactRow& fact : facts) {
    if (fact.group == group && fact.name == name)
      return fact.value + " [" + std::string(fact.basis ? nameOf(*fact.basis) : "") + "] " +
             fact.source;
  }
  return "";
}

TEST(ReadFacts, GivesWhatAReportSaysWithBasisAndSource) {
  const auto read = readFacts(renderJson(test::sampleReport()), "report.json");
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), 1U);
  const std::vector<FactRow>& facts = read->front();
  EXPECT_EQ(textOf(facts, "input files", "model"), "sample.tflite, SHA-256 aaaaaaaaaaaaaaaa [] ");
  EXPECT_EQ(textOf(facts, "target", "rated clock"), "48 MHz [datasheet] ");
  EXPECT_EQ(textOf(facts, "RAM", "static"), "200 B [assumed] ");
  EXPECT_EQ(textOf(facts, "RAM", "stack"), "100 B [] set by you");
  EXPECT_EQ(textOf(facts, "RAM", "region sram"), "1,024 B, usable 724 B [] ");
}

TEST(ReadFacts, PassesOverWhatAReportDoesNotSay) {
  const auto read = readFacts(R"({"schema": "mcuprof/analysis", "notes": ["odd", 7]})", "x.json");
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->front().size(), 1U);
  EXPECT_EQ(textOf(read->front(), "notes of the report", "note"), "odd [] ");
}

TEST(ReadFacts, SaysWhatIsWrong) {
  const auto error = [](const char* json) { return readFacts(json, "x.json").error().text(); };
  EXPECT_EQ(error("no"), "x.json: not a JSON document");
  EXPECT_EQ(error("{}"), "x.json: schema is none that facts are read from");
  EXPECT_EQ(error(R"({"schema": "mcuprof/analysis", "flash": {"size": {"value": "big"}}})"),
            "x.json: value is no number");
}

}  // namespace
}  // namespace mcuprof
