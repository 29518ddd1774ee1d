#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/target/kernel_table.hpp"
#include "analyzer/target/rate_table.hpp"

namespace mcuprof {

/// What kernels cost: counted tables of the kernel library on the core, and coarse rates for what
/// the runtime runs itself. Either may be missing; what nobody knows is "cost unknown".
struct CostTables {
  std::optional<KernelTable> kernels;
  std::optional<RateTable> rates;
};

/// Loads <folder>/kernels/<library>/<core>.toml where there is one, at the optimisation level
/// `opt`, and <folder>/rates/: of the library where it has any, else of TensorFlow Lite Micro's own
/// kernels. The files read are added to `files`.
Result<CostTables> loadCostTables(const std::string& folder, const std::string& library,
                                  const std::string& core, std::string_view opt,
                                  std::vector<std::string>* files = nullptr);

}  // namespace mcuprof
