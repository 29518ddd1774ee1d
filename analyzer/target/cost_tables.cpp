#include "analyzer/target/cost_tables.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "analyzer/target/kernel_table_file.hpp"

namespace mcuprof {
namespace {

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

Result<CostTables> loadKernelTables(const std::string& folder, const Runtime& runtime,
                                    const std::string& core, std::string_view opt,
                                    std::vector<std::string>& files,
                                    std::span<const std::string_view> wanted) {
  CostTables costs;
  const auto load = [&](const std::string& from, std::optional<KernelTable>& to) -> Result<void> {
    if (!exists(from + "/" + core + ".toml")) return {};
    Result<KernelTable> loaded = loadKernelTable(from, core, opt, wanted);
    if (!loaded) return loaded.error();
    files.push_back(from + "/" + kernelTableName(from, core, opt));
    to = *std::move(loaded);
    return {};
  };
  const std::string& version = runtime.libraryVersion;
  std::string kernels = folder + "/kernels/" + runtime.library;
  if (const std::string own = kernels + "@" + version; !version.empty() && exists(own))
    kernels = own;
  if (auto done = load(kernels, costs.kernels); !done) return done.error();
  if (costs.kernels)
    costs.kernels->otherVersion = !version.empty() && !isOfVersion(*costs.kernels, version);
  if (const std::string& other = runtime.otherLibrary; !other.empty()) {
    if (auto done = load(folder + "/kernels/" + other, costs.otherKernels); !done)
      return done.error();
  }
  return costs;
}

Result<std::optional<RateTable>> loadRates(const std::string& folder, const std::string& library,
                                           std::vector<std::string>& files) {
  for (const std::string& name : {library, std::string("tflm")}) {
    const std::string path = fmt::format("{}/rates/{}.toml", folder, name);
    if (!exists(path)) continue;
    Result<RateTable> loaded = loadRateTable(path);
    if (!loaded) return loaded.error();
    files.push_back(path);
    return std::optional(*std::move(loaded));
  }
  return std::optional<RateTable>();
}

Result<CostTables> loadCostTables(const std::string& folder, const Runtime& runtime,
                                  const std::string& core, std::string_view opt) {
  std::vector<std::string> files;
  auto costs = loadKernelTables(folder, runtime, core, opt, files);
  if (!costs) return costs;
  auto rates = loadRates(folder, runtime.library, files);
  if (!rates) return rates.error();
  costs->rates = *std::move(rates);
  return costs;
}

}  // namespace mcuprof
