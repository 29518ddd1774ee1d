// Holds graphs of real models against an independent reading of the same files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "analyzer/base/sha256.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using nlohmann::json;

struct Compared {
  int models = 0;
  int tensors = 0;
  int operators = 0;
};

Shape shapeOf(const json& value) {
  return value.is_null() ? Shape() : value.get<Shape>();
}

void compareTensors(const Graph& graph, const GraphSubgraph& subgraph, const json& truth,
                    Compared& compared) {
  ASSERT_EQ(subgraph.tensorCount, truth.size());
  for (const json& expected : truth) {
    const GraphTensor& tensor =
        graph.tensors[TensorId(subgraph.firstTensor.value + expected["id"].get<int>())];
    SCOPED_TRACE(tensor.name);
    EXPECT_EQ(tensor.name, expected["name"].get<std::string>());
    EXPECT_EQ(tensor.shape, shapeOf(expected["shape"]));
    EXPECT_EQ(nameOf(tensor.type), expected["type"].get<std::string>());
    EXPECT_EQ(tensor.bytes.value, expected["bytes"].get<std::int64_t>());
    EXPECT_EQ(tensor.isConstant, expected["const"].get<bool>());
    EXPECT_EQ(tensor.storedBytes.value, expected["const_bytes"].get<std::int64_t>());
    EXPECT_EQ(tensor.isVariable, expected["is_variable"].get<bool>());
    EXPECT_EQ(tensor.buffer, expected["buffer"].get<std::uint32_t>());
    EXPECT_EQ(tensor.scaleCount, expected["n_scales"].get<std::size_t>());
    EXPECT_EQ(tensor.zeroPointCount, expected["n_zp"].get<std::size_t>());
    ++compared.tensors;
  }
}

std::vector<int> indicesOf(const Graph& graph, const std::vector<TensorId>& tensors) {
  std::vector<int> indices;
  for (const TensorId id : tensors) indices.push_back(graph.tensors[id].indexInSubgraph);
  return indices;
}

void compareOperators(const Graph& graph, const GraphSubgraph& subgraph, const json& truth,
                      Compared& compared) {
  ASSERT_EQ(subgraph.opCount, truth.size());
  for (const json& expected : truth) {
    const GraphOp& op = graph.ops[OpId(subgraph.firstOp.value + expected["i"].get<int>())];
    std::string name(graph.kindName(op));
    SCOPED_TRACE(name + " " + op.name);
    if (op.kind == OpKind::Custom) name = "CUSTOM:" + name;
    EXPECT_EQ(name, expected["op"].get<std::string>());
    std::vector<int> inputs;
    for (const GraphInput& input : op.inputs) {
      inputs.push_back(input.tensor.valid() ? graph.tensors[input.tensor].indexInSubgraph : -1);
    }
    EXPECT_EQ(inputs, expected["inputs"].get<std::vector<int>>());
    EXPECT_EQ(indicesOf(graph, op.outputs), expected["outputs"].get<std::vector<int>>());
    if (op.kind == OpKind::Custom) {
      EXPECT_EQ(op.macs, std::nullopt) << "nobody knows what a custom operator computes";
    } else {
      EXPECT_EQ(op.macs, Macs(expected["macs"].get<std::int64_t>()));
    }
    ++compared.operators;
  }
}

void compareGraph(const Graph& graph, const json& truth, Compared& compared) {
  ASSERT_EQ(graph.subgraphs.size(), truth["graph"].size());
  std::size_t index = 0;
  for (const GraphSubgraph& subgraph : graph.subgraphs) {
    const json& expected = truth["graph"][index++];
    EXPECT_EQ(indicesOf(graph, subgraph.inputs), expected["inputs"].get<std::vector<int>>());
    EXPECT_EQ(indicesOf(graph, subgraph.outputs), expected["outputs"].get<std::vector<int>>());
    compareTensors(graph, subgraph, expected["tensors"], compared);
    compareOperators(graph, subgraph, expected["ops"], compared);
  }
}

TEST(BuildGraph, AgreesWithAnIndependentReadingOfEveryRealModel) {
  const auto shared = test::sharedFolder();
  if (shared.empty()) GTEST_SKIP() << "no models in " << MCUPROF_SHARED_DIR;
  const json truth = json::parse(std::ifstream(shared / "facts" / "tflm-truth.json"));
  Compared compared;
  for (const json& entry : truth["models"]) {
    const auto path = shared / "models" / entry["file"].get<std::string>();
    SCOPED_TRACE(path.filename().string());
    const auto file = MappedFile::open(path.string());
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(sha256Of((*file)->bytes()), entry["sha256"].get<std::string>());
    const auto model = readTflite(*file);
    ASSERT_TRUE(model) << model.error().text();
    const auto graph = buildGraph(*model);
    ASSERT_TRUE(graph) << graph.error().text();
    compareGraph(*graph, entry, compared);
    ++compared.models;
  }
  std::cout << "compared " << compared.models << " models, " << compared.tensors << " tensors, "
            << compared.operators << " operators\n";
  EXPECT_GT(compared.operators, 0);
}

}  // namespace
}  // namespace mcuprof
