#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/quantity.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/pricing/control_flow.hpp"
#include "analyzer/pricing/cores.hpp"
#include "analyzer/pricing/disassembly.hpp"
#include "analyzer/pricing/mca.hpp"

namespace mcuprof {

enum class Bottleneck : std::uint8_t {
  Dependency,  ///< instructions wait for results of others
  Resource,    ///< one unit is busy all the time
  FrontEnd,    ///< issue width: no more instructions fit into a cycle
};
std::string_view nameOf(Bottleneck bottleneck);

/// Cycles that the model did not see, or saw and should not have: they are added to its own.
struct Correction {
  std::string what;  ///< "pop {r4, r5, pc}: 4 cycles, the model has 1"
  double cycles = 0;
  Basis basis = Basis::Assumed;
  std::string_view source;
};

struct PricedInstruction {
  std::uint32_t address = 0;
  std::string text;
  bool modelled = true;   ///< false: LLVM has no entry; a correction stands for it
  double issueCycle = 0;  ///< from the start of a steady iteration
  double latency = 0;     ///< cycles until its result can be used
  double stallCycles = 0;
  std::string stall;  ///< why it waited: "waits for ldr r3, [r1]"; empty without a stall
};

/// What a straight run of instructions costs when it is repeated.
struct BlockPrice {
  PricingModel model = PricingModel::Mca;
  double modelCycles = 0;        ///< steady state by the model alone: (20 iterations - 10) / 10
  double singleCycles = 0;       ///< by the model, once from an empty pipeline
  double takenBranchCycles = 0;  ///< for each time the branch at its end is taken; not in `cycles`
  std::vector<Correction> corrections;  ///< those that are in `cycles`
  double cycles = 0;                    ///< modelCycles and the corrections
  Bottleneck bottleneck = Bottleneck::FrontEnd;
  std::string bottleneckUnit;  ///< with Bottleneck::Resource, LLVM's name of it
  double issueCycles = 0;      ///< what issue width alone allows
  std::vector<ResourceUsage> resources;
  std::vector<PricedInstruction> instructions;
};

/// What one iteration of a loop costs.
struct LoopPrice {
  std::uint32_t address = 0;  ///< of the header
  std::uint32_t depth = 1;
  bool innermost = true;
  std::size_t blocks = 0;     ///< in the loop, those of inner loops left out
  std::size_t codeBytes = 0;  ///< of those blocks
  double cycles = 0;  ///< along the dearest path with most MACs, corrections and refills included
  double shortestCycles = 0;       ///< along the cheapest path; equal where there is one path only
  Macs macs;                       ///< along the path priced
  bool macsAreUpperBound = false;  ///< vector instructions run under a predicate
  std::size_t calls = 0;           ///< on the path: what they call is not included
  std::size_t innerLoops = 0;      ///< on the path: passed once, not included
  BlockPrice path;                 ///< the path as one repeated run
};

/// Prices machine code for one core. Not for use from two threads at a time.
class Pricer {
 public:
  explicit Pricer(const PricingCore& core);

  const PricingCore& core() const { return *m_core; }
  const Disassembler& disassembler() const { return m_disassembler; }

  /// Prices bytes that run straight through, without or with a branch at their end.
  /// Bytes that are no instructions of this core are an error that names the place.
  Result<BlockPrice> priceBlock(std::span<const std::byte> bytes, std::uint32_t address);

  /// The same for instructions already decoded. `explain` adds text and stall reasons, for a
  /// reader.
  BlockPrice priceRun(std::span<const Instruction> instructions, bool explain);

  LoopPrice priceLoop(const ControlFlow& flow, const Loop& loop, bool explain);

 private:
  const PricingCore* m_core;
  Disassembler m_disassembler;
  std::optional<Mca> m_mca;
};

/// Prices a block for the core of this name: for callers that price one block only.
Result<BlockPrice> priceBlock(std::string_view core, std::span<const std::byte> bytes,
                              std::uint32_t address);

}  // namespace mcuprof
