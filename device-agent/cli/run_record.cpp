#include "device-agent/cli/run_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyzer/cli/target_hashes.hpp"
#include "device-agent/cli/kernel_library.hpp"

namespace mcuprof::cli {
namespace {

/// The agent measures its clock against an oscillator that is trimmed to 1 %.
constexpr double kClockTolerance = 0.015;

db::MachineFact fact(std::string key, std::string value, std::string expected) {
  const bool agrees = expected.empty() || value == expected;
  return {std::move(key), std::move(value), std::move(expected), agrees};
}

std::string onOff(bool on) {
  return on ? "on" : "off";
}

std::string clockSource(std::uint32_t number) {
  switch (number) {
    case MCUPROF_CLOCK_HSI:
      return "HSI";
    case MCUPROF_CLOCK_HSE:
      return "HSE";
    case MCUPROF_CLOCK_PLL_HSI:
      return "PLL from HSI";
    case MCUPROF_CLOCK_PLL_HSE:
      return "PLL from HSE";
    default:
      return fmt::format("unknown {}", number);
  }
}

const CostRow* costOf(const Report& report, std::int32_t number) {
  const auto found = std::ranges::find(report.costs.layers, number, &CostRow::number);
  return found == report.costs.layers.end() ? nullptr : &*found;
}

std::optional<db::Prediction> predictionOf(const Estimate& cycles) {
  return db::Prediction{cycles.value, cycles.low, cycles.high};
}

db::CycleSummary summaryOf(const LayerMeasurement& m) {
  return {m.runs, static_cast<std::int64_t>(m.minimum), static_cast<std::int64_t>(m.median),
          static_cast<std::int64_t>(m.maximum)};
}

std::optional<db::LayerCounters> countersOf(const LayerMeasurement& m) {
  if (!m.counted) return std::nullopt;
  db::LayerCounters out{static_cast<std::int64_t>(m.counted->cycles), {}};
  if (const auto& events = m.counted->events) {
    const auto signedOf = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
    out.counts = {signedOf(events->cpi), signedOf(events->exc), signedOf(events->sleep),
                  signedOf(events->lsu), signedOf(events->fold)};
  }
  return out;
}

}  // namespace

std::vector<db::MachineFact> machineFacts(const mcuprof_machine& machine, const Board& board,
                                          const MachineState& expected) {
  const auto has = [&](std::uint32_t bit) { return (machine.features & bit) != 0; };
  std::vector<db::MachineFact> facts;
  facts.push_back(fact("clock Hz", fmt::format("{}", machine.core_hz),
                       fmt::format("{}", expected.clockHz.value)));
  if (machine.core_hz_measured != 0) {
    facts.push_back(fact("clock measured Hz", fmt::format("{}", machine.core_hz_measured), ""));
    const double ratio =
        static_cast<double>(machine.core_hz_measured) / static_cast<double>(expected.clockHz.value);
    facts.back().expected = fmt::format("{} within 1.5 %", expected.clockHz.value);
    facts.back().agrees = std::abs(ratio - 1) <= kClockTolerance;
  }
  facts.push_back(fact("clock source", clockSource(machine.clock_source), ""));
  facts.push_back(
      fact("flash wait states", fmt::format("{}", machine.flash_wait_states),
           expected.flashStallCycles ? fmt::format("{}", expected.flashStallCycles->value) : ""));
  const auto front = [&](std::string_view name) {
    return std::ranges::any_of(board.memories, [&](const Memory& memory) {
      return memory.front && memory.front->name == name;
    });
  };
  if (front("l1")) {
    const std::string wanted = expected.hasCache ? onOff(expected.cache) : "";
    facts.push_back(fact("L1 instruction cache", onOff(has(MCUPROF_L1_INSTRUCTIONS)), wanted));
    facts.push_back(fact("L1 data cache", onOff(has(MCUPROF_L1_DATA)), wanted));
    // Flash is reached over the caches, which ART is no part of.
    facts.push_back(fact("ART", onOff(has(MCUPROF_ART)), ""));
  } else if (front("art")) {
    const std::string wanted = expected.hasAccelerator ? onOff(expected.accelerator)
                               : expected.hasCache     ? onOff(expected.cache)
                                                       : "";
    facts.push_back(
        fact("flash instruction cache", onOff(has(MCUPROF_FLASH_INSTRUCTIONS)), wanted));
    facts.push_back(fact("flash data cache", onOff(has(MCUPROF_FLASH_DATA)), wanted));
  }
  facts.push_back(fact("prefetch", onOff(has(MCUPROF_PREFETCH)), ""));
  facts.push_back(fact("FPU", onOff(has(MCUPROF_FPU)), ""));
  facts.push_back(fact("cycle counter", has(MCUPROF_CYCLE_COUNTER) ? "DWT_CYCCNT" : "SysTick", ""));
  facts.push_back(fact("profile counters", has(MCUPROF_PROFILE_COUNTERS) ? "DWT" : "none", ""));
  facts.push_back(fact("probe overhead cycles", fmt::format("{}", machine.overhead), ""));
  return facts;
}

std::string causeOf(const CostRow& predicted, std::int64_t median, const std::string& kernelLibrary,
                    const std::string& predictedLibrary) {
  const auto cycles = static_cast<double>(median);
  if (predicted.known && cycles >= predicted.cycles.low && cycles <= predicted.cycles.high)
    return {};
  if (!predicted.known) return "no prediction: " + predicted.unknown;
  if (predicted.coarse) return "coarse prediction";
  if (predicted.outsideFit) return "shape outside the fitted range";
  if (!isOfLibrary(kernelLibrary, predictedLibrary)) {
    return fmt::format("{} kernels, predicted as {}", kernelLibrary, predictedLibrary);
  }
  if (cycles > predicted.cycles.high && predicted.bound != "compute") {
    return "more waiting than predicted (" + predicted.bound + ")";
  }
  return {};
}

db::RunRecord makeRunRecord(const RunParts& parts) {
  const Report& report = parts.report;
  const RunMeasurement& measured = parts.measured;
  const InputFile& model = report.provenance.model();
  db::RunRecord run;
  run.provenance = parts.isVirtual ? db::Provenance::Virtual : db::Provenance::Measured;
  run.model = {model.sha256, model.name, model.size.value,
               static_cast<std::int64_t>(report.operators), report.totals.macs.value};
  run.board = {hashOfFiles(report.provenance.inputs, {"board", "core"}),
               report.boardName,
               report.boardTitle,
               report.chip,
               report.coreName,
               parts.machine.clockHz.value};
  run.runtime = {hashOfFiles(report.provenance.inputs, {"runtime"}), report.runtimeName,
                 report.runtimeVersion};
  run.toolVersion = report.provenance.toolVersion;
  run.agentVersion = versionText(measured.hello.agent_version);
  run.agentBuild = measured.buildId;
  run.compiler = measured.compiler;
  run.kernelLibrary = kernelLibraryName(measured.hello.kernel_library);
  run.probe = measured.probe;
  run.calibration = report.costs.calibration;
  run.input = parts.input;
  run.warmUp = parts.warmUp;
  run.repeats = parts.repeats;
  run.predicted = predictionOf(report.costs.cycles);
  run.inference = summaryOf(measured.inference);
  run.swoFrames = static_cast<std::int64_t>(measured.link.swoFrames);
  run.swoLost = static_cast<std::int64_t>(measured.link.swoLost);
  run.unrepaired = static_cast<std::int64_t>(measured.link.unrepaired);
  run.machine = machineFacts(measured.machine, parts.board, parts.machine);

  for (std::size_t i = 0; i < measured.layers.size() && i < report.layers.size(); ++i) {
    const LayerRow& row = report.layers[i];
    const LayerMeasurement& m = measured.layers[i];
    db::LayerResult layer;
    layer.number = row.number;
    layer.kind = row.kind;
    layer.name = row.name;
    layer.kernel = row.kernel;
    layer.shape = row.shape;
    if (row.macs) layer.macs = row.macs->value;
    const CostRow* cost = costOf(report, row.number);
    if (cost != nullptr && cost->known) {
      layer.predicted = predictionOf(cost->cycles);
      layer.predictedBasis = nameOf(cost->cycles.basis);
      layer.kernel = cost->kernel;
    }
    layer.cycles = summaryOf(m);
    layer.counters = countersOf(m);
    layer.outputHashes = m.outputs;
    layer.referenceHashes = parts.reference[i];
    const bool wanted = row.number >= parts.firstLayer && row.number <= parts.lastLayer;
    if (cost != nullptr && m.runs > 0) {
      layer.cause = causeOf(*cost, static_cast<std::int64_t>(m.median), run.kernelLibrary,
                            parts.runtime.library);
    }
    if (!parts.program.layers[i].reason.empty()) {
      layer.trouble = parts.program.layers[i].reason;
    } else if (m.runs == 0) {
      layer.trouble = !m.trouble.empty() ? m.trouble
                      : wanted           ? "the agent sent no result"
                                         : "not asked for";
    } else if (!m.trouble.empty()) {
      layer.cause = "failed once: " + m.trouble;
    }
    // What a layer computed from garbage says nothing about its kernel.
    if (!layer.trouble.empty() && wanted) layer.outputHashes.clear();
    run.layers.push_back(std::move(layer));
  }
  return run;
}

}  // namespace mcuprof::cli
