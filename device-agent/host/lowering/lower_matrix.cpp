// FULLY_CONNECTED, SVDF, UNIDIRECTIONAL_SEQUENCE_LSTM.
#include <algorithm>
#include <array>
#include <cmath>

#include "device-agent/firmware/kernels/scratch.h"
#include "device-agent/firmware/parameters.h"
#include "device-agent/host/lowering/layer_context.hpp"

namespace mcuprof {
namespace {

/// As TensorFlow Lite forms it for one scale a tensor: the product in single precision.
FixedMultiplier tensorMultiplier(float in, float weights, float out) {
  return quantizeMultiplier(static_cast<double>(in * weights) / static_cast<double>(out));
}

}  // namespace

LayerOrRefusal lowerFullyConnected(const LayerContext& c) {
  using enum ElementType;
  const ElementType type = c.type(0);
  const bool hasBias = c.has(2);
  const bool isInt8 = type == Int8 && c.type(1) == Int8 && (!hasBias || c.type(2) == Int32);
  const bool isInt16 = type == Int16 && c.type(1) == Int8 && (!hasBias || c.type(2) == Int64);
  const bool isFloat =
      type == Float32 && c.type(1) == Float32 && (!hasBias || c.type(2) == Float32);
  if (c.out().type != type || (!isInt8 && !isInt16 && !isFloat)) return refuseTypes(c);
  const auto& a = c.view.attributes<FullyConnectedAttributes>();
  if (a.activation == Activation::Tanh || a.activation == Activation::SignBit) {
    return refuse("its fused activation has no kernel");
  }
  if (a.shuffledWeights || c.in(1).isSparse) return refuse("its weights are sparse or shuffled");
  const Shape& w = c.in(1).shape;
  if (w.size() != 2 || elementsOf(w) == 0 || elementsOf(c.in(0).shape) == 0) {
    return refuse("its weights are no matrix");
  }
  mcuprof_fully_connected_layer layer{};
  mcuprof_fully_connected& p = layer.fc;
  p.rows = static_cast<std::int32_t>(elementsOf(c.in(0).shape) / w[1]);
  p.in = w[1];
  p.out = w[0];
  layer.act = activationRangeF32(a.activation);
  if (!isFloat) {
    if (!c.haveScales({c.inId(0), c.inId(1), c.outId()})) {
      return refuse("a quantised tensor has no scale");
    }
    const Affine in = c.inAffine(0);
    const Affine out = c.outAffine();
    const std::vector<float> scales = c.scales(1);
    if (scales.size() != 1 && scales.size() != static_cast<std::size_t>(p.out)) {
      return refuse("its weights have neither one scale nor one an output");
    }
    p.per_channel = scales.size() > 1 ? 1 : 0;
    p.in_offset = -in.zeroPoint;
    p.filter_offset = p.per_channel ? 0 : -c.inAffine(1).zeroPoint;
    p.out_offset = out.zeroPoint;
    if (isInt16 && (p.in_offset != 0 || p.out_offset != 0)) {
      return refuse("its int16 activations have a zero point");
    }
    const auto [least, most] = activationRange(a.activation, type, out.scale, out.zeroPoint);
    p.act_min = least;
    p.act_max = most;
    std::vector<FixedMultiplier> multipliers;
    for (const float scale : scales) {
      multipliers.push_back(p.per_channel ? quantizeMultiplier(static_cast<double>(in.scale) *
                                                               static_cast<double>(scale) /
                                                               static_cast<double>(out.scale))
                                          : tensorMultiplier(in.scale, scale, out.scale));
    }
    const auto stored = storeMultipliers(c, multipliers, isInt16 ? 7 : 30);
    if (!stored) return refuse("a scale is beyond what a 32-bit multiplier holds");
    layer.mult = stored->mult;
    layer.shift = stored->shift;
  }
  LayerForm form = c.form(isInt8    ? MCUPROF_KIND_FULLY_CONNECTED_S8
                          : isInt16 ? MCUPROF_KIND_FULLY_CONNECTED_S16
                                    : MCUPROF_KIND_FULLY_CONNECTED_F32,
                          3, bytesOf(layer));
  if (isInt8) form.scratchBytes = Bytes(mcuprof_scratch_fully_connected_s8(c.library, &p));
  if (isInt16) form.scratchBytes = Bytes(mcuprof_scratch_fully_connected_s16(c.library, &p));
  return form;
}

// Inputs: activations, feature weights, time weights, optional bias, state.
LayerOrRefusal lowerSvdf(const LayerContext& c) {
  using enum ElementType;
  if (!c.has(4) || c.type(0) != Int8 || c.type(1) != Int8 ||
      (c.type(2) != Int8 && c.type(2) != Int16) || c.type(4) != c.type(2) ||
      (c.has(3) && c.type(3) != Int32) || c.out().type != Int8) {
    return refuseTypes(c);
  }
  if (!c.in(4).isVariable) return refuse("its state is no variable tensor");
  if (!c.haveScales({c.inId(0), c.inId(1), c.inId(2), c.inId(4), c.outId()})) {
    return refuse("a quantised tensor has no scale");
  }
  const auto& a = c.view.attributes<RecurrentAttributes>();
  const Shape& in = c.in(0).shape;
  const Shape& feature = c.in(1).shape;
  const Shape& time = c.in(2).shape;
  if (in.size() != 2 || feature.size() != 2 || time.size() != 2) {
    return refuse("its tensors are not of two axes");
  }
  if (a.rank < 1 || feature[0] % a.rank != 0) return refuse("its rank does not divide its filters");
  mcuprof_svdf p{};
  p.batches = in[0];
  p.inputs = in[1];
  p.rank = a.rank;
  p.units = feature[0] / a.rank;
  p.memory = time[1];
  const Affine state = c.inAffine(4);
  p.in_offset = -c.inAffine(0).zeroPoint;
  p.state_offset = state.zeroPoint;
  p.out_offset = c.outAffine().zeroPoint;
  const FixedMultiplier one = quantizeMultiplier(
      static_cast<double>(c.inAffine(0).scale * c.inAffine(1).scale / state.scale));
  const FixedMultiplier two = quantizeMultiplier(
      static_cast<double>(state.scale * c.inAffine(2).scale / c.outAffine().scale));
  if (!isUsable(one) || !isUsable(two)) {
    return refuse("a scale is beyond what a 32-bit multiplier holds");
  }
  p.feature_mult = one.value;
  p.feature_shift = one.shift;
  p.out_mult = two.value;
  p.out_shift = two.shift;
  return c.form(MCUPROF_KIND_SVDF_S8, 5, bytesOf(p));
}

namespace {

// Where the file has them.
constexpr std::array<std::size_t, 4> kInputWeights = {1, 2, 3, 4};
constexpr std::array<std::size_t, 4> kStateWeights = {5, 6, 7, 8};
constexpr std::array<std::size_t, 4> kBiases = {12, 13, 14, 15};
constexpr std::array<std::size_t, 9> kLeftOut = {9, 10, 11, 16, 17, 20, 21, 22, 23};
constexpr std::size_t kHidden = 18;
constexpr std::size_t kCell = 19;

std::optional<Refusal> refuseLstm(const LayerContext& c) {
  using enum ElementType;
  const auto& a = c.view.attributes<RecurrentAttributes>();
  if (!c.has(kHidden) || !c.has(kCell) || c.type(0) != Int8 || c.type(kHidden) != Int8 ||
      c.type(kCell) != Int16 || c.out().type != Int8) {
    return refuse("the agent has the LSTM of int8 activations and an int16 cell only");
  }
  for (std::size_t g = 0; g < 4; ++g) {
    if (!c.has(kInputWeights[g]) || !c.has(kStateWeights[g]) || c.type(kInputWeights[g]) != Int8 ||
        c.type(kStateWeights[g]) != Int8 || (c.has(kBiases[g]) && c.type(kBiases[g]) != Int32)) {
      return refuse("the agent's LSTM wants all four gates with int8 weights and int32 biases");
    }
    if (c.scales(kInputWeights[g]).size() != 1 || c.scales(kStateWeights[g]).size() != 1 ||
        !c.haveScales({c.inId(kInputWeights[g]), c.inId(kStateWeights[g])})) {
      return refuse("its weights have not one scale each");
    }
  }
  if (std::any_of(kLeftOut.begin(), kLeftOut.end(), [&](std::size_t i) { return c.has(i); })) {
    return refuse("the agent's LSTM has no peepholes, projection or layer normalisation");
  }
  if (!c.in(kHidden).isVariable || !c.in(kCell).isVariable) {
    return refuse("its state is no variable tensor");
  }
  if (a.activation != Activation::Tanh) return refuse("its activation is not TANH");
  if (!c.haveScales({c.inId(0), c.inId(kHidden), c.inId(kCell), c.outId()})) {
    return refuse("a quantised tensor has no scale");
  }
  return std::nullopt;
}

}  // namespace

LayerOrRefusal lowerLstm(const LayerContext& c) {
  if (const auto refusal = refuseLstm(c)) return *refusal;
  const auto& a = c.view.attributes<RecurrentAttributes>();
  const Shape& in = c.in(0).shape;
  if (in.size() != 3 || c.in(kHidden).shape.empty())
    return refuse("its input is not of three axes");
  mcuprof_lstm_layer layer{};
  mcuprof_lstm& p = layer.lstm;
  p.batches = a.timeMajor ? in[1] : in[0];
  p.steps = a.timeMajor ? in[0] : in[1];
  p.inputs = in[2];
  p.units = c.in(kHidden).shape.back();
  p.time_major = a.timeMajor ? 1 : 0;
  const Affine input = c.inAffine(0);
  const Affine hidden = c.inAffine(kHidden);
  const float cellScale = c.inAffine(kCell).scale;
  p.in_offset = -input.zeroPoint;
  p.state_offset = -hidden.zeroPoint;
  p.hidden_zero_point = hidden.zeroPoint;
  constexpr float kGateScale = 1.0F / 4096;    // 3 integer bits
  constexpr float kCurveScale = 1.0F / 32768;  // none
  bool usable = true;
  const auto put = [&](const FixedMultiplier& m, std::int32_t& mult, std::int32_t& shift) {
    usable = usable && isUsable(m);
    mult = m.value;
    shift = m.shift;
  };
  for (std::size_t g = 0; g < 4; ++g) {
    mcuprof_lstm_gate& gate = p.gate[g];
    put(tensorMultiplier(input.scale, c.inAffine(kInputWeights[g]).scale, kGateScale), gate.in_mult,
        gate.in_shift);
    put(tensorMultiplier(hidden.scale, c.inAffine(kStateWeights[g]).scale, kGateScale),
        gate.state_mult, gate.state_shift);
  }
  const auto product = [](float one, float two, float out) {
    return quantizeMultiplier(static_cast<double>(one) * static_cast<double>(two) /
                              static_cast<double>(out));
  };
  put(product(kCurveScale, cellScale, cellScale), p.forget_mult, p.forget_shift);
  put(product(kCurveScale, kCurveScale, cellScale), p.update_mult, p.update_shift);
  put(product(kCurveScale, kCurveScale, hidden.scale), p.hidden_mult, p.hidden_shift);
  if (!usable) return refuse("a scale is beyond what a 32-bit multiplier holds");
  if (a.cellClip > 0.0F) {
    p.cell_clip = static_cast<std::int16_t>(std::clamp(
        static_cast<double>(a.cellClip) / static_cast<double>(cellScale), -32768.0, 32767.0));
  }
  // The table's entries are 1/24 apart and curves have 3 integer bits, so a position is three times
  // the value; the cell's scale is a power of two.
  const auto power = static_cast<int>(std::lround(std::log2(static_cast<double>(cellScale))));
  const int left = 15 + power - 3;
  p.sigmoid = {3, 0};
  p.tanh = {3, 0};
  if (left > 12 || left < -12) return refuse("its cell's scale is no usable power of two");
  p.cell_tanh = left >= 0 ? mcuprof_curve{3 * (1 << left), 0} : mcuprof_curve{3, -left};
  layer.table = c.builder.addConstants<std::uint16_t>(makeSigmoidTable());

  LayerForm form = c.form(MCUPROF_KIND_LSTM_S8, 1, bytesOf(layer));
  const auto add = [&](std::size_t i) {
    form.inputs.push_back(c.has(i) ? c.tensors.number(c.inId(i))
                                   : std::uint16_t{MCUPROF_NO_TENSOR});
  };
  std::for_each(kInputWeights.begin(), kInputWeights.end(), add);
  std::for_each(kStateWeights.begin(), kStateWeights.end(), add);
  std::for_each(kBiases.begin(), kBiases.end(), add);
  add(kHidden);
  add(kCell);
  return form;
}

}  // namespace mcuprof
