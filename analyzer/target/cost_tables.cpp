#include "analyzer/target/cost_tables.hpp"

#include <filesystem>
#include <utility>

#include "analyzer/target/kernel_table_file.hpp"

namespace mcuprof {

Result<CostTables> loadCostTables(const std::string& folder, const Runtime& runtime,
                                  const std::string& core, std::string_view opt,
                                  std::vector<std::string>* files,
                                  std::span<const std::string_view> wanted) {
  std::error_code ignored;
  const auto exists = [&](const std::string& path) {
    return std::filesystem::exists(path, ignored);
  };
  const auto remember = [&](const std::string& path) {
    if (files != nullptr) files->push_back(path);
  };
  CostTables costs;
  const std::string& library = runtime.library;
  const std::string& version = runtime.libraryVersion;
  std::string kernels = folder + "/kernels/" + library;
  if (const std::string own = kernels + "@" + version; !version.empty() && exists(own))
    kernels = own;
  const auto load = [&](const std::string& from, std::optional<KernelTable>& to) -> Result<void> {
    if (!exists(from + "/" + core + ".toml")) return {};
    Result<KernelTable> loaded = loadKernelTable(from, core, opt, wanted);
    if (!loaded) return loaded.error();
    remember(from + "/" + kernelTableName(from, core, opt));
    to = *std::move(loaded);
    return {};
  };
  if (auto done = load(kernels, costs.kernels); !done) return done.error();
  if (costs.kernels)
    costs.kernels->otherVersion = !version.empty() && !isOfVersion(*costs.kernels, version);
  if (const std::string& other = runtime.otherLibrary; !other.empty()) {
    if (auto done = load(folder + "/kernels/" + other, costs.otherKernels); !done)
      return done.error();
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
