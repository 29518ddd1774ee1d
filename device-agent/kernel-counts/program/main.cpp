// mcuprof-count-kernels: writes counts.csv of the device agent's kernels.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/target/catalogue.hpp"
#include "device-agent/kernel-counts/count_layer.hpp"
#include "device-agent/kernel-counts/layers_to_count.hpp"

namespace mcuprof {
namespace {

/// A core that the agent runs on, and a board whose image stands for all boards with it.
struct CountedCore {
  const char* name;
  const char* board;
  mcuprof_library library;
};

constexpr CountedCore kCores[] = {{"cortex-m0", "f091rc", MCUPROF_LIBRARY_PORTABLE},
                                  {"cortex-m3", "f207zg", MCUPROF_LIBRARY_PORTABLE},
                                  {"cortex-m4", "f429zi", MCUPROF_LIBRARY_DSP},
                                  {"cortex-m7", "f767zi", MCUPROF_LIBRARY_DSP}};

Result<void> countCore(const CountedCore& counted, const std::vector<Model>& models,
                       const Catalogue& catalogue, const std::string& firmware) {
  const auto core = catalogue.loadCore(counted.name);
  if (!core) return core.error();
  const auto runtime = catalogue.loadRuntime("mcuprof-agent");
  if (!runtime) return runtime.error();
  const auto pricing = findPricingCore(counted.name);
  if (!pricing) return pricing.error();
  const std::string path = firmware + "/" + counted.board + "/agent.elf";
  const auto image = MappedFile::open(path);
  if (!image) return image.error();
  const auto engine = CountingCore::make(**pricing, (*image)->bytes(), path);
  if (!engine) return engine.error();
  for (const Model& model : models) {
    const auto line = countLayer(**engine, model, *core, *runtime, counted.library);
    if (!line) return line.error();
    std::fputs(line->c_str(), stdout);
  }
  return {};
}

int run(const std::string& firmware, const std::string& targets,
        const std::vector<std::string>& cores) {
  const auto fail = [](const Error& error) {
    std::fprintf(stderr, "mcuprof-count-kernels: %s\n", error.text().c_str());
    return 3;
  };
  const auto catalogue = Catalogue::find(targets);
  if (!catalogue) return fail(catalogue.error());
  const std::vector<Model> models = layersToCount();
  std::fputs(countsHeader().c_str(), stdout);
  for (const CountedCore& core : kCores) {
    const bool wanted = cores.empty() || std::ranges::find(cores, core.name) != cores.end();
    if (!wanted) continue;
    if (auto done = countCore(core, models, *catalogue, firmware); !done) return fail(done.error());
  }
  return 0;
}

}  // namespace
}  // namespace mcuprof

int main(int argc, char** argv) {
  std::string firmware;
  std::string targets;
  std::vector<std::string> cores;
  CLI::App app("Counts what the device agent's kernels execute, over a fixed list of shapes.");
  app.add_option("FIRMWARE", firmware, "Folder of the agent's images, as the build makes it")
      ->required();
  app.add_option("--targets", targets, "Folder with target files")->type_name("DIR");
  app.add_option("--core", cores, "Only these cores")->type_name("NAME");
  CLI11_PARSE(app, argc, argv);
  return mcuprof::run(firmware, targets, cores);
}
