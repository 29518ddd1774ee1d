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

Loaded<TargetInput> loadTargetFiles(const Catalogue& catalogue, const std::string& boardName,
                                    const Runtime& runtime, std::optional<OptLevel> opt,
                                    const TargetWants& wants) {
  TargetInput out;
  const auto path = catalogue.boardPath(boardName);
  if (!path) return Failure{kUsage, path.error()};
  auto board = loadBoard(*path, catalogue.coreNames());
  if (!board) return Failure{kBadInput, board.error()};
  if (auto done = remember("board", *path, out.files, wants.hash); !done)
    return Failure{kBadInput, done.error()};
  auto core = loadCoreFile(catalogue, board->core, out.files, wants.hash);
  if (!core) return core.failure();
  Target target;
  target.board = std::move(*board);
  target.core = std::move(*core);
  target.runtime = runtime;
  std::vector<std::string> costFiles;
  std::vector<std::string_view> kernels;
  if (wants.graph != nullptr) kernels = calledKernels(*wants.graph, target.core, runtime);
  auto costs = loadCostTables(catalogue.folder(), runtime, target.core.name,
                              nameOf(opt.value_or(runtime.opt)), &costFiles, kernels);
  if (!costs) return Failure{kBadInput, costs.error()};
  for (const std::string& file : costFiles) {
    if (auto done = remember("costs", file, out.files, wants.hash); !done)
      return Failure{kBadInput, done.error()};
  }
  target.costs = std::move(*costs);
  out.target = std::make_shared<const Target>(std::move(target));
  return out;
}

Loaded<TargetInput> loadTargetFiles(const std::string& board, const TargetOptions& options,
                                    std::optional<OptLevel> opt, const TargetWants& wants) {
  auto catalogue = findCatalogue(options);
  if (!catalogue) return catalogue.failure();
  std::vector<InputFile> runtimeFiles;
  auto runtime = loadRuntimeFile(*catalogue, options.runtime, runtimeFiles, wants.hash);
  if (!runtime) return runtime.failure();
  auto out = loadTargetFiles(*catalogue, board, *runtime, opt, wants);
  if (out) out->files.insert(out->files.end(), runtimeFiles.begin(), runtimeFiles.end());
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
