// RESHAPE and its like, SHAPE, PAD, CONCATENATION, PACK, STRIDED_SLICE, TRANSPOSE.
#include <algorithm>
#include <cstring>

#include "device-agent/firmware/parameters.h"
#include "device-agent/host/lowering/layer_context.hpp"

namespace mcuprof {
namespace {

std::optional<std::int32_t> elementBytes(ElementType type) {
  const auto bits = bitsOf(type);
  if (!bits || (*bits != 8 && *bits != 16 && *bits != 32 && *bits != 64)) return std::nullopt;
  if (type == ElementType::Complex64 || type == ElementType::Float64) return std::nullopt;
  return *bits / 8;
}

/// Strides of a dense tensor, in elements.
std::vector<std::int32_t> stridesOf(const Shape& shape) {
  std::vector<std::int32_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

/// Lays out values along the innermost axes of an array with MCUPROF_MOVE_RANK entries.
void putInnermost(const std::vector<std::int32_t>& values, std::int32_t fill,
                  std::int32_t (&to)[MCUPROF_MOVE_RANK]) {
  std::fill(std::begin(to), std::end(to), fill);
  std::copy(values.begin(), values.end(), std::end(to) - values.size());
}

bool isTooDeep(const Shape& shape) {
  return shape.size() > MCUPROF_MOVE_RANK || elementsOf(shape) == 0;
}

constexpr std::string_view kTooDeep = "its tensors have more than six axes or no elements";

}  // namespace

LayerOrRefusal lowerCopy(const LayerContext& c) {
  if (c.in(0).bytes != c.out().bytes || !elementBytes(c.type(0))) return refuseTypes(c);
  return c.form(MCUPROF_KIND_COPY, 1, {});
}

LayerOrRefusal lowerShape(const LayerContext& c) {
  if (c.out().type != ElementType::Int32) return refuseTypes(c);
  const Shape& shape = c.in(0).shape;
  if (shape.empty()) return refuse("its input is a scalar");
  LayerForm form = c.form(MCUPROF_KIND_COPY, 0, {});
  form.inputs = {c.tensors.literal(ElementType::Int32, {static_cast<std::int32_t>(shape.size())},
                                   std::as_bytes(std::span(shape)))};
  return form;
}

// PAD pads with the output's zero point, PADV2 with its third input.
LayerOrRefusal lowerPad(const LayerContext& c) {
  const auto bytes = elementBytes(c.type(0));
  if (!bytes || c.out().type != c.type(0)) return refuseTypes(c);
  const auto paddings = c.view.constant(1);
  if (!paddings) return refuse("its paddings are computed at run time");
  const Shape& in = c.in(0).shape;
  const Shape& out = c.out().shape;
  if (isTooDeep(in) || isTooDeep(out)) return refuse(std::string(kTooDeep));
  if (paddings->size() != 2 * in.size()) return refuse("its paddings are not two an axis");
  mcuprof_pad p{};
  p.element_bytes = *bytes;
  std::vector<std::int32_t> before;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::int64_t ahead = (*paddings)[2 * i];
    const std::int64_t behind = (*paddings)[2 * i + 1];
    if (ahead < 0 || behind < 0 || in[i] + ahead + behind != out[i]) {
      return refuse("its paddings do not give its output");
    }
    before.push_back(static_cast<std::int32_t>(ahead));
  }
  putInnermost(in, 1, p.in);
  putInnermost(out, 1, p.out);
  putInnermost(before, 0, p.before);
  if (c.has(2)) {
    if (!c.in(2).isConstant || c.type(2) != c.type(0)) {
      return refuse("what it pads with is computed at run time");
    }
    std::memcpy(p.value, c.in(2).data.data(),
                std::min<std::size_t>(c.in(2).data.size(), static_cast<std::size_t>(*bytes)));
  } else if (c.type(0) == ElementType::Int8 || c.type(0) == ElementType::Int16) {
    const std::int32_t zero = c.outAffine().zeroPoint;
    std::memcpy(p.value, &zero, static_cast<std::size_t>(*bytes));
  }
  return c.form(MCUPROF_KIND_PAD, 1, bytesOf(p));
}

// CONCATENATION joins along an axis that the inputs have, PACK along a new one.
LayerOrRefusal lowerJoin(const LayerContext& c) {
  const auto& a = c.view.attributes<AxisAttributes>();
  const Shape& out = c.out().shape;
  const auto rank = static_cast<std::int32_t>(out.size());
  const std::int32_t axis = a.axis < 0 ? a.axis + rank : a.axis;
  if (axis < 0 || axis >= rank) return refuse("its axis is beyond its output's rank");
  if (a.activation != Activation::None) return refuse("its fused activation has no kernel");
  if (elementsOf(out) == 0 || c.view.inputCount() > 255) return refuse("it has too many inputs");
  for (std::size_t i = 0; i < c.view.inputCount(); ++i) {
    if (!c.has(i) || c.type(i) != c.out().type || elementsOf(c.in(i).shape) == 0 ||
        !elementBytes(c.type(i))) {
      return refuseTypes(c);
    }
    // The reference kernel copies, whatever the scales.
  }
  mcuprof_concatenation_layer p{};
  p.rows = static_cast<std::int32_t>(elementsOf(Shape(out.begin(), out.begin() + axis)));
  return c.form(MCUPROF_KIND_CONCATENATION, c.view.inputCount(), bytesOf(p));
}

LayerOrRefusal lowerStridedSlice(const LayerContext& c) {
  const auto bytes = elementBytes(c.type(0));
  if (!bytes || c.out().type != c.type(0)) return refuseTypes(c);
  const auto begins = c.view.constant(1);
  const auto ends = c.view.constant(2);
  const auto steps = c.view.constant(3);
  if (!begins || !ends || !steps) return refuse("its bounds are computed at run time");
  const auto& a = c.view.attributes<StridedSliceAttributes>();
  if (a.ellipsisMask != 0 || a.newAxisMask != 0) {
    return refuse("the agent's STRIDED_SLICE has no ellipsis and no new axes");
  }
  const Shape& in = c.in(0).shape;
  if (isTooDeep(in) || elementsOf(c.out().shape) == 0) return refuse(std::string(kTooDeep));
  if (begins->size() > in.size() || ends->size() != begins->size() ||
      steps->size() != begins->size()) {
    return refuse("its bounds do not fit its input");
  }
  const std::vector<std::int32_t> strides = stridesOf(in);
  mcuprof_view p{};
  p.element_bytes = *bytes;
  std::vector<std::int32_t> extents;
  std::vector<std::int32_t> walked;
  std::int64_t start = 0;
  std::int64_t elements = 1;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::int64_t extent = in[i];
    const bool isBound = i < begins->size();
    const auto bit = [&](std::int32_t mask) { return !isBound || ((mask >> i) & 1) != 0; };
    const std::int64_t step = isBound ? (*steps)[i] : 1;
    if (step == 0) return refuse("one of its steps is 0");
    // Positions before the first and behind the last element, in walking order.
    const std::int64_t lowest = step > 0 ? 0 : -1;
    const std::int64_t highest = step > 0 ? extent : extent - 1;
    const auto place = [&](std::int64_t at) {
      return std::clamp(at < 0 ? at + extent : at, lowest, highest);
    };
    std::int64_t first = step > 0 ? lowest : highest;
    if (!bit(a.beginMask)) first = place((*begins)[i]);
    std::int64_t end = step > 0 ? highest : lowest;
    if (!bit(a.endMask)) end = place(a.offset ? first + (*ends)[i] : (*ends)[i]);
    const bool isShrunk = isBound && ((a.shrinkAxisMask >> i) & 1) != 0;
    if (isShrunk) end = first + (step > 0 ? 1 : -1);
    const std::int64_t count =
        step > 0 ? (end - first + step - 1) / step : (first - end - step - 1) / -step;
    if (count < 1 || first < 0 || first >= extent) return refuse("it selects nothing");
    start += first * strides[i];
    elements *= count;
    extents.push_back(static_cast<std::int32_t>(count));
    walked.push_back(static_cast<std::int32_t>(step * strides[i]));
  }
  if (elements != elementsOf(c.out().shape)) return refuse("its bounds do not give its output");
  p.start = static_cast<std::int32_t>(start);
  putInnermost(extents, 1, p.extent);
  putInnermost(walked, 0, p.stride);
  return c.form(MCUPROF_KIND_STRIDED_SLICE, 1, bytesOf(p));
}

LayerOrRefusal lowerTranspose(const LayerContext& c) {
  const auto bytes = elementBytes(c.type(0));
  if (!bytes || c.out().type != c.type(0)) return refuseTypes(c);
  const auto order = c.view.constant(1);
  if (!order) return refuse("its order of axes is computed at run time");
  const Shape& in = c.in(0).shape;
  if (isTooDeep(in)) return refuse(std::string(kTooDeep));
  const auto rank = static_cast<std::int64_t>(in.size());
  if (order->size() != in.size()) return refuse("its order does not name every axis");
  const std::vector<std::int32_t> strides = stridesOf(in);
  std::vector<std::int32_t> extents;
  std::vector<std::int32_t> walked;
  for (const std::int64_t axis : *order) {
    if (axis < -rank || axis >= rank) return refuse("an axis is beyond its input's rank");
    const auto from = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
    extents.push_back(in[from]);
    walked.push_back(strides[from]);
  }
  if (elementsOf(extents) != elementsOf(c.out().shape)) {
    return refuse("its order does not name every axis once");
  }
  mcuprof_view p{};
  p.element_bytes = *bytes;
  putInnermost(extents, 1, p.extent);
  putInnermost(walked, 0, p.stride);
  return c.form(MCUPROF_KIND_TRANSPOSE, 1, bytesOf(p));
}

}  // namespace mcuprof
