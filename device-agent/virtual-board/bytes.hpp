#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mcuprof::vboard {

/// Little-endian numbers in byte strings; the caller has checked that they lie inside.
inline std::uint32_t readLittle(std::span<const std::byte> bytes, std::size_t at,
                                std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
  }
  return value;
}
inline std::uint16_t read16(std::span<const std::byte> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(readLittle(bytes, at, 2));
}
inline std::uint32_t read32(std::span<const std::byte> bytes, std::size_t at) {
  return readLittle(bytes, at, 4);
}

inline void writeLittle(std::span<std::byte> bytes, std::size_t at, std::uint32_t value,
                        std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
  }
}
inline void write16(std::span<std::byte> bytes, std::size_t at, std::uint32_t value) {
  writeLittle(bytes, at, value, 2);
}
inline void write32(std::span<std::byte> bytes, std::size_t at, std::uint32_t value) {
  writeLittle(bytes, at, value, 4);
}

}  // namespace mcuprof::vboard
