#include "analyzer/report/energy_parts.hpp"

namespace mcuprof {

EnergyParts energyParts(const OpCycles& cycles, const OpEnergy& energy) {
  EnergyParts parts;
  if (!cycles.known || !energy.known) return parts;
  parts.card = energy.card.value;
  if (cycles.cycles.value <= 0) {
    parts.computing = energy.compute.value;
    return parts;
  }
  const auto share = [&](CycleTerm term) {
    return energy.compute.value * cycles.terms[static_cast<std::size_t>(term)] /
           cycles.cycles.value;
  };
  parts.flash = share(CycleTerm::FlashStalls);
  parts.ram = share(CycleTerm::RamStalls);
  parts.cardWait = share(CycleTerm::CardTransfer);
  parts.computing = energy.compute.value - parts.flash - parts.ram - parts.cardWait;
  return parts;
}

}  // namespace mcuprof
