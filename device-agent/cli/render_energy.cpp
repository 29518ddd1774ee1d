// What a power meter measured, in words.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "device-agent/cli/render_run.hpp"

namespace mcuprof::cli {

const db::BlockEnergy* energyOf(const db::RunRecord& run, std::int32_t number) {
  if (!run.energy) return nullptr;
  const auto found = std::ranges::find(run.energy->layers, number, &db::LayerEnergy::number);
  return found == run.energy->layers.end() ? nullptr : &found->block;
}

std::string microjoules(double joules) {
  const double value = joules * 1e6;
  if (value >= 1000) return grouped(static_cast<std::int64_t>(std::llround(value)));
  if (value >= 10) return fmt::format("{:.1f}", value);
  return fmt::format("{:.3f}", value);
}

std::string milliwatts(double watts) {
  return watts >= 0.01 ? fmt::format("{:.1f}", watts * 1e3) : fmt::format("{:.3f}", watts * 1e3);
}

std::string energyInterval(const db::BlockEnergy& block) {
  if (!(block.joules > 0)) return "";
  return fmt::format("-{:.1f}/+{:.1f} %", (block.joules - block.joulesLow) / block.joules * 100,
                     (block.joulesHigh - block.joules) / block.joules * 100);
}

std::string energyText(const db::RunRecord& run, const TextStyle& style) {
  if (!run.energy) return {};
  const db::RunEnergy& energy = *run.energy;
  std::string out;
  const auto line = [&](const char* lead, const std::string& text) {
    out += wrapped(fmt::format("{:<10}", lead), text, style.width);
  };
  if (!energy.trouble.empty()) {
    line("energy", "not measured: " + printable(energy.trouble));
  } else if (energy.inference) {
    const db::BlockEnergy& block = *energy.inference;
    line("energy",
         fmt::format("{} uJ an inference ({}; {} for sampling and alignment, 90 %), {} mW "
                     "on average, {} mW at most; {} inferences in {:.2f} s",
                     microjoules(block.joules), cyclesTitle(run.provenance), energyInterval(block),
                     milliwatts(block.averageWatts), milliwatts(block.peakWatts), block.executions,
                     block.seconds));
  } else {
    line("energy", "of the whole inference was not measured: some layers did not run");
  }
  if (energy.trouble.empty()) {
    const auto idle = [](const std::optional<double>& watts) {
      return watts ? milliwatts(*watts) + " mW" : std::string("unknown");
    };
    line("idle", fmt::format("{} before, {} after (the core asleep; not subtracted)",
                             idle(energy.idleBeforeWatts), idle(energy.idleAfterWatts)));
    line("aligned",
         fmt::format("by {}, {} {:.3f}; edges lie {:.3g} us off, clocks differ by {:+.1f} ppm",
                     energy.alignment == "trigger"  ? "the trigger"
                     : energy.alignment == "events" ? "the trigger's events"
                                                    : "correlation with the cycles",
                     energy.alignment == "correlation" ? "coefficient" : "share of edges found",
                     energy.alignmentQuality, energy.alignmentSeconds * 1e6, energy.driftPpm));
  }
  line("meter", fmt::format("{} ({}); {} samples at {:.6g} a second, {} missing, {} overloaded; "
                            "{:.3f} V ({})",
                            energy.meter, printable(energy.meterDetail), grouped(energy.samples),
                            energy.sampleHz, grouped(energy.missing), grouped(energy.overloads),
                            energy.supplyVolts, energy.supplySource));
  if (!energy.findings.empty()) line("findings", printable(energy.findings));
  return out;
}

}  // namespace mcuprof::cli
