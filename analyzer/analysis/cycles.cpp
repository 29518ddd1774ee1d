#include "analyzer/analysis/cycles.hpp"

#include <algorithm>
#include <cmath>

#include "analyzer/analysis/card.hpp"

namespace mcuprof {

namespace {

/// What a shape outside the fitted ones adds to the half width of its kernel's interval.
constexpr double kOutsideFit = 0.10;
/// A board whose flash timing nobody states may be slower by as much, not faster.
constexpr double kUnknownStalls = 0.30;
/// Bytes of an average instruction of the kernels' loops: half of them are 16-bit, half 32-bit.
constexpr double kInstructionBytes = 3.0;

double& at(CycleTerms& terms, CycleTerm term) {
  return terms[static_cast<std::size_t>(term)];
}

/// Relative half widths of an interval, down and up.
struct Band {
  double below = 0;
  double above = 0;

  void add(double down, double up) {
    below = combined(below, down);
    above = combined(above, up);
  }

 private:
  static double combined(double a, double b) {
    if (a == 0 || b == 0) return std::max(std::abs(a), std::abs(b));
    return std::hypot(a, b);
  }
};

/// Work of one operator before memories are looked at.
struct Work {
  double instructions = 0;
  double cycles = 0;
  double refills = 0;      ///< taken branches that refill the pipeline
  double weightBytes = 0;  ///< constants loaded, with re-reads
  double weightLoads = 0;
  double ramLoads = 0;
  Band band;
  Basis basis = Basis::Fitted;
};

/// Bytes of one load of weights: a word where the kernel works on words, else one element.
double bytesPerLoad(const Core& core) {
  return core.mve.value ? 16 : core.dsp.value ? 4 : 1;
}

class Estimator {
 public:
  Estimator(const Graph& graph, const KernelPlan& kernels, const KernelCosts& kernelCosts,
            const MemoryPlan& memory, const Traffic& traffic, const Board& board, const Core& core,
            const Runtime& runtime, const CostTables& costs, const MachineState& state,
            const std::optional<Calibration>& calibration)
      : m_graph(graph),
        m_kernels(kernels),
        m_kernelCosts(kernelCosts),
        m_memory(memory),
        m_traffic(traffic),
        m_board(board),
        m_core(core),
        m_runtime(runtime),
        m_costs(costs),
        m_state(state),
        m_calibration(calibration),
        m_timing(board.memories.size()) {
    for (RegionId region : board.memories.ids())
      m_timing[region] = timingOf(board.memories[region], state);
  }

  void estimate(OpId id, OpCycles& result) const {
    std::optional<Work> work = fromKernelTable(m_kernelCosts[id], result);
    if (!work) work = fromRate(id, m_graph.ops[id], m_kernels[id].shape, result);
    if (!work) return;
    result.known = true;
    result.unknownReason = {};
    addMemories(id, *work, result);
    finish(*work, result);
  }

 private:
  std::optional<Work> fromKernelTable(const CountedKernel& kernel, OpCycles& result) const {
    if (!kernel.cost || !kernel.cost->hasCycles) {
      result.unknownReason = kernel.cost ? "no counted path for this shape" : kernel.unknownReason;
      return std::nullopt;
    }
    const KernelCost& c = *kernel.cost;
    result.kernel = c.variant->text().kernel;
    result.variant = c.variant->text().name;
    result.outsideFit = !c.inRange;

    Work work;
    work.instructions = c[CostMetric::Instructions];
    work.cycles = c[CostMetric::Cycles];
    work.refills = c[CostMetric::TakenBranches] - c[CostMetric::LoopBranches];
    work.weightBytes = c[CostMetric::WeightBytes] + c[CostMetric::ParameterBytes];
    work.weightLoads =
        c[CostMetric::WeightBytes] / bytesPerLoad(m_core) + c[CostMetric::ParameterBytes] / 4;
    work.ramLoads = std::max(
        0.0, c[CostMetric::LoadWords] - work.weightLoads - c[CostMetric::ConstantBytes] / 4);
    if (work.cycles > 0)
      work.band.add(1 - c.cyclesLow / work.cycles, c.cyclesHigh / work.cycles - 1);
    if (result.outsideFit) work.band.add(kOutsideFit, kOutsideFit);
    work.basis = Basis::Fitted;
    result.instructions = {work.instructions, c.instructionsLow, c.instructionsHigh, Basis::Fitted};
    return work;
  }

  std::optional<Work> fromRate(OpId id, const GraphOp& op, const KernelShape& shape,
                               OpCycles& result) const {
    if (!m_costs.rates || !m_core.instructionRate) return std::nullopt;
    if (op.inputs.empty() || !op.inputs[0].tensor.valid()) return std::nullopt;
    const ElementType type = m_graph.tensors[op.inputs[0].tensor].type;
    const OpRate* rate = m_costs.rates->find(op.kind, type);
    if (rate == nullptr) {
      result.unknownReason = "this operator was never counted";
      return std::nullopt;
    }
    if (type == ElementType::Float32 && m_costs.rates->floatNeedsFpu &&
        shape[KernelVariable::Fpu] == 0) {
      result.unknownReason = "float on a core without a floating-point unit";
      return std::nullopt;
    }
    double units = 0;
    switch (rate->unit) {
      case RateUnit::Input:
        units = static_cast<double>(shape[KernelVariable::InputElements]);
        break;
      case RateUnit::Output:
        units = static_cast<double>(shape[KernelVariable::OutputElements]);
        break;
      case RateUnit::Mac:
        if (!op.macs) return std::nullopt;
        units = static_cast<double>(op.macs->value);
        break;
    }
    result.coarse = true;
    result.variant = "rate";
    Work work;
    work.instructions = rate->constant + rate->per * units;
    work.cycles = work.instructions * m_core.instructionRate->value;
    work.band.add(1 - rate->low, rate->high - 1);
    work.basis = rate->basis;
    // A kernel that multiplies reads one weight a MAC.
    if (rate->unit == RateUnit::Mac) {
      double elementBytes = 1;
      if (type == ElementType::Float32) elementBytes = 4;
      work.weightBytes = units * elementBytes;
      work.weightLoads = units;
    } else {
      for (const Transfer& row : m_traffic.rowsOfOp(id)) {
        if (row.purpose == Purpose::Weights || row.purpose == Purpose::Bias)
          work.weightBytes += static_cast<double>(row.read.value);
      }
      work.weightLoads = work.weightBytes / 4;
    }
    work.ramLoads = static_cast<double>(shape[KernelVariable::InputElements]);
    result.instructions = {work.instructions, work.instructions * rate->low,
                           work.instructions * rate->high, rate->basis};
    return work;
  }

  void addMemories(OpId id, Work& work, OpCycles& result) const {
    CycleTerms& terms = result.terms;
    double cardSeconds = 0;
    double uniqueConstants = 0;
    RegionId constants;
    RegionId activations;
    for (const Transfer& row : m_traffic.rowsOfOp(id)) {
      const Memory& memory = m_board.memories[row.region];
      if (memory.kind == MemoryKind::Sd) {
        const double seconds = cardTime(row.read + row.written, work);
        const double cycles = seconds * static_cast<double>(m_state.clockHz.value);
        cardSeconds += seconds;
        if (row.purpose == Purpose::SpillWrite) result.spillWriteCycles += cycles;
        if (row.purpose == Purpose::SpillRead) result.spillReadCycles += cycles;
        continue;
      }
      if (row.purpose == Purpose::Weights || row.purpose == Purpose::Bias) {
        uniqueConstants += static_cast<double>(row.read.value);
        constants = row.region;
      } else {
        activations = row.region;
      }
    }
    at(terms, CycleTerm::CardTransfer) = cardSeconds * static_cast<double>(m_state.clockHz.value);
    if (constants.valid()) {
      const MemoryTiming& timing = m_timing[constants];
      const double stalls = timing.readStalls(uniqueConstants, work.weightBytes, work.weightLoads);
      const bool flash = isFlash(m_board.memories[constants].kind);
      at(terms, flash ? CycleTerm::FlashStalls : CycleTerm::RamStalls) += stalls;
      if (!timing.known) work.band.add(0, kUnknownStalls);
    }
    if (m_memory.codeRegion.valid()) {
      const MemoryTiming& timing = m_timing[m_memory.codeRegion];
      at(terms, CycleTerm::FlashStalls) += timing.fetchStalls(work.instructions, kInstructionBytes);
    }
    if (activations.valid()) {
      // No cache is asked: those that hold activations hit nearly always, and where there is one
      // the board file gives no wait states.
      at(terms, CycleTerm::RamStalls) += m_timing[activations].stallCycles * work.ramLoads;
    }
  }

  static bool isFlash(MemoryKind kind) {
    return kind == MemoryKind::Flash || kind == MemoryKind::Qspi;
  }

  /// cardSeconds(), and how unsure that is.
  double cardTime(Bytes bytes, Work& work) const {
    if (!m_board.sd || !m_state.sdClockHz || bytes.value == 0) return 0;
    // Where their time is not known, commands and busy times come on top.
    if (!m_board.sd->commandMicroseconds) work.band.add(0.02, 0.15);
    return cardSeconds(*m_board.sd, m_state.sdClockHz->value, bytes);
  }

  void finish(const Work& work, OpCycles& result) const {
    CycleTerms& terms = result.terms;
    at(terms, CycleTerm::Instructions) = work.cycles;
    const double refill = m_core.takenBranchCycles ? m_core.takenBranchCycles->value : 0;
    at(terms, CycleTerm::Branches) = refill * work.refills;
    at(terms, CycleTerm::OperatorFee) =
        m_runtime.operatorFeeCycles ? static_cast<double>(m_runtime.operatorFeeCycles->value) : 0;
    if (m_calibration) calibrate(*m_calibration, terms);
    const double factor = m_core.unmodelled ? m_core.unmodelled->value : 1;
    at(terms, CycleTerm::Unmodelled) =
        (factor - 1) * (at(terms, CycleTerm::Instructions) + at(terms, CycleTerm::Branches));

    double sum = 0;
    for (double term : terms) sum += term;
    Band band = work.band;
    const double board = m_calibration ? m_calibration->boardBand : m_core.boardBand;
    const double layer = m_calibration ? m_calibration->layerBand : m_core.layerBand;
    band.add(board, board);
    band.add(layer, layer);
    result.cycles = Estimate::within(sum, std::min(0.95, band.below), band.above, work.basis);
    result.bound = boundOf(terms);
  }

  static void calibrate(const Calibration& calibration, CycleTerms& terms) {
    at(terms, CycleTerm::Instructions) *= calibration.scale;
    at(terms, CycleTerm::Branches) *= calibration.scale * calibration.branches;
    at(terms, CycleTerm::FlashStalls) *= calibration.scale * calibration.flash;
    at(terms, CycleTerm::RamStalls) *= calibration.scale;
    if (calibration.operatorFee) at(terms, CycleTerm::OperatorFee) = *calibration.operatorFee;
  }

  static Bound boundOf(const CycleTerms& terms) {
    const auto t = [&](CycleTerm term) { return terms[static_cast<std::size_t>(term)]; };
    const std::pair<double, Bound> parts[] = {
        {t(CycleTerm::Instructions) + t(CycleTerm::Branches) + t(CycleTerm::Unmodelled),
         Bound::Compute},
        {t(CycleTerm::FlashStalls), Bound::Flash},
        {t(CycleTerm::RamStalls), Bound::Ram},
        {t(CycleTerm::CardTransfer), Bound::Card},
        {t(CycleTerm::OperatorFee), Bound::Fee}};
    return std::max_element(std::begin(parts), std::end(parts),
                            [](const auto& a, const auto& b) { return a.first < b.first; })
        ->second;
  }

  const Graph& m_graph;
  const KernelPlan& m_kernels;
  const KernelCosts& m_kernelCosts;
  const MemoryPlan& m_memory;
  const Traffic& m_traffic;
  const Board& m_board;
  const Core& m_core;
  const Runtime& m_runtime;
  const CostTables& m_costs;
  const MachineState& m_state;
  const std::optional<Calibration>& m_calibration;
  Table<RegionId, MemoryTiming> m_timing;
};

}  // namespace

std::string_view nameOf(CycleTerm term) {
  switch (term) {
    case CycleTerm::Instructions:
      return "instructions";
    case CycleTerm::Branches:
      return "branches";
    case CycleTerm::FlashStalls:
      return "flash stalls";
    case CycleTerm::RamStalls:
      return "RAM stalls";
    case CycleTerm::CardTransfer:
      return "card";
    case CycleTerm::OperatorFee:
      return "operator fee";
    case CycleTerm::Unmodelled:
      return "unmodelled";
  }
  return "";
}

std::string_view nameOf(Bound bound) {
  switch (bound) {
    case Bound::Unknown:
      return "unknown";
    case Bound::Compute:
      return "compute";
    case Bound::Flash:
      return "flash";
    case Bound::Ram:
      return "SRAM";
    case Bound::Card:
      return "SD";
    case Bound::Fee:
      return "runtime";
  }
  return "";
}

CycleEstimate estimateCycles(const Graph& graph, const KernelPlan& kernels,
                             const KernelCosts& kernelCosts, const Schedule& schedule,
                             const MemoryPlan& memory, const Traffic& traffic, const Board& board,
                             const Core& core, const Runtime& runtime, const CostTables& costs,
                             const MachineState& state,
                             const std::optional<Calibration>& calibration) {
  CycleEstimate estimate;
  estimate.state = state;
  estimate.ops = Table<OpId, OpCycles>(graph.ops.size());
  const Estimator estimator(graph, kernels, kernelCosts, memory, traffic, board, core, runtime,
                            costs, state, calibration);
  const double boardBand = calibration ? calibration->boardBand : core.boardBand;
  double macs = 0;
  double modelledMacs = 0;
  double sum = 0;
  // What all layers share (the board) adds up; what each has for itself adds up as squares.
  double below = 0;
  double above = 0;
  Basis basis = Basis::Counted;
  for (OpId op : schedule.order) {
    OpCycles& cycles = estimate.ops[op];
    estimator.estimate(op, cycles);
    const double opMacs = graph.ops[op].macs ? static_cast<double>(graph.ops[op].macs->value) : 0;
    macs += opMacs;
    if (!cycles.known) {
      ++estimate.unknownOps;
      continue;
    }
    modelledMacs += opMacs;
    const double value = cycles.cycles.value;
    sum += value;
    for (std::size_t i = 0; i < kCycleTermCount; ++i) estimate.termTotals[i] += cycles.terms[i];
    estimate.spillWriteCycles += cycles.spillWriteCycles;
    estimate.spillReadCycles += cycles.spillReadCycles;
    const double shared = boardBand * value;
    const double down = value - cycles.cycles.low;
    const double up = cycles.cycles.high - value;
    below += std::max(0.0, down * down - shared * shared);
    above += std::max(0.0, up * up - shared * shared);
    basis = weaker(basis, cycles.cycles.basis);
  }
  estimate.modelledMacShare = macs > 0 ? modelledMacs / macs : 1;
  const double shared = boardBand * sum;
  estimate.total = {sum, std::max(0.0, sum - std::hypot(shared, std::sqrt(below))),
                    sum + std::hypot(shared, std::sqrt(above)), basis};
  const double perMillisecond = static_cast<double>(state.clockHz.value) / 1e3;
  estimate.milliseconds = {sum / perMillisecond, estimate.total.low / perMillisecond,
                           estimate.total.high / perMillisecond, basis};
  return estimate;
}

}  // namespace mcuprof
