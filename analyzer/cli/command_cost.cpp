#include <algorithm>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/base/near_miss.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/report/cost_report.hpp"
#include "analyzer/target/kernel_table_file.hpp"

namespace mcuprof::cli {
namespace {

/// Names in a folder, sorted: of its folders, or of its tables without their levels.
std::vector<std::string> namesIn(const std::filesystem::path& folder, bool tables) {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const std::filesystem::path file = entry.path().filename();
    if (!tables && entry.is_directory(failed)) names.push_back(file.string());
    const bool isTable =
        file.extension() == ".toml" && file.stem().extension().empty() && file != "features.toml";
    if (tables && isTable) names.push_back(file.stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// "unknown core ..." unless `name` is one of `known`.
Result<void> checkName(std::string_view what, const std::string& name,
                       const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return {};
  const auto near = nearMiss(name, known);
  return Error{"", fmt::format("unknown {} \"{}\"{}; there are tables for {}", what, name,
                               near ? fmt::format("; did you mean {}?", *near) : "",
                               fmt::join(known, ", "))};
}

}  // namespace

int run(const CostOptions& options) {
  auto catalogue = findCatalogue({"", options.folder});
  if (!catalogue) return fail(catalogue.failure());
  const std::filesystem::path kernels = std::filesystem::path(catalogue->folder()) / "kernels";
  if (auto ok = checkName("library", options.library, namesIn(kernels, false)); !ok) {
    return fail(kUsage, ok.error());
  }
  const std::filesystem::path folder = kernels / options.library;
  if (auto ok = checkName("core", options.core, namesIn(folder, true)); !ok) {
    return fail(kUsage, ok.error());
  }
  const auto table = loadKernelTable(folder.string(), options.core, options.opt);
  if (!table) return fail(kBadInput, table.error());
  const auto file = MappedFile::open(options.shapes);
  if (!file) return fail(kBadInput, file.error());
  const auto bytes = (*file)->bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto costs = renderCosts(*table, text, (*file)->name(), options.opt);
  if (!costs) return fail(kBadInput, costs.error());
  if (auto done = writeOutput(options.file, *costs); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
