#include "analyzer/report/assumptions.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "analyzer/report/text.hpp"
#include "analyzer/report/text_parts.hpp"

namespace mcuprof {
namespace {

class Rows {
 public:
  void group(std::string name) { m_group = std::move(name); }
  void add(std::string name, std::string value, Basis basis, std::string_view source) {
    m_out.push_back({m_group, std::move(name), std::move(value), basis, printable(source)});
  }
  void bytes(std::string name, const std::optional<Sourced<std::int64_t>>& fact) {
    if (fact) add(std::move(name), grouped(fact->value) + " B", fact->basis, fact->source);
  }
  void text(std::string name, std::string_view value) {
    if (value.empty()) return;
    m_out.push_back({m_group, std::move(name), printable(value), std::nullopt, {}});
  }
  void append(std::vector<FactRow> rows) {
    for (FactRow& row : rows) m_out.push_back(std::move(row));
  }
  std::vector<FactRow> take() { return std::move(m_out); }

 private:
  std::string m_group;
  std::vector<FactRow> m_out;
};

void addGiven(Rows& out, const PlacementOptions& options) {
  out.group("set by you");
  const auto size = [&](const char* name, const std::optional<Bytes>& bytes) {
    if (bytes) out.text(name, grouped(*bytes) + " B");
  };
  size("RAM in total", options.sram);
  size("reserve", options.reserve);
  size("stack", options.stack);
  size("static", options.staticBytes);
  out.text("weights in", options.weights);
  if (options.joinAdjacent) out.text("RAM", "regions whose addresses touch are one");
}

void addMachine(Rows& out, const Analysis& analysis) {
  const MachineState& state = analysis.cycles.state;
  const Core& core = analysis.target->core;
  out.group("machine state");
  out.text("in short", state.text());
  out.add("clock", megahertz(state.clockHz.value) + " MHz", state.clockHz.basis,
          state.clockHz.source);
  if (state.flashStallCycles) {
    out.add("flash wait states", fmt::format("{}", state.flashStallCycles->value),
            state.flashStallCycles->basis, state.flashStallCycles->source);
  } else {
    out.text("flash wait states", "no source tells; stalls are left out, the interval is wider");
  }
  if (state.sdClockHz) {
    out.add("card clock", megahertz(state.sdClockHz->value) + " MHz", state.sdClockHz->basis,
            state.sdClockHz->source);
  }
  out.group("cost model");
  if (core.instructionRate) {
    out.add("cycles an instruction", fmt::format("{:.3g}", core.instructionRate->value),
            core.instructionRate->basis, core.instructionRate->source);
  }
  if (core.unmodelled) {
    out.add("what it leaves out", fmt::format("{:+.1f} %", 100 * (core.unmodelled->value - 1)),
            core.unmodelled->basis, core.unmodelled->source);
  }
  out.text("band of the board", fmt::format("90 %: +-{:.0f} %", 100 * core.boardBand));
  out.text("band of a layer", fmt::format("90 %: +-{:.0f} %", 100 * core.layerBand));
}

void addRuntime(Rows& out, const Target& target) {
  const Runtime& runtime = target.runtime;
  out.group(fmt::format("runtime {} {}", runtime.name, runtime.version));
  out.text("source", runtime.source);
  out.bytes("static data", runtime.staticBytes);
  out.bytes("stack", runtime.stackBytes);
  out.bytes("code in flash", runtime.codeBytes);
  if (runtime.operatorFeeCycles) {
    out.add("work for one operator", grouped(runtime.operatorFeeCycles->value) + " cycles",
            runtime.operatorFeeCycles->basis, runtime.operatorFeeCycles->source);
  }
  out.text("compiled", std::string(nameOf(runtime.opt)));
  if (const auto& kernels = target.costs.kernels) {
    out.text("kernels counted", kernels->otherVersion
                                    ? kernels->version + ", not the runtime's: wider intervals"
                                    : kernels->version);
  }
}

void addEnergy(Rows& out, const Analysis& analysis) {
  const EnergyEstimate& energy = analysis.energy;
  out.group("energy");
  if (!energy.known) {
    out.text("unknown", energy.reason);
    return;
  }
  out.add("power while computing", fmt::format("{:.4g} mW", energy.activeMilliwatts.value),
          energy.activeMilliwatts.basis, energy.powerSource);
  out.text("state", energy.powerState);
  const auto& supply = analysis.cycles.state.supplyVolts;
  out.add("supply", fmt::format("{:g} V", energy.supplyVolts), energy.supplyBasis,
          supply ? supply->source : energy.powerSource);
}

}  // namespace

std::vector<FactRow> assumptionsOf(const Analysis& analysis, const Report& report) {
  Rows out;
  addGiven(out, analysis.options);
  addMachine(out, analysis);
  addRuntime(out, *analysis.target);
  addEnergy(out, analysis);
  out.append(boardFacts(analysis.target->board, analysis.target->core));
  out.group("notes of the report");
  for (const std::string& note : report.notes) out.text("note", note);
  return out.take();
}

std::vector<FactDifference> diffFacts(const std::vector<FactRow>& fresh,
                                      const std::vector<FactRow>& base) {
  // A name may occur more than once in a group; the first goes with the first.
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const FactRow*>> left;
  for (auto row = base.rbegin(); row != base.rend(); ++row)
    left[{row->group, row->name}].push_back(&*row);
  std::vector<FactDifference> out;
  std::set<const FactRow*> matched;
  for (const FactRow& row : fresh) {
    auto& candidates = left[{row.group, row.name}];
    if (candidates.empty()) {
      out.push_back({row, std::nullopt});
      continue;
    }
    const FactRow& other = *candidates.back();
    candidates.pop_back();
    matched.insert(&other);
    const bool same =
        other.value == row.value && other.basis == row.basis && other.source == row.source;
    if (!same) out.push_back({row, other});
  }
  for (const FactRow& row : base) {
    if (!matched.contains(&row)) out.push_back({std::nullopt, row});
  }
  return out;
}

}  // namespace mcuprof
