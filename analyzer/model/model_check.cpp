#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "analyzer/model/in_quotes.hpp"
#include "analyzer/model/model.hpp"

namespace mcuprof {
namespace {

using Problem = std::optional<std::string>;

/// Most dimensions a tensor may have. Runtimes stop at 8; the limit keeps a damaged file from being
/// taken for a model.
constexpr std::size_t kMostDimensions = 64;

bool isWithin(std::int64_t index, std::size_t count) {
  return index >= 0 && static_cast<std::uint64_t>(index) < count;
}

/// TensorFlow Lite Micro unpacks weights of models that carry this metadata from a code book; their
/// buffers are smaller than the tensors.
bool isCompressed(const Model& model) {
  return std::any_of(model.metadata.begin(), model.metadata.end(),
                     [](const Metadata& m) { return m.name == "COMPRESSION_METADATA"; });
}

Problem checkShape(const Tensor& tensor) {
  if (tensor.shape.size() > kMostDimensions) {
    return fmt::format("has {} dimensions, wanted at most {}", tensor.shape.size(),
                       kMostDimensions);
  }
  for (const std::int32_t extent : tensor.shape) {
    if (extent >= 0) continue;
    return fmt::format(
        "has an extent of {}, wanted 0 or more; convert the model with fixed input shapes", extent);
  }
  if (!countElements(tensor.shape) || (bitsOf(tensor.type) && !sizeOf(tensor.type, tensor.shape))) {
    return fmt::format("of {} {} is larger than 2^63 bytes", textOf(tensor.shape),
                       nameOf(tensor.type));
  }
  return std::nullopt;
}

Problem checkTensor(const Model& model, const Tensor& tensor, bool compressed) {
  if (!isKnown(tensor.type)) {
    return fmt::format("has element type {}, wanted 0 to 22", static_cast<int>(tensor.type));
  }
  if (Problem problem = checkShape(tensor)) return problem;
  if (tensor.buffer >= model.buffers.size()) {
    // A model without any buffer still has tensors that say "none".
    if (tensor.buffer == 0) return std::nullopt;
    return fmt::format("refers to buffer {}, but the model has {}", tensor.buffer,
                       model.buffers.size());
  }
  const std::size_t stored = model.buffers[tensor.buffer].size();
  const std::optional<Bytes> wanted = sizeOf(tensor.type, tensor.shape);
  if (stored == 0 || !wanted || tensor.sparsity || compressed) return std::nullopt;
  if (stored != static_cast<std::uint64_t>(wanted->value)) {
    return fmt::format("of {} {} needs {} bytes, but its buffer {} has {}", textOf(tensor.shape),
                       nameOf(tensor.type), wanted->value, tensor.buffer, stored);
  }
  return std::nullopt;
}

Problem checkIndices(const std::vector<std::int32_t>& indices, std::size_t count,
                     std::int32_t smallest, const char* what) {
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (indices[i] >= smallest && (indices[i] < 0 || isWithin(indices[i], count))) continue;
    return fmt::format("{} {} is tensor {}, but the subgraph has {}", what, i, indices[i], count);
  }
  return std::nullopt;
}

Problem checkOperator(const Model& model, const Subgraph& subgraph, const Operator& op) {
  const std::size_t count = subgraph.tensors.size();
  if (Problem problem = checkIndices(op.inputs, count, -1, "input")) return problem;
  if (Problem problem = checkIndices(op.outputs, count, 0, "output")) return problem;
  if (Problem problem = checkIndices(op.intermediates, count, -1, "intermediate")) return problem;
  if (const auto* control = std::get_if<ControlAttributes>(&op.attributes)) {
    const bool two = op.kind == OpKind::If || op.kind == OpKind::While;
    for (const std::int32_t callee : {control->first, two ? control->second : control->first}) {
      if (isWithin(callee, model.subgraphs.size())) continue;
      return fmt::format("calls subgraph {}, but the model has {}", callee, model.subgraphs.size());
    }
  }
  return std::nullopt;
}

Problem checkSubgraph(const Model& model, const Subgraph& subgraph, bool compressed) {
  for (std::size_t t = 0; t < subgraph.tensors.size(); ++t) {
    const Tensor& tensor = subgraph.tensors[t];
    if (Problem problem = checkTensor(model, tensor, compressed)) {
      return fmt::format("tensor {} {} {}", t, inQuotes(tensor.name), *problem);
    }
  }
  const std::size_t count = subgraph.tensors.size();
  if (Problem problem = checkIndices(subgraph.inputs, count, 0, "input")) return problem;
  if (Problem problem = checkIndices(subgraph.outputs, count, 0, "output")) return problem;
  for (std::size_t o = 0; o < subgraph.operators.size(); ++o) {
    const Operator& op = subgraph.operators[o];
    if (Problem problem = checkOperator(model, subgraph, op)) {
      return fmt::format("operator {} ({}): {}", o, nameOf(op.kind), *problem);
    }
  }
  return std::nullopt;
}

Problem checkSignature(const Model& model, const Signature& signature) {
  if (signature.subgraph >= model.subgraphs.size()) {
    return fmt::format("names subgraph {}, but the model has {}", signature.subgraph,
                       model.subgraphs.size());
  }
  const std::size_t count = model.subgraphs[signature.subgraph].tensors.size();
  for (const auto* arguments : {&signature.inputs, &signature.outputs}) {
    for (const Signature::Argument& argument : *arguments) {
      if (argument.tensor < count) continue;
      return fmt::format("{} is tensor {}, but subgraph {} has {}", inQuotes(argument.name),
                         argument.tensor, signature.subgraph, count);
    }
  }
  return std::nullopt;
}

Problem check(const Model& model) {
  if (model.subgraphs.empty()) return "has no subgraph, so there is nothing to run";
  const bool compressed = isCompressed(model);
  for (std::size_t s = 0; s < model.subgraphs.size(); ++s) {
    if (Problem problem = checkSubgraph(model, model.subgraphs[s], compressed)) {
      return fmt::format("subgraph {}, {}", s, *problem);
    }
  }
  for (const Metadata& entry : model.metadata) {
    if (entry.buffer < model.buffers.size()) continue;
    return fmt::format("metadata {} refers to buffer {}, but the model has {}",
                       inQuotes(entry.name), entry.buffer, model.buffers.size());
  }
  for (const Signature& signature : model.signatures) {
    if (Problem problem = checkSignature(model, signature)) {
      return fmt::format("signature {}: {}", inQuotes(signature.key), *problem);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<void> checkModel(const Model& model) {
  if (Problem problem = check(model)) return Error{model.source, *std::move(problem)};
  return {};
}

}  // namespace mcuprof
