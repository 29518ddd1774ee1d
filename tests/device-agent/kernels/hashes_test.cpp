// Every layer's output of real models equals TensorFlow Lite Micro's own, by the hashes that its
// reference kernels left (output_hashes.json in the folder of facts says how).
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "analyzer/analysis/schedule.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "device-agent/host/lowering/lowering.hpp"
#include "device-agent/host/reference/reference.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

nlohmann::json readHashes() {
  const auto file = test::sharedFolder() / "facts" / "output_hashes.json";
  return nlohmann::json::parse(test::contentOf(file))["models"];
}

/// What was compared of one model.
struct Tally {
  std::size_t layers = 0;
  std::size_t compared = 0;
  std::vector<std::string> missing;  ///< operators the agent lacks, and why
};

Tally compare(const std::filesystem::path& file, const nlohmann::json& wanted) {
  Tally tally;
  const auto model = loadTflite(file.string());
  EXPECT_TRUE(model) << file;
  if (!model) return tally;
  const auto graph = buildGraph(*model);
  EXPECT_TRUE(graph) << file;
  if (!graph) return tally;
  const auto program = lowerModel(*model, *graph, makeSchedule(*graph),
                                  static_cast<mcuprof_library>(mcuprof_linked_library));
  EXPECT_TRUE(program) << file;
  if (!program) return tally;
  auto reference = Reference::load(program->bytes);
  EXPECT_TRUE(reference) << file << ": " << (reference ? "" : reference.error().text());
  if (!reference) return tally;
  reference->fill(InputFill::Xorshift);

  const auto& ops = wanted["ops"];
  tally.layers = program->layers.size();
  EXPECT_EQ(ops.size(), tally.layers) << file;
  for (std::uint32_t i = 0; i < tally.layers && i < ops.size(); ++i) {
    const LoweredLayer& layer = program->layers[i];
    if (layer.kind == MCUPROF_KIND_NOT_SUPPORTED) {
      tally.missing.push_back(ops[i][0].get<std::string>() + ": " + layer.reason);
    }
    const auto hashes = reference->run(i);
    for (const OutputHash& hash : hashes) {
      if (!hash.isComputed) continue;
      EXPECT_EQ(hash.tensorId, ops[i][1][hash.output].get<std::uint32_t>()) << file;
      EXPECT_EQ(hash.fnv1a, ops[i][2][hash.output].get<std::uint32_t>())
          << file.filename().string() << ", layer " << i << ", " << ops[i][0];
      ++tally.compared;
    }
  }
  return tally;
}

/// Models in `part` of `parts`, so that each test takes a few seconds.
void comparePart(std::size_t part, std::size_t parts) {
  if (test::sharedFolder().empty()) GTEST_SKIP() << "no folder with models";
  const nlohmann::json hashes = readHashes();
  std::size_t models = 0;
  std::size_t whole = 0;
  std::size_t layers = 0;
  std::size_t at = 0;
  for (const auto& [name, wanted] : hashes.items()) {
    if (!wanted["integer"].get<bool>() || at++ % parts != part) continue;
    const Tally tally = compare(test::sharedFolder() / "models" / name, wanted);
    ++models;
    layers += tally.compared;
    if (tally.missing.empty()) {
      ++whole;
      // A model with all its operators leaves no layer out.
      EXPECT_GE(tally.compared, tally.layers) << name;
    } else {
      std::cout << name << ": " << tally.compared << " of " << tally.layers << " layers; lacks";
      for (const std::string& missing : tally.missing) std::cout << "\n    " << missing;
      std::cout << "\n";
    }
  }
  std::cout << layers << " outputs of " << models << " models compared, " << whole
            << " models whole\n";
  EXPECT_GT(layers, models);
}

TEST(OutputHashes, AreThoseOfTensorFlowLiteMicroInTheFirstQuarter) {
  comparePart(0, 4);
}
TEST(OutputHashes, AreThoseOfTensorFlowLiteMicroInTheSecondQuarter) {
  comparePart(1, 4);
}
TEST(OutputHashes, AreThoseOfTensorFlowLiteMicroInTheThirdQuarter) {
  comparePart(2, 4);
}
TEST(OutputHashes, AreThoseOfTensorFlowLiteMicroInTheFourthQuarter) {
  comparePart(3, 4);
}

}  // namespace
}  // namespace mcuprof
