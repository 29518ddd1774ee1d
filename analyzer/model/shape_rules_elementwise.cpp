// Operators that work element by element or reduce along axes.
#include <fmt/format.h>

#include <algorithm>

#include "analyzer/model/shape_rules.hpp"

namespace mcuprof {

std::optional<Extents> broadcast(const Extents& a, const Extents& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  Extents result(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return std::nullopt;
    result[rank - 1 - i] = x == 1 ? y : x;
  }
  return result;
}

OpProblem checkSameShape(const OpView& view) {
  return wantOutput(view, 0, extentsOf(view.in(0)));
}

OpProblem checkBroadcast(const OpView& view) {
  Extents wanted = extentsOf(view.in(0));
  for (std::size_t i = 1; i < view.inputCount(); ++i) {
    const auto stretched = broadcast(wanted, extentsOf(view.in(i)));
    if (!stretched) {
      return fmt::format("inputs {} and {} cannot be stretched to each other", textOf(view.in(0)),
                         textOf(view.in(i)));
    }
    wanted = *stretched;
  }
  return wantOutput(view, 0, wanted);
}

OpProblem checkPrelu(const OpView& view) {
  const Extents in = extentsOf(view.in(0));
  if (broadcast(in, extentsOf(view.in(1))) != in) {
    return fmt::format("slopes are {}, wanted what stretches to {}", textOf(view.in(1)),
                       textOf(view.in(0)));
  }
  return wantOutput(view, 0, in);
}

// The condition may be one for all, one a row, or one an element; values are never stretched.
OpProblem checkSelect(const OpView& view) {
  if (view.in(1) != view.in(2)) {
    return fmt::format("inputs {} and {} differ, wanted the same", textOf(view.in(1)),
                       textOf(view.in(2)));
  }
  return wantOutput(view, 0, extentsOf(view.in(1)));
}

OpProblem checkAddN(const OpView& view) {
  for (std::size_t i = 1; i < view.inputCount(); ++i) {
    if (view.in(i) == view.in(0)) continue;
    return fmt::format("input {} is {}, wanted {}", i, textOf(view.in(i)), textOf(view.in(0)));
  }
  return checkSameShape(view);
}

OpProblem checkReduce(const OpView& view) {
  const auto axes = view.constant(1);
  if (!axes) return std::nullopt;
  const Shape& in = view.in(0);
  std::vector<bool> reduced(in.size());
  for (const std::int64_t axis : *axes) {
    const auto at = axisOf(axis, in.size());
    if (!at) return badAxis(axis, in.size());
    reduced[*at] = true;
  }
  Extents wanted;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!reduced[i]) {
      wanted.push_back(in[i]);
    } else if (view.attributes<ReduceAttributes>().keepDims) {
      wanted.push_back(1);
    }
  }
  return wantOutput(view, 0, wanted);
}

OpProblem checkArgReduce(const OpView& view) {
  const auto axis = view.constant(1);
  if (!axis || axis->size() != 1) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  const auto at = axisOf(axis->front(), wanted.size());
  if (!at) return badAxis(axis->front(), wanted.size());
  wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(*at));
  return wantOutput(view, 0, wanted);
}

}  // namespace mcuprof
