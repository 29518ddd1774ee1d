#pragma once

#include <cstdint>
#include <memory>
#include <string>

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
/// What of a target is wanted.
struct TargetWants {
  const Graph* graph = nullptr;  ///< where set, the target need not serve other models
  Hash hash = Hash::Yes;
};

Loaded<TargetInput> loadTargetFiles(const std::string& board, const TargetOptions& options,
                                    std::optional<OptLevel> opt = {},
                                    const TargetWants& wants = {});

/// The catalogue's target with a runtime that is loaded already.
Loaded<TargetInput> loadTargetFiles(const Catalogue& catalogue, const std::string& board,
                                    const Runtime& runtime, std::optional<OptLevel> opt = {},
                                    const TargetWants& wants = {});

/// Whether `--place weights=` names a memory of this board.
Result<void> checkPlacement(const PlacementOptions& placement, const Board& board);

Provenance provenanceOf(const InputFile& model, const std::vector<InputFile>& target);

int fail(const Failure& failure);

}  // namespace mcuprof::cli
