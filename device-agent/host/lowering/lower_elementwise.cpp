// ADD, SUB, MUL, DIV, MINIMUM, MAXIMUM, PRELU.
#include <algorithm>
#include <limits>

#include "device-agent/firmware/parameters.h"
#include "device-agent/host/lowering/layer_context.hpp"

namespace mcuprof {
namespace {

/// How the operands walk along the output; nothing when it takes more axes than the agent has.
std::optional<mcuprof_broadcast> broadcastOf(const Shape& one, const Shape& two, const Shape& out) {
  struct Axis {
    std::int32_t extent, stride1, stride2;
  };
  // Innermost first.
  std::vector<Axis> axes;
  std::int32_t step1 = 1;
  std::int32_t step2 = 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto extentOf = [&](const Shape& shape) {
      return i < shape.size() ? shape[shape.size() - 1 - i] : 1;
    };
    const std::int32_t e1 = extentOf(one);
    const std::int32_t e2 = extentOf(two);
    const std::int32_t extent = out[out.size() - 1 - i];
    const Axis axis{extent, e1 == 1 ? 0 : step1, e2 == 1 ? 0 : step2};
    step1 *= e1;
    step2 *= e2;
    if (extent == 1) continue;
    const auto continues = [&](std::int32_t stride, std::int32_t inner) {
      return stride == inner * axes.back().extent;
    };
    if (!axes.empty() && continues(axis.stride1, axes.back().stride1) &&
        continues(axis.stride2, axes.back().stride2)) {
      axes.back().extent *= extent;
    } else {
      axes.push_back(axis);
    }
  }
  if (axes.empty()) axes.push_back({1, 1, 1});
  if (axes.size() > MCUPROF_MOVE_RANK) return std::nullopt;
  axes.resize(MCUPROF_MOVE_RANK, {1, 0, 0});
  mcuprof_broadcast b{};
  for (std::size_t i = 0; i < MCUPROF_MOVE_RANK; ++i) {
    const std::size_t at = MCUPROF_MOVE_RANK - 1 - i;
    b.extent[at] = axes[i].extent;
    b.stride1[at] = axes[i].stride1;
    b.stride2[at] = axes[i].stride2;
  }
  return b;
}

bool put(const FixedMultiplier& m, std::int32_t& mult, std::int32_t& shift) {
  mult = m.value;
  shift = m.shift;
  return isUsable(m);
}

/// ADD takes its ratios in double precision, SUB in single.
LayerOrRefusal lowerSum(const LayerContext& c, const mcuprof_broadcast& shape,
                        Activation activation) {
  const bool isSub = c.view.op.kind == OpKind::Sub;
  const bool is16 = c.out().type == ElementType::Int16;
  const Affine one = c.inAffine(0);
  const Affine two = c.inAffine(1);
  const Affine out = c.outAffine();
  mcuprof_add_layer layer{};
  layer.shape = shape;
  mcuprof_add& p = layer.add;
  p.left_shift = is16 ? 15 : 20;
  p.in1_offset = -one.zeroPoint;
  p.in2_offset = -two.zeroPoint;
  p.out_offset = out.zeroPoint;
  const float most = std::max(one.scale, two.scale);
  const double shifted = static_cast<double>(1 << p.left_shift);
  double ratio1 = static_cast<double>(one.scale) / (2 * static_cast<double>(most));
  double ratio2 = static_cast<double>(two.scale) / (2 * static_cast<double>(most));
  double ratioOut = 2 * static_cast<double>(most) / (shifted * static_cast<double>(out.scale));
  if (isSub) {
    const float twice = 2 * most;
    ratio1 = static_cast<double>(one.scale / twice);
    ratio2 = static_cast<double>(two.scale / twice);
    ratioOut = static_cast<double>(twice / (static_cast<float>(shifted) * out.scale));
  }
  const bool usable = put(quantizeMultiplier(ratio1), p.in1_mult, p.in1_shift) &&
                      put(quantizeMultiplier(ratio2), p.in2_mult, p.in2_shift) &&
                      put(quantizeMultiplier(ratioOut), p.out_mult, p.out_shift);
  if (!usable || ratioOut >= 1.0) return refuse("its scales are too far apart");
  const auto [least, greatest] =
      activationRange(activation, c.out().type, out.scale, out.zeroPoint);
  p.act_min = least;
  p.act_max = greatest;
  const mcuprof_kind kind = isSub ? (is16 ? MCUPROF_KIND_SUB_S16 : MCUPROF_KIND_SUB_S8)
                                  : (is16 ? MCUPROF_KIND_ADD_S16 : MCUPROF_KIND_ADD_S8);
  return c.form(kind, 2, bytesOf(layer));
}

LayerOrRefusal lowerProduct(const LayerContext& c, const mcuprof_broadcast& shape,
                            Activation activation) {
  const bool is16 = c.out().type == ElementType::Int16;
  const Affine one = c.inAffine(0);
  const Affine two = c.inAffine(1);
  const Affine out = c.outAffine();
  mcuprof_mul_layer layer{};
  layer.shape = shape;
  mcuprof_mul& p = layer.mul;
  p.in1_offset = -one.zeroPoint;
  p.in2_offset = -two.zeroPoint;
  p.out_offset = out.zeroPoint;
  if (!put(quantizeMultiplier(static_cast<double>(one.scale) * static_cast<double>(two.scale) /
                              static_cast<double>(out.scale)),
           p.out_mult, p.out_shift)) {
    return refuse("its scales are too far apart");
  }
  const auto [least, greatest] =
      activationRange(activation, c.out().type, out.scale, out.zeroPoint);
  p.act_min = least;
  p.act_max = greatest;
  return c.form(is16 ? MCUPROF_KIND_MUL_S16 : MCUPROF_KIND_MUL_S8, 2, bytesOf(layer));
}

std::optional<mcuprof_operation> operationOf(OpKind kind) {
  if (kind == OpKind::Add) return MCUPROF_OPERATION_ADD;
  if (kind == OpKind::Sub) return MCUPROF_OPERATION_SUB;
  if (kind == OpKind::Mul) return MCUPROF_OPERATION_MUL;
  if (kind == OpKind::Div) return MCUPROF_OPERATION_DIV;
  if (kind == OpKind::Minimum) return MCUPROF_OPERATION_MIN;
  if (kind == OpKind::Maximum) return MCUPROF_OPERATION_MAX;
  return std::nullopt;
}

LayerOrRefusal lowerPlain(const LayerContext& c, const mcuprof_broadcast& shape,
                          Activation activation) {
  const auto operation = operationOf(c.view.op.kind);
  if (!operation) return refuseTypes(c);
  constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
  mcuprof_arithmetic_layer layer{};
  layer.shape = shape;
  layer.arithmetic = {*operation, kLeast, kMost};
  // TensorFlow Lite Micro's ADD of int32 has no activation.
  if (*operation != MCUPROF_OPERATION_ADD && activation == Activation::Relu) {
    layer.arithmetic.act_min = 0;
  } else if (*operation != MCUPROF_OPERATION_ADD && activation == Activation::Relu6) {
    layer.arithmetic = {*operation, 0, 6};
  } else if (*operation != MCUPROF_OPERATION_ADD && activation == Activation::ReluN1To1) {
    layer.arithmetic = {*operation, -1, 1};
  }
  return c.form(MCUPROF_KIND_ARITHMETIC_S32, 2, bytesOf(layer));
}

}  // namespace

LayerOrRefusal lowerArithmetic(const LayerContext& c) {
  using enum ElementType;
  const ElementType type = c.out().type;
  if (c.type(0) != type || c.type(1) != type) return refuseTypes(c);
  const auto shape = broadcastOf(c.in(0).shape, c.in(1).shape, c.out().shape);
  if (!shape) return refuse("its operands are broadcast along too many axes");
  const OpKind kind = c.view.op.kind;
  const bool hasActivation =
      kind == OpKind::Add || kind == OpKind::Sub || kind == OpKind::Mul || kind == OpKind::Div;
  const Activation activation =
      hasActivation ? c.view.attributes<ArithmeticAttributes>().activation : Activation::None;
  if (activation == Activation::Tanh || activation == Activation::SignBit) {
    return refuse("its fused activation has no kernel");
  }
  if (type == Int32) return lowerPlain(c, *shape, activation);
  if (type == Float32 && kind == OpKind::Add) {
    mcuprof_add_layer layer{};
    layer.shape = *shape;
    layer.act = activationRangeF32(activation);
    return c.form(MCUPROF_KIND_ADD_F32, 2, bytesOf(layer));
  }
  const bool isQuantised = type == Int8 || type == Int16;
  if (!isQuantised || (kind != OpKind::Add && kind != OpKind::Sub && kind != OpKind::Mul)) {
    return refuseTypes(c);
  }
  if (!c.haveScales({c.inId(0), c.inId(1), c.outId()})) {
    return refuse("a quantised tensor has no scale");
  }
  return kind == OpKind::Mul ? lowerProduct(c, *shape, activation)
                             : lowerSum(c, *shape, activation);
}

LayerOrRefusal lowerPrelu(const LayerContext& c) {
  using enum ElementType;
  if (c.type(0) != Int8 || c.type(1) != Int8 || c.out().type != Int8) return refuseTypes(c);
  if (!c.haveScales({c.inId(0), c.inId(1), c.outId()})) {
    return refuse("a quantised tensor has no scale");
  }
  const auto shape = broadcastOf(c.in(0).shape, c.in(1).shape, c.out().shape);
  if (!shape || c.in(0).shape != c.out().shape) {
    return refuse("its slopes are broadcast along too many axes");
  }
  const Affine in = c.inAffine(0);
  const Affine alpha = c.inAffine(1);
  const Affine out = c.outAffine();
  mcuprof_prelu_layer layer{};
  layer.shape = *shape;
  mcuprof_prelu& p = layer.prelu;
  p.in_offset = -in.zeroPoint;
  p.alpha_offset = -alpha.zeroPoint;
  p.out_offset = out.zeroPoint;
  const bool usable =
      put(quantizeMultiplier(static_cast<double>(in.scale) / static_cast<double>(out.scale)),
          p.mult, p.shift) &&
      put(quantizeMultiplier(static_cast<double>(in.scale) * static_cast<double>(alpha.scale) /
                             static_cast<double>(out.scale)),
          p.alpha_mult, p.alpha_shift);
  if (!usable) return refuse("a scale is beyond what a 32-bit multiplier holds");
  return c.form(MCUPROF_KIND_PRELU_S8, 2, bytesOf(layer));
}

}  // namespace mcuprof
