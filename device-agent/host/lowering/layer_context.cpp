#include "device-agent/host/lowering/layer_context.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mcuprof {
namespace {

mcuprof_tensor describe(ElementType type, const Shape& shape) {
  mcuprof_tensor t{};
  t.type = static_cast<std::uint8_t>(type);
  t.rank = static_cast<std::uint8_t>(std::min<std::size_t>(shape.size(), MCUPROF_MAX_RANK));
  std::fill(std::begin(t.dims), std::end(t.dims), 1);
  std::copy_n(shape.begin(), t.rank, std::begin(t.dims));
  const auto bytes = sizeOf(type, shape);
  t.bytes = static_cast<std::uint32_t>(bytes ? bytes->value : 0);
  return t;
}

}  // namespace

std::uint16_t ProgramTensors::number(TensorId id) {
  if (!id.valid()) return MCUPROF_NO_TENSOR;
  const auto known = m_numbers.find(id);
  if (known != m_numbers.end()) return known->second;
  const GraphTensor& tensor = m_graph.tensors[id];
  mcuprof_tensor t = describe(tensor.type, tensor.shape);
  t.id = static_cast<std::uint32_t>(tensor.indexInSubgraph);
  if (const Quantization* q = quantization(id); q != nullptr && !q->zeroPoints.empty()) {
    t.zero_point = static_cast<std::int32_t>(q->zeroPoints.front());
  }
  if (tensor.isConstant) {
    t.space = MCUPROF_SPACE_PROGRAM;
    const auto stored = m_constants.find(tensor.data.data());
    t.offset = stored != m_constants.end() ? stored->second : m_builder.addConstant(tensor.data);
    m_constants.emplace(tensor.data.data(), t.offset);
  } else {
    t.space = MCUPROF_SPACE_ARENA;
    t.offset = static_cast<std::uint32_t>(m_offsets[id].value_or(Bytes(0)).value);
    if (tensor.isVariable) t.flags = MCUPROF_TENSOR_STATE;
  }
  const std::uint16_t number = m_builder.addTensor(t, tensor.name);
  m_numbers.emplace(id, number);
  return number;
}

std::uint16_t ProgramTensors::literal(ElementType type, const Shape& shape,
                                      std::span<const std::byte> data) {
  mcuprof_tensor t = describe(type, shape);
  t.space = MCUPROF_SPACE_PROGRAM;
  t.offset = m_builder.addConstant(data);
  t.id = 0xFFFFFFFFU;
  return m_builder.addTensor(t, "");
}

const Quantization* ProgramTensors::quantization(TensorId id) const {
  const GraphTensor& tensor = m_graph.tensors[id];
  const Subgraph& subgraph = m_model.subgraphs[tensor.subgraph.index()];
  const auto index = static_cast<std::size_t>(tensor.indexInSubgraph);
  if (index >= subgraph.tensors.size()) return nullptr;
  const auto& quantization = subgraph.tensors[index].quantization;
  return quantization ? &*quantization : nullptr;
}

Affine LayerContext::affine(TensorId id) const {
  const Quantization* q = tensors.quantization(id);
  Affine affine{0.0F, 0};
  if (q == nullptr) return affine;
  if (!q->scales.empty()) affine.scale = q->scales.front();
  if (!q->zeroPoints.empty()) affine.zeroPoint = static_cast<std::int32_t>(q->zeroPoints.front());
  return affine;
}

std::vector<float> LayerContext::scales(std::size_t i) const {
  const Quantization* q = tensors.quantization(inId(i));
  return q == nullptr ? std::vector<float>() : q->scales;
}

bool LayerContext::haveScales(std::initializer_list<TensorId> ids) const {
  return std::all_of(ids.begin(), ids.end(), [&](TensorId id) {
    const Affine a = affine(id);
    return std::isfinite(a.scale) && a.scale > 0.0F;
  });
}

LayerForm LayerContext::form(mcuprof_kind kind, std::size_t inputs,
                             std::vector<std::byte> parameters) const {
  LayerForm form;
  form.kind = static_cast<std::uint16_t>(kind);
  for (std::size_t i = 0; i < std::min(inputs, view.op.inputs.size()); ++i) {
    form.inputs.push_back(tensors.number(view.op.inputs[i].tensor));
  }
  for (const TensorId id : view.op.outputs) form.outputs.push_back(tensors.number(id));
  form.parameters = std::move(parameters);
  return form;
}

Refusal refuse(std::string reason) {
  return {std::move(reason)};
}

Refusal refuseTypes(const LayerContext& c) {
  std::vector<std::string_view> types;
  for (std::size_t i = 0; i < c.view.inputCount(); ++i) {
    if (c.has(i)) types.push_back(nameOf(c.type(i)));
  }
  return refuse(fmt::format("the agent has no kernel for {} to {}", fmt::join(types, ", "),
                            nameOf(c.out().type)));
}

std::optional<StoredMultipliers> storeMultipliers(const LayerContext& c,
                                                  std::span<const FixedMultiplier> multipliers,
                                                  std::int32_t mostShift) {
  std::vector<std::int32_t> values;
  std::vector<std::int32_t> shifts;
  for (const FixedMultiplier& m : multipliers) {
    if (!isUsable(m, mostShift)) return std::nullopt;
    values.push_back(m.value);
    shifts.push_back(m.shift);
  }
  StoredMultipliers stored;
  stored.mult = c.builder.addConstants<std::int32_t>(values);
  stored.shift = c.builder.addConstants<std::int32_t>(shifts);
  return stored;
}

}  // namespace mcuprof
