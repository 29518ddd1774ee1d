#include "analyzer/pricing/price.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "analyzer/pricing/instruction_table.hpp"
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

double takenCycles(const Corrections& corrections, const Instruction& last) {
  switch (last.kind) {
    case InstructionKind::Branch:
    case InstructionKind::ConditionalBranch:
    case InstructionKind::Return:
    case InstructionKind::IndirectBranch:
    case InstructionKind::TableBranch:
    case InstructionKind::LoopStartWhile:
      return corrections.takenBranch.cycles;
    default:
      return 0;
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

/// A way through the body of a loop, from its header to a branch back.
struct Path {
  std::vector<std::uint32_t> blocks;  ///< those of inner loops left out
  std::size_t innerLoops = 0;
  double refill = 0;      ///< of the branches taken on the way, the branch back included
  std::size_t taken = 0;  ///< how many those are
};

/// Looks for the dearest and the cheapest way. Inner loops are passed as one step that costs
/// nothing.
class PathFinder {
 public:
  PathFinder(const ControlFlow& flow, const Loop& loop, const Corrections& corrections,
             const Disassembler& disassembler)
      : m_flow(flow), m_loop(loop), m_corrections(corrections) {
    m_id = static_cast<std::uint32_t>(&loop - flow.loops.data());
    for (const std::uint32_t block : loop.blocks) addNode(block, BasicBlock::kNone, disassembler);
    for (const std::uint32_t inner : loop.inner) {
      addNode(flow.loops[inner].header, inner, disassembler);
    }
    order();
  }

  Path find(bool dearest) const {
    // Best way from each node to a latch, latest nodes first.
    std::vector<Best> best(m_nodes.size());
    for (const std::size_t n : m_order) {
      const Node& node = m_nodes[n];
      for (const Exit& exit : node.exits) {
        Best way;
        way.valid = exit.back || best[exit.to].valid;
        if (!way.valid) continue;
        way.macs = node.macs + (exit.back ? 0 : best[exit.to].macs);
        way.weight = node.weight + exit.refill + (exit.back ? 0 : best[exit.to].weight);
        way.exit = static_cast<std::size_t>(&exit - node.exits.data());
        const bool better =
            dearest ? std::pair(way.macs, way.weight) > std::pair(best[n].macs, best[n].weight)
                    : way.weight < best[n].weight;
        if (!best[n].valid || better) best[n] = way;
      }
    }
    Path path;
    for (std::size_t n = 0; best[n].valid;) {
      const Node& node = m_nodes[n];
      if (node.inner == BasicBlock::kNone) {
        path.blocks.push_back(node.block);
      } else {
        ++path.innerLoops;
      }
      const Exit& exit = node.exits[best[n].exit];
      path.refill += exit.refill;
      path.taken += exit.refill > 0 ? 1 : 0;
      if (exit.back) return path;
      n = exit.to;
    }
    path.blocks = {m_loop.header};  // an irreducible tangle: the header alone
    return path;
  }

 private:
  struct Exit {
    std::size_t to = 0;
    bool back = false;
    double refill = 0;
  };
  struct Node {
    std::uint32_t block = 0;
    std::uint32_t inner = BasicBlock::kNone;
    std::int64_t macs = 0;
    double weight = 0;
    std::vector<Exit> exits;
  };
  struct Best {
    bool valid = false;
    std::int64_t macs = 0;
    double weight = 0;
    std::size_t exit = 0;
  };

  void addNode(std::uint32_t block, std::uint32_t inner, const Disassembler& disassembler) {
    Node node{.block = block, .inner = inner, .macs = 0, .weight = 0, .exits = {}};
    if (inner == BasicBlock::kNone) {
      const BasicBlock& b = m_flow.blocks[block];
      const auto run = std::span(m_flow.instructions).subspan(b.first, b.count);
      node.macs = countMacs(run, disassembler.details(run)).value;
      node.weight = static_cast<double>(b.count);
    }
    m_nodeOf.emplace_back(inner == BasicBlock::kNone ? block : inner + m_flow.blocks.size(),
                          m_nodes.size());
    m_nodes.push_back(std::move(node));
  }

  /// The node that holds a block: itself, or the loop right inside this one; none outside of this
  /// loop.
  std::optional<std::size_t> nodeOf(std::uint32_t block) const {
    std::uint32_t loop = m_flow.loopOf[block];
    std::size_t key = block;
    while (loop != m_id) {
      if (loop == BasicBlock::kNone) return std::nullopt;
      key = loop + m_flow.blocks.size();
      loop = m_flow.loops[loop].parent;
    }
    const auto at =
        std::lower_bound(m_nodeOf.begin(), m_nodeOf.end(), std::pair(key, std::size_t{0}));
    if (at == m_nodeOf.end() || at->first != key) return std::nullopt;
    return at->second;
  }

  void addExits(Node& node, std::uint32_t block, std::size_t self) {
    const BasicBlock& b = m_flow.blocks[block];
    const Instruction& last = m_flow.instructions[b.first + b.count - 1];
    for (const std::uint32_t next : b.successors) {
      const auto to = nodeOf(next);
      if (!to || (*to == self && next != m_loop.header)) continue;
      Exit exit;
      exit.back = next == m_loop.header;
      exit.to = *to;
      const bool taken = next == b.taken || last.kind == InstructionKind::TableBranch;
      exit.refill = taken ? takenCycles(m_corrections, last) : 0;
      node.exits.push_back(exit);
    }
  }

  void collectBlocks(std::uint32_t loop, std::vector<std::uint32_t>& blocks) const {
    std::vector<std::uint32_t> open = {loop};
    while (!open.empty()) {
      const Loop& inner = m_flow.loops[open.back()];
      open.pop_back();
      blocks.insert(blocks.end(), inner.blocks.begin(), inner.blocks.end());
      open.insert(open.end(), inner.inner.begin(), inner.inner.end());
    }
  }

  /// Node 0 must be the header's; m_order ends with it: every node comes after those it leads to.
  void order() {
    std::sort(m_nodeOf.begin(), m_nodeOf.end());
    const auto header = nodeOf(m_loop.header);
    if (header && *header != 0) {
      std::swap(m_nodes[0], m_nodes[*header]);
      for (auto& [key, node] : m_nodeOf) {
        node = node == 0 ? *header : node == *header ? 0 : node;
      }
    }
    for (std::size_t n = 0; n < m_nodes.size(); ++n) {
      if (m_nodes[n].inner == BasicBlock::kNone) {
        addExits(m_nodes[n], m_nodes[n].block, n);
      } else {
        std::vector<std::uint32_t> blocks;
        collectBlocks(m_nodes[n].inner, blocks);
        for (const std::uint32_t block : blocks) addExits(m_nodes[n], block, n);
      }
    }
    enum : char { kNew, kOpen, kDone };
    std::vector<char> state(m_nodes.size(), kNew);
    std::vector<std::pair<std::size_t, std::size_t>> stack = {{0, 0}};
    state[0] = kOpen;
    while (!stack.empty()) {
      auto& [n, next] = stack.back();
      auto& exits = m_nodes[n].exits;
      if (next == exits.size()) {
        state[n] = kDone;
        m_order.push_back(n);
        stack.pop_back();
        continue;
      }
      const Exit exit = exits[next];
      if (!exit.back && state[exit.to] == kOpen) {  // a cycle without a header of its own: cut it
        exits.erase(exits.begin() + static_cast<std::ptrdiff_t>(next));
        continue;
      }
      ++next;
      if (!exit.back && state[exit.to] == kNew) {
        state[exit.to] = kOpen;
        stack.emplace_back(exit.to, 0);
      }
    }
  }

  const ControlFlow& m_flow;
  const Loop& m_loop;
  const Corrections& m_corrections;
  std::uint32_t m_id = 0;
  std::vector<Node> m_nodes;
  std::vector<std::pair<std::size_t, std::size_t>>
      m_nodeOf;  ///< block, or block count + loop; sorted
  std::vector<std::size_t> m_order;
};

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
  const PathFinder finder(flow, loop, corrections, m_disassembler);
  const Path dearest = finder.find(true);
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
  const Path cheapest = finder.find(false);
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
