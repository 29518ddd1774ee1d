// Differences between models: what changed, and the two laws that hold for any pair.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "analyzer/report/layer_match.hpp"
#include "analyzer/report/render_diff.hpp"
#include "analyzer/report/report_diff.hpp"
#include "tests/report/opposite.hpp"

namespace mcuprof {
namespace {

using test::expectOpposite;

LayerFigures layer(const std::string& name, const std::string& kind, std::int64_t size) {
  LayerFigures out;
  out.name = name;
  out.kind = kind;
  out.shape = "1x" + std::to_string(size);
  out.type = "int8";
  out.macs = size * 10;
  out.weights = size;
  out.workingSet = size * 3;
  const auto cycles = static_cast<double>(size) * 7.3;
  out.cycles = Estimate::within(cycles, 0.2, 0.3, Basis::Fitted);
  out.milliseconds = Estimate::within(cycles / 97, 0.2, 0.3, Basis::Fitted);
  out.kernel = kind + ":k";
  out.moved = {{"sram", size, size}, {"flash", size, 0}};
  return out;
}

ModelFigures modelOf(std::vector<LayerFigures> layers) {
  ModelFigures out;
  out.model = "m.tflite";
  out.board = "b";
  out.runtime = "r";
  out.cycles = out.milliseconds = {0, 0, 0, Basis::Fitted};
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    layers[i].number = static_cast<std::int32_t>(i + 1);
    sum += layers[i].workingSet;
    for (auto [total, part] : {std::pair(&out.cycles, &layers[i].cycles),
                               std::pair(&out.milliseconds, &layers[i].milliseconds)}) {
      total->value += (*part)->value;
      total->low += (*part)->low;
      total->high += (*part)->high;
    }
  }
  out.arena = Estimate::exact(static_cast<double>(sum));
  out.flash = Estimate::exact(static_cast<double>(sum) * 2);
  out.moved = {{"sram", 2 * sum, sum}};
  out.layers = std::move(layers);
  return out;
}

/// Inserts, removes, changes, renames and moves layers at random.
std::vector<LayerFigures> edited(std::vector<LayerFigures> layers, std::mt19937& random) {
  const char* const kinds[] = {"CONV_2D", "ADD", "PAD"};
  for (auto edits = 1 + random() % 5; edits > 0; --edits) {
    const std::size_t at = random() % (layers.size() + 1);
    const auto where = layers.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random() % 5) {
      case 0:
        layers.insert(where, layer("n" + std::to_string(random() % 50), kinds[random() % 3],
                                   static_cast<std::int64_t>(1 + random() % 40)));
        break;
      case 1:
        if (where != layers.end()) layers.erase(where);
        break;
      case 2:
        if (where != layers.end())
          *where = layer(where->name, where->kind, static_cast<std::int64_t>(1 + random() % 40));
        break;
      case 3:
        if (where != layers.end()) where->name = "n" + std::to_string(random() % 50);
        break;
      default:
        if (layers.size() > 1)
          std::swap(layers[random() % layers.size()], layers[random() % layers.size()]);
    }
  }
  return layers;
}

ModelFigures randomModel(std::mt19937& random) {
  std::vector<LayerFigures> layers;
  for (auto n = random() % 20; n > 0; --n) {
    layers.push_back(layer("n" + std::to_string(random() % 50), random() % 2 ? "CONV_2D" : "ADD",
                           static_cast<std::int64_t>(1 + random() % 40)));
  }
  return modelOf(std::move(layers));
}

TEST(DiffFigures, AModelAgainstItselfIsAllZero) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const ModelFigures model = randomModel(random);
    const ReportDiff diff = diffFigures(model, model);
    EXPECT_TRUE(diff.empty());
    for (const DiffLine& line : linesOf(diff)) {
      EXPECT_TRUE(!line.difference->change || line.difference->zero()) << line.key;
    }
    EXPECT_TRUE(describeLayers(diff).empty());
  }
}

TEST(DiffFigures, SwappingTheSidesNegatesEveryNumber) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const ModelFigures base = randomModel(random);
    ModelFigures fresh = modelOf(edited(base.layers, random));
    if (seed % 4 == 0) fresh.board = "other";
    expectOpposite(diffFigures(fresh, base), diffFigures(base, fresh));
  }
}

TEST(DiffFigures, EveryLayerIsInOneRow) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const ModelFigures base = randomModel(random);
    const ModelFigures fresh = modelOf(edited(base.layers, random));
    std::vector<int> seenBase(base.layers.size()), seenFresh(fresh.layers.size());
    for (const LayerPair& pair : matchLayers(base.layers, fresh.layers)) {
      if (pair.base) ++seenBase[*pair.base];
      if (pair.fresh) ++seenFresh[*pair.fresh];
    }
    EXPECT_EQ(seenBase, std::vector<int>(base.layers.size(), 1));
    EXPECT_EQ(seenFresh, std::vector<int>(fresh.layers.size(), 1));
  }
}

TEST(DiffFigures, SaysWhatHappenedAsAPersonWould) {
  const ModelFigures base = modelOf({layer("a", "CONV_2D", 10), layer("b", "ADD", 20),
                                     layer("c", "CONV_2D", 30), layer("d", "SOFTMAX", 5)});
  std::vector<LayerFigures> changed = base.layers;
  changed[2] = layer("c", "CONV_2D", 32);
  changed.insert(changed.begin() + 1, {layer("p", "PAD", 9), layer("q", "PAD", 8)});
  changed.erase(changed.begin() + 3);
  const ReportDiff diff = diffFigures(modelOf(changed), base);
  EXPECT_EQ(describeLayers(diff),
            (std::vector<std::string>{
                "removed after layer 1 CONV_2D: ADD (layer 2 of the base)",
                "inserted after layer 1 CONV_2D: PAD, PAD (layers 2 and 3 of the new model)",
                "changed: layer 4 CONV_2D: output 1x30 -> 1x32, MACs 300 -> 320, weights 30 -> "
                "32, working set 90 -> 96"}));
}

TEST(DiffFigures, StructureDecidesWhereTheConverterNumberedNamesAnew) {
  const ModelFigures base = modelOf({layer("conv", "CONV_2D", 10), layer("conv_1", "CONV_2D", 20),
                                     layer("conv_2", "CONV_2D", 30)});
  const ModelFigures fresh =
      modelOf({layer("conv", "CONV_2D", 99), layer("conv_1", "CONV_2D", 10),
               layer("conv_2", "CONV_2D", 20), layer("conv_3", "CONV_2D", 30)});
  EXPECT_EQ(
      describeLayers(diffFigures(fresh, base)),
      (std::vector<std::string>{"inserted at the start: CONV_2D (layer 1 of the new model)"}));
}

TEST(DiffFigures, LayersThatBothHaveAddNothingToTheUncertainty) {
  const ModelFigures base = modelOf({layer("a", "CONV_2D", 1000), layer("b", "ADD", 10)});
  const ModelFigures fresh =
      modelOf({layer("a", "CONV_2D", 1000), layer("b", "ADD", 10), layer("c", "PAD", 10)});
  const Difference d = diffFigures(fresh, base).cycles;
  EXPECT_NEAR(d.change->value, 73, 1e-9);
  EXPECT_NEAR(d.change->low, 73 * 0.8, 1e-9);
  EXPECT_NEAR(d.change->high, 73 * 1.3, 1e-9);
  EXPECT_FALSE(d.withinUncertainty());
  ModelFigures elsewhere = fresh;
  elsewhere.board = "other";
  EXPECT_TRUE(diffFigures(elsewhere, base).cycles.withinUncertainty());
}

TEST(MatchLayers, LongModelsAreSplitAtTheirNames) {
  std::vector<LayerFigures> base;
  for (int i = 0; i < 3000; ++i) base.push_back(layer("n" + std::to_string(i), "ADD", i + 1));
  std::vector<LayerFigures> fresh = base;
  fresh.erase(fresh.begin() + 100);
  fresh.insert(fresh.begin() + 2900, layer("new", "ADD", 7));
  fresh.front().workingSet = fresh.back().workingSet = 1;
  std::size_t both = 0;
  for (const LayerPair& pair : matchLayers(base, fresh)) both += pair.base && pair.fresh;
  EXPECT_EQ(both, 2999U);
}

}  // namespace
}  // namespace mcuprof
