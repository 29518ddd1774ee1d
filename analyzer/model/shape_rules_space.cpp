// Operators that cut, widen, repeat or fold extents.
#include <fmt/format.h>

#include <algorithm>

#include "analyzer/model/shape_rules.hpp"

namespace mcuprof {
namespace {

OpProblem wantCount(const char* what, std::size_t found, std::size_t wanted) {
  if (found == wanted) return std::nullopt;
  return fmt::format("has {} {}, wanted {}", found, what, wanted);
}

/// Elements that begin, end and stride leave of one extent.
std::int64_t sliced(std::int64_t extent, std::optional<std::int64_t> begin,
                    std::optional<std::int64_t> end, std::int64_t stride) {
  const std::int64_t lowest = stride > 0 ? 0 : -1;
  const std::int64_t highest = stride > 0 ? extent : extent - 1;
  const auto place = [&](std::int64_t at) {
    return std::clamp(at < 0 ? at + extent : at, lowest, std::max(lowest, highest));
  };
  const std::int64_t first = begin ? place(*begin) : (stride > 0 ? lowest : highest);
  const std::int64_t last = end ? place(*end) : (stride > 0 ? highest : lowest);
  const std::int64_t distance = stride > 0 ? last - first : first - last;
  const std::int64_t step = stride > 0 ? stride : -stride;
  return distance <= 0 ? 0 : (distance + step - 1) / step;
}

}  // namespace

OpProblem checkPad(const OpView& view) {
  const auto paddings = view.constant(1);
  if (!paddings) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  if (auto problem = wantCount("paddings", paddings->size(), 2 * wanted.size())) return problem;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i] += (*paddings)[2 * i] + (*paddings)[2 * i + 1];
  }
  return wantOutput(view, 0, wanted);
}

OpProblem checkSlice(const OpView& view) {
  const auto begin = view.constant(1);
  const auto size = view.constant(2);
  if (!begin || !size) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  if (auto problem = wantCount("begins", begin->size(), wanted.size())) return problem;
  if (auto problem = wantCount("sizes", size->size(), wanted.size())) return problem;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::int64_t rest = wanted[i] - (*begin)[i];
    const std::int64_t taken = (*size)[i] < 0 ? rest : (*size)[i];
    if ((*begin)[i] < 0 || taken > rest) {
      return fmt::format("takes {} elements from {} on, but dimension {} has {}", taken,
                         (*begin)[i], i, wanted[i]);
    }
    wanted[i] = taken;
  }
  return wantOutput(view, 0, wanted);
}

// Bit i of a mask is about entry i of begin, end and strides. An entry is about one dimension of
// the input, except that the ellipsis stands for as many as are left and a new axis for none.
OpProblem checkStridedSlice(const OpView& view) {
  const auto begin = view.constant(1);
  const auto end = view.constant(2);
  const auto strides = view.constant(3);
  if (!begin || !end || !strides) return std::nullopt;
  const Shape& in = view.in(0);
  const auto& a = view.attributes<StridedSliceAttributes>();
  const std::size_t entries = begin->size();
  if (entries > 32) return fmt::format("has {} begins, wanted at most 32", entries);
  if (auto problem = wantCount("ends", end->size(), entries)) return problem;
  if (auto problem = wantCount("strides", strides->size(), entries)) return problem;
  const auto isSet = [](std::int32_t mask, std::size_t bit) {
    return ((static_cast<std::uint32_t>(mask) >> bit) & 1U) != 0;
  };
  std::size_t consumed = 0;  // dimensions that entries other than the ellipsis are about
  bool hasEllipsis = false;
  for (std::size_t i = 0; i < entries; ++i) {
    if (isSet(a.ellipsisMask, i)) {
      hasEllipsis = true;
    } else if (!isSet(a.newAxisMask, i)) {
      ++consumed;
    }
  }
  if (consumed > in.size()) {
    return fmt::format("slices {} dimensions, but the tensor has {}", consumed, in.size());
  }
  std::size_t kept = hasEllipsis ? in.size() - consumed : 0;  // by the first ellipsis
  std::size_t at = 0;
  Extents wanted;
  for (std::size_t i = 0; i < entries; ++i) {
    if (isSet(a.ellipsisMask, i)) {
      for (; kept > 0; --kept) wanted.push_back(in[at++]);
      continue;
    }
    if (isSet(a.newAxisMask, i)) {
      wanted.push_back(1);
      continue;
    }
    const std::int64_t extent = in[at++];
    if ((*strides)[i] == 0) return fmt::format("has stride 0 in entry {}", i);
    if (isSet(a.shrinkAxisMask, i)) continue;  // one element, and the dimension goes
    const std::int64_t last = a.offset ? (*begin)[i] + (*end)[i] : (*end)[i];
    wanted.push_back(
        sliced(extent, isSet(a.beginMask, i) ? std::nullopt : std::optional((*begin)[i]),
               isSet(a.endMask, i) ? std::nullopt : std::optional(last), (*strides)[i]));
  }
  for (; at < in.size(); ++at) wanted.push_back(in[at]);
  return wantOutput(view, 0, wanted);
}

OpProblem checkTile(const OpView& view) {
  const auto multiples = view.constant(1);
  if (!multiples) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  if (auto problem = wantCount("multiples", multiples->size(), wanted.size())) return problem;
  for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] *= (*multiples)[i];
  return wantOutput(view, 0, wanted);
}

OpProblem checkResize(const OpView& view) {
  const Shape& in = view.in(0);
  Extents wanted = {in[0], view.out()[1], view.out()[2], in[3]};
  if (const auto size = view.constant(1)) {
    if (auto problem = wantCount("sizes", size->size(), 2)) return problem;
    wanted[1] = (*size)[0];
    wanted[2] = (*size)[1];
  }
  return wantOutput(view, 0, wanted);
}

OpProblem checkSpaceToDepth(const OpView& view) {
  const std::int64_t block = view.attributes<BlockAttributes>().blockSize;
  const Shape& in = view.in(0);
  if (in[1] % block != 0 || in[2] % block != 0) {
    return fmt::format("input 0 is {}, wanted multiples of block {}", textOf(in), block);
  }
  if (block > 65536) return fmt::format("has block {}, wanted at most 65536", block);
  return wantOutput(view, 0, {in[0], in[1] / block, in[2] / block, in[3] * block * block});
}

OpProblem checkDepthToSpace(const OpView& view) {
  const std::int64_t block = view.attributes<BlockAttributes>().blockSize;
  const Shape& in = view.in(0);
  if (block > 65536) return fmt::format("has block {}, wanted at most 65536", block);
  if (in[3] % (block * block) != 0) {
    return fmt::format("input 0 has {} channels, wanted a multiple of {}", in[3], block * block);
  }
  return wantOutput(view, 0, {in[0], in[1] * block, in[2] * block, in[3] / (block * block)});
}

OpProblem checkSpaceToBatch(const OpView& view) {
  const auto block = view.constant(1);
  const auto paddings = view.constant(2);
  if (!block || !paddings) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  if (block->size() + 1 > wanted.size()) return badAxis(1, wanted.size());
  if (auto problem = wantCount("paddings", paddings->size(), 2 * block->size())) return problem;
  for (std::size_t i = 0; i < block->size(); ++i) {
    const std::int64_t padded = wanted[i + 1] + (*paddings)[2 * i] + (*paddings)[2 * i + 1];
    if ((*block)[i] < 1 || padded % (*block)[i] != 0) {
      return fmt::format("padded extent {} is {}, wanted a multiple of block {}", i + 1, padded,
                         (*block)[i]);
    }
    wanted[i + 1] = padded / (*block)[i];
    // Beyond any tensor; keeps the next product within 63 bits.
    wanted[0] = std::min(wanted[0] * (*block)[i], std::int64_t{1} << 31);
  }
  return wantOutput(view, 0, wanted);
}

OpProblem checkBatchToSpace(const OpView& view) {
  const auto block = view.constant(1);
  const auto crops = view.constant(2);
  if (!block || !crops) return std::nullopt;
  Extents wanted = extentsOf(view.in(0));
  if (block->size() + 1 > wanted.size()) return badAxis(1, wanted.size());
  if (auto problem = wantCount("crops", crops->size(), 2 * block->size())) return problem;
  for (std::size_t i = 0; i < block->size(); ++i) {
    if ((*block)[i] < 1 || wanted[0] % (*block)[i] != 0) {
      return fmt::format("batch {} is no multiple of block {}", wanted[0], (*block)[i]);
    }
    wanted[0] /= (*block)[i];
    wanted[i + 1] = wanted[i + 1] * (*block)[i] - (*crops)[2 * i] - (*crops)[2 * i + 1];
  }
  return wantOutput(view, 0, wanted);
}

}  // namespace mcuprof
