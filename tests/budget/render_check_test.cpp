// The outputs that services read, read back by parsers that are not ours.
#include "analyzer/budget/render_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "analyzer/budget/budget_file.hpp"
#include "analyzer/report/figures_json.hpp"
#include "tests/budget/sample_figures.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using test::sampleFigures;
using testing::HasSubstr;

CheckReport sampleReport() {
  const auto budget = readBudget(
      "[limits]\n"
      "arena = 999\n"
      "latency = \"110ms\"\n"
      "flash = { max = 1, severity = \"warning\" }\n"
      "sram = 1\n"
      "spilled = 0\n"
      "[limits.layer.1]\nworking_set = 1\n"
      "[[allow]]\nlimit = \"sram\"\nreason = \"<&\\\"'> | ]]>\"\nexpires = 2026-12-31\n",
      "./conf/my budget.toml");
  EXPECT_TRUE(budget) << budget.error().text();
  CheckReport report = judge(*budget,
                             {{sampleFigures("<a>&\"b'.tflite"), "<a>&\"b'.tflite"},
                              {sampleFigures("k.tflite", "nucleo-f429zi"), "k.tflite"}},
                             {}, "2026-06-01");
  report.toolVersion = "0.1.0";
  return report;
}

/// What the independent parser prints; fails the test when the format's rules are broken.
std::string validated(const std::string& kind, const std::string& text,
                      const std::string& schema = {}) {
  const test::TemporaryFolder folder;
  const std::string in = folder.path() / "report";
  const std::string out = folder.path() / "out";
  std::ofstream(in, std::ios::binary) << text;
  const std::string command = std::string("\"") + MCUPROF_PYTHON + "\" \"" + MCUPROF_VALIDATOR +
                              "\" " + kind + " \"" + schema + "\" < \"" + in + "\" > \"" + out +
                              "\" 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << test::contentOf(out) << text;
  return test::contentOf(out);
}

TEST(Junit, IsReadByAnIndependentParser) {
  const std::string read = validated("junit", renderJunit(sampleReport()));
  EXPECT_THAT(read, HasSubstr("<a>&\"b'.tflite on nucleo-f767zi with tflm-cmsis-nn | arena | "
                              "failure | arena 1,000 B (counted) exceeds 999 B"));
  EXPECT_THAT(read, HasSubstr("latency | skipped"));
  EXPECT_THAT(read, HasSubstr("spilled bytes | pass"));
}

TEST(Junit, IsValidByBothPublishedSchemas) {
  const std::filesystem::path shared = test::sharedFolder();
  if (shared.empty()) GTEST_SKIP() << "no folder " << MCUPROF_SHARED_DIR << "/samples";
  ASSERT_EQ(std::system("xmllint --version > /dev/null 2>&1"), 0)
      << "no xmllint; ./dev installs it";
  for (const char* schema : {"junit-10.xsd", "junit-windyroad.xsd"})
    validated("junit", renderJunit(sampleReport()), (shared / "samples" / schema).string());
}

TEST(Sarif, IsReadByAnIndependentParser) {
  const std::string read = validated("sarif", renderSarif(sampleReport()));
  EXPECT_THAT(read, HasSubstr("arena | error | 2 | conv/Relu;<&\"'>|`*"));
  EXPECT_THAT(read, HasSubstr("latency | none | 3 |"));
  EXPECT_THAT(read, HasSubstr("flash | warning | 4 |"));
  EXPECT_THAT(renderSarif(sampleReport()), HasSubstr("\"uri\": \"conf/my%20budget.toml\""));
}

TEST(Sarif, IsValidByThePublishedSchema) {
  const std::filesystem::path shared = test::sharedFolder();
  if (shared.empty()) GTEST_SKIP() << "no folder " << MCUPROF_SHARED_DIR << "/samples";
  validated("sarif", renderSarif(sampleReport()),
            (shared / "samples" / "sarif-schema-2.1.0.json").string());
}

TEST(Gitlab, IsReadByAnIndependentParser) {
  const std::string read = validated("gitlab", renderGitlab(sampleReport()));
  EXPECT_THAT(read, HasSubstr("arena | major | 2\n"));
  EXPECT_THAT(read, HasSubstr("latency | minor | 3\n"));
  EXPECT_THAT(read, HasSubstr("sram | info | 5\n"));
}

TEST(Github, MergesBoardsAndSortsBySeverity) {
  const std::string read = validated("github", renderGithub(sampleReport()));
  EXPECT_EQ(read.rfind("error | 2 | <a>&\"b'.tflite on nucleo-f767zi: arena 1,000 B (counted) "
                       "exceeds 999 B; most in layer 1 CONV_2D // k.tflite on nucleo-f429zi: ",
                       0),
            0U)
      << read;
  EXPECT_LT(read.find("error | 8"), read.find("warning | 3"));
}

TEST(Github, ShowsTenOfALevelAndSaysHowManyMore) {
  CheckReport report;
  report.budgetFile = "mcuprof.toml";
  for (int i = 1; i <= 13; ++i) {
    Finding finding;
    finding.outcome = Outcome::Fail;
    finding.rule = "arena";
    finding.subject = "arena " + std::to_string(i);
    finding.message = "too large";
    finding.place.line = i;
    report.findings.push_back(finding);
  }
  const std::string read = validated("github", renderGithub(report));
  EXPECT_EQ(std::count(read.begin(), read.end(), '\n'), 10);
  EXPECT_THAT(read, HasSubstr("error | 10 | too large // and 3 more that are not shown here"));
}

TEST(Markdown, HoldsNoMarkupOfTheModels) {
  const std::string text = renderCheckMarkdown(sampleReport());
  EXPECT_THAT(text, HasSubstr("&lt;a\\>&amp;\"b'.tflite"));
  EXPECT_THAT(text, testing::Not(HasSubstr("| <a>")));
  // In code nothing is markup.
  EXPECT_THAT(text, HasSubstr("`mcuprof run --board nucleo-f767zi --runtime tflm-cmsis-nn '<a>"));
  EXPECT_THAT(text, HasSubstr("<details><summary>2 passed</summary>"));
}

TEST(CheckJson, ServesAsABaseline) {
  const CheckReport report = sampleReport();
  const auto figures = readFigures(renderCheckJson(report), "check.json");
  ASSERT_TRUE(figures) << figures.error().text();
  ASSERT_EQ(figures->size(), 2U);
  EXPECT_EQ((*figures)[1].layers, report.figures[1].layers);
  EXPECT_EQ((*figures)[1].arena, report.figures[1].arena);
  EXPECT_EQ((*figures)[1].ram(), report.figures[1].ram());
  EXPECT_EQ((*figures)[1].milliseconds, report.figures[1].milliseconds);
}

TEST(FiguresJson, SaysWhatIsMissing) {
  EXPECT_EQ(readFigures("{", "x.json").error().text(), "x.json: not a JSON document");
  EXPECT_EQ(readFigures("{\"schema\":\"mcuprof/analysis\"}", "x.json").error().text(),
            "x.json: model/name is missing");
  EXPECT_EQ(readFigures(std::string(5000, '['), "x.json").error().text(),
            "x.json: not a JSON document");
}

}  // namespace
}  // namespace mcuprof
