#include "analyzer/model/model_builder.hpp"

#include <cassert>
#include <memory>

namespace mcuprof {

using TensorIndex = ModelBuilder::TensorIndex;

ModelBuilder::ModelBuilder(std::string description) {
  m_model.description = std::move(description);
}

TensorIndex ModelBuilder::add(Tensor tensor, Part part, bool hasBuffer,
                              std::vector<std::byte> data) {
  m_entries.push_back({std::move(tensor), part, hasBuffer, std::move(data)});
  return static_cast<TensorIndex>(m_entries.size() - 1);
}

TensorIndex ModelBuilder::addInput(Tensor tensor) {
  return add(std::move(tensor), Part::Input, true);
}

TensorIndex ModelBuilder::addComputed(Tensor tensor) {
  return add(std::move(tensor), Part::Computed, true);
}

TensorIndex ModelBuilder::addVariable(Tensor tensor) {
  tensor.isVariable = true;
  return add(std::move(tensor), Part::Computed, false);
}

TensorIndex ModelBuilder::addIntermediate(Tensor tensor) {
  return add(std::move(tensor), Part::Computed, false);
}

TensorIndex ModelBuilder::addConstant(Tensor tensor, std::vector<std::byte> data) {
  return add(std::move(tensor), Part::Constant, true, std::move(data));
}

TensorIndex ModelBuilder::addParameter(std::string_view name, Shape shape,
                                       std::span<const std::int32_t> values) {
  const auto key = std::make_pair(shape, std::vector<std::int32_t>(values.begin(), values.end()));
  if (const auto known = m_parameters.find(key); known != m_parameters.end()) return known->second;
  Tensor tensor;
  tensor.name = name;
  tensor.type = ElementType::Int32;
  tensor.shape = std::move(shape);
  const TensorIndex index = addConstant(std::move(tensor), littleEndianBytes(values));
  m_parameters.emplace(key, index);
  return index;
}

void ModelBuilder::addOperator(Operator op) {
  m_operators.push_back(std::move(op));
}

void ModelBuilder::addMetadata(std::string name, std::string_view content) {
  const auto bytes = std::as_bytes(std::span(content.data(), content.size()));
  m_metadata.emplace_back(std::move(name), std::vector<std::byte>(bytes.begin(), bytes.end()));
}

const Shape& ModelBuilder::shapeOf(TensorIndex tensor) const {
  return m_entries[static_cast<std::size_t>(tensor)].tensor.shape;
}

Model ModelBuilder::finish(std::vector<TensorIndex> outputs) && {
  auto storage = std::make_shared<std::vector<std::vector<std::byte>>>();
  storage->reserve(m_entries.size() + m_metadata.size());
  const auto addBuffer = [&](std::vector<std::byte> data) {
    storage->push_back(std::move(data));
    m_model.buffers.emplace_back(storage->back());
    return static_cast<std::uint32_t>(m_model.buffers.size() - 1);
  };

  m_model.buffers.emplace_back();
  Subgraph main;
  main.name = "main";
  std::vector<TensorIndex> numberOf(m_entries.size());
  for (const Part part : {Part::Input, Part::Constant, Part::Computed}) {
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
      Entry& entry = m_entries[i];
      if (entry.part != part) continue;
      numberOf[i] = static_cast<TensorIndex>(main.tensors.size());
      if (part == Part::Input) main.inputs.push_back(numberOf[i]);
      if (entry.hasBuffer) entry.tensor.buffer = addBuffer(std::move(entry.data));
      main.tensors.push_back(std::move(entry.tensor));
    }
  }
  const auto renumber = [&](std::vector<TensorIndex>& tensors) {
    for (TensorIndex& tensor : tensors) {
      if (tensor >= 0) tensor = numberOf[static_cast<std::size_t>(tensor)];
    }
  };
  for (Operator& op : m_operators) {
    renumber(op.inputs);
    renumber(op.outputs);
    renumber(op.intermediates);
  }
  renumber(outputs);
  main.outputs = std::move(outputs);
  main.operators = std::move(m_operators);

  for (auto& [name, content] : m_metadata) {
    m_model.metadata.push_back({std::move(name), addBuffer(std::move(content))});
  }
  Signature signature;
  signature.key = "serving_default";
  const auto argument = [&](TensorIndex tensor) {
    return Signature::Argument{main.tensors[static_cast<std::size_t>(tensor)].name,
                               static_cast<std::uint32_t>(tensor)};
  };
  for (const TensorIndex tensor : main.inputs) signature.inputs.push_back(argument(tensor));
  for (const TensorIndex tensor : main.outputs) signature.outputs.push_back(argument(tensor));
  m_model.signatures.push_back(std::move(signature));
  m_model.subgraphs.push_back(std::move(main));
  m_model.storage.push_back(std::move(storage));
  return std::move(m_model);
}

}  // namespace mcuprof
