#include "device-agent/host/lowering/lowering.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

#include "analyzer/model/zoo.hpp"
#include "device-agent/host/lowering/quantization.hpp"
#include "device-agent/host/lowering/tables.hpp"
#include "device-agent/host/reference/reference.hpp"
#include "tests/model/model_sketch.hpp"

namespace mcuprof {
namespace {

using test::ModelSketch;

struct Lowered {
  Graph graph;
  LoweredProgram program;
};

Lowered lower(const Model& model, mcuprof_library library = MCUPROF_LIBRARY_PORTABLE) {
  auto graph = buildGraph(model);
  EXPECT_TRUE(graph) << (graph ? "" : graph.error().text());
  if (!graph) return {};
  auto program = lowerModel(model, *graph, makeSchedule(*graph), library);
  EXPECT_TRUE(program) << (program ? "" : program.error().text());
  if (!program) return {};
  return {*std::move(graph), *std::move(program)};
}

/// Gives every tensor of a sketch the scale 1/16 and a zero point.
void quantizeAll(ModelSketch& sketch, std::int64_t zeroPoint) {
  for (Tensor& tensor : sketch.main().tensors) {
    if (tensor.type == ElementType::Int8)
      tensor.quantization = Quantization{{0.0625F}, {zeroPoint}, 0};
  }
}

std::vector<std::int8_t> bytesAt(const Reference& reference, std::uint32_t layer) {
  const mcuprof_program& p = reference.program();
  const auto bytes = reference.tensor(p.list[p.layers[layer].outputs]);
  std::vector<std::int8_t> values(bytes.size());
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

TEST(QuantizeMultiplier, HasThirtyOneSignificantBits) {
  EXPECT_EQ(quantizeMultiplier(0.5), (FixedMultiplier{1 << 30, 0}));
  EXPECT_EQ(quantizeMultiplier(1.0), (FixedMultiplier{1 << 30, 1}));
  EXPECT_EQ(quantizeMultiplier(0.75), (FixedMultiplier{3 << 29, 0}));
  // Rounds up to the next power of two.
  EXPECT_EQ(quantizeMultiplier(0.99999999999), (FixedMultiplier{1 << 30, 1}));
  EXPECT_EQ(quantizeMultiplier(0.0), (FixedMultiplier{0, 0}));
  // Below 2^-32.
  EXPECT_EQ(quantizeMultiplier(1e-10), (FixedMultiplier{0, 0}));
}

TEST(ActivationRange, IsCutByTheFusedActivation) {
  EXPECT_EQ(activationRange(Activation::None, ElementType::Int8, 0.1F, 5), std::pair(-128, 127));
  EXPECT_EQ(activationRange(Activation::Relu, ElementType::Int8, 0.1F, 5), std::pair(5, 127));
  EXPECT_EQ(activationRange(Activation::Relu6, ElementType::Int8, 0.1F, 5), std::pair(5, 65));
  EXPECT_EQ(activationRange(Activation::ReluN1To1, ElementType::Int16, 0.001F, 0),
            std::pair(-1000, 1000));
}

TEST(SigmoidTable, IsTheOneThatTensorFlowLitePublishes) {
  const auto table = makeSigmoidTable();
  // FNV-1a of sigmoid_table_uint16 in tensorflow/lite/kernels/internal/common.h, commit 90b983c2.
  EXPECT_EQ(mcuprof_fnv1a(MCUPROF_FNV_START, table.data(), sizeof(table)), 1337467372U);
}

TEST(LowerModel, SaysWhyTheAgentLacksALayerAndRunsTheRest) {
  ModelSketch m;
  const auto x = m.input({1, 4});
  const auto y = m.op(OpKind::Elu, {x}, {{1, 4}});
  const auto z = m.op(OpKind::Reshape, {y, m.list({4, 1})}, {{4, 1}});
  m.op(OpKind::Reshape, {x, m.list({2, 2})}, {{2, 2}});
  m.main().outputs = {z};
  const Lowered lowered = lower(m.model);
  ASSERT_EQ(lowered.program.layers.size(), 3U);
  EXPECT_EQ(lowered.program.layers[0].kind, MCUPROF_KIND_NOT_SUPPORTED);
  EXPECT_EQ(lowered.program.layers[0].reason, "the agent has no kernel for it");
  EXPECT_EQ(lowered.program.layers[1].kind, MCUPROF_KIND_COPY);
  auto reference = Reference::load(lowered.program.bytes);
  ASSERT_TRUE(reference) << reference.error().text();
  reference->fill(InputFill::Xorshift);
  const auto hashes = reference->runAll();
  ASSERT_EQ(hashes.size(), 3U);
  EXPECT_FALSE(hashes[0].isComputed);
  // It depends on the one that the agent lacks.
  EXPECT_FALSE(hashes[1].isComputed);
  EXPECT_TRUE(hashes[2].isComputed);
}

TEST(LowerModel, RefusesLayersThatHaveNoScales) {
  ModelSketch m;
  const auto x = m.input({1, 4, 4, 2});
  const auto y = m.op(OpKind::Add, {x, x}, {{1, 4, 4, 2}});
  m.main().outputs = {y};
  const Lowered lowered = lower(m.model);
  EXPECT_EQ(lowered.program.layers[0].reason, "a quantised tensor has no scale");
}

TEST(LowerModel, BroadcastsASingleElementOverChannels) {
  ModelSketch m;
  const auto x = m.input({1, 2, 1, 3});
  const auto y = m.input({1, 1, 1, 3});
  const auto z = m.op(OpKind::Add, {x, y}, {{1, 2, 1, 3}});
  m.main().outputs = {z};
  quantizeAll(m, 0);
  // Twice the step, so that the sums of small numbers are halves of themselves.
  m.main().tensors[static_cast<std::size_t>(z)].quantization = Quantization{{0.125F}, {0}, 0};
  const Lowered lowered = lower(m.model);
  EXPECT_EQ(lowered.program.layers[0].reason, "");
  auto reference = Reference::load(lowered.program.bytes);
  ASSERT_TRUE(reference) << reference.error().text();
  constexpr std::int8_t kInputs[] = {2, 4, 6, 8, 10, 12, 0, 20, -40};
  ASSERT_TRUE(reference->fill(std::as_bytes(std::span(kInputs))));
  reference->runAll();
  EXPECT_EQ(bytesAt(*reference, 0), (std::vector<std::int8_t>{1, 12, -17, 4, 15, -14}));
}

TEST(Reference, WantsTheBytesOfAllInputs) {
  ModelSketch m;
  const auto x = m.input({1, 4});
  m.main().outputs = {m.op(OpKind::Reshape, {x, m.list({4, 1})}, {{4, 1}})};
  auto reference = Reference::load(lower(m.model).program.bytes);
  ASSERT_TRUE(reference);
  const std::byte few[3]{};
  const auto filled = reference->fill(std::span(few));
  ASSERT_FALSE(filled);
  EXPECT_EQ(filled.error().text(), "input: it has 3 bytes, wanted the 4 of the model's inputs");
}

TEST(Reference, NamesWhatIsWrongWithAProgram) {
  ModelSketch m;
  const auto x = m.input({1, 4});
  m.main().outputs = {m.op(OpKind::Reshape, {x, m.list({4, 1})}, {{4, 1}})};
  auto bytes = lower(m.model).program.bytes;
  const auto textOf = [](const std::vector<std::byte>& program) {
    const auto reference = Reference::load(program);
    return reference ? std::string() : reference.error().text();
  };
  EXPECT_EQ(textOf(bytes), "");
  EXPECT_EQ(textOf({}), "layer program: cut short, or of a wrong size");
  auto changed = bytes;
  changed[bytes.size() - 1] ^= std::byte{1};
  EXPECT_EQ(textOf(changed), "layer program: its checksum is wrong");
  changed = bytes;
  changed[0] = std::byte{0};
  EXPECT_EQ(textOf(changed), "layer program: no layer program");
  changed = bytes;
  changed.resize(bytes.size() - 16);
  EXPECT_EQ(textOf(changed), "layer program: cut short, or of a wrong size");
}

/// Small forms of every network: all layers have kernels, programs pass the check for every
/// library, and the same input gives the same outputs twice.
class ZooOnTheAgent : public ::testing::TestWithParam<std::string> {};

std::vector<std::string> zooNames() {
  std::vector<std::string> names;
  for (const ZooEntry& entry : listZoo()) names.emplace_back(entry.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Networks, ZooOnTheAgent, ::testing::ValuesIn(zooNames()),
                         [](const auto& network) { return network.param; });

TEST_P(ZooOnTheAgent, LowersWholeAndRuns) {
  for (const ElementType type : {ElementType::Int8, ElementType::Int16, ElementType::Float32}) {
    ZooOptions options;
    options.type = type;
    const auto model = makeZooModel(GetParam(), options);
    // Not every network has every type.
    if (!model) continue;
    std::int64_t macs = 0;
    for (const auto library :
         {MCUPROF_LIBRARY_PORTABLE, MCUPROF_LIBRARY_DSP, MCUPROF_LIBRARY_CMSIS_NN}) {
      const Lowered lowered = lower(*model, library);
      std::set<std::string> reasons;
      for (const LoweredLayer& layer : lowered.program.layers) {
        if (layer.kind != MCUPROF_KIND_NOT_SUPPORTED) continue;
        reasons.insert(std::string(lowered.graph.kindName(lowered.graph.ops[layer.op])) + ": " +
                       layer.reason);
      }
      // int8 is what the agent is for; other types may lack kernels, but not silently.
      if (type == ElementType::Int8) {
        EXPECT_EQ(reasons, std::set<std::string>()) << GetParam();
      }
      auto reference = Reference::load(lowered.program.bytes);
      ASSERT_TRUE(reference) << reference.error().text();
      macs = 0;
      for (const GraphOp& op : lowered.graph.ops) macs += op.macs ? op.macs->value : 0;
      // Larger ones would take long under sanitizers; hashes_test.cpp runs their like.
      if (library != MCUPROF_LIBRARY_PORTABLE || macs > 3'000'000) continue;
      reference->fill(InputFill::Xorshift);
      const auto once = reference->runAll();
      reference->reset();
      reference->fill(InputFill::Xorshift);
      const auto twice = reference->runAll();
      ASSERT_EQ(once.size(), twice.size());
      for (std::size_t i = 0; i < once.size(); ++i) {
        EXPECT_EQ(once[i].fnv1a, twice[i].fnv1a) << GetParam() << ", output " << i;
      }
    }
  }
}

}  // namespace
}  // namespace mcuprof
