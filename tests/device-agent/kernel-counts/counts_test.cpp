// The shipped counts are what the agent's images execute, and the runtime file plans the arena that
// the agent gets.
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/model/zoo.hpp"
#include "analyzer/target/catalogue.hpp"
#include "device-agent/host/lowering/lowering.hpp"
#include "device-agent/kernel-counts/count_layer.hpp"
#include "device-agent/kernel-counts/layers_to_count.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

Catalogue catalogue() {
  auto found = Catalogue::find((test::sourceFolder() / "targets").string());
  EXPECT_TRUE(found) << found.error().text();
  return *std::move(found);
}

struct Counted {
  const char* core;
  const char* board;
  mcuprof_library library;
};

class KernelCounts : public testing::TestWithParam<Counted> {};

TEST_P(KernelCounts, AreWhatTheImageExecutes) {
  const Counted& counted = GetParam();
  std::set<std::string> shipped;
  std::istringstream lines(
      test::contentOf(test::sourceFolder() / "targets/kernels/mcuprof-agent/counts.csv"));
  for (std::string line; std::getline(lines, line);) shipped.insert(line + "\n");
  ASSERT_TRUE(shipped.contains(countsHeader()));

  const std::string path = std::string(MCUPROF_AGENTS) + "/" + counted.board + "/agent.elf";
  const std::string image = test::contentOf(path);
  const auto engine =
      CountingCore::make(**findPricingCore(counted.core), std::as_bytes(std::span(image)), path);
  ASSERT_TRUE(engine) << engine.error().text();
  const auto core = catalogue().loadCore(counted.core);
  const auto runtime = catalogue().loadRuntime("mcuprof-agent");
  ASSERT_TRUE(core && runtime);
  const std::vector<Model> models = layersToCount();
  // A sample, for time's sake.
  for (std::size_t i = 0; i < models.size(); i += 101) {
    const auto line = countLayer(**engine, models[i], *core, *runtime, counted.library);
    ASSERT_TRUE(line) << line.error().text();
    EXPECT_TRUE(shipped.contains(*line)) << "run mcuprof-count-kernels; now\n" << *line;
  }
}

INSTANTIATE_TEST_SUITE_P(Cores, KernelCounts,
                         testing::Values(Counted{"cortex-m0", "f091rc", MCUPROF_LIBRARY_PORTABLE},
                                         Counted{"cortex-m3", "f207zg", MCUPROF_LIBRARY_PORTABLE},
                                         Counted{"cortex-m4", "f429zi", MCUPROF_LIBRARY_DSP},
                                         Counted{"cortex-m7", "f767zi", MCUPROF_LIBRARY_DSP}),
                         [](const auto& core) { return std::string(core.param.board); });

struct Plan {
  const char* runtime;
  const char* board;
  mcuprof_library library;
};

class AgentRuntime : public testing::TestWithParam<Plan> {};

TEST_P(AgentRuntime, PlansTheArenaThatTheAgentGets) {
  for (const char* network : {"ds_cnn", "fc_autoencoder", "mobilenet_v2"}) {
    const auto model = makeZooModel(network, {});
    ASSERT_TRUE(model) << model.error().text();
    const auto graph = buildGraph(*model);
    ASSERT_TRUE(graph);
    Target target;
    target.board = *catalogue().loadBoard(GetParam().board);
    target.core = *catalogue().loadCore(target.board.core);
    target.runtime = *catalogue().loadRuntime(GetParam().runtime);
    const Analysis analysis = analyze(std::make_shared<const Graph>(*graph),
                                      std::make_shared<const Target>(std::move(target)), {});
    const auto program = lowerModel(*model, *graph, analysis.schedule, GetParam().library);
    ASSERT_TRUE(program) << program.error().text();
    EXPECT_EQ(analysis.arena.head, program->arenaBytes) << network;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Libraries, AgentRuntime,
    testing::Values(Plan{"mcuprof-agent", "nucleo-f767zi", MCUPROF_LIBRARY_DSP},
                    Plan{"mcuprof-agent", "nucleo-f207zg", MCUPROF_LIBRARY_PORTABLE},
                    Plan{"mcuprof-agent-cmsis-nn", "nucleo-f767zi", MCUPROF_LIBRARY_CMSIS_NN}),
    [](const auto& plan) { return "Plan" + std::to_string(plan.index); });

}  // namespace
}  // namespace mcuprof
