#include "tests/model/model_sketch.hpp"

#include <cstring>
#include <memory>
#include <utility>

namespace mcuprof::test {

ModelSketch::ModelSketch() {
  model.source = "sketch";
  model.subgraphs.emplace_back();
  model.buffers.emplace_back();
}

std::int32_t ModelSketch::tensor(Shape shape, ElementType type) {
  Tensor tensor;
  tensor.name = "t" + std::to_string(main().tensors.size());
  tensor.shape = std::move(shape);
  tensor.type = type;
  main().tensors.push_back(std::move(tensor));
  return static_cast<std::int32_t>(main().tensors.size() - 1);
}

std::int32_t ModelSketch::input(Shape shape, ElementType type) {
  main().inputs.push_back(tensor(std::move(shape), type));
  return main().inputs.back();
}

std::int32_t ModelSketch::weights(Shape shape, ElementType type) {
  const auto bytes = static_cast<std::size_t>(sizeOf(type, shape).value().value);
  const std::int32_t index = tensor(std::move(shape), type);
  main().tensors.back().buffer = own(std::vector<std::byte>(bytes));
  return index;
}

std::int32_t ModelSketch::list(std::vector<std::int32_t> values) {
  const Shape shape = {static_cast<std::int32_t>(values.size())};
  return list(shape, std::move(values));
}

std::int32_t ModelSketch::list(Shape shape, std::vector<std::int32_t> values) {
  std::vector<std::byte> bytes(values.size() * sizeof(std::int32_t));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  const std::int32_t index = tensor(std::move(shape), ElementType::Int32);
  main().tensors.back().buffer = own(std::move(bytes));
  return index;
}

std::int32_t ModelSketch::variable(Shape shape, ElementType type) {
  const std::int32_t index = tensor(std::move(shape), type);
  main().tensors.back().isVariable = true;
  return index;
}

std::int32_t ModelSketch::op(OpKind kind, std::vector<std::int32_t> inputs,
                             std::vector<Shape> outputs, Attributes attributes) {
  Operator op;
  op.kind = kind;
  op.inputs = std::move(inputs);
  op.attributes = std::move(attributes);
  for (Shape& shape : outputs) op.outputs.push_back(tensor(std::move(shape)));
  main().operators.push_back(std::move(op));
  const Operator& added = main().operators.back();
  return added.outputs.empty() ? -1 : added.outputs.front();
}

std::uint32_t ModelSketch::own(std::vector<std::byte> bytes) {
  const auto kept = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  model.storage.push_back(kept);
  model.buffers.emplace_back(*kept);
  return static_cast<std::uint32_t>(model.buffers.size() - 1);
}

}  // namespace mcuprof::test
