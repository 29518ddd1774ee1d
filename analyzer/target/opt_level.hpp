#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mcuprof {

/// GCC's optimisation level of the kernel library.
enum class OptLevel : std::uint8_t { O2, O3, Os };
inline constexpr std::array<std::string_view, 3> kOptLevelNames = {"-O2", "-O3", "-Os"};
/// "-O2", "-O3", "-Os".
constexpr std::string_view nameOf(OptLevel level) {
  return kOptLevelNames[static_cast<std::size_t>(level)];
}

}  // namespace mcuprof
