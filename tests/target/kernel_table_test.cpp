#include "analyzer/target/kernel_table.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "analyzer/target/cost_tables.hpp"
#include "analyzer/target/kernel_table_file.hpp"
#include "analyzer/target/toml_reader.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

constexpr std::string_view kSmall = R"(library = "toy"
core = "cortex-m4"
opt = "-O2"
basis = "fitted"
metrics = ["instructions", "cycles", "loads"]

[[scale]]
kernel = "fc"
opt = "-Os"
factors = [1.2, 1.5, 1.8]

[[variant]]
kernel = "fc"
name = "short"
when = "ic < 4"
shapes = 3

[[variant]]
kernel = "fc"
name = "rows"
shapes = 20
instruction_spread = [0.9, 1.2]
cycle_spread = [1, 1]
least = [1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0]
most = [1, 1, 1, 64, 1, 1, 64, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0]
[variant.define]
words = "ic/4"
tail = "ic%4"
[variant.terms]
"1" = [100, 150]
"n*oc*words" = [7, 9, 2]
"n*oc*tail" = [5]
)";

KernelRow rowOf(std::int64_t depth, std::int64_t outputs) {
  return {1, 1, 1, depth, 1, 1, outputs, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0};
}

TEST(CostOf, AddsTermsTimesCoefficients) {
  const auto table = readKernelTable(kSmall, "toy.toml");
  ASSERT_TRUE(table) << table.error().text();
  const auto cost = costOf(*table, "fc", rowOf(10, 3));
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->variant->text().name, "rows");
  // 100 + 3 * 2 * 7 + 3 * 2 * 5, 150 + 3 * 2 * 9, 3 * 2 * 2
  EXPECT_EQ((*cost)[CostMetric::Instructions], 172);
  EXPECT_EQ((*cost)[CostMetric::Cycles], 204);
  EXPECT_EQ((*cost)[CostMetric::Loads], 12);
  EXPECT_DOUBLE_EQ(cost->instructionsLow, 172 * 0.9);
  EXPECT_DOUBLE_EQ(cost->instructionsHigh, 172 * 1.2);
  EXPECT_EQ(cost->cyclesLow, 204);
  EXPECT_TRUE(cost->inRange);
}

TEST(CostOf, KnowsNoCostOfAPathWithoutTermsOrAKernelWithoutVariants) {
  const auto table = readKernelTable(kSmall, "toy.toml");
  ASSERT_TRUE(table);
  EXPECT_FALSE(costOf(*table, "fc", rowOf(3, 3)));
  EXPECT_FALSE(costOf(*table, "conv", rowOf(8, 3)));
}

TEST(CostOf, FlagsShapesBeyondThoseOfTheFitAndWidensTheirInterval) {
  const auto table = readKernelTable(kSmall, "toy.toml");
  ASSERT_TRUE(table);
  const auto cost = costOf(*table, "fc", rowOf(68, 1));
  ASSERT_TRUE(cost);
  EXPECT_FALSE(cost->inRange);
  const double instructions = 100 + 17 * 7;
  EXPECT_DOUBLE_EQ(cost->instructionsLow, instructions * 0.8 - 100);
  EXPECT_DOUBLE_EQ(cost->instructionsHigh, instructions * 1.4 + 100);
  EXPECT_DOUBLE_EQ(cost->cyclesHigh, (150 + 17 * 9) * 1.01 + 100);
}

TEST(CostOf, ScalesToALevelThatWasCountedElsewhere) {
  const auto table = readKernelTable(kSmall, "toy.toml");
  ASSERT_TRUE(table);
  const auto cost = costOf(*table, "fc", rowOf(8, 1), "-Os");
  ASSERT_TRUE(cost);
  EXPECT_TRUE(cost->scaled);
  EXPECT_DOUBLE_EQ((*cost)[CostMetric::Instructions], 1.5 * 114);
  EXPECT_DOUBLE_EQ(cost->instructionsHigh, 1.5 * 114 * 1.2 * 1.8 / 1.5);
  EXPECT_FALSE(costOf(*table, "fc", rowOf(8, 1), "-O1"));
}

TEST(CostOf, IsLessSureOfAnotherVersionOfTheLibrary) {
  auto table = readKernelTable(kSmall, "toy.toml");
  ASSERT_TRUE(table);
  table->otherVersion = true;
  const auto cost = costOf(*table, "fc", rowOf(8, 1));
  ASSERT_TRUE(cost);
  EXPECT_DOUBLE_EQ(cost->cyclesLow, 168 * 0.93);
  EXPECT_DOUBLE_EQ(cost->cyclesHigh, 168 * 1.07);
  EXPECT_DOUBLE_EQ(cost->instructionsLow, 114 * 0.9);
}

TEST(KernelTables, KnowTheVersionsTheyHoldFor) {
  KernelTable table;
  table.version = "7.0.0+43 (99f736a63036)";
  table.sameAs = "4ab83cc3 6.9.1";
  for (const char* same : {"7.0.0", "99f736a6", "4ab83cc3", "6.9.1"})
    EXPECT_TRUE(isOfVersion(table, same)) << same;
  for (const char* other : {"6.0.0", "9f736a6", "0.0", "4ab83cc3f"})
    EXPECT_FALSE(isOfVersion(table, other)) << other;
}

/// A target folder with one table of one kernel library.
class VersionedTables : public testing::Test {
 protected:
  void write(const std::string& library, const std::string& version) {
    const std::filesystem::path folder = m_folder.path() / "kernels" / library;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "cortex-m4.toml") << "version = \"" << version << "\"\n" << kSmall;
  }
  KernelTable load(const std::string& version) {
    Runtime runtime;
    runtime.library = "toy";
    runtime.libraryVersion = version;
    auto costs = loadCostTables(m_folder.path().string(), runtime, "cortex-m4", "-O2");
    EXPECT_TRUE(costs) << costs.error().text();
    return *costs->kernels;
  }

 private:
  test::TemporaryFolder m_folder;
};

TEST_F(VersionedTables, AreThoseOfTheRuntimesVersionWhereThereAreAny) {
  write("toy", "2.0");
  EXPECT_FALSE(load("").otherVersion);
  EXPECT_FALSE(load("2.0").otherVersion);
  EXPECT_TRUE(load("1.0").otherVersion);
  write("toy@1.0", "1.0");
  EXPECT_FALSE(load("1.0").otherVersion);
  EXPECT_EQ(load("1.0").version, "1.0");
  EXPECT_EQ(load("2.0").version, "2.0");
}

TEST(KernelTableFile, ReadsOnlyTheKernelsThatAreWanted) {
  const std::string_view wanted[] = {"conv"};
  const auto table = readKernelTable(kSmall, "toy.toml", wanted);
  ASSERT_TRUE(table);
  EXPECT_TRUE(table->variants.empty());
}

TEST(KernelTableFile, WritesWhatItReads) {
  const auto table = readKernelTable(kSmall, "toy.toml");
  ASSERT_TRUE(table);
  const std::string text = writeKernelTable(*table);
  const auto again = readKernelTable(text, "again.toml");
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(writeKernelTable(*again), text);
  EXPECT_EQ(costOf(*again, "fc", rowOf(9, 2))->values, costOf(*table, "fc", rowOf(9, 2))->values);
}

struct BadTable {
  std::string_view text;
  std::string_view error;
};

/// How the test's name shows it.
void PrintTo(const BadTable& table, std::ostream* out) {
  *out << table.error;
}

class KernelTableErrors : public testing::TestWithParam<BadTable> {};

TEST_P(KernelTableErrors, SayWhereAndWhat) {
  const auto table = readKernelTable(GetParam().text, "bad.toml");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().text(), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Files, KernelTableErrors,
    testing::Values(
        BadTable{"", "bad.toml:0: found no \"core\""},
        BadTable{"core = cortex", "bad.toml:1: \"core\" must be a string"},
        BadTable{"core \"m4\"", "bad.toml:1: found no \"=\" behind the key"},
        BadTable{"clock = 3", "bad.toml:1: unknown key \"clock\""},
        BadTable{"[cores]", "bad.toml:1: unknown table [cores]"},
        BadTable{"basis = \"guessed\"", "bad.toml:1: \"basis\" is no basis: \"guessed\""},
        BadTable{"metrics = [\"luck\"]", "bad.toml:1: unknown metric \"luck\""},
        BadTable{"\n[[scale]]\nfactors = [3, 2, 1]",
                 "bad.toml:3: \"factors\" must be positive and rise"},
        BadTable{"[[scale]]\nfactors = [1, 2]", "bad.toml:2: \"factors\" wants 3 numbers"},
        BadTable{"[[variant]]\nname = \"x\"",
                 "bad.toml:1: a variant wants a \"kernel\" and a \"name\""},
        BadTable{"[[variant]]\nkernel = \"fc\"\nname = \"x\"\nwhen = \"ic <\"",
                 "bad.toml:1: when:5: found the end, wanted a number, a name or \"(\""},
        BadTable{"[[variant]]\nkernel = \"fc\"\nname = \"x\"\n[variant.define]\nic = \"oc\"",
                 "bad.toml:1: ic: defined twice"},
        BadTable{"[[variant]]\nkernel = \"fc\"\nname = \"x\"\n[variant.terms]\n\"ic*zoo\" = [1]",
                 "bad.toml:5: more coefficients than \"metrics\""},
        BadTable{"metrics = [\"loads\"]\n[[variant]]\nkernel = \"fc\"\nname = \"x\"\n"
                 "[variant.terms]\n\"ic*zoo\" = [1]",
                 "bad.toml:2: ic*zoo: unknown name \"zoo\""},
        BadTable{"[[variant]]\nkernel = \"fc\"\nname = \"x\"\n[variant.terms]\n\"ic\" = [1e999]",
                 "bad.toml:5: \"ic\" must hold numbers"}));

TEST(ShippedKernelTables, LoadAndAreTomlAndKnowTheMainKernels) {
  const auto folder = test::sourceFolder() / "targets/kernels/cmsis-nn";
  int tables = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml" || entry.path().filename() == "features.toml") continue;
    const std::string text = test::contentOf(entry.path());
    const auto table = readKernelTable(text, entry.path().filename().string());
    ASSERT_TRUE(table) << table.error().text();
    EXPECT_EQ(writeKernelTable(*table), text) << entry.path();
    for (const std::string_view kernel : {"conv_s8", "dw_s8", "fc_s8"}) {
      const auto cost = costOf(*table, kernel, rowOf(16, 16));
      ASSERT_TRUE(cost) << entry.path() << kernel;
      EXPECT_GT((*cost)[CostMetric::Instructions], 100);
      EXPECT_GT((*cost)[CostMetric::Cycles], 50);
      EXPECT_NEAR((*cost)[CostMetric::OutputBytes], 16, 0.5) << entry.path() << kernel;
    }
    // The reader is our own for speed; what it reads must be TOML to everybody else.
    const auto document = TomlDocument::parse(text, "table");
    EXPECT_TRUE(document) << entry.path() << document.error().text();
    ++tables;
  }
  EXPECT_EQ(tables, 9) << "seven cores, and two more levels of cortex-m4";
}

TEST(ShippedKernelTables, TakeTheTableOfTheLevelWhereThereIsOne) {
  const std::string folder = (test::sourceFolder() / "targets/kernels/cmsis-nn").string();
  const auto size = loadKernelTable(folder, "cortex-m4", "-Os");
  ASSERT_TRUE(size) << size.error().text();
  EXPECT_EQ(size->opt, "-Os");
  const auto other = loadKernelTable(folder, "cortex-m7", "-Os");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->opt, "-O2");
  EXPECT_TRUE(costOf(*other, "fc_s8", rowOf(64, 10), "-Os")->scaled);
  EXPECT_FALSE(loadKernelTable(folder, "cortex-m99", "-O2"));
}

}  // namespace
}  // namespace mcuprof
