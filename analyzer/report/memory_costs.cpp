#include "analyzer/report/memory_costs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/analysis/card.hpp"
#include "analyzer/analysis/energy.hpp"
#include "analyzer/report/text_parts.hpp"

namespace mcuprof {
namespace {

constexpr double kWordBytes = 4;

MemoryCost cardCost(const Board& board, const MachineState& state, MemoryCost cost) {
  if (!board.sd || !state.sdClockHz) {
    cost.how = "no source gives the SPI clock of the card";
    return cost;
  }
  const SdCard& card = *board.sd;
  cost.milliseconds = 1e3 * cardSeconds(card, state.sdClockHz->value, kMemoryCostBytes);
  cost.basis = weaker(state.sdClockHz->basis, card.blockBytes.basis);
  cost.how = fmt::format("{} MHz SPI", megahertz(state.sdClockHz->value));
  if (card.commandMicroseconds) {
    cost.how += fmt::format(", {:g} us for each block of {} B", card.commandMicroseconds->value,
                            card.blockBytes.value);
    cost.basis = weaker(cost.basis, card.commandMicroseconds->basis);
  } else {
    cost.how += ", time of commands not known and left out";
  }
  return cost;
}

MemoryCost mappedCost(const Memory& memory, const MachineState& state, MemoryCost cost) {
  const MemoryTiming timing = timingOf(memory, state);
  if (!timing.known) {
    cost.how = "no source gives its wait states";
    return cost;
  }
  const auto bytes = static_cast<double>(kMemoryCostBytes.value);
  const double words = bytes / kWordBytes;
  const double stalls = timing.readStalls(bytes, bytes, words);
  cost.milliseconds = 1e3 * (words + stalls) / static_cast<double>(state.clockHz.value);
  cost.basis = weaker(state.clockHz.basis, timing.basis);
  cost.how = fmt::format("a word a cycle at {} MHz", megahertz(state.clockHz.value));
  if (timing.stallCycles > 0) {
    // Without a cache nothing keeps the rest of a wider unit until the next word.
    const std::int64_t each =
        timing.dataCached ? timing.unitBytes : std::min<std::int64_t>(timing.unitBytes, 4);
    cost.how += fmt::format(", {:g} wait states for each {} B", timing.stallCycles, each);
  } else {
    cost.how += ", no wait states";
  }
  return cost;
}

}  // namespace

std::vector<MemoryCost> memoryCosts(const Board& board, const MachineState& state) {
  CycleEstimate nothing;  // power depends on the machine state alone
  nothing.state = state;
  const EnergyEstimate energy = estimateEnergy(nothing, board);
  std::vector<MemoryCost> out;
  for (const Memory& memory : board.memories) {
    if (!memory.use.any()) continue;
    for (const bool write : {false, true}) {
      MemoryCost cost{memory.name, memory.kind, write, {}, {}, memory.basis, {}};
      const bool flash = memory.kind == MemoryKind::Flash || memory.kind == MemoryKind::Qspi;
      if (memory.kind == MemoryKind::Sd) {
        cost = cardCost(board, state, std::move(cost));
      } else if (flash && write) {
        cost.how = "no inference writes it, and no source gives the time to erase and program it";
      } else {
        cost = mappedCost(memory, state, std::move(cost));
      }
      if (cost.milliseconds && energy.known) {
        double milliwatts = energy.activeMilliwatts.value;
        Basis basis = energy.activeMilliwatts.basis;
        if (memory.kind == MemoryKind::Sd) {
          if (const auto card = cardMilliwatts(board, state)) {
            milliwatts += card->value;
            basis = weaker(basis, card->basis);
          }
        }
        cost.millijoules = *cost.milliseconds * milliwatts * 1e-3;
        cost.basis = weaker(cost.basis, basis);
      }
      out.push_back(std::move(cost));
    }
  }
  return out;
}

std::vector<MemoryPair> pairMemoryCosts(const std::vector<MemoryCost>& fresh,
                                        const std::vector<MemoryCost>& base) {
  std::vector<MemoryPair> out;
  const auto same = [](const MemoryCost& a) {
    return [&a](const MemoryCost& b) { return a.memory == b.memory && a.write == b.write; };
  };
  for (const MemoryCost& cost : fresh) {
    const auto found = std::ranges::find_if(base, same(cost));
    out.push_back({cost, found == base.end() ? std::nullopt : std::optional(*found)});
  }
  for (const MemoryCost& cost : base) {
    if (std::ranges::none_of(fresh, same(cost))) out.push_back({std::nullopt, cost});
  }
  return out;
}

std::string renderMemoryCosts(std::span<const MemoryCost> costs, const TextStyle& style) {
  using Align = TextTable::Align;
  TextTable table({{"1 MiB", Align::Left},
                   {"", Align::Left},
                   {"ms"},
                   {"mJ"},
                   {"basis", Align::Left},
                   {"from", Align::Left, 20}});
  for (const MemoryCost& cost : costs) {
    const auto number = [](const std::optional<double>& value) {
      return value ? fmt::format("{:.4g}", *value) : std::string();
    };
    table.addRow({cost.memory, cost.write ? "write" : "read", number(cost.milliseconds),
                  number(cost.millijoules),
                  cost.milliseconds ? std::string(nameOf(cost.basis)) : std::string(),
                  printable(cost.how)});
  }
  return table.render(style);
}

}  // namespace mcuprof
