#include "analyzer/target/catalogue.hpp"

#include <dirent.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>

#include "analyzer/base/near_miss.hpp"
#include "analyzer/target/board_file.hpp"
#include "analyzer/target/core_file.hpp"
#include "analyzer/target/runtime_file.hpp"
#include "analyzer/target/target_file.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {
namespace {

constexpr std::string_view kEnding = ".toml";
constexpr std::string_view kCommonPrefix = "nucleo-";

bool isFolder(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool isFile(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool holdsText(const std::string& path, std::string_view wanted) {
  const Result<std::string> text = readTextFile(path);
  return text && text->find(wanted) != std::string::npos;
}

bool endsWith(std::string_view text, std::string_view ending) {
  return text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending;
}

bool isPath(std::string_view name) {
  return name.find('/') != std::string_view::npos || endsWith(name, kEnding);
}

// "NUCLEO_F767ZI" is "nucleo-f767zi".
std::string canonical(std::string_view name) {
  std::string plain(name);
  for (char& c : plain) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_' || c == ' ') c = '-';
  }
  return plain;
}

std::string_view withoutPrefix(std::string_view name) {
  return name.substr(0, kCommonPrefix.size()) == kCommonPrefix ? name.substr(kCommonPrefix.size())
                                                               : name;
}

std::string installedFolder() {
  char program[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program);
  if (length <= 0 || length >= static_cast<ssize_t>(sizeof program)) return {};
  const std::string_view path(program, static_cast<std::size_t>(length));
  const std::string_view bin = path.substr(0, path.rfind('/'));
  return std::string(bin.substr(0, bin.rfind('/'))) + "/share/mcuprof/targets";
}

Result<Catalogue> demanded(const std::string& folder, std::string_view by) {
  if (isFolder(folder + "/boards")) return Catalogue(folder);
  return Error{folder,
               fmt::format("{} names this folder, but it has no folder \"boards\" in it", by)};
}

// The names by which a board can be called, apart from its aliases.
std::vector<std::string> callNames(const std::vector<std::string>& boards) {
  std::vector<std::string> all;
  for (const std::string& board : boards) {
    if (const auto shorter = withoutPrefix(board); shorter != board) all.emplace_back(shorter);
    all.push_back(board);
  }
  return all;
}

Error unknown(std::string_view kind, std::string_view name,
              const std::vector<std::string>& candidates) {
  std::string shown(name.substr(0, 60));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20) c = '?';
  const auto near = nearMiss(name, candidates);
  const std::string hint = near ? fmt::format("; did you mean {}?", *near) : "";
  if (kind == "board")
    return {"", fmt::format("unknown board \"{}\"{} (\"mcuprof boards\" lists them)", shown, hint)};
  std::string known;
  for (const std::string& candidate : candidates) known += (known.empty() ? "" : ", ") + candidate;
  return {"", fmt::format("unknown {} \"{}\"{} (known: {})", kind, shown, hint, known)};
}

}  // namespace

Result<Catalogue> Catalogue::find(const std::string& explicitFolder) {
  if (!explicitFolder.empty()) return demanded(explicitFolder, "--targets");
  const char* variable = std::getenv("MCUPROF_TARGETS");
  if (variable != nullptr && *variable != '\0') return demanded(variable, "MCUPROF_TARGETS");
  std::string installed = installedFolder();
  if (isFolder(installed + "/boards")) return Catalogue(std::move(installed));
  constexpr const char* kSourceTree = MCUPROF_SOURCE_TARGETS;
  if (isFolder(std::string(kSourceTree) + "/boards")) return Catalogue(kSourceTree);
  return Error{"",
               fmt::format("no target files in {} nor in {}; name their folder with --targets or "
                           "MCUPROF_TARGETS",
                           installed, kSourceTree)};
}

std::vector<std::string> Catalogue::names(std::string_view kind) const {
  std::vector<std::string> found;
  const auto closeFolder = [](DIR* folder) { closedir(folder); };
  const std::unique_ptr<DIR, decltype(closeFolder)> folder(
      opendir(fmt::format("{}/{}", m_folder, kind).c_str()), closeFolder);
  if (!folder) return found;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view file = entry->d_name;
    if (endsWith(file, kEnding) && file.front() != '.')
      found.emplace_back(file.substr(0, file.size() - kEnding.size()));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string Catalogue::pathOf(std::string_view kind, std::string_view name) const {
  return fmt::format("{}/{}/{}{}", m_folder, kind, name, kEnding);
}

Result<std::string> Catalogue::boardPath(std::string_view nameOrPath) const {
  if (isPath(nameOrPath)) return std::string(nameOrPath);
  const std::string name = canonical(nameOrPath);
  if (!name.empty()) {
    std::string direct = pathOf("boards", name);
    if (isFile(direct)) return direct;
    std::string prefixed = pathOf("boards", std::string(kCommonPrefix) + name);
    if (isFile(prefixed)) return prefixed;
  }
  // Only now the other files are opened, and read in full only where the name stands in them. One
  // that cannot be read is not the one that was asked for.
  const std::vector<std::string> cores = coreNames();
  const std::vector<std::string> boards = boardNames();
  for (const std::string& board : boards) {
    std::string path = pathOf("boards", board);
    if (name.empty() || !holdsText(path, '"' + name + '"')) continue;
    const Result<Board> loaded = mcuprof::loadBoard(path, cores);
    if (!loaded) continue;
    if (std::find(loaded->aliases.begin(), loaded->aliases.end(), name) != loaded->aliases.end())
      return path;
  }
  std::vector<std::string> candidates = callNames(boards);
  for (const std::string& board : boards)
    if (const Result<Board> loaded = mcuprof::loadBoard(pathOf("boards", board), cores))
      candidates.insert(candidates.end(), loaded->aliases.begin(), loaded->aliases.end());
  return unknown("board", nameOrPath, candidates);
}

Result<std::string> Catalogue::corePath(std::string_view nameOrPath) const {
  if (isPath(nameOrPath)) return std::string(nameOrPath);
  std::string path = pathOf("cores", canonical(nameOrPath));
  if (isFile(path)) return path;
  return unknown("core", nameOrPath, coreNames());
}

Result<std::string> Catalogue::runtimePath(std::string_view nameOrPath) const {
  if (isPath(nameOrPath)) return std::string(nameOrPath);
  std::string path = pathOf("runtimes", canonical(nameOrPath));
  if (isFile(path)) return path;
  return unknown("runtime", nameOrPath, runtimeNames());
}

Result<Board> Catalogue::loadBoard(std::string_view nameOrPath) const {
  const Result<std::string> path = boardPath(nameOrPath);
  if (!path) return path.error();
  return mcuprof::loadBoard(*path, coreNames());
}

Result<Core> Catalogue::loadCore(std::string_view nameOrPath) const {
  const Result<std::string> path = corePath(nameOrPath);
  if (!path) return path.error();
  return mcuprof::loadCore(*path);
}

Result<Runtime> Catalogue::loadRuntime(std::string_view nameOrPath) const {
  const Result<std::string> path = runtimePath(nameOrPath);
  if (!path) return path.error();
  return mcuprof::loadRuntime(*path);
}

Result<std::vector<Board>> Catalogue::listBoards() const {
  const std::vector<std::string> cores = coreNames();
  std::vector<Board> boards;
  for (const std::string& name : boardNames()) {
    Result<Board> board = mcuprof::loadBoard(pathOf("boards", name), cores);
    if (!board) return board.error();
    boards.push_back(std::move(*board));
  }
  return boards;
}

std::vector<Error> Catalogue::problems() const {
  const std::vector<std::string> cores = coreNames();
  std::vector<Error> all;
  const auto take = [&](const std::string& path, TargetFileKind wanted) {
    FileCheck check = validateFile(path, cores);
    if (check.kind && *check.kind != wanted)
      all.push_back({path, fmt::format("this is a {} file; wanted a {} file", nameOf(*check.kind),
                                       nameOf(wanted))});
    else
      std::move(check.problems.begin(), check.problems.end(), std::back_inserter(all));
  };
  for (const std::string& name : cores) take(pathOf("cores", name), TargetFileKind::Core);
  for (const std::string& name : runtimeNames())
    take(pathOf("runtimes", name), TargetFileKind::Runtime);

  // Each name by which a board can be called, with the board it calls.
  std::map<std::string, std::string> owners;
  const auto claim = [&](const std::string& callName, const std::string& board) {
    const auto [owner, isNew] = owners.try_emplace(callName, board);
    if (!isNew && owner->second != board)
      all.push_back({pathOf("boards", board),
                     fmt::format("\"{}\" stands for {} too", callName, owner->second)});
  };
  const std::vector<std::string> boards = boardNames();
  for (const std::string& name : boards) {
    claim(name, name);
    claim(std::string(withoutPrefix(name)), name);
  }
  for (const std::string& name : boards) {
    take(pathOf("boards", name), TargetFileKind::Board);
    if (const Result<Board> board = mcuprof::loadBoard(pathOf("boards", name), cores))
      for (const std::string& alias : board->aliases) claim(alias, name);
  }
  return all;
}

}  // namespace mcuprof
