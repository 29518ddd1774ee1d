#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "device-agent/emulation/engine.hpp"

namespace mcuprof::test {

/// A Cortex-M that runs functions of an image and counts the instructions it executes, those that
/// an IT block switches off included. Fails the running test when the code touches memory that it
/// was not given, or does not return.
class Emulator {
 public:
  /// `core` as in "cortex-m4"; the image is an ELF file without start-up code.
  Emulator(const std::string& core, const std::filesystem::path& image);
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  /// Watches every access: slower, and finds reads outside the given buffers.
  void watchAccesses();

  /// Takes back all buffers.
  void reset();
  /// A buffer in RAM at a multiple of `alignment` plus `skew`, with nothing accessible on either
  /// side.
  std::uint32_t place(std::span<const std::byte> bytes, std::uint32_t alignment = 16,
                      std::uint32_t skew = 0);
  template <class T>
  std::uint32_t place(const std::vector<T>& values, std::uint32_t alignment = 16,
                      std::uint32_t skew = 0) {
    return place(std::as_bytes(std::span(values)), alignment, skew);
  }
  std::vector<std::byte> read(std::uint32_t address, std::size_t size) const;

  /// Calls a function of the image with one argument; returns how many instructions it executed.
  std::uint64_t call(const std::string& function, std::uint32_t argument);

  /// What went wrong in the last call; empty if nothing.
  const std::string& fault() const { return m_fault; }

  // For the hooks only.
  void onBlock(std::uint64_t address, std::uint32_t size);
  void onAccess(bool write, std::uint64_t address, int size);

 private:
  std::uint32_t instructionsIn(std::uint32_t address, std::uint32_t size) const;

  Engine m_engine;
  std::map<std::string, std::uint32_t> m_functions;
  std::unordered_map<std::uint64_t, std::uint32_t> m_blocks;  ///< by address and size: instructions
  std::map<std::uint32_t, std::uint32_t> m_allowed;           ///< first address and end of a buffer
  std::size_t m_fixedRanges = 0;
  std::uint32_t m_nextFree = 0;
  std::uint64_t m_executed = 0;
  std::string m_fault;
};

}  // namespace mcuprof::test
