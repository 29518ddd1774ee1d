// The laws of differences on whole analyses: random networks, edited at random, on a shipped board.
#include <gtest/gtest.h>

#include <random>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/report/report_diff.hpp"
#include "analyzer/target/catalogue.hpp"
#include "analyzer/target/cost_tables.hpp"
#include "tests/report/opposite.hpp"
#include "tests/support/files.hpp"
#include "tests/support/graph_builder.hpp"

namespace mcuprof {
namespace {

using test::GraphBuilder;

std::shared_ptr<const Target> boardOf(const std::string& name) {
  const Catalogue catalogue((test::sourceFolder() / "targets").string());
  Target t;
  t.board = *catalogue.loadBoard(name);
  t.core = *catalogue.loadCore(t.board.core);
  t.runtime = *catalogue.loadRuntime("tflm-cmsis-nn");
  auto costs = loadCostTables(catalogue.folder(), t.runtime, t.core.name, "-O2");
  EXPECT_TRUE(costs) << costs.error().text();
  t.costs = *std::move(costs);
  return std::make_shared<const Target>(std::move(t));
}

/// A layer of a random network: its kind, and its output channels where they are its own.
struct Step {
  OpKind kind;
  std::int32_t channels;
};

ModelFigures analysed(const std::vector<Step>& steps, const std::shared_ptr<const Target>& target) {
  GraphBuilder b;
  std::int32_t channels = 4;
  constexpr std::int32_t kExtent = 8;
  TensorId now = b.input({1, kExtent, kExtent, channels});
  for (const Step& step : steps) {
    const Shape out{1, kExtent, kExtent, step.kind == OpKind::Conv2d ? step.channels : channels};
    if (step.kind == OpKind::Conv2d) {
      const TensorId weights = b.constant({step.channels, 3, 3, channels});
      const TensorId bias = b.constant({step.channels}, ElementType::Int32);
      now = b.op(OpKind::Conv2d, {now, weights, bias}, out, ConvAttributes{});
      b.macs(std::int64_t{9} * kExtent * kExtent * channels * step.channels);
      channels = step.channels;
    } else {
      now = b.op(step.kind, {now, now}, out, ArithmeticAttributes{});
    }
  }
  const auto graph = std::make_shared<const Graph>(b.output(now).build());
  Provenance provenance;
  provenance.inputs.push_back({"model", "m.tflite", graph->fileBytes, ""});
  return figuresOf(buildReport(analyze(graph, target, {}), provenance), target->board);
}

Step randomStep(std::mt19937& random) {
  return {random() % 2 == 0 ? OpKind::Conv2d : OpKind::Add,
          static_cast<std::int32_t>(4 + 4 * (random() % 8))};
}

void edit(std::vector<Step>& steps, std::mt19937& random) {
  for (auto edits = 1 + random() % 3; edits > 0; --edits) {
    const auto at = steps.begin() + static_cast<std::ptrdiff_t>(random() % (steps.size() + 1));
    if (random() % 3 == 0) {
      steps.insert(at, randomStep(random));
    } else if (at != steps.end()) {
      if (random() % 2 == 0) {
        *at = randomStep(random);
      } else {
        steps.erase(at);
      }
    }
  }
}

TEST(DiffOfAnalyses, IsZeroAgainstItselfAndTheNegativeTheOtherWayRound) {
  const auto f429 = boardOf("f429zi");
  const auto f767 = boardOf("f767zi");
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::vector<Step> steps;
    for (auto n = 1 + random() % 8; n > 0; --n) steps.push_back(randomStep(random));
    const ModelFigures base = analysed(steps, f429);
    EXPECT_TRUE(diffFigures(base, base).empty());
    edit(steps, random);
    const ModelFigures fresh = analysed(steps, seed % 3 == 0 ? f767 : f429);
    test::expectOpposite(diffFigures(fresh, base), diffFigures(base, fresh));
  }
}

}  // namespace
}  // namespace mcuprof
