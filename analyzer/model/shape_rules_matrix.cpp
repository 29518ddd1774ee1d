// Operators that multiply matrices: dense layers and recurrent cells.
#include <fmt/format.h>

#include <utility>

#include "analyzer/base/checked_math.hpp"
#include "analyzer/model/shape_rules.hpp"

namespace mcuprof {

OpProblem checkFullyConnected(const OpView& view) {
  const Shape& in = view.in(0);
  const Shape& weights = view.in(1);  // units, depth
  const std::int64_t units = weights[0];
  const std::int64_t depth = weights[1];
  const std::int64_t elements = elementsOf(in);
  if (depth == 0 || elements % depth != 0) {
    return fmt::format("input 0 is {}, wanted a multiple of the weights' depth {}", textOf(in),
                       depth);
  }
  if (OpProblem problem = wantBias(view, 2, units)) return problem;
  if (view.attributes<FullyConnectedAttributes>().keepNumDims) {
    if (in.empty() || in.back() != depth) {
      return fmt::format("input 0 is {}, wanted {} last", textOf(in), depth);
    }
    Extents wanted = extentsOf(in);
    wanted.back() = units;
    return wantOutput(view, 0, wanted);
  }
  // Converters write 1xU, 1x1xU or just U; the runtime only counts.
  if (!view.out().empty() && view.out().back() == units &&
      checkedMultiply(elements / depth, units) == elementsOf(view.out())) {
    return std::nullopt;
  }
  return wantOutput(view, 0, {elements / depth, units});
}

OpProblem checkBatchMatmul(const OpView& view) {
  const auto& a = view.attributes<BatchMatMulAttributes>();
  Extents x = extentsOf(view.in(0));
  Extents y = extentsOf(view.in(1));
  const auto takeLast = [](Extents& extents, bool adjoint) {
    std::pair<std::int64_t, std::int64_t> rowsAndColumns{extents[extents.size() - 2],
                                                         extents.back()};
    extents.resize(extents.size() - 2);
    if (adjoint) std::swap(rowsAndColumns.first, rowsAndColumns.second);
    return rowsAndColumns;
  };
  const auto [rows, inner] = takeLast(x, a.adjointX);
  const auto [otherInner, columns] = takeLast(y, a.adjointY);
  const auto batch = broadcast(x, y);
  if (inner != otherInner || !batch) {
    return fmt::format("inputs {} and {} cannot be multiplied", textOf(view.in(0)),
                       textOf(view.in(1)));
  }
  Extents wanted = *batch;
  wanted.push_back(rows);
  wanted.push_back(columns);
  return wantOutput(view, 0, wanted);
}

OpProblem checkSvdf(const OpView& view) {
  const std::int64_t rank = view.attributes<RecurrentAttributes>().rank;
  const Shape& in = view.in(0);        // batch, features
  const Shape& features = view.in(1);  // filters, features
  const Shape& time = view.in(2);      // filters, memory
  if (features[1] != in[1]) {
    return fmt::format("input 0 has {} features, wanted the weights' {}", in[1], features[1]);
  }
  if (rank < 1 || features[0] % rank != 0) {
    return fmt::format("has {} filters, wanted a multiple of rank {}", features[0], rank);
  }
  if (time[0] != features[0]) {
    return fmt::format("time weights have {} filters, wanted {}", time[0], features[0]);
  }
  const std::int64_t units = features[0] / rank;
  if (OpProblem problem = wantBias(view, 3, units)) return problem;
  return wantOutput(view, 0, {in[0], units});
}

OpProblem checkSequenceLstm(const OpView& view) {
  const Shape& in = view.in(0);         // time and batch in either order, features
  const Shape& weights = view.in(4);    // cells, features
  const Shape& recurrent = view.in(8);  // cells, outputs; one dimension when diagonal
  if (weights.size() != 2 || weights[1] != in[2]) {
    return fmt::format("input 4 is {}, wanted two dimensions, {} last", textOf(weights), in[2]);
  }
  for (const std::size_t gate : {1U, 2U, 3U}) {
    if (!view.has(gate) || view.in(gate) == weights) continue;
    return fmt::format("input {} is {}, wanted {}", gate, textOf(view.in(gate)), textOf(weights));
  }
  for (const std::size_t gate : {5U, 6U, 7U}) {
    if (!view.has(gate) || view.in(gate) == recurrent) continue;
    return fmt::format("input {} is {}, wanted {}", gate, textOf(view.in(gate)), textOf(recurrent));
  }
  for (const std::size_t gate : {12U, 13U, 14U, 15U}) {
    if (OpProblem problem = wantBias(view, gate, weights[0])) return problem;
  }
  return wantOutput(view, 0, {in[0], in[1], recurrent.back()});
}

OpProblem checkRnn(const OpView& view) {
  const Shape& in = view.in(0);
  const Shape& weights = view.in(1);  // units, features
  if (weights.size() != 2 || weights[1] != in.back()) {
    return fmt::format("input 1 is {}, wanted two dimensions, {} last", textOf(weights), in.back());
  }
  if (OpProblem problem = wantBias(view, 3, weights[0])) return problem;
  Extents wanted = extentsOf(in);
  wanted.back() = weights[0];
  return wantOutput(view, 0, wanted);
}

}  // namespace mcuprof
