#include "analyzer/analysis/energy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyzer/analysis/card.hpp"

namespace mcuprof {

namespace {

/// A typical current in a datasheet is for a loop of the vendor's choice. Inference loads the
/// memories more: MLPerf Tiny energies of boards whose datasheet current is known came out 20 to 26
/// % above it.
constexpr double kDatasheetBelow = 0.10;
constexpr double kDatasheetAbove = 0.40;
/// A current measured during inference on one specimen.
constexpr double kMeasuredBand = 0.15;
constexpr double kAssumedBelow = 0.30;
constexpr double kAssumedAbove = 0.60;

Estimate withBand(double value, Basis basis) {
  switch (basis) {
    case Basis::Counted:
    case Basis::Measured:
    case Basis::Virtual:
      return Estimate::within(value, kMeasuredBand, kMeasuredBand, basis);
    case Basis::Datasheet:
    case Basis::Fitted:
      return Estimate::within(value, kDatasheetBelow, kDatasheetAbove, basis);
    case Basis::Assumed:
      return Estimate::within(value, kAssumedBelow, kAssumedAbove, basis);
  }
  return {};
}

/// Product of two independent estimates: relative half widths add as squares.
Estimate product(const Estimate& a, const Estimate& b, double scale) {
  const double value = a.value * b.value * scale;
  if (value == 0) return Estimate::exact(0, weaker(a.basis, b.basis));
  const auto side = [](double bound, double centre) {
    return centre == 0 ? 0 : std::abs(bound - centre) / centre;
  };
  const double below = std::min(1.0, std::hypot(side(a.low, a.value), side(b.low, b.value)));
  const double above = std::hypot(side(a.high, a.value), side(b.high, b.value));
  return Estimate::within(value, below, above, weaker(a.basis, b.basis));
}

/// Waiting for flash costs a core less than working does, so that figures with caches off are for
/// machines whose caches are off.
bool cachesAreOff(const MachineState& state) {
  if (state.hasCache) return !state.cache;
  return state.hasAccelerator && !state.accelerator;
}

/// The figure that says most about inference in this state: one with caches as they are, one
/// measured while inferring, else the one whose clock is nearest; of equals the first in the file.
const RunCurrent* bestCurrent(const Board& board, const MachineState& state) {
  const double clockHz = static_cast<double>(state.clockHz.value);
  const RunCurrent* best = nullptr;
  double bestScore = 0;
  for (const RunCurrent& current : board.power.run) {
    if (current.clockHz <= 0) continue;
    const double ratio = static_cast<double>(current.clockHz) / clockHz;
    const double score = std::abs(std::log(ratio)) +
                         (current.milliamps.basis == Basis::Measured ? 0.0 : 1.0) +
                         (current.cachesOff == cachesAreOff(state) ? 0.0 : 10.0);
    if (best == nullptr || score < bestScore) {
      best = &current;
      bestScore = score;
    }
  }
  return best;
}

}  // namespace

EnergyEstimate estimateEnergy(const CycleEstimate& cycles, const Board& board,
                              const std::optional<Calibration>& calibration) {
  EnergyEstimate energy;
  energy.ops = Table<OpId, OpEnergy>(cycles.ops.size());
  const MachineState& state = cycles.state;
  const RunCurrent* current = bestCurrent(board, state);
  if (current == nullptr) {
    energy.reason = fmt::format("no source gives a run current of {}", board.name);
    return energy;
  }
  if (!state.supplyVolts && !current->supplyVolts) {
    energy.reason = fmt::format("no source gives the supply voltage of {}", board.name);
    return energy;
  }
  energy.known = true;
  energy.powerState = current->state;
  energy.powerSource = current->milliamps.source;
  energy.supplyVolts = state.supplyVolts ? state.supplyVolts->value : *current->supplyVolts;
  energy.supplyBasis = state.supplyVolts ? state.supplyVolts->basis : current->milliamps.basis;

  // Current of a running core is nearly proportional to its clock and, behind a linear regulator,
  // does not depend on the supply; so energy scales with the supply voltage.
  const double clockRatio =
      static_cast<double>(state.clockHz.value) / static_cast<double>(current->clockHz);
  energy.activeMilliwatts = withBand(current->milliamps.value * clockRatio * energy.supplyVolts,
                                     current->milliamps.basis);
  if (calibration && calibration->power) {
    energy.activeMilliwatts =
        Estimate::within(energy.activeMilliwatts.value * *calibration->power,
                         calibration->powerBand, calibration->powerBand, Basis::Fitted);
  }

  const double secondsPerCycle = 1.0 / static_cast<double>(state.clockHz.value);
  const std::optional<Sourced<double>> power = cardMilliwatts(board, state);
  double value = 0;
  double low = 0;
  double high = 0;
  Basis basis = energy.activeMilliwatts.basis;
  for (OpId op : cycles.ops.ids()) {
    const OpCycles& c = cycles.ops[op];
    OpEnergy& e = energy.ops[op];
    if (!c.known) continue;
    e.known = true;
    e.compute = product(energy.activeMilliwatts, c.cycles, secondsPerCycle);
    e.total = e.compute;
    const double cardCycles = c.terms[static_cast<std::size_t>(CycleTerm::CardTransfer)];
    if (cardCycles > 0 && power) {
      e.card = withBand(power->value * cardCycles * secondsPerCycle, power->basis);
      e.total = {e.compute.value + e.card.value, e.compute.low + e.card.low,
                 e.compute.high + e.card.high, weaker(e.compute.basis, e.card.basis)};
    }
    value += e.total.value;
    low += e.total.low;
    high += e.total.high;
    basis = weaker(basis, e.total.basis);
  }
  energy.millijoules = {value, low, high, basis};
  return energy;
}

double powerBandOf(const EnergyEstimate& energy) {
  const Estimate& power = energy.activeMilliwatts;
  return power.value > 0 ? std::max(power.high - power.value, power.value - power.low) / power.value
                         : 0;
}

std::optional<DutyEstimate> estimateDuty(const CycleEstimate& cycles, const EnergyEstimate& energy,
                                         const Board& board, const Duty& duty) {
  if (!energy.known || duty.periodSeconds <= 0) return std::nullopt;
  DutyEstimate result;
  const double busySeconds = cycles.milliseconds.value / 1e3;
  result.fitsPeriod = busySeconds <= duty.periodSeconds;
  const double idleSeconds = std::max(0.0, duty.periodSeconds - busySeconds);
  if (!board.power.sleep.empty()) {
    const SleepCurrent& sleep = board.power.sleep.front();
    result.sleepState = sleep.state;
    result.sleepMilliwatts =
        withBand(sleep.milliamps.value * energy.supplyVolts, sleep.milliamps.basis);
  }
  // Without a sleep figure the average is a lower bound: the inference alone.
  const double period = duty.periodSeconds;
  const Estimate& s = result.sleepMilliwatts;
  const Estimate& e = energy.millijoules;
  result.averageMilliwatts = {(e.value + s.value * idleSeconds) / period,
                              (e.low + s.low * idleSeconds) / period,
                              (e.high + s.high * idleSeconds) / period, weaker(e.basis, s.basis)};
  if (duty.batteryMilliampHours && duty.batteryVolts) {
    const double milliwattHours = *duty.batteryMilliampHours * *duty.batteryVolts;
    const auto days = [&](double milliwatts) {
      return milliwatts <= 0 ? 0 : milliwattHours / milliwatts / 24;
    };
    result.batteryDays =
        Estimate{days(result.averageMilliwatts.value), days(result.averageMilliwatts.high),
                 days(result.averageMilliwatts.low), result.averageMilliwatts.basis};
  }
  return result;
}

}  // namespace mcuprof
