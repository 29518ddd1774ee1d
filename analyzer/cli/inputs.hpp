#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/cli/options.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/report/report.hpp"
#include "analyzer/target/catalogue.hpp"

namespace mcuprof::cli {

/// Why a command cannot go on, with the status it ends with.
struct Failure {
  int status;
  Error error;
};

/// A value or the failure to end with; like Result, with a status.
template <typename T>
class [[nodiscard]] Loaded {
 public:
  Loaded(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
  Loaded(Failure failure) : m_state(std::in_place_index<1>, std::move(failure)) {}
  explicit operator bool() const { return m_state.index() == 0; }
  T& operator*() { return std::get<0>(m_state); }
  T* operator->() { return &std::get<0>(m_state); }
  const Failure& failure() const { return std::get<1>(m_state); }

 private:
  std::variant<T, Failure> m_state;
};

/// A model file, read and proved.
struct ModelInput {
  InputFile file;
  Model model;
  std::shared_ptr<const Graph> graph;
};

/// Hashing reads the whole file, weights and all; without it the SHA-256 stays empty.
enum class Hash : std::uint8_t { No, Yes };
Loaded<ModelInput> loadModel(const std::string& path, Hash hash = Hash::Yes);

/// A target with the files it came from. Names that do not exist are wrong usage; files that cannot
/// be read are bad input.
struct TargetInput {
  std::shared_ptr<const Target> target;
  std::vector<InputFile> files;
};

Loaded<Catalogue> findCatalogue(const TargetOptions& options);
Loaded<Runtime> loadRuntimeFile(const Catalogue& catalogue, const std::string& name,
                                std::vector<InputFile>& files, Hash hash = Hash::Yes);
Loaded<Core> loadCoreFile(const Catalogue& catalogue, const std::string& name,
                          std::vector<InputFile>& files, Hash hash = Hash::Yes);
Loaded<TargetInput> loadTargetFiles(const std::string& board, const TargetOptions& options,
                                    std::optional<OptLevel> opt = {});

/// The catalogue's target with a runtime that is loaded already.
Loaded<TargetInput> loadTargetFiles(const Catalogue& catalogue, const std::string& board,
                                    const Runtime& runtime, std::optional<OptLevel> opt = {});

/// The target for one model, whose file is read in the meantime: the runtime's files, the longest,
/// are read on another thread from the moment this is made.
class TargetLoad {
 public:
  TargetLoad(std::string board, const TargetOptions& options, std::optional<OptLevel> opt,
             Hash hash);

  /// To be called once. What only other models than `graph` call is left out, unless it is null.
  Loaded<TargetInput> finish(const Graph* graph);

 private:
  struct RuntimeInput {
    Runtime runtime;
    std::vector<InputFile> files;
  };

  std::string m_board;
  std::optional<OptLevel> m_opt;
  Hash m_hash;
  Loaded<Catalogue> m_catalogue;
  std::future<Loaded<RuntimeInput>> m_runtime;
};

/// Whether `--place weights=` names a memory of this board.
Result<void> checkPlacement(const PlacementOptions& placement, const Board& board);

Provenance provenanceOf(const InputFile& model, const std::vector<InputFile>& target);

int fail(const Failure& failure);

}  // namespace mcuprof::cli
