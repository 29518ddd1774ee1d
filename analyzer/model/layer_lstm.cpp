#include <array>
#include <cassert>
#include <cmath>

#include "analyzer/model/layer_builder.hpp"

namespace mcuprof {

// UNIDIRECTIONAL_SEQUENCE_LSTM takes 24 inputs: the sequence; four matrices for the sequence and
// four for the last output (input, forget, cell and output gate); three peephole vectors; four
// biases; two for a projection; the two states; four for layer normalisation. Peepholes, projection
// and normalisation are left out here as Keras leaves them. Int8 sums of the gates are kept in 16
// bits with 12 after the point, the cell state likewise (TensorFlow Lite's quantisation
// specification).
Signal LayerBuilder::lstm(std::string_view name, const Signal& x, std::int32_t units) {
  assert(m_type != ElementType::Int16);
  const std::array<std::string_view, 4> gates{"input", "forget", "cell", "output"};
  const auto labelled = [&](std::string_view gate, std::string_view part) {
    return std::string(name) + "/" + std::string(gate) + "_" + std::string(part);
  };
  const std::int32_t features = x.shape[2];
  Operator op;
  op.kind = OpKind::UnidirectionalSequenceLstm;
  op.inputs.assign(24, -1);
  op.inputs[0] = x.tensor;

  Signal y;
  y.shape = {x.shape[0], x.shape[1], units};
  y.low = -1;
  y.high = 1;
  y.scale = 0x1p-7F;
  y.zeroPoint = 0;
  y.meanSquare = 0.15;

  const double inputDeviation = 1 / std::sqrt(features * x.meanSquare);
  const double recurrentDeviation = 1 / std::sqrt(units * y.meanSquare);
  for (std::size_t gate = 0; gate < gates.size(); ++gate) {
    const Weights w =
        weights(labelled(gates[gate], "kernel"), {units, features}, 0, false, inputDeviation);
    op.inputs[1 + gate] = w.tensor;
    // Keras starts the forget gate at 1 so that the cell remembers.
    op.inputs[12 + gate] =
        bias(labelled(gates[gate], "bias"), units, x, w, gates[gate] == "forget" ? 1 : 0, 0.3);
  }
  for (std::size_t gate = 0; gate < gates.size(); ++gate) {
    op.inputs[5 + gate] = weights(labelled(gates[gate], "recurrent_kernel"), {units, units}, 0,
                                  false, recurrentDeviation)
                              .tensor;
  }

  Signal state = y;
  state.shape = {x.shape[0], units};
  op.inputs[18] = m_builder.addVariable(describe(labelled("hidden", "state"), state));
  Tensor cell = describe(labelled("cell", "state"), state);
  if (quantized()) {
    cell.type = ElementType::Int16;
    cell.quantization = Quantization{{0x1p-12F}, {0}, 0};
  }
  op.inputs[19] = m_builder.addVariable(std::move(cell));

  if (quantized()) {
    Tensor none;
    none.shape = {0};
    for (const std::string_view gate : gates) {
      none.name = labelled("input_to", gate) + "_intermediate";
      op.intermediates.push_back(m_builder.addIntermediate(none));
    }
    state.shape = {0};
    op.intermediates.push_back(m_builder.addIntermediate(
        describe(labelled("effective_hidden", "scale_intermediate"), state)));
  }

  y.tensor = m_builder.addComputed(describe(name, y));
  op.outputs = {y.tensor};
  RecurrentAttributes attributes;
  attributes.activation = Activation::Tanh;
  attributes.cellClip = 10;
  op.attributes = attributes;
  m_builder.addOperator(std::move(op));
  return y;
}

}  // namespace mcuprof
