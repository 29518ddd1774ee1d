#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/analysis/kernels.hpp"
#include "analyzer/analysis/schedule.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "analyzer/target/runtime_file.hpp"
#include "tests/support/files.hpp"

// Holds the arena plan against what TensorFlow Lite Micro itself allocated for real models on
// emulated cores: every figure and every buffer must be equal.

namespace mcuprof {
namespace {

using nlohmann::json;

struct Build {
  std::string runtime;
  Core core;
};

/// "tflm-cmsis-nn/cortex-m55".
Build buildNamed(const std::string& key) {
  Build build;
  const auto slash = key.find('/');
  build.runtime = key.substr(0, slash);
  build.core.name = key.substr(slash + 1);
  build.core.mve.value = build.core.name == "cortex-m55";
  build.core.dsp.value = build.core.name != "cortex-m3";
  build.core.fpu.value = build.core.name == "cortex-m3" ? "none" : "single";
  return build;
}

/// Which of the truth's subgraph and tensor, or subgraph and operator, a buffer is.
std::string nameOf(const Graph& graph, const PlannedBuffer& buffer) {
  if (buffer.tensor.valid()) {
    const GraphTensor& tensor = graph.tensors[buffer.tensor];
    return fmt::format("tensor {}.{}", tensor.subgraph.value, tensor.indexInSubgraph);
  }
  const GraphOp& op = graph.ops[buffer.op];
  return fmt::format("scratch of {}.{}", op.subgraph.value, op.indexInSubgraph);
}

std::string textOf(const Graph& graph, const PlannedBuffer& buffer) {
  return fmt::format("{}: {} bytes at {}, alive {}..{}", nameOf(graph, buffer), buffer.size.value,
                     buffer.offset.value, buffer.life.first, buffer.life.last);
}

/// Scratch is listed without its operator; requests are in the same order in a list of their own.
std::vector<std::string> textsOf(const json& truth) {
  std::vector<std::string> texts;
  std::size_t scratch = 0;
  for (const json& planned : truth.at("planned")) {
    std::string name;
    if (planned.at("kind") == "tensor") {
      name = fmt::format("tensor {}.{}", planned.at("subgraph").get<int>(),
                         planned.at("tensor").get<int>());
    } else {
      const json& request = truth.at("scratch_requests").at(scratch++);
      name = fmt::format("scratch of {}.{}", request.at("subgraph").get<int>(),
                         request.at("op").get<int>());
    }
    texts.push_back(fmt::format("{}: {} bytes at {}, alive {}..{}", name,
                                planned.at("aligned").get<long>(), planned.at("offset").get<long>(),
                                planned.at("first").get<int>(), planned.at("last").get<int>()));
  }
  return texts;
}

std::vector<std::string> tailOf(const json& truth) {
  std::vector<std::string> texts;
  for (const json& event : truth.at("tail_events")) {
    texts.push_back(fmt::format("{} bytes aligned to {} up to {}", event.at("bytes").get<long>(),
                                event.at("align").get<long>(), event.at("tail_after").get<long>()));
  }
  return texts;
}

std::vector<std::string> tailOf(const ArenaPlan& plan) {
  std::vector<std::string> texts;
  for (const TailAllocation& allocation : plan.tail) {
    texts.push_back(fmt::format("{} bytes aligned to {} up to {}", allocation.size.value,
                                allocation.alignment.value, allocation.end.value));
  }
  return texts;
}

TEST(Truth, ArenaPlansEqualThoseOfTheDeviceInEveryFigureAndBuffer) {
  const std::filesystem::path shared = test::sharedFolder();
  const std::filesystem::path file = shared / "facts" / "tflm-truth.json";
  if (shared.empty() || !std::filesystem::exists(file)) {
    GTEST_SKIP() << "no ground truth at " << file;
  }
  const json truth = json::parse(test::contentOf(file));
  std::map<std::string, Runtime> runtimes;
  for (const std::string name : {"tflm-reference", "tflm-cmsis-nn"}) {
    auto runtime =
        loadRuntime((test::sourceFolder() / "targets" / "runtimes" / (name + ".toml")).string());
    ASSERT_TRUE(runtime) << runtime.error().text();
    runtimes.emplace(name, std::move(*runtime));
  }

  std::size_t models = 0;
  std::size_t plans = 0;
  std::size_t buffers = 0;
  std::size_t refused = 0;
  for (const json& entry : truth.at("models")) {
    const std::string name = entry.at("file");
    const auto model = loadTflite((shared / "models" / name).string());
    ASSERT_TRUE(model) << model.error().text();
    const auto built = buildGraph(*model);
    ASSERT_TRUE(built) << name << ": " << built.error().text();
    const Graph& graph = *built;
    const Schedule schedule = makeSchedule(graph);
    ++models;
    for (const auto& [key, arena] : entry.at("arena").items()) {
      SCOPED_TRACE(name + " on " + key);
      const Build build = buildNamed(key);
      const Runtime& runtime = runtimes.at(build.runtime);
      const KernelPlan kernels = selectKernels(graph, build.core, runtime);
      const ArenaPlan plan = planArena(graph, kernels, schedule, runtime);
      if (!arena.at("alloc_ok").get<bool>()) {
        // Refused by the device: for types it does not mix, or for an operator it does not have.
        EXPECT_FALSE(plan.refusals.empty() && plan.lowerBoundReasons.empty());
        ++refused;
        continue;
      }
      EXPECT_EQ(plan.refusals, std::vector<std::string>{});
      EXPECT_EQ(plan.lowerBoundReasons, std::vector<std::string>());
      EXPECT_EQ(plan.head.value, arena.at("head_nonpersistent").get<long>());
      EXPECT_EQ(plan.tailBytes.value, arena.at("tail_persistent").get<long>());
      EXPECT_EQ(plan.used.value, arena.at("arena_used_bytes").get<long>());
      std::vector<std::string> planned;
      for (const PlannedBuffer& buffer : plan.buffers) planned.push_back(textOf(graph, buffer));
      EXPECT_EQ(planned, textsOf(arena));
      EXPECT_EQ(tailOf(plan), tailOf(arena));
      ++plans;
      buffers += planned.size();
    }
  }
  std::printf("compared %zu models: %zu plans equal, %zu buffers; %zu refusals\n", models, plans,
              buffers, refused);
  EXPECT_GE(plans, 400U);
}

}  // namespace
}  // namespace mcuprof
