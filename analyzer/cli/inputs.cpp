#include "analyzer/cli/inputs.hpp"

#include <utility>

#include "analyzer/analysis/kernel_call.hpp"
#include "analyzer/base/mapped_file.hpp"
#include "analyzer/base/sha256.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "analyzer/target/board_file.hpp"
#include "analyzer/target/core_file.hpp"
#include "analyzer/target/cost_tables.hpp"
#include "analyzer/target/runtime_file.hpp"

namespace mcuprof::cli {
namespace {

std::string baseName(const std::string& path) {
  if (path == "-") return "standard input";
  return path.substr(path.rfind('/') + 1);
}

InputFile describe(std::string role, const std::string& path, const MappedFile& file, Hash hash) {
  return {std::move(role), baseName(path), Bytes(static_cast<std::int64_t>(file.bytes().size())),
          hash == Hash::Yes ? sha256Of(file.bytes()) : ""};
}

/// Adds the file to the provenance. It was read already, so a failure means that it just went away.
Result<void> remember(std::string role, const std::string& path, std::vector<InputFile>& files,
                      Hash hash) {
  auto file = MappedFile::open(path);
  if (!file) return file.error();
  files.push_back(describe(std::move(role), path, **file, hash));
  return {};
}

/// Board and core; runtime and costs are still missing.
struct Machine {
  Target target;
  std::vector<InputFile> files;
};

Loaded<Machine> loadMachine(const Catalogue& catalogue, const std::string& boardName, Hash hash) {
  Machine out;
  const auto path = catalogue.boardPath(boardName);
  if (!path) return Failure{kUsage, path.error()};
  auto board = loadBoard(*path, catalogue.coreNames());
  if (!board) return Failure{kBadInput, board.error()};
  if (auto done = remember("board", *path, out.files, hash); !done)
    return Failure{kBadInput, done.error()};
  auto core = loadCoreFile(catalogue, board->core, out.files, hash);
  if (!core) return core.failure();
  out.target.board = std::move(*board);
  out.target.core = std::move(*core);
  return out;
}

/// The target of a machine and a runtime, with what is known of the costs: of all kernels, or of
/// those that a graph calls.
Loaded<TargetInput> addCosts(const Catalogue& catalogue, Machine machine, Runtime runtime,
                             std::optional<OptLevel> opt, const Graph* graph, Hash hash) {
  Target& target = machine.target;
  target.runtime = std::move(runtime);
  std::vector<std::string> rateFiles;
  auto rates =
      std::async([&] { return loadRates(catalogue.folder(), target.runtime.library, rateFiles); });
  std::vector<std::string_view> called;
  if (graph != nullptr) called = calledKernels(*graph, target.core, target.runtime);
  std::vector<std::string> files;
  auto costs = loadKernelTables(catalogue.folder(), target.runtime, target.core.name,
                                nameOf(opt.value_or(target.runtime.opt)), files, called);
  auto loadedRates = rates.get();
  if (!costs) return Failure{kBadInput, costs.error()};
  if (!loadedRates) return Failure{kBadInput, loadedRates.error()};
  files.insert(files.end(), rateFiles.begin(), rateFiles.end());
  for (const std::string& file : files) {
    if (auto done = remember("costs", file, machine.files, hash); !done)
      return Failure{kBadInput, done.error()};
  }
  target.costs = *std::move(costs);
  target.costs.rates = *std::move(loadedRates);
  return TargetInput{std::make_shared<const Target>(std::move(target)), std::move(machine.files)};
}

}  // namespace

Loaded<ModelInput> loadModel(const std::string& path, Hash hash) {
  auto file = MappedFile::open(path);
  if (!file) return Failure{kBadInput, file.error()};
  ModelInput input;
  auto model = readTflite(*file);
  if (!model) return Failure{kBadInput, model.error()};
  auto graph = buildGraph(*model);
  if (!graph) return Failure{kBadInput, {(*file)->name(), graph.error().text()}};
  input.file = describe("model", path, **file, hash);
  input.model = std::move(*model);
  input.graph = std::make_shared<const Graph>(std::move(*graph));
  return input;
}

Loaded<Catalogue> findCatalogue(const TargetOptions& options) {
  auto catalogue = Catalogue::find(options.folder);
  if (!catalogue) return Failure{kUsage, catalogue.error()};
  return std::move(*catalogue);
}

Loaded<Runtime> loadRuntimeFile(const Catalogue& catalogue, const std::string& name,
                                std::vector<InputFile>& files, Hash hash) {
  const auto path = catalogue.runtimePath(name);
  if (!path) return Failure{kUsage, path.error()};
  auto runtime = loadRuntime(*path);
  if (!runtime) return Failure{kBadInput, runtime.error()};
  for (const std::string& file : runtime->files) {
    if (auto done = remember("runtime", file, files, hash); !done)
      return Failure{kBadInput, done.error()};
  }
  return std::move(*runtime);
}

Loaded<Core> loadCoreFile(const Catalogue& catalogue, const std::string& name,
                          std::vector<InputFile>& files, Hash hash) {
  const auto path = catalogue.corePath(name);
  if (!path) return Failure{kUsage, path.error()};
  auto core = loadCore(*path);
  if (!core) return Failure{kBadInput, core.error()};
  if (auto done = remember("core", *path, files, hash); !done)
    return Failure{kBadInput, done.error()};
  return std::move(*core);
}

Loaded<TargetInput> loadTargetFiles(const Catalogue& catalogue, const std::string& board,
                                    const Runtime& runtime, std::optional<OptLevel> opt) {
  auto machine = loadMachine(catalogue, board, Hash::Yes);
  if (!machine) return machine.failure();
  return addCosts(catalogue, std::move(*machine), runtime, opt, nullptr, Hash::Yes);
}

Loaded<TargetInput> loadTargetFiles(const std::string& board, const TargetOptions& options,
                                    std::optional<OptLevel> opt) {
  return TargetLoad(board, options, opt, Hash::Yes).finish(nullptr);
}

TargetLoad::TargetLoad(std::string board, const TargetOptions& options, std::optional<OptLevel> opt,
                       Hash hash)
    : m_board(std::move(board)), m_opt(opt), m_hash(hash), m_catalogue(findCatalogue(options)) {
  if (!m_catalogue) return;
  m_runtime = std::async(
      [catalogue = *m_catalogue, name = options.runtime, hash]() -> Loaded<RuntimeInput> {
        RuntimeInput out;
        auto runtime = loadRuntimeFile(catalogue, name, out.files, hash);
        if (!runtime) return runtime.failure();
        out.runtime = std::move(*runtime);
        return out;
      });
}

Loaded<TargetInput> TargetLoad::finish(const Graph* graph) {
  if (!m_catalogue) return m_catalogue.failure();
  auto machine = loadMachine(*m_catalogue, m_board, m_hash);
  auto runtime = m_runtime.get();
  if (!runtime) return runtime.failure();
  if (!machine) return machine.failure();
  auto out = addCosts(*m_catalogue, std::move(*machine), std::move(runtime->runtime), m_opt, graph,
                      m_hash);
  if (out) out->files.insert(out->files.end(), runtime->files.begin(), runtime->files.end());
  return out;
}

Result<void> checkPlacement(const PlacementOptions& placement, const Board& board) {
  if (placement.weights.empty()) return {};
  if (auto region = findRegion(board, placement.weights); !region) {
    return Error{"--place", region.error().text()};
  }
  return {};
}

Provenance provenanceOf(const InputFile& model, const std::vector<InputFile>& target) {
  Provenance out;
  out.toolVersion = MCUPROF_VERSION;
  out.inputs.push_back(model);
  out.inputs.insert(out.inputs.end(), target.begin(), target.end());
  return out;
}

int fail(const Failure& failure) {
  return fail(failure.status, failure.error);
}

}  // namespace mcuprof::cli
