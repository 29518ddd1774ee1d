#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/analysis/schedule.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// A buffer to place into one of several regions.
struct PackItem {
  Bytes size;
  Lifetime life;
  std::int64_t touched =
      0;  ///< bytes moved in or out of it over its life; decides who gets fast memory
};

/// Where a buffer was put.
struct PackPlace {
  std::size_t region = 0;  ///< position in the list of capacities
  Bytes offset;
};

/// Places buffers one by one so that no two that are alive together share a byte and each lies in
/// one region; `capacities` are in order of speed, the fastest first. Nothing when no order that is
/// tried succeeds. Deterministic.
std::optional<std::vector<PackPlace>> packIntoRegions(std::span<const PackItem> items,
                                                      std::span<const Bytes> capacities);

/// The smallest number of bytes by which the largest region would have to grow so that parts which
/// are all needed at once lie in one region each; 0 when they fit. Exact up to eight parts, an
/// upper bound beyond.
Bytes missingFor(std::span<const Bytes> parts, std::span<const Bytes> capacities);

}  // namespace mcuprof
