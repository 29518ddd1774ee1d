#pragma once

#include <optional>
#include <string>

#include "analyzer/analysis/energy.hpp"
#include "analyzer/analysis/machine.hpp"
#include "analyzer/analysis/sram_budget.hpp"

namespace mcuprof::gui {

/// What the user chose: all that one analysis depends on, as `mcuprof analyze` takes it.
struct Setup {
  std::string model;  ///< path; empty while nothing is open
  std::string board = "nucleo-f767zi";
  std::string runtime = "tflm-cmsis-nn";
  std::string targets;  ///< folder of target files; empty: wherever the catalogue finds it
  PlacementOptions placement;
  MachineOptions machine;
  std::optional<Duty> duty;
};

/// The command that shows the same numbers in a terminal.
std::string commandFor(const Setup& setup);

}  // namespace mcuprof::gui
