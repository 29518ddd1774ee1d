#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/target/runtime.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// The folder with target files: boards/, cores/, runtimes/ below it, one TOML file each, named as
/// what it describes. Nothing is read before it is asked for, and one board costs one file.
class Catalogue {
 public:
  /// The folder is, in this order: `explicitFolder` unless empty; what MCUPROF_TARGETS names; what
  /// was installed beside the running program (../share/mcuprof/targets); the source tree the
  /// program was built from. The first two must be right; the others are tried.
  static Result<Catalogue> find(const std::string& explicitFolder);

  explicit Catalogue(std::string folder) : m_folder(std::move(folder)) {}

  const std::string& folder() const { return m_folder; }

  /// Names in order, without ".toml".
  std::vector<std::string> boardNames() const { return names("boards"); }
  std::vector<std::string> coreNames() const { return names("cores"); }
  std::vector<std::string> runtimeNames() const { return names("runtimes"); }

  /// The file of a board: its name, the name without "nucleo-", one of its aliases (upper or lower
  /// case, '_' for '-'), or a path to a .toml file.
  Result<std::string> boardPath(std::string_view nameOrPath) const;
  Result<std::string> corePath(std::string_view nameOrPath) const;
  Result<std::string> runtimePath(std::string_view nameOrPath) const;

  Result<Board> loadBoard(std::string_view nameOrPath) const;
  Result<Core> loadCore(std::string_view nameOrPath) const;
  Result<Runtime> loadRuntime(std::string_view nameOrPath) const;

  /// Every board, by name.
  Result<std::vector<Board>> listBoards() const;

  /// All files below the folder as `validateFile` sees them, and names that stand for two boards.
  std::vector<Error> problems() const;

 private:
  std::vector<std::string> names(std::string_view kind) const;
  std::string pathOf(std::string_view kind, std::string_view name) const;

  std::string m_folder;
};

}  // namespace mcuprof
