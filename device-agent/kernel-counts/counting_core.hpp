#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/pricing/price.hpp"
#include "device-agent/emulation/engine.hpp"
#include "device-agent/firmware/program.h"

namespace mcuprof {

/// What one call executed. Instructions, loads, stores, multiplications and divisions include those
/// that an IT block switches off.
struct ExecutedCounts {
  std::uint64_t instructions = 0;
  std::uint64_t loads = 0;
  std::uint64_t stores = 0;
  std::uint64_t loadWords = 0;  ///< registers
  std::uint64_t storeWords = 0;
  std::uint64_t takenBranches = 0;  ///< calls and returns included
  std::uint64_t calls = 0;
  std::uint64_t divides = 0;
  std::uint64_t softDivides = 0;  ///< entries into the compiler's division
  std::uint64_t multiplies = 0;
  double cycles = 0;  ///< price of each block by the pricing library, without refills
  // Bytes moved.
  std::uint64_t weights = 0;
  std::uint64_t parameters = 0;  ///< all else of the layer program: tables, multipliers, biases
  std::uint64_t input = 0;
  std::uint64_t output = 0;      ///< stored
  std::uint64_t outputRead = 0;  ///< loaded back
  std::uint64_t scratchRead = 0;
  std::uint64_t scratchWritten = 0;
  std::uint64_t stackRead = 0;
  std::uint64_t stackWritten = 0;
  std::uint64_t constants = 0;  ///< of the image: literals, tables
};

/// The agent's image on an emulated core: executes single layers as the agent does and counts what
/// that takes. Code runs where the board would have it; program, arena and stack lie anywhere.
class CountingCore {
 public:
  /// `elf` is the agent's image with its symbols; `core` a name that the pricing library knows.
  static Result<std::unique_ptr<CountingCore>> make(const PricingCore& core,
                                                    std::span<const std::byte> elf,
                                                    const std::string& name);

  /// Executes layer 0 of a layer program once, its inputs filled with arbitrary bytes.
  Result<ExecutedCounts> run(std::span<const std::byte> program);

  // For the emulator's hooks only.
  void onBlock(std::uint32_t address, std::uint32_t size);
  void onAccess(bool write, std::uint32_t address, std::uint32_t size);

 private:
  /// A run of instructions up to the first that control may leave at, and what it adds.
  struct Block {
    std::uint32_t end = 0;
    ExecutedCounts counts;
  };
  struct Range {
    std::uint32_t end = 0;
    std::uint64_t ExecutedCounts::*read = nullptr;
    std::uint64_t ExecutedCounts::*written = nullptr;
  };

  explicit CountingCore(const PricingCore& core) : m_pricer(core) {}
  Result<void> load(std::span<const std::byte> elf, const std::string& name);
  Block priced(std::uint32_t start);
  void setRanges(const mcuprof_program_header& header, std::span<const std::byte> program);

  Pricer m_pricer;
  Engine m_engine;
  std::uint32_t m_imageEnd = 0;
  std::uint32_t m_layerRun = 0;
  std::vector<std::uint32_t> m_softDivisions;
  std::map<std::uint32_t, Range> m_ranges;  ///< by first address
  std::unordered_map<std::uint32_t, Block> m_blocks;
  const Block* m_current = nullptr;
  std::uint32_t m_next = 0;  ///< where the emulator's block ended
  ExecutedCounts m_counts;
  std::string m_trouble;
};

}  // namespace mcuprof
