// Operators that keep the elements and change their arrangement, and those that make a tensor of a
// shape.
#include <fmt/format.h>

#include <algorithm>

#include "analyzer/model/shape_rules.hpp"

namespace mcuprof {

OpProblem checkReshape(const OpView& view) {
  if (elementsOf(view.in(0)) == elementsOf(view.out())) return std::nullopt;
  return fmt::format("output 0 is {}, wanted the {} elements of {}", textOf(view.out()),
                     elementsOf(view.in(0)), textOf(view.in(0)));
}

OpProblem checkSqueeze(const OpView& view) {
  const Shape& in = view.in(0);
  const auto& dimensions = view.attributes<DimensionsAttributes>().dimensions;
  std::vector<bool> removed(in.size());
  for (std::size_t i = 0; i < in.size() && dimensions.empty(); ++i) removed[i] = in[i] == 1;
  for (const std::int32_t dimension : dimensions) {
    const auto at = axisOf(dimension, in.size());
    if (!at) return badAxis(dimension, in.size());
    if (in[*at] != 1) {
      return fmt::format("removes dimension {} of {}, wanted an extent of 1", *at, textOf(in));
    }
    removed[*at] = true;
  }
  Extents wanted;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!removed[i]) wanted.push_back(in[i]);
  }
  return wantOutput(view, 0, wanted);
}

OpProblem checkExpandDims(const OpView& view) {
  const auto axis = view.constant(1);
  if (!axis || axis->size() != 1) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  const auto at = axisOf(axis->front(), wanted.size() + 1);
  if (!at) return badAxis(axis->front(), wanted.size() + 1);
  wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(*at), 1);
  return wantOutput(view, 0, wanted);
}

OpProblem checkTranspose(const OpView& view) {
  const auto order = view.constant(1);
  if (!order) return std::nullopt;
  const Shape& in = view.in(0);
  if (order->size() != in.size()) {
    return fmt::format("permutes {} dimensions, but the tensor has {}", order->size(), in.size());
  }
  std::vector<bool> used(in.size());
  Extents wanted;
  for (const std::int64_t axis : *order) {
    const auto at = axisOf(axis, in.size());
    if (!at) return badAxis(axis, in.size());
    if (used[*at]) return fmt::format("permutes dimension {} twice", *at);
    used[*at] = true;
    wanted.push_back(in[*at]);
  }
  return wantOutput(view, 0, wanted);
}

OpProblem checkShapeOf(const OpView& view) {
  return wantOutput(view, 0, {static_cast<std::int64_t>(view.in(0).size())});
}

OpProblem checkFill(const OpView& view, std::size_t shapeInput) {
  const auto shape = view.constant(shapeInput);
  return shape ? wantOutput(view, 0, *shape) : std::nullopt;
}

OpProblem checkOneHot(const OpView& view) {
  const auto depth = view.constant(1);
  if (!depth || depth->size() != 1) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  const std::int32_t axis = view.attributes<AxisAttributes>().axis;
  const auto at = axisOf(axis, wanted.size() + 1);
  if (!at) return badAxis(axis, wanted.size() + 1);
  wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(*at), depth->front());
  return wantOutput(view, 0, wanted);
}

OpProblem checkMatrixDiag(const OpView& view) {
  Extents wanted = extentsOf(view.in(0));
  if (wanted.empty()) return "input 0 is a scalar, wanted at least one dimension";
  wanted.push_back(wanted.back());
  return wantOutput(view, 0, wanted);
}

}  // namespace mcuprof
