#include "analyzer/pricing/mca.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <llvm/MCA/Context.h>
#include <llvm/MCA/CustomBehaviour.h>
#include <llvm/MCA/HWEventListener.h>
#include <llvm/MCA/InstrBuilder.h>
#include <llvm/MCA/Pipeline.h>
#include <llvm/MCA/SourceMgr.h>
#include <llvm/MCA/Support.h>
#include <llvm/Support/raw_ostream.h>

#include "analyzer/pricing/llvm_target.hpp"

namespace mcuprof {
namespace {

using UniqueInst = std::unique_ptr<llvm::mca::Instruction>;

constexpr unsigned kFewIterations = 10;
constexpr unsigned kManyIterations = 20;
/// LLVM takes 100 cycles for a call unless told otherwise; what a call costs is charged by us.
constexpr unsigned kCallLatency = 1;

/// Collects when each instruction issued and what held it up.
class Recorder final : public llvm::mca::HWEventListener {
 public:
  Recorder(std::size_t perIteration, unsigned iterations)
      : m_perIteration(perIteration),
        m_issued(perIteration * iterations, 0),
        m_stalls(perIteration * iterations),
        m_firstCounted(perIteration * (iterations / 2)) {}

  void onCycleEnd() override { ++m_cycle; }

  void onEvent(const llvm::mca::HWInstructionEvent& event) override {
    if (event.Type != llvm::mca::HWInstructionEvent::Issued) return;
    const unsigned index = event.IR.getSourceIndex();
    if (index >= m_issued.size()) return;
    m_issued[index] = m_cycle;
    if (index < m_firstCounted) return;
    const auto& issued = static_cast<const llvm::mca::HWInstructionIssuedEvent&>(event);
    for (const auto& [resource, cycles] : issued.UsedResources) {
      const double busy = cycles;
      m_busy[resource] += busy;
      double& own = m_own[index % m_perIteration];
      own = std::max(own, busy);
    }
  }

  void onEvent(const llvm::mca::HWPressureEvent& event) override {
    using Pressure = llvm::mca::HWPressureEvent;
    const StallReason reason = event.Reason == Pressure::RESOURCES       ? StallReason::Resource
                               : event.Reason == Pressure::REGISTER_DEPS ? StallReason::Register
                               : event.Reason == Pressure::MEMORY_DEPS   ? StallReason::Memory
                                                                         : StallReason::None;
    for (const llvm::mca::InstRef& ref : event.AffectedInstructions) {
      if (ref.getSourceIndex() >= m_stalls.size()) continue;
      m_stalls[ref.getSourceIndex()][static_cast<std::size_t>(reason)] += 1;
    }
  }

  /// The iterations of the second half are taken as steady; figures are their mean.
  void fill(Simulation& simulation, std::span<const std::size_t> modelled) const {
    const std::size_t counted = (m_issued.size() - m_firstCounted) / m_perIteration;
    const auto steady = static_cast<double>(counted);
    for (std::size_t i = 0; i < m_perIteration; ++i) {
      SimulatedInstruction& out = simulation.instructions[modelled[i]];
      std::array<double, 5> stalls{};
      double gaps = 0;
      double issue = 0;
      for (std::size_t at = m_firstCounted + i; at < m_issued.size(); at += m_perIteration) {
        issue += m_issued[at] - m_issued[at - i];
        for (std::size_t r = 0; r < m_stalls[at].size(); ++r) stalls[r] += m_stalls[at][r];
        gaps += m_issued[at] - m_issued[at - 1];
      }
      out.issueCycle = issue / steady;
      gaps /= steady;
      for (double& stall : stalls) stall /= steady;
      const auto worst = std::max_element(stalls.begin() + 1, stalls.end());
      const double named = stalls[1] + stalls[2] + stalls[3];
      if (named > 0.05) {
        out.stallCycles = named;
        out.reason = static_cast<StallReason>(worst - stalls.begin());
      }
      // What is left of a gap after the instruction before it has had its own cycles is a wait of
      // which LLVM tells nothing: it holds back results that would overtake older ones.
      const std::size_t before = modelled[(i + m_perIteration - 1) % m_perIteration];
      const double unexplained =
          gaps - named - std::max(1.0, simulation.instructions[before].ownCycles);
      if (unexplained > 0.05 && unexplained > named) {
        out.stallCycles = named + unexplained;
        out.reason = StallReason::WriteBack;
      }
    }
  }

  double own(std::size_t i) const {
    const auto found = m_own.find(i);
    return found == m_own.end() ? 0 : found->second;
  }

  std::vector<ResourceUsage> usage(const llvm::MCSchedModel& model) const {
    const std::size_t counted = (m_issued.size() - m_firstCounted) / m_perIteration;
    const auto steady = static_cast<double>(counted);
    std::vector<ResourceUsage> result;
    for (const auto& [resource, busy] : m_busy) {
      if (resource.first >= model.getNumProcResourceKinds()) continue;
      const llvm::MCProcResourceDesc* desc =
          model.getProcResource(static_cast<unsigned>(resource.first));
      std::string name = desc->Name;
      if (desc->NumUnits > 1) {
        unsigned unit = 0;
        while (unit < 63 && (resource.second >> unit & 1) == 0) ++unit;
        name += "." + std::to_string(unit);
      }
      result.push_back({std::move(name), busy / steady});
    }
    return result;
  }

 private:
  std::size_t m_perIteration;
  std::vector<double> m_issued;
  std::vector<std::array<double, 5>> m_stalls;
  std::size_t m_firstCounted;
  double m_cycle = 0;
  std::map<std::pair<std::uint64_t, std::uint64_t>, double> m_busy;
  std::map<std::size_t, double> m_own;
};

// LLVM warns on standard error, once a builder, that it does not model calls and returns: we charge
// what they cost and say so. There is no switch for the warnings, so the two flags behind them are
// reached by an explicit instantiation, which the language lets name private members.
struct FirstCall {
  using Member = bool llvm::mca::InstrBuilder::*;
  friend Member memberOf(FirstCall);
};
struct FirstReturn {
  using Member = bool llvm::mca::InstrBuilder::*;
  friend Member memberOf(FirstReturn);
};
template <typename Tag, typename Tag::Member kMember>
struct Opened {
  friend typename Tag::Member memberOf(Tag) { return kMember; }
};
template struct Opened<FirstCall, &llvm::mca::InstrBuilder::FirstCallInst>;
template struct Opened<FirstReturn, &llvm::mca::InstrBuilder::FirstReturnInst>;

}  // namespace

struct Mca::State {
  explicit State(std::shared_ptr<const LlvmTarget> made)
      : target(std::move(made)),
        instruments(*target->subtarget, *target->instructions),
        builder(*target->subtarget, *target->instructions, *target->registers,
                target->analysis.get(), instruments, kCallLatency) {
    builder.*memberOf(FirstCall{}) = false;
    builder.*memberOf(FirstReturn{}) = false;
  }

  /// Cycles of so many iterations; `recorder` may be null.
  double run(llvm::ArrayRef<UniqueInst> sequence, unsigned iterations, Recorder* recorder) {
    llvm::mca::CircularSourceMgr source(sequence, iterations);
    llvm::mca::Context context(*target->registers, *target->subtarget);
    llvm::mca::CustomBehaviour behaviour(*target->subtarget, source, *target->instructions);
    const llvm::mca::PipelineOptions options(0, 0, 0, 0, 0, 0, /*NoAlias=*/true);
    const auto pipeline = context.createDefaultPipeline(options, source, behaviour);
    if (recorder) pipeline->addEventListener(recorder);
    llvm::Expected<unsigned> cycles = pipeline->run();
    if (!cycles) {
      llvm::consumeError(cycles.takeError());
      return 0;
    }
    return *cycles;
  }

  std::shared_ptr<const LlvmTarget> target;
  llvm::mca::InstrumentManager instruments;
  llvm::mca::InstrBuilder builder;
};

Mca::Mca(std::shared_ptr<const LlvmTarget> target)
    : m_state(std::make_unique<State>(std::move(target))) {}
Mca::~Mca() = default;
Mca::Mca(Mca&&) noexcept = default;
Mca& Mca::operator=(Mca&&) noexcept = default;

Simulation Mca::simulate(std::span<const Instruction> instructions) {
  Simulation result;
  result.instructions.resize(instructions.size());
  const LlvmTarget& target = *m_state->target;
  const auto decoder = target.decoder();
  std::vector<UniqueInst> sequence;
  std::vector<std::size_t> modelled;  // index in `instructions` of each element of `sequence`
  std::vector<unsigned> microOps;
  const llvm::SmallVector<llvm::mca::Instrument*> none;
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    std::array<std::uint8_t, 4> bytes{};
    for (unsigned b = 0; b < 4; ++b) {
      bytes[b] = static_cast<std::uint8_t>(instructions[i].encoding >> (8 * b));
    }
    llvm::MCInst inst;
    std::uint64_t size = 0;
    if (decoder->getInstruction(inst, size, llvm::ArrayRef(bytes.data(), instructions[i].size),
                                instructions[i].address,
                                llvm::nulls()) == llvm::MCDisassembler::Fail) {
      continue;
    }
    auto made = m_state->builder.createInstruction(inst, none);
    if (!made) {
      llvm::consumeError(made.takeError());
      continue;
    }
    result.instructions[i].modelled = true;
    result.instructions[i].latency = (*made)->getDesc().MaxLatency;
    microOps.push_back((*made)->getNumMicroOps());
    modelled.push_back(i);
    sequence.push_back(std::move(*made));
  }
  if (sequence.empty()) return result;

  Recorder recorder(sequence.size(), kManyIterations);
  result.singleCycles = m_state->run(sequence, 1, nullptr);
  const double few = m_state->run(sequence, kFewIterations, nullptr);
  const double many = m_state->run(sequence, kManyIterations, &recorder);
  result.steadyCycles = (many - few) / (kManyIterations - kFewIterations);
  const llvm::MCSchedModel& model = target.subtarget->getSchedModel();
  for (std::size_t i = 0; i < modelled.size(); ++i) {
    const double slots = static_cast<double>(microOps[i]) / model.IssueWidth;
    result.issueCycles += slots;
    result.instructions[modelled[i]].ownCycles = std::max(recorder.own(i), slots);
  }
  recorder.fill(result, modelled);
  result.resources = recorder.usage(model);
  return result;
}

}  // namespace mcuprof
