#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/fitting/error_report.hpp"
#include "analyzer/fitting/fit_kernels.hpp"
#include "analyzer/target/kernel_table_file.hpp"

namespace mcuprof {
namespace {

struct Options {
  std::string counts;
  std::string features;
  std::string output;
  std::string report;
  std::vector<std::string> cores;
  std::vector<std::string> kernels;
};

int fail(const Error& error, int status) {
  std::fprintf(stderr, "mcuprof-fit: %s\n", error.text().c_str());
  return status;
}

std::string_view textOf(const MappedFile& file) {
  const auto bytes = file.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool save(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

int run(Options options) {
  const auto folder = std::filesystem::path(options.counts).parent_path();
  if (options.features.empty()) options.features = (folder / "features.toml").string();
  const auto countsFile = MappedFile::open(options.counts);
  if (!countsFile) return fail(countsFile.error(), 3);
  const auto featuresFile = MappedFile::open(options.features);
  if (!featuresFile) return fail(featuresFile.error(), 3);
  const auto features = readFeatures(textOf(**featuresFile), options.features);
  if (!features) return fail(features.error(), 3);
  const auto calls = readCounts(textOf(**countsFile), options.counts);
  if (!calls) return fail(calls.error(), 3);

  std::vector<VariantErrors> errors;
  for (const FeatureCore& core : features->cores) {
    const bool wanted =
        options.cores.empty() ||
        std::find(options.cores.begin(), options.cores.end(), core.name) != options.cores.end();
    if (!wanted) continue;
    const std::string& counted = core.countsOf.empty() ? core.name : core.countsOf;
    for (const std::string_view opt : {"-O2", "-O3", "-Os"}) {
      const bool known = std::any_of(calls->begin(), calls->end(), [&](const CountedCall& call) {
        return call.core == counted && call.opt == opt;
      });
      if (!known) continue;
      FittedTable fitted = fitKernels(*features, core, opt, *calls, options.kernels);
      if (opt == "-O2") fitted.table.scales = scalesOf(*calls, "cortex-m4");
      if (core.countsOf.empty()) {
        errors.insert(errors.end(), fitted.errors.begin(), fitted.errors.end());
      }
      if (options.output.empty()) continue;
      const std::string suffix = opt == "-O2" ? "" : "." + std::string(opt.substr(1));
      const auto path = std::filesystem::path(options.output) / (core.name + suffix + ".toml");
      if (!save(path, writeKernelTable(fitted.table))) {
        return fail({path.string(), "cannot be written"}, 2);
      }
    }
  }
  const std::string report = renderErrors(errors);
  if (options.report.empty()) {
    std::fwrite(report.data(), 1, report.size(), stdout);
  } else if (!save(options.report, report)) {
    return fail({options.report, "cannot be written"}, 2);
  }
  return 0;
}

}  // namespace
}  // namespace mcuprof

int main(int argc, char** argv) {
  mcuprof::Options options;
  CLI::App app("Fits kernel cost tables to counted executions and reports how well they hold.");
  app.add_option("COUNTS", options.counts, "counts.csv, see docs/kernel-tables.md")->required();
  app.add_option("--features", options.features, "features.toml; default: beside the counts");
  app.add_option("-o,--output", options.output, "folder for the tables; none: report only");
  app.add_option("--report", options.report, "file for the report; default: standard output");
  app.add_option("--core", options.cores, "only these cores");
  app.add_option("--kernel", options.kernels, "only these kernels");
  CLI11_PARSE(app, argc, argv);
  return mcuprof::run(std::move(options));
}
