#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace mcuprof {

/// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
std::string sha256Of(std::span<const std::byte> bytes);

}  // namespace mcuprof
