#pragma once

#include <optional>
#include <string_view>

#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// A size as people write it: "262144", "256K", "256KB", "256KiB", "1.5M", "0x40000". Units are
/// powers of 1024 whatever their spelling, as memories are sold; a fraction must make whole bytes.
/// Nothing when it is no size or more than 1 TiB.
std::optional<Bytes> parseSize(std::string_view text);

}  // namespace mcuprof
