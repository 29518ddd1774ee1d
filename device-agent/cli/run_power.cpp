#include "device-agent/cli/run_power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "db/energy_trace.hpp"
#include "device-agent/host/interrupt.hpp"
#include "device-agent/host/power/energy.hpp"

namespace mcuprof::cli {
namespace {

constexpr double kWindowSeconds = 1;
constexpr double kMlperfSeconds = 10;
constexpr std::uint32_t kMlperfExecutions = 10;
constexpr double kUsualVolts = 3.3;

db::BlockEnergy stored(const BlockEnergyFigure& figure) {
  return {figure.executions,   static_cast<std::int64_t>(figure.samples),
          figure.seconds,      figure.joules,
          figure.joulesLow,    figure.joulesHigh,
          figure.averageWatts, figure.peakWatts};
}

/// The samples at a fixed rate; one that is missing repeats the one before.
db::EnergyTrace traceOf(const PowerRecording& recording, double volts, double sampleHz) {
  db::EnergyTrace trace;
  trace.sampleHz = sampleHz;
  const double scale = recording.facts.quantity == PowerQuantity::Amperes ? volts : 1;
  // A clock that jumps must not make a trace without end.
  const std::size_t most = 2 * recording.samples.size() + 1000;
  for (const PowerSample& sample : recording.samples) {
    const auto place =
        static_cast<std::size_t>(std::max(std::llround(sample.time * sampleHz), 0LL));
    while (trace.watts.size() < std::min(place, most) && !trace.watts.empty()) {
      const float last = trace.watts.back();
      const bool mark = trace.marks.back();
      trace.watts.push_back(last);
      trace.marks.push_back(mark);
    }
    trace.watts.push_back(static_cast<float>(sample.value * scale));
    trace.marks.push_back((sample.flags & (PowerSample::kTrigger | PowerSample::kEvent)) != 0);
  }
  return trace;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "; ") + text;
  return out;
}

}  // namespace

Result<PowerStage> PowerStage::make(const RunOptions& options, const Board& board) {
  auto settings = readMeterName(options.power, options.isVirtual);
  if (!settings) return settings.error();
  PowerStage stage;
  stage.m_mlperf = options.mlperf;
  settings->sampleHz = options.powerHz;
  settings->sourceVolts = options.supplyVolts;
  settings->nominalVolts = board.power.supplyVolts ? board.power.supplyVolts->value : kUsualVolts;
  settings->cancelled = [] { return Interrupt::happened(); };
  // What is there already is opened as it is; else the virtual board makes a meter there.
  std::error_code ignored;
  if (options.isVirtual &&
      (settings->kind == "csv" || !std::filesystem::exists(settings->port, ignored))) {
    stage.m_virtualMeter = settings->kind;
    if (!settings->port.empty()) stage.m_virtualMeter += ":" + settings->port;
    if (settings->kind == "csv" && options.powerHz > 0) {
      stage.m_virtualMeter += fmt::format("@{}", options.powerHz);
    }
  }
  stage.m_state->settings = std::move(*settings);
  return stage;
}

void PowerStage::addTo(ConnectionOptions& connection) {
  if (!m_virtualMeter.empty()) {
    connection.virtualOptions.insert(connection.virtualOptions.end(), {"--meter", m_virtualMeter});
  }
  connection.beforeConnecting = [state = m_state.get()](const std::string& path) {
    if (!path.empty()) state->settings.port = path;
    auto meter = openMeter(state->settings);
    if (meter) {
      state->recorder = std::make_unique<PowerRecorder>(std::move(*meter));
    } else {
      state->error = meter.error();
    }
  };
}

double PowerStage::windowSeconds() const {
  return m_mlperf ? kMlperfSeconds : kWindowSeconds;
}

void PowerStage::addTo(RunPlan& plan) {
  plan.power = [state = m_state.get()] { return state->recorder.get(); };
  plan.powerSeconds = windowSeconds();
  plan.powerExecutions = m_mlperf ? kMlperfExecutions : 1;
}

db::RunEnergy PowerStage::finish(const RunMeasurement& measured, const Board& board) {
  db::RunEnergy out;
  out.meter = m_state->settings.kind;
  if (!m_state->recorder) {
    out.trouble = m_state->error ? m_state->error->text() : "the meter was not opened";
    return out;
  }
  const PowerRecording recording = m_state->recorder->take();
  const MeterFacts& facts = recording.facts;
  out.meterDetail = facts.detail;
  if (facts.supplyVolts > 0) {
    out.supplyVolts = facts.supplyVolts;
    out.supplySource = facts.kind == "csv" ? "voltage column" : "set on the meter";
  } else if (measured.targetVolts) {
    out.supplyVolts = *measured.targetVolts;
    out.supplySource = "probe";
  } else {
    out.supplyVolts = m_state->settings.nominalVolts;
    out.supplySource = board.power.supplyVolts ? "board file" : "assumed";
  }
  out.sampleHz = facts.sampleHz;
  out.samples = static_cast<std::int64_t>(recording.samples.size());
  out.missing = static_cast<std::int64_t>(recording.missing);
  for (const PowerSample& sample : recording.samples) {
    if ((sample.flags & PowerSample::kOverload) != 0) ++out.overloads;
  }
  if (recording.samples.size() > 1 && facts.sampleHz > 0) {
    out.trace = db::packTrace(traceOf(recording, out.supplyVolts, facts.sampleHz));
  }
  // Without the end of the samples no place for the blocks is sure.
  if (recording.error) {
    out.trouble = recording.error->text();
  } else if (!measured.energy) {
    out.trouble = "the layers were not run for the meter";
  } else if (!measured.energy->trouble.empty()) {
    out.trouble = measured.energy->trouble;
  }
  if (!out.trouble.empty()) {
    out.findings = joined(recording.findings);
    return out;
  }
  const EnergyRun& run = *measured.energy;
  auto energy = measureEnergy(recording, out.supplyVolts, run.blocks, run.gap, run.lead);
  if (!energy) {
    out.trouble = energy.error().text();
    out.findings = joined(recording.findings);
    return out;
  }
  out.alignment = std::string(nameOf(energy->alignment.method));
  out.alignmentQuality = energy->alignment.quality;
  out.alignmentSeconds = energy->alignment.residual;
  out.driftPpm = energy->alignment.driftPpm();
  out.idleBeforeWatts = energy->idleBeforeWatts;
  out.idleAfterWatts = energy->idleAfterWatts;
  for (std::size_t i = 0; i < run.blocks.size(); ++i) {
    if (!energy->blocks[i]) continue;
    if (run.blocks[i].layer == MarkedBlock::kWhole) {
      out.inference = stored(*energy->blocks[i]);
      if (out.inference->seconds < windowSeconds()) {
        energy->findings.push_back(fmt::format("whole inferences took {:.2f} s together, not {} s",
                                               out.inference->seconds, windowSeconds()));
      }
    } else {
      out.layers.push_back({run.blocks[i].layer + 1, stored(*energy->blocks[i])});
    }
  }
  out.findings = joined(energy->findings);
  return out;
}

}  // namespace mcuprof::cli
