#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analyzer/pricing/instruction.hpp"

namespace mcuprof {

struct LlvmTarget;

/// Why an instruction issued later than the one before it.
enum class StallReason : std::uint8_t {
  None,
  Register,   ///< an operand is not ready
  Resource,   ///< the unit it needs is taken
  Memory,     ///< a load or store before it is not done
  WriteBack,  ///< its result would overtake an older one: results are written in program order
};

/// One instruction in a steady iteration.
struct SimulatedInstruction {
  bool modelled = false;   ///< false: LLVM has no scheduling entry and it was left out
  double issueCycle = 0;   ///< from the first instruction of the iteration
  unsigned latency = 0;    ///< cycles until its result is there
  double ownCycles = 0;    ///< cycles for which it alone keeps its unit or the issue slots busy
  double stallCycles = 0;  ///< cycles it waited, in a steady iteration
  StallReason reason = StallReason::None;
};

struct ResourceUsage {
  std::string name;
  double cycles = 0;  ///< busy, in one steady iteration
};

struct Simulation {
  double steadyCycles = 0;  ///< (20 iterations - 10 iterations) / 10
  double singleCycles = 0;  ///< once, from an empty pipeline to the last result
  double issueCycles = 0;   ///< what issue width alone allows
  std::vector<ResourceUsage> resources;
  std::vector<SimulatedInstruction> instructions;
};

/// LLVM's machine-code analyzer for one core. Not for use from two threads at a time.
class Mca {
 public:
  explicit Mca(std::shared_ptr<const LlvmTarget> target);
  ~Mca();
  Mca(Mca&&) noexcept;
  Mca& operator=(Mca&&) noexcept;

  /// Simulates a sequence as the body of a loop. Branches are straight-line code to LLVM: the price
  /// has no refill in it. Memory answers at once, as a hit would.
  Simulation simulate(std::span<const Instruction> instructions);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace mcuprof
