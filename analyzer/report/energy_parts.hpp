#pragma once

#include "analyzer/analysis/cycles.hpp"
#include "analyzer/analysis/energy.hpp"

namespace mcuprof {

/// What the energy of one layer goes to, in millijoules. The parts add up to OpEnergy::total.
///
/// The core draws the same power whether it computes or waits (docs/cost-model.md), so its energy
/// is divided as its cycles are; the card's own energy stands apart.
struct EnergyParts {
  double computing = 0;  ///< instructions, branches and the runtime's fee
  double flash = 0;      ///< the core waits for flash
  double ram = 0;        ///< the core waits for RAM
  double cardWait = 0;   ///< the core waits for the card
  double card = 0;       ///< the card itself

  double movement() const { return flash + ram + cardWait + card; }
  double total() const { return computing + movement(); }
};

/// All zero where the cost is not known.
EnergyParts energyParts(const OpCycles& cycles, const OpEnergy& energy);

}  // namespace mcuprof
