// Operators that join tensors, part them or pick from them along an axis.
#include <fmt/format.h>

#include <algorithm>

#include "analyzer/model/shape_rules.hpp"

namespace mcuprof {
namespace {

OpProblem wantAlike(const OpView& view, std::size_t input) {
  return fmt::format("input {} is {}, which does not go with {}", input, textOf(view.in(input)),
                     textOf(view.in(0)));
}

}  // namespace

OpProblem checkConcatenation(const OpView& view) {
  Extents wanted = extentsOf(view.in(0));
  const std::int32_t axis = view.attributes<AxisAttributes>().axis;
  const auto at = axisOf(axis, wanted.size());
  if (!at) return badAxis(axis, wanted.size());
  for (std::size_t i = 1; i < view.inputCount(); ++i) {
    const Shape& in = view.in(i);
    if (in.size() != wanted.size()) return wantAlike(view, i);
    for (std::size_t d = 0; d < in.size(); ++d) {
      if (d != *at && in[d] != wanted[d]) return wantAlike(view, i);
    }
    wanted[*at] += in[*at];
  }
  return wantOutput(view, 0, wanted);
}

OpProblem checkPack(const OpView& view) {
  const auto& a = view.attributes<AxisAttributes>();
  Extents wanted = extentsOf(view.in(0));
  const auto at = axisOf(a.axis, wanted.size() + 1);
  if (!at) return badAxis(a.axis, wanted.size() + 1);
  for (std::size_t i = 1; i < view.inputCount(); ++i) {
    if (view.in(i) != view.in(0)) return wantAlike(view, i);
  }
  wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(*at),
                static_cast<std::int64_t>(view.inputCount()));
  return wantOutput(view, 0, wanted);
}

OpProblem checkUnpack(const OpView& view) {
  const auto& a = view.attributes<AxisAttributes>();
  Extents wanted = extentsOf(view.in(0));
  const auto at = axisOf(a.axis, wanted.size());
  if (!at) return badAxis(a.axis, wanted.size());
  if (wanted[*at] != static_cast<std::int64_t>(view.outputCount())) {
    return fmt::format("has {} outputs, wanted {}", view.outputCount(), wanted[*at]);
  }
  wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(*at));
  for (std::size_t i = 0; i < view.outputCount(); ++i) {
    if (OpProblem problem = wantOutput(view, i, wanted)) return problem;
  }
  return std::nullopt;
}

OpProblem checkSplit(const OpView& view) {
  const auto axis = view.constant(0);
  if (!axis || axis->size() != 1) return std::nullopt;
  Extents wanted = extentsOf(view.in(1));
  const auto at = axisOf(axis->front(), wanted.size());
  if (!at) return badAxis(axis->front(), wanted.size());
  const auto parts = static_cast<std::int64_t>(view.outputCount());
  if (wanted[*at] % parts != 0) {
    return fmt::format("cannot part an extent of {} into {}", wanted[*at], parts);
  }
  wanted[*at] /= parts;
  for (std::size_t i = 0; i < view.outputCount(); ++i) {
    if (OpProblem problem = wantOutput(view, i, wanted)) return problem;
  }
  return std::nullopt;
}

OpProblem checkSplitV(const OpView& view) {
  const auto sizes = view.constant(1);
  const auto axis = view.constant(2);
  if (!sizes || !axis || axis->size() != 1) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  const auto at = axisOf(axis->front(), wanted.size());
  if (!at) return badAxis(axis->front(), wanted.size());
  if (sizes->size() != view.outputCount()) {
    return fmt::format("has {} outputs, wanted {}", view.outputCount(), sizes->size());
  }
  // One part may be "the rest".
  std::int64_t rest = wanted[*at];
  for (const std::int64_t size : *sizes) rest -= size < 0 ? 0 : size;
  for (std::size_t i = 0; i < sizes->size(); ++i) {
    wanted[*at] = (*sizes)[i] < 0 ? rest : (*sizes)[i];
    if (OpProblem problem = wantOutput(view, i, wanted)) return problem;
  }
  return std::nullopt;
}

OpProblem checkGather(const OpView& view) {
  const auto& a = view.attributes<AxisAttributes>();
  const Shape& in = view.in(0);
  const Shape& indices = view.in(1);
  const auto at = axisOf(a.axis, in.size());
  if (!at) return badAxis(a.axis, in.size());
  const std::int64_t batch =
      a.count < 0 ? a.count + static_cast<std::int64_t>(indices.size()) : a.count;
  if (batch < 0 || batch > static_cast<std::int64_t>(std::min(*at, indices.size()))) {
    return fmt::format("has {} batch dimensions, wanted 0 to {}", a.count,
                       std::min(*at, indices.size()));
  }
  const auto axis = static_cast<std::ptrdiff_t>(*at);
  Extents wanted(in.begin(), in.begin() + axis);
  wanted.insert(wanted.end(), indices.begin() + batch, indices.end());
  wanted.insert(wanted.end(), in.begin() + axis + 1, in.end());
  return wantOutput(view, 0, wanted);
}

OpProblem checkGatherNd(const OpView& view) {
  const Shape& in = view.in(0);
  const Shape& indices = view.in(1);
  if (indices.empty()) return "input 1 is a scalar, wanted at least one dimension";
  if (indices.back() > static_cast<std::int64_t>(in.size())) {
    return fmt::format("picks along {} dimensions, but the tensor has {}", indices.back(),
                       in.size());
  }
  Extents wanted(indices.begin(), indices.end() - 1);
  wanted.insert(wanted.end(), in.begin() + indices.back(), in.end());
  return wantOutput(view, 0, wanted);
}

OpProblem checkEmbeddingLookup(const OpView& view) {
  const Shape& table = view.in(1);
  if (table.empty()) return "input 1 is a scalar, wanted at least one dimension";
  Extents wanted = extentsOf(view.in(0));
  wanted.insert(wanted.end(), table.begin() + 1, table.end());
  return wantOutput(view, 0, wanted);
}

OpProblem checkTopK(const OpView& view) {
  const auto k = view.constant(1);
  if (!k || k->size() != 1) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  if (wanted.empty()) return "input 0 is a scalar, wanted at least one dimension";
  wanted.back() = k->front();
  if (OpProblem problem = wantOutput(view, 0, wanted)) return problem;
  return wantOutput(view, 1, wanted);
}

}  // namespace mcuprof
