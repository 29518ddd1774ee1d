#include "analyzer/report/explanation.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

/// Where the cycles of a term are from, and how sure that is.
std::pair<std::string, Basis> sourceOf(CycleTerm term, const Analysis& analysis,
                                       const CostRow& row) {
  const Core& core = analysis.target->core;
  const MachineState& state = analysis.cycles.state;
  const Runtime& runtime = analysis.target->runtime;
  switch (term) {
    case CycleTerm::Instructions:
      return {fmt::format("{} instructions of {} at {:.2f} cycles",
                          grouped(std::llround(row.instructions.value)), row.kernel,
                          row.instructions.value > 0 ? row.terms[0] / row.instructions.value : 0),
              row.instructions.basis};
    case CycleTerm::Branches:
      return {core.takenBranchCycles
                  ? fmt::format("{} cycles a taken branch: {}", core.takenBranchCycles->value,
                                core.takenBranchCycles->source)
                  : "no refill is known for this core",
              core.takenBranchCycles ? core.takenBranchCycles->basis : Basis::Assumed};
    case CycleTerm::FlashStalls:
      return {state.flashStallCycles
                  ? fmt::format("{} wait states: {}", state.flashStallCycles->value,
                                state.flashStallCycles->source)
                  : "no wait states are known for this board; left out",
              state.flashStallCycles ? state.flashStallCycles->basis : Basis::Assumed};
    case CycleTerm::RamStalls:
      return {"wait states of the RAM that holds activations or weights", Basis::Datasheet};
    case CycleTerm::CardTransfer:
      return {state.sdClockHz ? fmt::format("bytes on the card at {:g} MHz SPI",
                                            static_cast<double>(state.sdClockHz->value) / 1e6)
                              : "no card",
              state.sdClockHz ? state.sdClockHz->basis : Basis::Assumed};
    case CycleTerm::OperatorFee:
      return {runtime.operatorFeeCycles ? "the interpreter's work for one operator"
                                        : "no fee is known for this runtime",
              runtime.operatorFeeCycles ? runtime.operatorFeeCycles->basis : Basis::Assumed};
    case CycleTerm::Unmodelled:
      return {core.unmodelled
                  ? fmt::format("{:+.0f} % of instructions and branches: {}",
                                100 * (core.unmodelled->value - 1), core.unmodelled->source)
                  : "no correction is known for this core",
              core.unmodelled ? core.unmodelled->basis : Basis::Assumed};
  }
  return {};
}

}  // namespace

std::vector<ExplainedTerm> explainTerms(const Analysis& analysis, const CostRow& row) {
  std::vector<ExplainedTerm> out;
  if (!row.known) return out;
  for (std::size_t i = 0; i < kCycleTermCount; ++i) {
    const auto term = static_cast<CycleTerm>(i);
    auto [from, basis] = sourceOf(term, analysis, row);
    out.push_back({std::string(nameOf(term)), row.terms[i], basis, printable(from)});
  }
  return out;
}

std::string calibrationText(const Analysis& analysis) {
  if (!analysis.calibration) return {};
  const Calibration& c = *analysis.calibration;
  return fmt::format(
             "with calibration {}: instructions, branches and stalls times {:.3f}, branches times "
             "{:.3f} more, flash stalls times {:.3f} more",
             c.name, c.scale, c.branches, c.flash) +
         (c.power ? fmt::format(", power times {:.3f}", *c.power) : "");
}

}  // namespace mcuprof
