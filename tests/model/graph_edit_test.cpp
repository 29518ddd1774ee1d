#include "analyzer/model/graph_edit.hpp"

#include <gtest/gtest.h>

#include "analyzer/model/zoo.hpp"

namespace mcuprof {
namespace {

Graph zooGraph(std::string_view name, std::optional<std::int32_t> input = {},
               std::optional<double> width = {}) {
  ZooOptions options;
  if (input) options.input = ZooInput{*input, {}};
  options.width = width;
  const Result<Model> model = makeZooModel(name, options);
  EXPECT_TRUE(model) << model.error().text();
  Result<Graph> graph = buildGraph(*model);
  EXPECT_TRUE(graph) << graph.error().text();
  return *std::move(graph);
}

/// The shapes, sizes, scale counts and MACs of two graphs of one structure are equal.
void expectSameShapes(const Graph& a, const Graph& b) {
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (TensorId id : a.tensors.ids()) {
    EXPECT_EQ(a.tensors[id].shape, b.tensors[id].shape) << a.tensors[id].name;
    EXPECT_EQ(a.tensors[id].bytes, b.tensors[id].bytes) << a.tensors[id].name;
    EXPECT_EQ(a.tensors[id].storedBytes, b.tensors[id].storedBytes) << a.tensors[id].name;
    EXPECT_EQ(a.tensors[id].scaleCount, b.tensors[id].scaleCount) << a.tensors[id].name;
  }
  ASSERT_EQ(a.ops.size(), b.ops.size());
  for (OpId id : a.ops.ids()) EXPECT_EQ(a.ops[id].macs, b.ops[id].macs) << id.value;
}

TEST(ResizeInput, GivesTheModelThatWasMadeForTheOtherInput) {
  for (const char* name : {"mobilenet_v1", "mobilenet_v2", "resnet8"}) {
    SCOPED_TRACE(name);
    const Result<Graph> edited = resizeInput(zooGraph(name, 128), 96, 96);
    ASSERT_TRUE(edited) << edited.error().text();
    expectSameShapes(*edited, zooGraph(name, 96));
  }
}

TEST(ResizeInput, ToTheSameSizeChangesNothing) {
  const Graph graph = zooGraph("ds_cnn");
  const Result<Graph> edited = resizeInput(graph, 49, 10);
  ASSERT_TRUE(edited) << edited.error().text();
  expectSameShapes(*edited, graph);
}

TEST(ResizeInput, RefusesModelsWithoutAnImage) {
  EXPECT_EQ(resizeInput(zooGraph("fc_autoencoder"), 8, 8).error().text(),
            "the input is 1x640; wanted the form NxHxWxC");
  EXPECT_EQ(resizeInput(zooGraph("resnet8"), 0, 8).error().text(),
            "an input of 0x8 has no elements");
}

TEST(AddFilters, GrowsTheLayerAndWhatReadsIt) {
  const Graph graph = zooGraph("mobilenet_v1");
  const Result<Graph> edited = addFilters(graph, 8, 0, 0);
  ASSERT_TRUE(edited) << edited.error().text();
  // The first convolution has 8 more filters, the depthwise after it 8 more channels, the 1x1 after
  // that is 8 deeper; nothing behind it changes.
  const auto channels = [](const Graph& g, std::int32_t op) {
    return g.tensors[g.ops[OpId(op)].outputs[0]].shape.back();
  };
  const auto depth = [](const Graph& g, std::int32_t op) {
    return g.tensors[g.ops[OpId(op)].inputs[1].tensor].shape.back();
  };
  EXPECT_EQ(channels(*edited, 0), channels(graph, 0) + 8);
  EXPECT_EQ(channels(*edited, 1), channels(graph, 1) + 8);
  EXPECT_EQ(depth(*edited, 2), depth(graph, 2) + 8);
  EXPECT_EQ(channels(*edited, 2), channels(graph, 2));
  EXPECT_GT(edited->fileBytes, graph.fileBytes);
  EXPECT_GT(edited->ops[OpId(std::int32_t{0})].macs->value,
            graph.ops[OpId(std::int32_t{0})].macs->value);
}

TEST(AddFilters, ReachesTheFullyConnectedLayerAtTheEnd) {
  const Graph graph = zooGraph("mobilenet_v1");
  const auto last = static_cast<std::int32_t>(graph.ops.size()) - 1;
  const Result<Graph> edited = addFilters(graph, 8, 0, last);
  ASSERT_TRUE(edited) << edited.error().text();
}

TEST(AddFilters, NoFiltersChangeNothing) {
  const Graph graph = zooGraph("mobilenet_v2");
  const Result<Graph> edited = addFilters(graph, 0, 0, 10);
  ASSERT_TRUE(edited) << edited.error().text();
  expectSameShapes(*edited, graph);
}

TEST(AddFilters, RefusesAResidualWhoseSidesWouldDiffer) {
  // The shortcut of the first block of ResNet-8 adds layer 0's output to layer 2's.
  const Result<Graph> edited = addFilters(zooGraph("resnet8"), 4, 0, 0);
  ASSERT_FALSE(edited);
  EXPECT_EQ(edited.error().text().substr(0, 29), "layer 4 (ADD) cannot follow: ");
  // Both sides grow: fine.
  EXPECT_TRUE(addFilters(zooGraph("resnet8"), 4, 0, 2))
      << addFilters(zooGraph("resnet8"), 4, 0, 2).error().text();
}

TEST(AddFilters, NamesTheRangeThatIsWrong) {
  const Graph graph = zooGraph("fc_autoencoder");
  EXPECT_EQ(addFilters(graph, 8, 0, 99).error().text(),
            "no layers 0 to 99; the model has layers 0 to 9");
  EXPECT_EQ(addFilters(graph, 8, 0, 9).error().text(), "no CONV_2D among layers 0 to 9");
  EXPECT_EQ(addFilters(graph, -1, 0, 9).error().text(),
            "cannot add -1 filters; wanted a number from 0");
}

}  // namespace
}  // namespace mcuprof
