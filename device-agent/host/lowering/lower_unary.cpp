// SOFTMAX, RELU, RELU6, LEAKY_RELU, LOGISTIC, TANH, HARD_SWISH, QUANTIZE, DEQUANTIZE, MEAN, CAST.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "device-agent/firmware/parameters.h"
#include "device-agent/host/lowering/layer_context.hpp"

namespace mcuprof {
namespace {

std::pair<std::int32_t, std::int32_t> rangeOf(ElementType type) {
  if (type == ElementType::Int8) return {-128, 127};
  if (type == ElementType::Int16) return {-32768, 32767};
  return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
}

bool isByteOrWord(ElementType type) {
  return type == ElementType::Int8 || type == ElementType::Int16;
}

constexpr std::string_view kNoScale = "a quantised tensor has no scale";
constexpr std::string_view kBadScale = "a scale is beyond what a 32-bit multiplier holds";

}  // namespace

LayerOrRefusal lowerSoftmax(const LayerContext& c) {
  using enum ElementType;
  const ElementType in = c.type(0);
  const ElementType out = c.out().type;
  if (!(in == Int8 && isByteOrWord(out)) && !(in == Int16 && out == Int16)) return refuseTypes(c);
  if (!c.haveScales({c.inId(0), c.outId()})) return refuse(std::string(kNoScale));
  const Shape& shape = c.in(0).shape;
  if (shape.empty() || elementsOf(shape) == 0) return refuse("its input is empty");
  const float beta = c.view.attributes<SoftmaxAttributes>().beta;
  const double scale = static_cast<double>(c.inAffine(0).scale);
  mcuprof_softmax_layer layer{};
  mcuprof_softmax& p = layer.softmax;
  p.depth = shape.back();
  p.rows = static_cast<std::int32_t>(elementsOf(shape) / p.depth);
  FixedMultiplier m;
  if (in == Int16) {
    m = quantizeMultiplier(scale * static_cast<double>(beta) / (10.0 / 65535.0));
    layer.exponential = c.builder.addConstants<std::int16_t>(makeExponentialTable());
    layer.reciprocal = c.builder.addConstants<std::int16_t>(makeReciprocalTable());
  } else {
    constexpr int kIntegerBits = 5;
    m = quantizeMultiplier(
        std::min(static_cast<double>(beta) * scale * static_cast<double>(1 << (31 - kIntegerBits)),
                 2147483647.0));
    if (m.shift < 0) return refuse("beta times its scale is below 2^-26");
    p.diff_min = -inputRadius(kIntegerBits, m.shift);
  }
  if (m.shift > 31 || m.shift < -31) return refuse(std::string(kBadScale));
  p.mult = m.value;
  p.shift = m.shift;
  return c.form(in == Int16    ? MCUPROF_KIND_SOFTMAX_S16
                : out == Int16 ? MCUPROF_KIND_SOFTMAX_S8_S16
                               : MCUPROF_KIND_SOFTMAX_S8,
                1, bytesOf(layer));
}

LayerOrRefusal lowerRelu(const LayerContext& c) {
  const ElementType type = c.type(0);
  if (!isByteOrWord(type) || c.out().type != type) return refuseTypes(c);
  if (!c.haveScales({c.inId(0), c.outId()})) return refuse(std::string(kNoScale));
  const Affine in = c.inAffine(0);
  const Affine out = c.outAffine();
  mcuprof_rescale p{};
  if (c.view.op.kind == OpKind::Relu6) {
    // It keeps the input's numbers, whatever the output's scale says.
    const auto [least, most] = activationRange(Activation::Relu6, type, in.scale, in.zeroPoint);
    p = {-in.zeroPoint, in.zeroPoint, 1 << 30, 1, least, most};
  } else {
    const FixedMultiplier m = quantizeMultiplier(static_cast<double>(in.scale / out.scale));
    if (!isUsable(m)) return refuse(std::string(kBadScale));
    const auto [least, most] = activationRange(Activation::Relu, type, out.scale, out.zeroPoint);
    p = {-in.zeroPoint, out.zeroPoint, m.value, m.shift, least, most};
  }
  return c.form(type == ElementType::Int8 ? MCUPROF_KIND_RELU_S8 : MCUPROF_KIND_RELU_S16, 1,
                bytesOf(p));
}

LayerOrRefusal lowerLeakyRelu(const LayerContext& c) {
  const ElementType type = c.type(0);
  if (!isByteOrWord(type) || c.out().type != type) return refuseTypes(c);
  if (!c.haveScales({c.inId(0), c.outId()})) return refuse(std::string(kNoScale));
  const Affine in = c.inAffine(0);
  const Affine out = c.outAffine();
  const float alpha = c.view.attributes<LeakyReluAttributes>().alpha;
  const FixedMultiplier negative =
      quantizeMultiplier(static_cast<double>(in.scale * alpha / out.scale));
  const FixedMultiplier positive = quantizeMultiplier(static_cast<double>(in.scale / out.scale));
  if (!isUsable(negative) || !isUsable(positive)) return refuse(std::string(kBadScale));
  const mcuprof_leaky_relu p{-in.zeroPoint,  out.zeroPoint,  positive.value,
                             positive.shift, negative.value, negative.shift};
  return c.form(
      type == ElementType::Int8 ? MCUPROF_KIND_LEAKY_RELU_S8 : MCUPROF_KIND_LEAKY_RELU_S16, 1,
      bytesOf(p));
}

namespace {

/// How LOGISTIC and TANH of int16 scale their input to positions in the table: three times the
/// value where its scale is a power of two that needs at most `mostShift` left shifts, else a
/// 15-bit multiplier.
std::optional<mcuprof_curve> curveOf(float scale, int mostShift) {
  int exponent = 0;
  const bool isPower = std::frexp(scale, &exponent) == 0.5F;
  const int left = 15 - 3 + exponent - 1;
  if (isPower && left >= 0 && left <= mostShift) return mcuprof_curve{3 * (1 << left), 0};
  double multiplier = static_cast<double>(scale) * 4096.0 * 3.0;
  std::int32_t shift = 0;
  while (multiplier <= 32767.0 / 2.0 && shift <= 30) {
    ++shift;
    multiplier *= 2.0;
  }
  if (multiplier > 32767.0) return std::nullopt;
  return mcuprof_curve{static_cast<std::int32_t>(multiplier), shift};
}

}  // namespace

LayerOrRefusal lowerCurve(const LayerContext& c) {
  const ElementType type = c.type(0);
  if (!isByteOrWord(type) || c.out().type != type) return refuseTypes(c);
  if (!c.haveScales({c.inId(0), c.outId()})) return refuse(std::string(kNoScale));
  const Affine in = c.inAffine(0);
  const Affine out = c.outAffine();
  const OpKind kind = c.view.op.kind;
  mcuprof_table_layer layer{};
  if (type == ElementType::Int16) {
    if (kind == OpKind::HardSwish) return refuseTypes(c);
    if (in.zeroPoint != 0 || out.zeroPoint != 0)
      return refuse("its int16 tensors have a zero point");
    const auto curve = curveOf(in.scale, kind == OpKind::Tanh ? 1 : 0);
    if (!curve) return refuse("its input's scale is above 2.6");
    layer.curve = *curve;
    layer.is_tanh = kind == OpKind::Tanh ? 1 : 0;
    layer.table = c.builder.addConstants<std::uint16_t>(makeSigmoidTable());
    return c.form(MCUPROF_KIND_TABLE_S16, 1, bytesOf(layer));
  }
  ByteTable table{};
  if (kind == OpKind::Logistic) {
    table = makeLogisticTable(in);
  } else if (kind == OpKind::Tanh) {
    table = makeTanhTable(in);
  } else {
    if (quantizeMultiplier(static_cast<double>((1.0F / 128.0F) * in.scale / out.scale)).shift > 0) {
      return refuse("its output's scale is below 1/128 of its input's");
    }
    table = makeHardSwishTable(in, out);
  }
  layer.table = c.builder.addConstants<std::int8_t>(table);
  return c.form(MCUPROF_KIND_TABLE_S8, 1, bytesOf(layer));
}

LayerOrRefusal lowerQuantize(const LayerContext& c) {
  using enum ElementType;
  const ElementType in = c.type(0);
  const ElementType out = c.out().type;
  if (!c.haveScales({c.outId()})) return refuse(std::string(kNoScale));
  const Affine to = c.outAffine();
  if (in == Float32) {
    if (!isByteOrWord(out)) return refuseTypes(c);
    return c.form(MCUPROF_KIND_QUANTIZE_F32, 1,
                  bytesOf(mcuprof_scale_layer{to.scale, to.zeroPoint}));
  }
  const bool isNarrowing = in == Int32 && isByteOrWord(out);
  const bool isAny = isByteOrWord(in) && (isByteOrWord(out) || out == Int32);
  if (!isNarrowing && !isAny) return refuseTypes(c);
  if (!c.haveScales({c.inId(0)})) return refuse(std::string(kNoScale));
  const Affine from = c.inAffine(0);
  const FixedMultiplier m =
      quantizeMultiplier(static_cast<double>(from.scale) / static_cast<double>(to.scale));
  if (!isUsable(m)) return refuse(std::string(kBadScale));
  const auto [least, most] = rangeOf(out);
  const mcuprof_rescale p{-from.zeroPoint, to.zeroPoint, m.value, m.shift, least, most};
  return c.form(MCUPROF_KIND_REQUANTIZE, 1, bytesOf(p));
}

LayerOrRefusal lowerDequantize(const LayerContext& c) {
  if (!isByteOrWord(c.type(0)) || c.out().type != ElementType::Float32) return refuseTypes(c);
  if (!c.haveScales({c.inId(0)})) return refuse(std::string(kNoScale));
  const Affine from = c.inAffine(0);
  return c.form(MCUPROF_KIND_DEQUANTIZE, 1,
                bytesOf(mcuprof_scale_layer{from.scale, from.zeroPoint}));
}

LayerOrRefusal lowerMean(const LayerContext& c) {
  const ElementType type = c.type(0);
  if (!isByteOrWord(type) || c.out().type != type) return refuseTypes(c);
  const auto axes = c.view.constant(1);
  if (!axes) return refuse("its axes are computed at run time");
  if (!c.haveScales({c.inId(0), c.outId()})) return refuse(std::string(kNoScale));
  const Shape& shape = c.in(0).shape;
  const auto rank = static_cast<std::int64_t>(shape.size());
  if (elementsOf(shape) == 0) return refuse("its input is empty");
  std::vector<bool> isReduced(shape.size());
  for (const std::int64_t axis : *axes) {
    if (axis < -rank || axis >= rank) return refuse("an axis is beyond its input's rank");
    isReduced[static_cast<std::size_t>(axis < 0 ? axis + rank : axis)] = true;
  }
  // Neighbours of one sort are one axis; innermost first.
  struct Axis {
    std::int32_t extent, stride;
  };
  std::vector<Axis> kept;
  std::vector<Axis> reduced;
  std::int32_t stride = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    std::vector<Axis>& sort = isReduced[i] ? reduced : kept;
    if (!sort.empty() && sort.back().extent * sort.back().stride == stride) {
      sort.back().extent *= shape[i];
    } else if (shape[i] > 1) {
      sort.push_back({shape[i], stride});
    }
    stride *= shape[i];
  }
  if (kept.size() > MCUPROF_REDUCE_RANK || reduced.size() > MCUPROF_REDUCE_RANK) {
    return refuse("its axes alternate more than three times");
  }
  mcuprof_mean p{};
  std::int64_t count = 1;
  for (std::size_t i = 0; i < MCUPROF_REDUCE_RANK; ++i) {
    const std::size_t at = MCUPROF_REDUCE_RANK - 1 - i;
    p.kept[at] = i < kept.size() ? kept[i].extent : 1;
    p.kept_stride[at] = i < kept.size() ? kept[i].stride : 0;
    p.reduced[at] = i < reduced.size() ? reduced[i].extent : 1;
    p.reduced_stride[at] = i < reduced.size() ? reduced[i].stride : 0;
    count *= p.reduced[at];
  }
  const Affine in = c.inAffine(0);
  const Affine out = c.outAffine();
  const FixedMultiplier m =
      quantizeMultiplier(static_cast<double>(in.scale) / static_cast<double>(out.scale));
  // The division by the count goes into the multiplier, with as many bits as it has room for.
  const int bits = 63 - std::countl_zero(static_cast<std::uint64_t>(count));
  const int shift = std::min({bits, 32, 31 + m.shift});
  p.mult = static_cast<std::int32_t>((static_cast<std::int64_t>(m.value) << shift) / count);
  p.shift = m.shift - shift;
  if (p.shift < -31 || p.shift > 30) return refuse(std::string(kBadScale));
  p.offset = static_cast<std::int32_t>(in.zeroPoint * count);
  p.out_offset = out.zeroPoint;
  return c.form(type == ElementType::Int8 ? MCUPROF_KIND_MEAN_S8 : MCUPROF_KIND_MEAN_S16, 1,
                bytesOf(p));
}

LayerOrRefusal lowerCast(const LayerContext& c) {
  using enum ElementType;
  const auto isInteger = [](ElementType type) {
    return type == Int8 || type == Uint8 || type == Int16 || type == Uint16 || type == Int32 ||
           type == Uint32 || type == Int64 || type == Uint64;
  };
  if (!isInteger(c.type(0)) || !isInteger(c.out().type)) return refuseTypes(c);
  return c.form(MCUPROF_KIND_CAST, 1, {});
}

}  // namespace mcuprof
