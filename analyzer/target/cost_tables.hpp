#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/target/kernel_table.hpp"
#include "analyzer/target/rate_table.hpp"
#include "analyzer/target/runtime.hpp"

namespace mcuprof {

/// What kernels cost: counted tables of the kernel library on the core, and coarse rates for what
/// the runtime runs itself. Either may be missing; what nobody knows is "cost unknown".
struct CostTables {
  std::optional<KernelTable> kernels;
  std::optional<KernelTable> otherKernels;  ///< of Runtime::otherLibrary
  std::optional<RateTable> rates;
};

/// Loads <folder>/kernels/<library>/<core>.toml of the runtime's library where there is one, at the
/// optimisation level `opt`; from <library>@<version>/ where the runtime names a version and that
/// folder exists. A table of another version than the runtime's is marked so. Where the runtime has
/// another library besides, the same of that, whatever its version. Only the variants of `wanted`
/// kernels are kept, or all where that is empty. The files read are added to `files`. There are no
/// rates in the result.
Result<CostTables> loadKernelTables(const std::string& folder, const Runtime& runtime,
                                    const std::string& core, std::string_view opt,
                                    std::vector<std::string>& files,
                                    std::span<const std::string_view> wanted = {});

/// Loads <folder>/rates/: of the library where it has any, else of TensorFlow Lite Micro's own
/// kernels. The file read is added to `files`.
Result<std::optional<RateTable>> loadRates(const std::string& folder, const std::string& library,
                                           std::vector<std::string>& files);

/// Both of them.
Result<CostTables> loadCostTables(const std::string& folder, const Runtime& runtime,
                                  const std::string& core, std::string_view opt);

}  // namespace mcuprof
