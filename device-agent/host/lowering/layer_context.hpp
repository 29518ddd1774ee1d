#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analyzer/analysis/schedule.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/model/op_view.hpp"
#include "device-agent/host/lowering/program_builder.hpp"
#include "device-agent/host/lowering/quantization.hpp"
#include "device-agent/host/lowering/tables.hpp"

namespace mcuprof {

/// Why the agent cannot run an operator, in one line.
struct Refusal {
  std::string reason;
};

/// An operator as a layer of the program: which kind, on which tensors, with which parameters.
struct LayerForm {
  std::uint16_t kind = 0;
  std::vector<std::uint16_t> inputs;
  std::vector<std::uint16_t> outputs;
  std::vector<std::byte> parameters;
  Bytes scratchBytes;
};

using LayerOrRefusal = std::variant<LayerForm, Refusal>;

/// The program's tensors: those of the graph that a layer uses, once each, and literals.
class ProgramTensors {
 public:
  /// `offsets` of tensors in the arena; nothing for those that are not there.
  ProgramTensors(const Model& model, const Graph& graph,
                 const Table<TensorId, std::optional<Bytes>>& offsets, ProgramBuilder& builder)
      : m_model(model), m_graph(graph), m_offsets(offsets), m_builder(builder) {}

  /// The tensor's number; MCUPROF_NO_TENSOR for an invalid id.
  std::uint16_t number(TensorId id);
  /// A constant that the model does not have.
  std::uint16_t literal(ElementType type, const Shape& shape, std::span<const std::byte> data);

  /// Null where the file has none.
  const Quantization* quantization(TensorId id) const;

 private:
  const Model& m_model;
  const Graph& m_graph;
  const Table<TensorId, std::optional<Bytes>>& m_offsets;
  ProgramBuilder& m_builder;
  std::map<TensorId, std::uint16_t> m_numbers;
  std::map<const std::byte*, std::uint32_t> m_constants;
};

/// One operator at hand, for the functions that lower one kind of operator.
struct LayerContext {
  OpView view;
  std::uint32_t library = 0;  ///< enum mcuprof_library
  ProgramTensors& tensors;
  ProgramBuilder& builder;

  const GraphTensor& in(std::size_t i) const { return view.input(i); }
  const GraphTensor& out(std::size_t i = 0) const { return view.output(i); }
  bool has(std::size_t i) const { return view.has(i); }
  ElementType type(std::size_t i) const { return in(i).type; }
  TensorId inId(std::size_t i) const { return view.op.inputs[i].tensor; }
  TensorId outId(std::size_t i = 0) const { return view.op.outputs[i]; }

  /// Scale and zero point of a tensor with one of each; of the first entries where it has more.
  Affine affine(TensorId id) const;
  Affine inAffine(std::size_t i) const { return affine(inId(i)); }
  Affine outAffine() const { return affine(outId()); }
  std::vector<float> scales(std::size_t i) const;
  /// Every one of these tensors has a finite scale above 0.
  bool haveScales(std::initializer_list<TensorId> ids) const;

  /// A form with the operator's first `inputs` inputs and all its outputs.
  LayerForm form(mcuprof_kind kind, std::size_t inputs, std::vector<std::byte> parameters) const;
};

/// "it takes int8, int16 and float32, not uint8 and uint8": for types that no kernel has.
Refusal refuseTypes(const LayerContext& c);
Refusal refuse(std::string reason);

/// A multiplier whose shift the kernels can take: at most 30, or 7 for 64-bit accumulators.
inline bool isUsable(const FixedMultiplier& multiplier, std::int32_t mostShift = 30) {
  return multiplier.shift >= -31 && multiplier.shift <= mostShift;
}

/// Multipliers and shifts of output channels, stored in the program.
struct StoredMultipliers {
  std::uint32_t mult = 0;
  std::uint32_t shift = 0;
};

std::optional<StoredMultipliers> storeMultipliers(const LayerContext& c,
                                                  std::span<const FixedMultiplier> multipliers,
                                                  std::int32_t mostShift);

// One function a family. Each is called for the operators that its name says.
LayerOrRefusal lowerConv(const LayerContext& c);
LayerOrRefusal lowerDepthwise(const LayerContext& c);
LayerOrRefusal lowerTransposeConv(const LayerContext& c);
LayerOrRefusal lowerPool(const LayerContext& c);
LayerOrRefusal lowerFullyConnected(const LayerContext& c);
LayerOrRefusal lowerSvdf(const LayerContext& c);
LayerOrRefusal lowerLstm(const LayerContext& c);
LayerOrRefusal lowerArithmetic(const LayerContext& c);
LayerOrRefusal lowerPrelu(const LayerContext& c);
LayerOrRefusal lowerSoftmax(const LayerContext& c);
LayerOrRefusal lowerRelu(const LayerContext& c);
LayerOrRefusal lowerLeakyRelu(const LayerContext& c);
LayerOrRefusal lowerCurve(const LayerContext& c);
LayerOrRefusal lowerQuantize(const LayerContext& c);
LayerOrRefusal lowerDequantize(const LayerContext& c);
LayerOrRefusal lowerMean(const LayerContext& c);
LayerOrRefusal lowerCast(const LayerContext& c);
LayerOrRefusal lowerCopy(const LayerContext& c);
LayerOrRefusal lowerShape(const LayerContext& c);
LayerOrRefusal lowerPad(const LayerContext& c);
LayerOrRefusal lowerJoin(const LayerContext& c);
LayerOrRefusal lowerStridedSlice(const LayerContext& c);
LayerOrRefusal lowerTranspose(const LayerContext& c);

}  // namespace mcuprof
