#include "analyzer/analysis/offline_plan.hpp"

#include <fmt/format.h>

namespace mcuprof {
namespace {

constexpr std::string_view kName = "OfflineMemoryAllocation";
/// Version and subgraph, which TensorFlow Lite Micro ignores, and the number of tensors.
constexpr std::size_t kHeaderWords = 3;

std::uint32_t wordAt(std::span<const std::byte> bytes, std::size_t index) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    word |= std::to_integer<std::uint32_t>(bytes[4 * index + i]) << (8 * i);
  }
  return word;
}

}  // namespace

OfflinePlan readOfflinePlan(const Graph& graph) {
  OfflinePlan plan;
  for (const Metadata& metadata : graph.metadata) {
    if (metadata.name != kName || metadata.buffer >= graph.buffers.size()) continue;
    plan = {};  // of several the last counts
    const std::span<const std::byte> bytes = graph.buffers[metadata.buffer];
    const std::size_t tensors = graph.tensors.size();
    if (bytes.size() < 4 * kHeaderWords) {
      plan.problem = fmt::format("metadata {} has {} bytes, fewer than its header of {}", kName,
                                 bytes.size(), 4 * kHeaderWords);
    } else if (const std::uint32_t count = wordAt(bytes, 2); count != tensors) {
      plan.problem =
          fmt::format("metadata {} is for {} tensors, the model has {}", kName, count, tensors);
    } else if (bytes.size() < 4 * (kHeaderWords + tensors)) {
      plan.problem = fmt::format("metadata {} has {} bytes, fewer than {} tensors need", kName,
                                 bytes.size(), tensors);
    } else {
      plan.offsets.reserve(tensors);
      for (std::size_t i = 0; i < tensors; ++i) {
        plan.offsets.push_back(static_cast<std::int32_t>(wordAt(bytes, kHeaderWords + i)));
      }
    }
  }
  return plan;
}

}  // namespace mcuprof
