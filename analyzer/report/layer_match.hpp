#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/report/figures.hpp"

namespace mcuprof {

/// A layer of the one model beside the layer of the other that it became; an index each, nothing
/// for a layer that was removed or inserted.
struct LayerPair {
  std::optional<std::size_t> base;
  std::optional<std::size_t> fresh;
  bool moved = false;  ///< both are there, in another order
  friend bool operator==(const LayerPair&, const LayerPair&) = default;
};

/// Which layer of `base` is which of `fresh`. Every layer is in one pair; pairs that have both are
/// of one operator kind and in order on both sides, but for those at the end, which moved: a name
/// that is unique on both sides and of the same kind.
///
/// Pairs are chosen for the fewest changes: a changed output costs 3, other changes of a layer 1, a
/// changed name 1, a layer that is inserted or removed 3. So names decide where structures agree,
/// and structures where the converter numbered the names anew. The result for two models swapped is
/// the same with the sides swapped.
///
/// Cost: the product of the numbers of layers between the first and the last that differ; beyond
/// 4 million, names that are unique on both sides split the models first.
std::vector<LayerPair> matchLayers(std::span<const LayerFigures> base,
                                   std::span<const LayerFigures> fresh);

}  // namespace mcuprof
