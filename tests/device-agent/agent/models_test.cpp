// Real models on the emulated boards: each layer's output has the hash that TensorFlow Lite Micro's
// reference kernels left, and the kernels' stack is large enough for all of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "analyzer/analysis/schedule.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "device-agent/host/lowering/lowering.hpp"
#include "tests/device-agent/agent/emulated_agent.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

// Larger models repeat what smaller ones show, for seconds each.
constexpr std::size_t kLargestProgram = 100'000;

mcuprof_range largestRam(const mcuprof_image_header& header) {
  mcuprof_range largest{};
  mcuprof_range current{};
  for (std::uint32_t i = 0; i < header.ram_ranges; ++i) {
    const bool touches = current.base + current.bytes == header.ram[i].base;
    if (!touches) current = {header.ram[i].base, 0};
    current.bytes += header.ram[i].bytes;
    if (current.bytes > largest.bytes) largest = current;
  }
  const std::uint32_t start = (largest.base + 15) / 16 * 16;
  return {start, largest.base + largest.bytes - start};
}

std::optional<LoweredProgram> lowered(const std::string& name, std::uint32_t library) {
  const auto model = loadTflite((test::sharedFolder() / "models" / name).string());
  if (!model) return std::nullopt;
  const auto graph = buildGraph(*model);
  if (!graph) return std::nullopt;
  auto program =
      lowerModel(*model, *graph, makeSchedule(*graph), static_cast<mcuprof_library>(library));
  if (!program) return std::nullopt;
  return *std::move(program);
}

class Models : public testing::TestWithParam<const char*> {};

TEST_P(Models, GiveTheHashesOfTensorFlowLiteMicroAndKeepToTheStack) {
  if (test::sharedFolder().empty()) GTEST_SKIP() << "no folder with models";
  const auto facts = test::sharedFolder() / "facts" / "output_hashes.json";
  const auto wanted = nlohmann::json::parse(test::contentOf(facts))["models"];
  EmulatedAgent agent(GetParam());
  agent.run(10'000'000);
  const mcuprof_image_header header = agent.header();
  const mcuprof_range ram = largestRam(header);
  std::size_t models = 0;
  std::size_t outputs = 0;
  std::uint32_t stack = 0;
  for (const auto& [name, expected] : wanted.items()) {
    const auto program = lowered(name, header.kernel_library);
    if (!program || program->arenaBytes.value > ram.bytes ||
        program->bytes.size() > std::min<std::size_t>(header.model.bytes, kLargestProgram)) {
      continue;
    }
    const bool whole = std::ranges::none_of(program->layers, [](const LoweredLayer& layer) {
      return layer.kind == MCUPROF_KIND_NOT_SUPPORTED;
    });
    if (!whole) continue;
    SCOPED_TRACE(name);
    ++models;
    agent.write(header.model.base, {reinterpret_cast<const std::uint8_t*>(program->bytes.data()),
                                    program->bytes.size()});
    const auto bytes = static_cast<std::uint32_t>(program->bytes.size());
    const auto arena = static_cast<std::uint32_t>(program->arenaBytes.value);
    ASSERT_TRUE(agent.command(MCUPROF_CHECK_PROGRAM, {header.model.base, bytes, ram.base, arena}));
    ASSERT_TRUE(agent.command(MCUPROF_SET_INPUT, {MCUPROF_INPUT_XORSHIFT, 1}));
    const auto messages = agent.command(MCUPROF_RUN_INFERENCE, {0, 1, MCUPROF_RUN_HASH},
                                        MCUPROF_OPTION_WAIT, 4'000'000'000);
    ASSERT_TRUE(messages);
    for (const Message& message : *messages) {
      if (const auto* output = std::get_if<mcuprof_output>(&message)) {
        // Values of floating-point models depend on the mathematical library.
        if (!expected["integer"].get<bool>()) continue;
        const auto& hashes = expected["ops"][output->layer][2];
        EXPECT_EQ(output->fnv1a, hashes[output->output].get<std::uint32_t>())
            << "layer " << output->layer;
        ++outputs;
      }
      if (const auto* done = std::get_if<mcuprof_done>(&message)) {
        EXPECT_EQ(done->status, MCUPROF_OK);
        stack = std::max(stack, done->stack_used);
      }
    }
  }
  std::cout << models << " models, " << outputs << " outputs, " << stack << " bytes of stack\n";
  EXPECT_GT(models, 60U);
  EXPECT_GT(outputs, 90U);
  // A quarter is left for what the models here do not reach.
  EXPECT_LE(stack, header.stack.bytes * 3 / 4);
}

INSTANTIATE_TEST_SUITE_P(Boards, Models, testing::Values("f767zi", "f429zi", "f207zg", "f091rc"),
                         [](const auto& board) { return std::string(board.param); });

}  // namespace
}  // namespace mcuprof
