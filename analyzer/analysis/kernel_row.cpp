#include "analyzer/analysis/kernel_row.hpp"

#include <algorithm>
#include <cstring>

namespace mcuprof {
namespace {

using enum KernelColumn::At;
using V = KernelVariable;

}  // namespace

KernelRow unitRow() {
  KernelRow row;
  row.fill(1);
  row[Ph] = row[Pw] = row[E0] = row[E1] = 0;
  return row;
}

KernelRow windowRow(const KernelShape& s) {
  KernelRow row = unitRow();
  row[N] = s[V::Batch];
  row[Ih] = s[V::InputHeight];
  row[Iw] = s[V::InputWidth];
  row[Ic] = s[V::InputChannels];
  row[Oh] = s[V::OutputHeight];
  row[Ow] = s[V::OutputWidth];
  row[Oc] = s[V::OutputChannels];
  row[Kh] = s[V::KernelHeight];
  row[Kw] = s[V::KernelWidth];
  row[Sh] = s[V::StrideHeight];
  row[Sw] = s[V::StrideWidth];
  row[Ph] = s[V::PadTop];
  row[Pw] = s[V::PadLeft];
  row[Dh] = std::max<std::int64_t>(1, s[V::DilationHeight]);
  row[Dw] = std::max<std::int64_t>(1, s[V::DilationWidth]);
  row[Cm] = std::max<std::int64_t>(1, s[V::ChannelMultiplier]);
  row[Gr] = std::max<std::int64_t>(1, s[V::Groups]);
  return row;
}

KernelRow vectorRow(std::int64_t length) {
  KernelRow row = unitRow();
  row[Ic] = length;
  return row;
}

std::optional<KernelRow> softmaxRow(const KernelShape& s) {
  if (s[V::IsInt8] == 0 || s[V::OutputInt8] == 0 || s[V::InputLast] == 0) return std::nullopt;
  KernelRow row = vectorRow(s[V::InputLast]);
  row[N] = s[V::InputElements] / s[V::InputLast];
  return row;
}

std::optional<KernelRow> padRow(const Graph& graph, const GraphOp& op, const KernelShape& s) {
  if (s[V::IsInt8] == 0 || op.inputs.size() < 2 || !op.inputs[1].tensor.valid())
    return std::nullopt;
  const GraphTensor& paddings = graph.tensors[op.inputs[1].tensor];
  const GraphTensor& input = graph.tensors[op.inputs[0].tensor];
  const std::size_t rank = input.shape.size();
  if (rank > 4 || paddings.type != ElementType::Int32 ||
      paddings.data.size() != rank * 2 * sizeof(std::int32_t))
    return std::nullopt;
  std::int64_t before[4] = {};
  std::int64_t behind[4] = {};
  for (std::size_t d = 0; d < rank; ++d) {
    std::int32_t pair[2];
    std::memcpy(pair, paddings.data.data() + d * sizeof pair, sizeof pair);
    before[4 - rank + d] = pair[0];
    behind[4 - rank + d] = pair[1];
  }
  if (before[0] != 0 || behind[0] != 0)
    return std::nullopt;  // batches are not among the counted shapes
  KernelRow row = windowRow(s);
  row[Kh] = row[Kw] = 1;
  row[Ph] = before[1];
  row[Pw] = before[2];
  row[E0] = before[3];
  row[Sh] = behind[1];
  row[Sw] = behind[2];
  row[E1] = behind[3];
  row[Cm] = row[Gr] = row[Dh] = row[Dw] = 1;
  return row;
}

}  // namespace mcuprof
