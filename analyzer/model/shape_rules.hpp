#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/model/op_view.hpp"

namespace mcuprof {

/// Extents that a rule has worked out; wide, so that constants from a file cannot overflow them.
using Extents = std::vector<std::int64_t>;

/// The rules, one a family of operators. Each assumes that checkForm() has passed.
OpProblem checkConv2d(const OpView& view);
OpProblem checkDepthwiseConv2d(const OpView& view);
OpProblem checkTransposeConv(const OpView& view);
OpProblem checkConv3d(const OpView& view);
OpProblem checkPool(const OpView& view);

OpProblem checkFullyConnected(const OpView& view);
OpProblem checkBatchMatmul(const OpView& view);
OpProblem checkSvdf(const OpView& view);
OpProblem checkSequenceLstm(const OpView& view);
OpProblem checkRnn(const OpView& view);

OpProblem checkSameShape(const OpView& view);  ///< output as input 0
OpProblem checkBroadcast(const OpView& view);  ///< output as all inputs stretched to each other
OpProblem checkPrelu(const OpView& view);
OpProblem checkSelect(const OpView& view);
OpProblem checkAddN(const OpView& view);
OpProblem checkReduce(const OpView& view);
OpProblem checkArgReduce(const OpView& view);

OpProblem checkReshape(const OpView& view);
OpProblem checkSqueeze(const OpView& view);
OpProblem checkExpandDims(const OpView& view);
OpProblem checkTranspose(const OpView& view);
OpProblem checkShapeOf(const OpView& view);
OpProblem checkFill(const OpView& view, std::size_t shapeInput);  ///< a constant input is the shape
OpProblem checkOneHot(const OpView& view);
OpProblem checkMatrixDiag(const OpView& view);

OpProblem checkConcatenation(const OpView& view);
OpProblem checkPack(const OpView& view);
OpProblem checkUnpack(const OpView& view);
OpProblem checkSplit(const OpView& view);
OpProblem checkSplitV(const OpView& view);
OpProblem checkGather(const OpView& view);
OpProblem checkGatherNd(const OpView& view);
OpProblem checkEmbeddingLookup(const OpView& view);
OpProblem checkTopK(const OpView& view);

OpProblem checkPad(const OpView& view);
OpProblem checkSlice(const OpView& view);
OpProblem checkStridedSlice(const OpView& view);
OpProblem checkTile(const OpView& view);
OpProblem checkResize(const OpView& view);
OpProblem checkSpaceToDepth(const OpView& view);
OpProblem checkDepthToSpace(const OpView& view);
OpProblem checkSpaceToBatch(const OpView& view);
OpProblem checkBatchToSpace(const OpView& view);

/// What rules share.
Extents extentsOf(const Shape& shape);
OpProblem wantOutput(const OpView& view, std::size_t output, const Extents& wanted);
/// A bias, where there is one, must have `count` elements.
OpProblem wantBias(const OpView& view, std::size_t input, std::int64_t count);
/// The axis counted from 0, where a negative one counts from the end.
std::optional<std::size_t> axisOf(std::int64_t axis, std::size_t rank);
OpProblem badAxis(std::int64_t axis, std::size_t rank);
/// The extents of two shapes stretched to each other, or nothing when they do not fit.
std::optional<Extents> broadcast(const Extents& a, const Extents& b);

}  // namespace mcuprof
