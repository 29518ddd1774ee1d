// CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV, pooling.
#include <algorithm>
#include <variant>

#include "device-agent/firmware/kernels/scratch.h"
#include "device-agent/firmware/parameters.h"
#include "device-agent/host/lowering/layer_context.hpp"

namespace mcuprof {
namespace {

enum class Arithmetic { Int8, Int16, Float };

/// What the types of activations, weights and bias ask for; nothing when no kernel has them.
std::optional<Arithmetic> arithmeticOf(const LayerContext& c, std::size_t in, std::size_t weights,
                                       std::size_t bias) {
  using enum ElementType;
  const ElementType b = c.has(bias) ? c.type(bias) : ElementType::Resource;
  const bool none = !c.has(bias);
  if (c.out().type != c.type(in)) return std::nullopt;
  if (c.type(in) == Int8 && c.type(weights) == Int8 && (none || b == Int32)) {
    return Arithmetic::Int8;
  }
  if (c.type(in) == Int16 && c.type(weights) == Int8 && (none || b == Int64)) {
    return Arithmetic::Int16;
  }
  if (c.type(in) == Float32 && c.type(weights) == Float32 && (none || b == Float32)) {
    return Arithmetic::Float;
  }
  return std::nullopt;
}

/// Padding above or left, for an output extent that the graph has proved.
std::int32_t padBefore(std::int32_t in, std::int32_t out, std::int32_t taps, std::int32_t stride,
                       std::int32_t dilation) {
  const std::int64_t reach =
      static_cast<std::int64_t>(out - 1) * stride + static_cast<std::int64_t>(taps - 1) * dilation;
  return static_cast<std::int32_t>(std::max<std::int64_t>(reach + 1 - in, 0) / 2);
}

/// Four extents above 0, which a file with open extents need not have.
bool isDense(const GraphTensor& tensor) {
  return tensor.shape.size() == 4 && !tensor.isSparse &&
         std::all_of(tensor.shape.begin(), tensor.shape.end(),
                     [](std::int32_t extent) { return extent > 0; });
}

/// Activations, weights and output of a convolution, all of four axes.
struct Tensors {
  const Shape& in;
  const Shape& w;
  const Shape& out;
  Arithmetic arithmetic;
};

/// The tensors by their places among the inputs, or why no kernel takes them.
std::variant<Tensors, Refusal> tensorsOf(const LayerContext& c, std::size_t in, std::size_t weights,
                                         std::size_t bias) {
  const auto arithmetic = arithmeticOf(c, in, weights, bias);
  if (!arithmetic) return refuseTypes(c);
  if (!isDense(c.in(in)) || !isDense(c.in(weights)) || !isDense(c.out())) {
    return refuse("its tensors are empty or not of four axes");
  }
  return Tensors{c.in(in).shape, c.in(weights).shape, c.out().shape, *arithmetic};
}

/// Scales of accumulators to outputs, one a channel.
std::vector<FixedMultiplier> channelMultipliers(const LayerContext& c, std::size_t in,
                                                std::size_t weights, std::int32_t channels) {
  const std::vector<float> scales = c.scales(weights);
  const double inScale = static_cast<double>(c.inAffine(in).scale);
  const double outScale = static_cast<double>(c.outAffine().scale);
  std::vector<FixedMultiplier> multipliers;
  for (std::size_t i = 0; i < static_cast<std::size_t>(channels); ++i) {
    const float scale = scales.size() > 1 ? scales[i] : scales[0];
    multipliers.push_back(quantizeMultiplier(inScale * static_cast<double>(scale) / outScale));
  }
  return multipliers;
}

constexpr std::int32_t mostShift(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::Int16 ? 7 : 30;
}

/// What the three convolutions share behind their extents: offsets, clamps and multipliers.
template <typename Layer, typename P>
std::optional<Refusal> quantize(const LayerContext& c, Arithmetic arithmetic, std::size_t in,
                                std::size_t weights, std::int32_t channels, Layer& layer, P& p) {
  const Activation activation = c.view.attributes<ConvAttributes>().activation;
  if (activation == Activation::Tanh || activation == Activation::SignBit) {
    return refuse("its fused activation has no kernel");
  }
  layer.act = activationRangeF32(activation);
  if (arithmetic == Arithmetic::Float) return std::nullopt;
  if (!c.haveScales({c.inId(in), c.inId(weights), c.outId()})) {
    return refuse("a quantised tensor has no scale");
  }
  const std::size_t scales = c.scales(weights).size();
  if (scales != 1 && scales != static_cast<std::size_t>(channels)) {
    return refuse("its weights have neither one scale nor one a channel");
  }
  p.in_offset = -c.inAffine(in).zeroPoint;
  p.out_offset = c.outAffine().zeroPoint;
  const auto [least, most] =
      activationRange(activation, c.out().type, c.outAffine().scale, c.outAffine().zeroPoint);
  p.act_min = least;
  p.act_max = most;
  const auto stored =
      storeMultipliers(c, channelMultipliers(c, in, weights, channels), mostShift(arithmetic));
  if (!stored) return refuse("a scale is beyond what a 32-bit multiplier holds");
  layer.mult = stored->mult;
  layer.shift = stored->shift;
  return std::nullopt;
}

mcuprof_kind pick(Arithmetic arithmetic, mcuprof_kind s8, mcuprof_kind s16, mcuprof_kind f32) {
  return arithmetic == Arithmetic::Int8 ? s8 : arithmetic == Arithmetic::Int16 ? s16 : f32;
}

}  // namespace

LayerOrRefusal lowerConv(const LayerContext& c) {
  const auto tensors = tensorsOf(c, 0, 1, 2);
  if (const auto* refusal = std::get_if<Refusal>(&tensors)) return *refusal;
  const auto& [in, w, out, arithmetic] = std::get<Tensors>(tensors);
  const auto& a = c.view.attributes<ConvAttributes>();
  mcuprof_conv_layer layer{};
  mcuprof_conv& p = layer.conv;
  p = {in[0],     in[1],       in[2],       in[3], out[1], out[2], out[3], w[1], w[2], a.strideH,
       a.strideW, a.dilationH, a.dilationW, 0,     0,      w[3],   0,      0,    0,    0};
  p.pad_h = padBefore(in[1], out[1], w[1], a.strideH, a.dilationH);
  p.pad_w = padBefore(in[2], out[2], w[2], a.strideW, a.dilationW);
  if (const auto refusal = quantize(c, arithmetic, 0, 1, p.out_c, layer, p)) return *refusal;
  LayerForm form =
      c.form(pick(arithmetic, MCUPROF_KIND_CONV_S8, MCUPROF_KIND_CONV_S16, MCUPROF_KIND_CONV_F32),
             3, bytesOf(layer));
  if (arithmetic == Arithmetic::Int8)
    form.scratchBytes = Bytes(mcuprof_scratch_conv_s8(c.library, &p));
  if (arithmetic == Arithmetic::Int16)
    form.scratchBytes = Bytes(mcuprof_scratch_conv_s16(c.library, &p));
  return form;
}

LayerOrRefusal lowerDepthwise(const LayerContext& c) {
  const auto tensors = tensorsOf(c, 0, 1, 2);
  if (const auto* refusal = std::get_if<Refusal>(&tensors)) return *refusal;
  const auto& [in, w, out, arithmetic] = std::get<Tensors>(tensors);
  const auto& a = c.view.attributes<ConvAttributes>();
  mcuprof_depthwise_layer layer{};
  mcuprof_depthwise& p = layer.conv;
  p = {in[0],     in[1],     in[2],       in[3],       out[1], out[2], out[3],       w[1], w[2],
       a.strideH, a.strideW, a.dilationH, a.dilationW, 0,      0,      w[3] / in[3], 0,    0,
       0,         0};
  p.pad_h = padBefore(in[1], out[1], w[1], a.strideH, a.dilationH);
  p.pad_w = padBefore(in[2], out[2], w[2], a.strideW, a.dilationW);
  if (const auto refusal = quantize(c, arithmetic, 0, 1, p.out_c, layer, p)) return *refusal;
  LayerForm form = c.form(pick(arithmetic, MCUPROF_KIND_DEPTHWISE_S8, MCUPROF_KIND_DEPTHWISE_S16,
                               MCUPROF_KIND_DEPTHWISE_F32),
                          3, bytesOf(layer));
  if (arithmetic == Arithmetic::Int8)
    form.scratchBytes = Bytes(mcuprof_scratch_depthwise_s8(c.library, &p));
  if (arithmetic == Arithmetic::Int16)
    form.scratchBytes = Bytes(mcuprof_scratch_depthwise_s16(c.library, &p));
  return form;
}

// Inputs: output shape, weights, activations, optional bias.
LayerOrRefusal lowerTransposeConv(const LayerContext& c) {
  const auto tensors = tensorsOf(c, 2, 1, 3);
  if (const auto* refusal = std::get_if<Refusal>(&tensors)) return *refusal;
  const auto& [in, w, out, arithmetic] = std::get<Tensors>(tensors);
  if (arithmetic == Arithmetic::Float) return refuseTypes(c);
  const auto& a = c.view.attributes<ConvAttributes>();
  mcuprof_conv_layer layer{};
  mcuprof_conv& p = layer.conv;
  p = {in[0],     in[1], in[2], in[3], out[1], out[2], out[3], w[1], w[2], a.strideH,
       a.strideW, 1,     1,     0,     0,      w[3],   0,      0,    0,    0};
  // As if the output were convolved back; the file's output extent decides, not the input's.
  const auto back = [&](std::int32_t extent, std::int32_t taps, std::int32_t stride) {
    const std::int32_t positions = a.padding == Padding::Same ? (extent + stride - 1) / stride
                                                              : (extent + stride - taps) / stride;
    return padBefore(extent, positions, taps, stride, 1);
  };
  p.pad_h = back(out[1], w[1], a.strideH);
  p.pad_w = back(out[2], w[2], a.strideW);
  if (const auto refusal = quantize(c, arithmetic, 2, 1, p.out_c, layer, p)) return *refusal;
  LayerForm form = c.form(pick(arithmetic, MCUPROF_KIND_TRANSPOSE_CONV_S8,
                               MCUPROF_KIND_TRANSPOSE_CONV_S16, MCUPROF_KIND_NOT_SUPPORTED),
                          0, bytesOf(layer));
  form.inputs = {c.tensors.number(c.inId(2)), c.tensors.number(c.inId(1)),
                 c.has(3) ? c.tensors.number(c.inId(3)) : std::uint16_t{MCUPROF_NO_TENSOR}};
  return form;
}

LayerOrRefusal lowerPool(const LayerContext& c) {
  using enum ElementType;
  const ElementType type = c.type(0);
  if (type != c.out().type || (type != Int8 && type != Int16 && type != Float32)) {
    return refuseTypes(c);
  }
  if (!isDense(c.in(0)) || !isDense(c.out()))
    return refuse("its tensors are empty or not of four axes");
  const auto& a = c.view.attributes<PoolAttributes>();
  const Shape& in = c.in(0).shape;
  const Shape& out = c.out().shape;
  mcuprof_pool_layer layer{};
  mcuprof_pool& p = layer.pool;
  p = {in[0],     in[1],     in[2],     in[3], out[1], out[2], a.filterH,
       a.filterW, a.strideH, a.strideW, 0,     0,      0,      0};
  p.pad_h = padBefore(in[1], out[1], a.filterH, a.strideH, 1);
  p.pad_w = padBefore(in[2], out[2], a.filterW, a.strideW, 1);
  layer.act = activationRangeF32(a.activation);
  if (type != Float32) {
    // Without an activation the scale does not matter.
    if (a.activation != Activation::None && !c.haveScales({c.outId()})) {
      return refuse("a quantised tensor has no scale");
    }
    const auto [least, most] =
        activationRange(a.activation, type, c.outAffine().scale, c.outAffine().zeroPoint);
    p.act_min = least;
    p.act_max = most;
  }
  const bool average = c.view.op.kind == OpKind::AveragePool2d;
  const Arithmetic arithmetic = type == Int8    ? Arithmetic::Int8
                                : type == Int16 ? Arithmetic::Int16
                                                : Arithmetic::Float;
  LayerForm form =
      c.form(average ? pick(arithmetic, MCUPROF_KIND_AVERAGE_POOL_S8, MCUPROF_KIND_AVERAGE_POOL_S16,
                            MCUPROF_KIND_AVERAGE_POOL_F32)
                     : pick(arithmetic, MCUPROF_KIND_MAX_POOL_S8, MCUPROF_KIND_MAX_POOL_S16,
                            MCUPROF_KIND_MAX_POOL_F32),
             1, bytesOf(layer));
  if (average && type == Int8)
    form.scratchBytes = Bytes(mcuprof_scratch_average_pool_s8(c.library, &p));
  if (average && type == Int16)
    form.scratchBytes = Bytes(mcuprof_scratch_average_pool_s16(c.library, &p));
  return form;
}

}  // namespace mcuprof
