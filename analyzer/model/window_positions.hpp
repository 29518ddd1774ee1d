#pragma once

#include <algorithm>
#include <cstdint>

#include "analyzer/model/op.hpp"

namespace mcuprof {

/// Positions of a window of `filter` elements, `dilation` apart, that moves by `stride` along an
/// extent, as TensorFlow counts them: 0 where the window is larger than the extent.
constexpr std::int64_t windowPositions(std::int64_t extent, std::int64_t filter,
                                       std::int64_t stride, std::int64_t dilation,
                                       Padding padding) {
  const std::int64_t reach = padding == Padding::Same ? 1 : (filter - 1) * dilation + 1;
  return std::max<std::int64_t>((extent + stride - reach) / stride, 0);
}

}  // namespace mcuprof
