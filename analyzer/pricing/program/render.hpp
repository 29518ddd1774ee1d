#pragma once

#include <string>
#include <string_view>

#include "analyzer/pricing/hot_loops.hpp"

namespace mcuprof {

/// For a terminal: one paragraph a loop, its instructions below it.
std::string renderPriceText(const FirmwarePrice& price, std::string_view file);

/// The same for programs; docs/pricing.md tells the fields.
std::string renderPriceJson(const FirmwarePrice& price, std::string_view file);

}  // namespace mcuprof
