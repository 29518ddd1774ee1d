#include "analyzer/target/target_file.hpp"

#include "analyzer/target/board_file.hpp"
#include "analyzer/target/core_file.hpp"
#include "analyzer/target/runtime_file.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {
namespace {

TargetFileKind kindOf(const TomlTable& root) {
  if (root.has("architecture")) return TargetFileKind::Core;
  if (root.has("chip") || root.has("core") || root.has("clock_hz")) return TargetFileKind::Board;
  return TargetFileKind::Runtime;
}

}  // namespace

std::string nameFromPath(std::string_view path) {
  constexpr std::string_view kEnding = ".toml";
  if (const auto slash = path.rfind('/'); slash != std::string_view::npos)
    path.remove_prefix(slash + 1);
  if (path.size() > kEnding.size() && path.substr(path.size() - kEnding.size()) == kEnding)
    path.remove_suffix(kEnding.size());
  return std::string(path);
}

FileCheck validateFile(const std::string& path, std::span<const std::string> cores) {
  FileCheck check;
  Result<TomlDocument> document = TomlDocument::load(path);
  if (!document) {
    check.problems.push_back(document.error());
    return check;
  }
  check.kind = kindOf(document->root());
  switch (*check.kind) {
    case TargetFileKind::Board:
      readBoard(*document, nameFromPath(path), cores);
      break;
    case TargetFileKind::Core:
      readCore(*document, nameFromPath(path));
      break;
    case TargetFileKind::Runtime:
      if (const auto runtime = loadRuntime(path); !runtime)
        check.problems.push_back(runtime.error());
      return check;
  }
  check.problems = document->problems();
  return check;
}

}  // namespace mcuprof
