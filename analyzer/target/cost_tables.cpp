#include "analyzer/target/cost_tables.hpp"

#include <filesystem>
#include <utility>

#include "analyzer/target/kernel_table_file.hpp"

namespace mcuprof {

Result<CostTables> loadCostTables(const std::string& folder, const std::string& library,
                                  const std::string& core, std::string_view opt,
                                  std::vector<std::string>* files,
                                  std::span<const std::string_view> wanted) {
  const std::string kernels = folder + "/kernels/";
  std::error_code ignored;
  const auto exists = [&](const std::string& path) {
    return std::filesystem::exists(path, ignored);
  };
  const auto remember = [&](const std::string& path) {
    if (files != nullptr) files->push_back(path);
  };
  CostTables costs;
  const std::string table = kernels + library + "/" + core + ".toml";
  if (exists(table)) {
    Result<KernelTable> loaded = loadKernelTable(kernels + library, core, opt, wanted);
    if (!loaded) return loaded.error();
    remember(kernels + library + "/" + kernelTableName(kernels + library, core, opt));
    costs.kernels = *std::move(loaded);
  }
  for (const std::string& rates :
       {folder + "/rates/" + library + ".toml", folder + "/rates/tflm.toml"}) {
    if (!exists(rates)) continue;
    Result<RateTable> loaded = loadRateTable(rates);
    if (!loaded) return loaded.error();
    remember(rates);
    costs.rates = *std::move(loaded);
    break;
  }
  return costs;
}

}  // namespace mcuprof
