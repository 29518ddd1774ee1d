#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/cycles.hpp"
#include "analyzer/base/estimate.hpp"
#include "analyzer/base/indexed.hpp"

namespace mcuprof {

/// Energy of one operator in millijoules: core and memories while computing, and the card.
struct OpEnergy {
  bool known = false;
  Estimate compute;
  Estimate card;
  Estimate total;  ///< sum of both
};

/// Energy of one inference, or why there is none: a board without a power figure has no energy.
struct EnergyEstimate {
  bool known = false;
  std::string reason;  ///< why it is not known
  Table<OpId, OpEnergy> ops;
  Estimate millijoules;
  Estimate activeMilliwatts;
  std::string powerState;  ///< the state of the board's power figure that was used
  std::string powerSource;
  double supplyVolts = 0;
  Basis supplyBasis = Basis::Assumed;
};

/// One inference every period from a battery.
struct Duty {
  double periodSeconds = 0;
  std::optional<double> batteryMilliampHours;
  std::optional<double> batteryVolts;
};

struct DutyEstimate {
  std::string
      sleepState;  ///< empty where the board has no sleep figure; the average is a lower bound then
  Estimate sleepMilliwatts;
  Estimate averageMilliwatts;
  std::optional<Estimate> batteryDays;
  bool fitsPeriod = true;  ///< the inference takes less than the period
};

/// Power while computing times time, plus the card's own energy. See docs/cost-model.md. A
/// calibration corrects the power and puts its band in the place of the source's.
EnergyEstimate estimateEnergy(const CycleEstimate& cycles, const Board& board,
                              const std::optional<Calibration>& calibration = {});

/// Relative half width, the wider side, of what is known of the power before any run was measured.
double powerBandOf(const EnergyEstimate& energy);

/// Average power of one inference every period, and how long a battery lasts. Nothing without
/// energy.
std::optional<DutyEstimate> estimateDuty(const CycleEstimate& cycles, const EnergyEstimate& energy,
                                         const Board& board, const Duty& duty);

}  // namespace mcuprof
