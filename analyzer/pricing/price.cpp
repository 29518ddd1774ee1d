#include "analyzer/pricing/price.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "analyzer/pricing/instruction_table.hpp"
#include "analyzer/pricing/loop_path.hpp"
#include "analyzer/pricing/macs.hpp"

namespace mcuprof {
namespace {

/// Longer runs are simulated in pieces: what one piece leaves in the pipeline for the next is then
/// lost, which is nothing beside its length.
constexpr std::size_t kLongestRun = 1024;

/// Cycles of this instruction in place of those the model has, if a correction says so.
std::optional<Charge> overrideOf(const Corrections& corrections, const Instruction& instruction) {
  const auto transfer = [&](const std::optional<TransferCharge>& charge) -> std::optional<Charge> {
    if (!charge) return std::nullopt;
    return Charge{std::max(1.0, charge->base + charge->perWord * instruction.registers),
                  charge->basis, charge->source};
  };
  switch (instruction.kind) {
    case InstructionKind::LoadMultiple:
      return transfer(corrections.loadMultiple);
    case InstructionKind::StoreMultiple:
      return transfer(corrections.storeMultiple);
    case InstructionKind::Return:
      return instruction.registers != 0 ? transfer(corrections.loadMultiple) : std::nullopt;
    case InstructionKind::LoadDouble:
      return corrections.loadDouble;
    case InstructionKind::StoreDouble:
      return corrections.storeDouble;
    case InstructionKind::LongMultiply:
      return corrections.longMultiply;
    case InstructionKind::Divide:
      return corrections.divide;
    default:
      return std::nullopt;
  }
}

/// What an instruction costs that the model has no entry for.
Charge rejectedCharge(const Corrections& corrections, const Instruction& instruction) {
  switch (instruction.kind) {
    case InstructionKind::It:
      return corrections.it;
    case InstructionKind::LoopStart:
    case InstructionKind::LoopStartWhile:
    case InstructionKind::LoopEnd:
      return corrections.loop;
    default:
      return {1, Basis::Assumed, "LLVM 19 has no scheduling entry; taken as one issue slot"};
  }
}

std::string nameOfInstruction(std::span<const InstructionDetail> details,
                              const Instruction& instruction, std::size_t i) {
  return details.empty() ? fmt::format("instruction at {:#x}", instruction.address)
                         : details[i].text;
}

/// The instruction before `at`, the loop taken round, that last wrote what `at` reads.
std::optional<std::size_t> producerOf(std::span<const InstructionDetail> details, std::size_t at) {
  const RegisterUnits& reads = details[at].reads;
  for (std::size_t back = 1; back <= details.size(); ++back) {
    const std::size_t i = (at + details.size() - back) % details.size();
    const RegisterUnits& writes = details[i].writes;
    const bool feeds = std::any_of(reads.begin(), reads.end(), [&](std::uint16_t unit) {
      return std::find(writes.begin(), writes.end(), unit) != writes.end();
    });
    if (feeds) return i;
  }
  return std::nullopt;
}

std::string stallText(StallReason reason, std::span<const InstructionDetail> details,
                      std::size_t at) {
  switch (reason) {
    case StallReason::None:
      return "";
    case StallReason::Register: {
      const auto producer = producerOf(details, at);
      return producer ? fmt::format("waits for the result of {}", details[*producer].text)
                      : "waits for an operand";
    }
    case StallReason::Resource:
      return "its unit is busy";
    case StallReason::Memory:
      return "waits for a load or store before it";
    case StallReason::WriteBack: {
      const std::size_t before = (at + details.size() - 1) % details.size();
      return fmt::format("results are written in order: behind {}", details[before].text);
    }
  }
  return "";
}

std::vector<Instruction> instructionsOf(const ControlFlow& flow,
                                        std::span<const std::uint32_t> blocks) {
  std::vector<Instruction> result;
  for (const std::uint32_t index : blocks) {
    const BasicBlock& block = flow.blocks[index];
    const auto first = flow.instructions.begin() + static_cast<std::ptrdiff_t>(block.first);
    result.insert(result.end(), first, first + static_cast<std::ptrdiff_t>(block.count));
  }
  return result;
}

}  // namespace

std::string_view nameOf(Bottleneck bottleneck) {
  switch (bottleneck) {
    case Bottleneck::Dependency:
      return "dependency";
    case Bottleneck::Resource:
      return "resource";
    case Bottleneck::FrontEnd:
      return "front end";
  }
  return "";
}

Pricer::Pricer(const PricingCore& core) : m_core(&core), m_disassembler(core) {
  if (core.model == PricingModel::Mca) m_mca.emplace(m_disassembler.target());
}

BlockPrice Pricer::priceRun(std::span<const Instruction> instructions, bool explain) {
  BlockPrice price;
  price.model = m_core->model;
  const Corrections& corrections = m_core->corrections;
  std::vector<InstructionDetail> details;
  if (explain) details = m_disassembler.details(instructions);
  price.instructions.resize(explain ? instructions.size() : 0);
  for (std::size_t i = 0; i < price.instructions.size(); ++i) {
    price.instructions[i].address = instructions[i].address;
    price.instructions[i].text = details[i].text;
  }
  const auto correct = [&](std::size_t i, double cycles, double had, const Charge& charge) {
    price.corrections.push_back({fmt::format("{}: {:g} {}, the model has {:g}",
                                             nameOfInstruction(details, instructions[i], i), cycles,
                                             cycles == 1 ? "cycle" : "cycles", had),
                                 cycles - had, charge.basis, charge.source});
  };

  if (m_core->model == PricingModel::Table) {
    const std::vector<double> cycles = tableCycles(*m_core->table, instructions);
    for (std::size_t i = 0; i < price.instructions.size(); ++i) {
      price.instructions[i].issueCycle = price.modelCycles;
      price.instructions[i].latency = cycles[i];
      price.modelCycles += cycles[i];
    }
    if (!explain) price.modelCycles = std::accumulate(cycles.begin(), cycles.end(), 0.0);
    price.singleCycles = price.issueCycles = price.modelCycles;
  } else {
    for (std::size_t from = 0; from < instructions.size(); from += kLongestRun) {
      const auto piece =
          instructions.subspan(from, std::min(kLongestRun, instructions.size() - from));
      const Simulation simulation = m_mca->simulate(piece);
      for (std::size_t i = 0; i < piece.size(); ++i) {
        const SimulatedInstruction& simulated = simulation.instructions[i];
        if (!simulated.modelled) {
          const Charge charge = rejectedCharge(corrections, piece[i]);
          price.corrections.push_back(
              {fmt::format("{}: unknown to the model, {:g} {}",
                           nameOfInstruction(details, piece[i], from + i), charge.cycles,
                           charge.cycles == 1 ? "cycle" : "cycles"),
               charge.cycles, charge.basis, charge.source});
        } else if (const auto charge = overrideOf(corrections, piece[i])) {
          if (charge->cycles != simulated.ownCycles) {
            correct(from + i, charge->cycles, simulated.ownCycles, *charge);
          }
        }
        if (!explain) continue;
        PricedInstruction& out = price.instructions[from + i];
        out.modelled = simulated.modelled;
        out.issueCycle = price.modelCycles + simulated.issueCycle;
        out.latency = simulated.latency;
        out.stallCycles = simulated.stallCycles;
        out.stall = stallText(simulated.reason, details, from + i);
      }
      price.modelCycles += simulation.steadyCycles;
      price.singleCycles += simulation.singleCycles;
      price.issueCycles += simulation.issueCycles;
      for (const ResourceUsage& usage : simulation.resources) {
        const auto same =
            std::find_if(price.resources.begin(), price.resources.end(),
                         [&](const ResourceUsage& r) { return r.name == usage.name; });
        if (same == price.resources.end()) {
          price.resources.push_back(usage);
        } else {
          same->cycles += usage.cycles;
        }
      }
    }
  }
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    const InstructionKind kind = instructions[i].kind;
    if (kind != InstructionKind::Call && kind != InstructionKind::IndirectCall) continue;
    price.corrections.push_back(
        {fmt::format("{}: refill after the call", nameOfInstruction(details, instructions[i], i)),
         corrections.takenBranch.cycles, corrections.takenBranch.basis,
         corrections.takenBranch.source});
  }
  if (!instructions.empty())
    price.takenBranchCycles = takenCycles(corrections, instructions.back());
  price.cycles = price.modelCycles;
  for (const Correction& correction : price.corrections) price.cycles += correction.cycles;

  const auto busiest =
      std::max_element(price.resources.begin(), price.resources.end(),
                       [](const auto& a, const auto& b) { return a.cycles < b.cycles; });
  const double busy = busiest == price.resources.end() ? 0 : busiest->cycles;
  constexpr double kSlack = 0.1;  // of a cycle: what 10 iterations leave undecided
  if (price.modelCycles > std::max(busy, price.issueCycles) + kSlack) {
    price.bottleneck = Bottleneck::Dependency;
  } else if (busy > price.issueCycles + kSlack) {
    price.bottleneck = Bottleneck::Resource;
    price.bottleneckUnit = busiest->name;
  }
  return price;
}

Result<BlockPrice> Pricer::priceBlock(std::span<const std::byte> bytes, std::uint32_t address) {
  if (bytes.empty()) return Error{fmt::format("{:#x}", address), "no bytes to price"};
  const std::vector<Instruction> instructions = m_disassembler.all(bytes, address);
  std::uint32_t at = address;
  for (const Instruction& instruction : instructions) {
    if (instruction.address != at) break;
    at = instruction.end();
  }
  if (at - address != bytes.size()) {
    return Error{fmt::format("{:#x}", at), fmt::format("no instruction of {}", m_core->name)};
  }
  return priceRun(instructions, true);
}

LoopPrice Pricer::priceLoop(const ControlFlow& flow, const Loop& loop, bool explain) {
  LoopPrice price;
  price.address = flow.instructions[flow.blocks[loop.header].first].address;
  price.depth = loop.depth;
  price.innermost = loop.innermost;
  price.blocks = loop.blocks.size();
  for (const std::uint32_t block : loop.blocks) {
    const BasicBlock& b = flow.blocks[block];
    const Instruction& last = flow.instructions[b.first + b.count - 1];
    price.codeBytes += last.end() - flow.instructions[b.first].address;
  }
  const Corrections& corrections = m_core->corrections;
  const LoopPaths paths = findLoopPaths(flow, loop, corrections, m_disassembler);
  const LoopPath& dearest = paths.dearest;
  const std::vector<Instruction> instructions = instructionsOf(flow, dearest.blocks);
  price.path = priceRun(instructions, explain);
  price.innerLoops = dearest.innerLoops;
  if (dearest.refill != 0) {
    price.path.corrections.push_back({fmt::format("refill after {} taken {}", dearest.taken,
                                                  dearest.taken == 1 ? "branch" : "branches"),
                                      dearest.refill, corrections.takenBranch.basis,
                                      corrections.takenBranch.source});
    price.path.cycles += dearest.refill;
  }
  price.cycles = price.shortestCycles = price.path.cycles;
  const std::vector<InstructionDetail> details = m_disassembler.details(instructions);
  price.macs = countMacs(instructions, details);
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    const InstructionKind kind = instructions[i].kind;
    if (kind == InstructionKind::Call || kind == InstructionKind::IndirectCall) ++price.calls;
    const std::string_view opcode = details[i].opcode;
    const bool predicates = opcode.rfind("MVE_LETP", 0) == 0 || opcode.rfind("MVE_VPST", 0) == 0 ||
                            opcode.rfind("MVE_VPT", 0) == 0;
    if (predicates && price.macs.value > 0) price.macsAreUpperBound = true;
  }
  const LoopPath& cheapest = paths.cheapest;
  if (cheapest.blocks != dearest.blocks) {
    const BlockPrice shortest = priceRun(instructionsOf(flow, cheapest.blocks), false);
    price.shortestCycles = std::min(price.cycles, shortest.cycles + cheapest.refill);
  }
  return price;
}

Result<BlockPrice> priceBlock(std::string_view core, std::span<const std::byte> bytes,
                              std::uint32_t address) {
  const auto found = findPricingCore(core);
  if (!found) return found.error();
  return Pricer(**found).priceBlock(bytes, address);
}

}  // namespace mcuprof
