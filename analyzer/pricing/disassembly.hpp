#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/pricing/cores.hpp"
#include "analyzer/pricing/instruction.hpp"

namespace mcuprof {

struct LlvmTarget;

/// Decodes machine code for one core.
class Disassembler {
 public:
  explicit Disassembler(const PricingCore& core);

  /// Decodes from the start of `bytes`, which lie at `address`, and hands on each instruction: up
  /// to and including the first that ends the flow of control, up to bytes that are no instruction
  /// of this core, up to the end, or until `take` returns false. Predicates never reach from one
  /// call into the next.
  void run(std::span<const std::byte> bytes, std::uint32_t address,
           const std::function<bool(const Instruction&)>& take) const;

  /// Decodes everything. Bytes that are no instruction are left out in steps of two.
  std::vector<Instruction> all(std::span<const std::byte> bytes, std::uint32_t address) const;

  /// Text and registers of instructions that follow each other in execution.
  std::vector<InstructionDetail> details(std::span<const Instruction> instructions) const;

  const std::shared_ptr<const LlvmTarget>& target() const { return m_target; }

 private:
  std::shared_ptr<const LlvmTarget> m_target;
  Architecture m_architecture;
};

}  // namespace mcuprof
