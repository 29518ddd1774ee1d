#include "analyzer/fitting/fit_kernels.hpp"

#include <gtest/gtest.h>

#include <map>

#include "analyzer/fitting/cross_validation.hpp"
#include "analyzer/target/kernel_table_file.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

constexpr std::string_view kHeader = R"(library = "toy"
version = "1"
compiler = "cc"
source = "made up"
[[core]]
name = "cortex-m4"
isa = "dsp"
cycles = "mca"
cycles_basis = "assumed"
cycles_source = "made up"
)";

const char* const kCsvHeader =
    "cpu,opt,kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr,e0,e1,instructions,loads,"
    "stores,load_words,store_words,taken_branches,lob_loop_branches,calls,divides,soft_divides,"
    "mul_insts,weight_bytes_touched,param_bytes_touched,activation_bytes_loaded,"
    "activation_bytes_stored,output_bytes_loaded,scratch_bytes_loaded,scratch_bytes_stored,"
    "stack_bytes_loaded,stack_bytes_stored,rodata_bytes_loaded,mca_cycles_steady\n";

std::string csvRow(int depth, int instructions) {
  return "cortex-m4,-O2,fc,1,1,1," + std::to_string(depth) + ",1,1,1,1,1,1,1,0,0,1,1,1,1,0,0," +
         std::to_string(instructions) + ",1,1,1,1,1,0,1,2,3,1,1,1,1,1,1,1,1,1,1,1," +
         std::to_string(2 * instructions) + "\n";
}

TEST(ReadFeatures, MultipliesGroupsOutAndLetsAVariantReplaceADefinition) {
  const auto features = readFeatures(std::string(kHeader) + R"(
[define]
half = "ic/2"
quarter = "half/2"
[group]
both = "1 quarter"
[[kernel]]
name = "fc"
[[kernel.variant]]
name = "rows"
define = { half = "oc" }
terms = ["1", "n*{both}"]
)",
                                     "features.toml");
  ASSERT_TRUE(features) << features.error().text();
  const VariantText& text = features->variants.at(0).text;
  EXPECT_EQ(text.terms, (std::vector<std::string>{"1", "n", "n*quarter"}));
  const VariantText needed = onlyNeeded(text, {"n*quarter"});
  ASSERT_EQ(needed.define.size(), 2u);
  EXPECT_EQ(needed.define[0], (std::pair<std::string, std::string>("half", "oc")));
}

TEST(ReadFeatures, NamesUnknownGroupsAndNames) {
  const std::string kernel = "[[kernel]]\nname = \"fc\"\n[[kernel.variant]]\nname = \"rows\"\n";
  const auto group = readFeatures(std::string(kHeader) + kernel + "terms = [\"n*{zoo}\"]\n", "f");
  ASSERT_FALSE(group);
  EXPECT_EQ(group.error().text(), "f:15:9: unknown group \"zoo\"");
  const auto name = readFeatures(std::string(kHeader) + kernel + "terms = [\"n*zoo\"]\n", "f");
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().what, "n*zoo: unknown name \"zoo\"");
}

TEST(ReadCounts, AddsSoftDivisionsAndNamesWhatIsWrong) {
  const auto calls = readCounts(kCsvHeader + csvRow(8, 100), "c.csv");
  ASSERT_TRUE(calls) << calls.error().text();
  EXPECT_EQ(calls->at(0).counted[static_cast<std::size_t>(CostMetric::Divides)], 5);
  EXPECT_EQ(calls->at(0).counted[static_cast<std::size_t>(CostMetric::Cycles)], 200);

  const auto missing = readCounts("cpu,opt\na,b\n", "c.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().text(), "c.csv:1: there is no column \"kernel\"");
  const auto zero = readCounts(kCsvHeader + csvRow(0, 100), "c.csv");
  ASSERT_FALSE(zero);
  EXPECT_EQ(zero.error().text(), "c.csv:2: ic is 0, wanted 1 to 2147483648");
}

TEST(FitKernels, FindsTheCostOfAToyLoopAndLeavesRareCodeUnknown) {
  const auto features = readFeatures(std::string(kHeader) + R"(
[[kernel]]
name = "fc"
[[kernel.variant]]
name = "tiny"
when = "ic < 4"
terms = ["1", "ic"]
[[kernel.variant]]
name = "rows"
terms = ["1", "ic"]
)",
                                     "features.toml");
  ASSERT_TRUE(features);
  std::string csv = kCsvHeader;
  for (int depth = 1; depth < 30; ++depth) csv += csvRow(depth, 40 + 7 * depth);
  const auto calls = readCounts(csv, "c.csv");
  ASSERT_TRUE(calls);
  const FittedTable fitted = fitKernels(*features, features->cores[0], "-O2", *calls);
  KernelRow row{1, 1, 1, 100, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0};
  const auto cost = costOf(fitted.table, "fc", row);
  ASSERT_TRUE(cost);
  EXPECT_TRUE(cost->variant->exact);
  EXPECT_FALSE(cost->inRange);
  EXPECT_EQ((*cost)[CostMetric::Instructions], 740);
  EXPECT_EQ((*cost)[CostMetric::Cycles], 1480);
  row[3] = 2;  // three shapes were seen of this path: too few to say
  EXPECT_FALSE(costOf(fitted.table, "fc", row));
}

/// One test for both, since the fits take seconds: the shipped tables are what the counts give, and
/// they predict shapes nobody has seen of the four kernels that most of a network's time goes to.
/// Fits a shipped library anew, expects the shipped tables, and gives each kernel's ratios, core by
/// core.
using Ratios = std::map<std::string, std::map<std::string, std::vector<double>>>;
Ratios refitted(const std::string& library, std::size_t cores) {
  Ratios ratios;
  const auto folder = test::sourceFolder() / "targets/kernels" / library;
  const auto features = readFeatures(test::contentOf(folder / "features.toml"), "features.toml");
  const auto calls = readCounts(test::contentOf(folder / "counts.csv"), "counts.csv");
  EXPECT_TRUE(features) << features.error().text();
  EXPECT_TRUE(calls) << calls.error().text();
  if (!features || !calls) return ratios;
  EXPECT_EQ(features->cores.size(), cores);
  for (const FeatureCore& core : features->cores) {
    FittedTable fitted = fitKernels(*features, core, "-O2", *calls);
    fitted.table.scales = scalesOf(*calls, "cortex-m4");
    EXPECT_EQ(writeKernelTable(fitted.table), test::contentOf(folder / (core.name + ".toml")))
        << core.name << ": run mcuprof-fit";
    for (const VariantErrors& errors : fitted.errors) {
      auto& all = ratios[core.name][errors.kernel];
      all.insert(all.end(), errors.instructions.begin(), errors.instructions.end());
    }
  }
  return ratios;
}

TEST(ShippedTables, AreWhatTheCountsGiveAndPredictUnseenShapes) {
  for (const auto& [core, kernels] : refitted("cmsis-nn", 7)) {
    for (const std::string kernel : {"conv_s8", "dw_s8", "fc_s8", "avgpool_s8"}) {
      const auto error = errorsOf(kernels.at(kernel));
      // ARMv6-M divides in software, in a time that depends on the data: averages wobble.
      const bool softDivision = core.starts_with("cortex-m0") && kernel == "avgpool_s8";
      EXPECT_LE(error[0], softDivision ? 0.8 : 0.5) << core << " " << kernel;
      EXPECT_LE(error[1], softDivision ? 3.0 : 2.0) << core << " " << kernel;
    }
  }
}

TEST(ShippedTables, OfTheAgentsKernelsAreWhatTheirCountsGive) {
  const Ratios ratios = refitted("mcuprof-agent", 4);
  for (const auto& [core, kernels] : ratios) {
    for (const std::string kernel : {"conv_s8", "dw_s8", "fc_s8", "avgpool_s8", "mean_s8"})
      EXPECT_LE(errorsOf(kernels.at(kernel))[0], 1.5) << core << " " << kernel;
    EXPECT_LE(errorsOf(kernels.at("pad_s8"))[0], 3.0) << core;
  }
}

}  // namespace
}  // namespace mcuprof
