#include "analyzer/target/runtime_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "analyzer/target/kernel_shape.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

std::string runtimes() {
  return (test::sourceFolder() / "targets" / "runtimes").string();
}

Runtime shipped(const std::string& name) {
  auto runtime = loadRuntime(runtimes() + "/" + name + ".toml");
  EXPECT_TRUE(runtime) << runtime.error().text();
  return runtime ? std::move(*runtime) : Runtime();
}

/// A file that is right, with room for a change.
std::string fileWith(const std::string& operators) {
  return R"(name = "mine"
title = "Mine"
version = "1"
library = "mine"
source = "me"
[sources.counted]
run = "a run"
[memory]
static = ["1 KiB", "run"]
stack = [512, "run"]
[arena]
buffer_alignment = 16
persistent_alignment = 16
create = [[36, 4]]
start = []
subgraph = [8, 4]
eval_tensor = [12, 4]
node = [32, 4]
scratch_handle = [4, 4]
tensor = [32, 4]
affine_quantization = [12, 4]
resource_variables = [12, 16]
resource_variable = [20, 16]
pointer = 4
scratch_request = 12
scratch_requests_per_op = 12
subgraph_offset = 4
allocation_info = 24
planner_per_buffer = 40
[operators]
source = "run"
)" + operators;
}

std::string errorOf(const std::string& text) {
  const auto runtime = readRuntime(text, "mine.toml", runtimes());
  EXPECT_FALSE(runtime);
  return runtime ? "" : runtime.error().text();
}

TEST(RuntimeFile, ReadsStructuresRulesAndTheirSources) {
  const auto runtime = readRuntime(fileWith(R"(ADD = { parse = [2, 1], init = 60 }
[operators.CONV_2D]
init = 56
borrowed = "2 * in_temp"
kernels = [
  { variant = "1x1", when = "kh == 1", persistent = ["4*oc"], source = "run" },
  { variant = "rest", scratch = ["kh*kw", "-1"], unknown = "half of it", source = "run" },
]
[custom.Mine]
init = 8
)"),
                                   "mine.toml", runtimes());
  ASSERT_TRUE(runtime) << runtime.error().text();
  EXPECT_EQ(runtime->staticBytes, (Sourced<std::int64_t>{1024, Basis::Counted, "a run"}));
  EXPECT_FALSE(runtime->codeBytes);
  ASSERT_EQ(runtime->operators.size(), 3U);
  const OperatorRules* add = runtime->find(OpKind::Add, "");
  ASSERT_NE(add, nullptr);
  EXPECT_EQ(add->parse->size, Bytes(2));
  EXPECT_EQ(add->init, Bytes(60));
  EXPECT_EQ(add->basis, Basis::Counted);
  const OperatorRules* conv = runtime->find(OpKind::Conv2d, "");
  ASSERT_NE(conv, nullptr);
  EXPECT_FALSE(conv->parse);
  ASSERT_EQ(conv->kernels.size(), 2U);
  EXPECT_EQ(conv->kernels[0].when->text(), "kh == 1");
  EXPECT_EQ(conv->kernels[1].scratch.size(), 2U);
  EXPECT_EQ(conv->kernels[1].unknown, "half of it");
  EXPECT_NE(runtime->find(OpKind::Custom, "Mine"), nullptr);
  EXPECT_EQ(runtime->find(OpKind::Custom, "Other"), nullptr);
  EXPECT_EQ(runtime->find(OpKind::Sub, ""), nullptr);
}

TEST(RuntimeFile, SaysAtWhichLevelItsKernelsWereCompiled) {
  const auto withLevel = [](const std::string& line) { return line + "\n" + fileWith(""); };
  EXPECT_EQ(readRuntime(fileWith(""), "mine.toml", runtimes())->opt, OptLevel::O2);
  EXPECT_EQ(readRuntime(withLevel("opt = \"-Os\""), "mine.toml", runtimes())->opt, OptLevel::Os);
  EXPECT_NE(errorOf(withLevel("opt = \"-O9\"")).find("-O2"), std::string::npos);
}

TEST(RuntimeFile, NamesTheVersionOfItsKernels) {
  EXPECT_EQ(readRuntime(fileWith(""), "mine.toml", runtimes())->libraryVersion, "");
  EXPECT_EQ(readRuntime("library_version = \"1.2\"\n" + fileWith(""), "mine.toml", runtimes())
                ->libraryVersion,
            "1.2");
}

TEST(RuntimeFile, NamesTheLibraryOfEachOperatorsKernel) {
  const auto runtime =
      readRuntime("library_operators = [\"ADD\"]\nother_library = \"theirs\"\n" + fileWith(""),
                  "mine.toml", runtimes());
  ASSERT_TRUE(runtime) << runtime.error().text();
  EXPECT_EQ(runtime->libraryOf(OpKind::Add), "mine");
  EXPECT_EQ(runtime->libraryOf(OpKind::Mean), "theirs");
  EXPECT_EQ(shipped("mcuprof-agent").libraryOf(OpKind::Mean), "mcuprof-agent");
  EXPECT_EQ(errorOf("library_operators = [\"ADDD\"]\nother_library = \"a\"\n" + fileWith("")),
            "mine.toml:1:22: no builtin operator is called \"ADDD\"");
  EXPECT_EQ(errorOf("other_library = \"theirs\"\n" + fileWith("")),
            "mine.toml:1:17: wants \"library_operators\" beside it");
  EXPECT_EQ(errorOf("library_operators = [\"ADD\"]\n" + fileWith("")),
            "mine.toml:1:21: wants \"other_library\" beside it");
}

TEST(RuntimeFile, NamesTheLineAndColumnOfWhatIsWrong) {
  EXPECT_EQ(errorOf(fileWith("ADDD = {}\n")),
            "mine.toml:32:8: no builtin operator is called \"ADDD\"");
  EXPECT_EQ(errorOf(fileWith("[operators.ADD]\nborrowed = \"kh * bw\"\n")),
            "mine.toml:33:12: column 6 of the formula: unknown variable \"bw\"");
  EXPECT_EQ(errorOf(fileWith("ADD = { parse = [2] }\n")),
            "mine.toml:32:17: \"parse\" wants [size, alignment]");
  EXPECT_EQ(errorOf(fileWith("ADD = { parse = [2, 3] }\n")),
            "mine.toml:32:17: the alignment 3 is no power of two");
  EXPECT_EQ(errorOf(fileWith("ADD = { inti = 60 }\n")).substr(0, 36),
            "mine.toml:32:9: unknown key \"inti\" (");
  EXPECT_EQ(errorOf(fileWith("ADD = { source = \"runn\" }\n")),
            "mine.toml:32:18: unknown source \"runn\" (did you mean \"run\"?)");
  EXPECT_EQ(errorOf(fileWith(R"([operators.ADD]
kernels = [
  { variant = "a", source = "run" },
  { variant = "a", source = "run" },
]
)")),
            "mine.toml:35:15: \"a\" is there twice");
}

TEST(RuntimeFile, ReplacesOperatorsOfTheOneItExtends) {
  const Runtime reference = shipped("tflm-reference");
  const Runtime cmsis = shipped("tflm-cmsis-nn");
  EXPECT_EQ(cmsis.name, "tflm-cmsis-nn");
  EXPECT_EQ(cmsis.library, "cmsis-nn");
  EXPECT_EQ(cmsis.evalTensor.size, reference.evalTensor.size);
  EXPECT_EQ(cmsis.operators.size(), reference.operators.size());
  EXPECT_EQ(reference.find(OpKind::Conv2d, "")->init, Bytes(56));
  EXPECT_EQ(cmsis.find(OpKind::Conv2d, "")->init, Bytes(60));
  EXPECT_EQ(cmsis.find(OpKind::Add, "")->init, reference.find(OpKind::Add, "")->init);
}

TEST(RuntimeFile, RefusesToExtendWhatIsNotThereOrItself) {
  test::TemporaryFolder folder;
  const std::string path = (folder.path() / "loop.toml").string();
  std::ofstream(path) << "extends = \"loop\"\n";
  const auto loop = loadRuntime(path);
  ASSERT_FALSE(loop);
  EXPECT_EQ(loop.error().text(),
            path + ":1:11: runtimes extend each other in a circle, or more than four deep");
  const auto escape = readRuntime("extends = \"../x\"\n", "mine.toml", folder.path().string());
  ASSERT_FALSE(escape);
  EXPECT_EQ(escape.error().text(), "mine.toml:1:11: \"../x\" is no name of a runtime");
  const auto absent = readRuntime("extends = \"x\"\n", "mine.toml", folder.path().string());
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().text(), (folder.path() / "x.toml").string() + ": cannot open the file");
}

TEST(RuntimeFile, ShippedFilesKnowEveryBuiltinOperatorOfTheRuntime) {
  const Runtime runtime = shipped("tflm-reference");
  EXPECT_EQ(runtime.operators.size(), 100U + 16U) << "builtin and custom operators";
  for (const OperatorRules& rules : runtime.operators) {
    EXPECT_NE(rules.source, "");
    for (const KernelRule& rule : rules.kernels) EXPECT_NE(rule.source, "") << rule.variant;
  }
}

TEST(KernelVariables, HaveDistinctNamesAndMeanings) {
  const auto names = kernelVariables();
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_NE(kernelVariableMeanings()[i], "");
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(names[i], names[j]);
  }
}

TEST(KernelVariables, AreAllInTheDocumentation) {
  const std::string page = test::contentOf(test::sourceFolder() / "docs" / "runtime-files.md");
  for (std::size_t i = 0; i < kernelVariables().size(); ++i) {
    const std::string row = "| `" + std::string(kernelVariables()[i]) + "` | " +
                            std::string(kernelVariableMeanings()[i]) + " |";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace mcuprof
