#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof {

enum class TargetFileKind : std::uint8_t { Board, Core, Runtime };

constexpr std::string_view nameOf(TargetFileKind kind) {
  switch (kind) {
    case TargetFileKind::Board:
      return "board";
    case TargetFileKind::Core:
      return "core";
    case TargetFileKind::Runtime:
      return "runtime";
  }
  return "";
}

/// "boards/nucleo-f767zi.toml" is "nucleo-f767zi".
std::string nameFromPath(std::string_view path);

/// What was found out about one file.
struct FileCheck {
  /// Told from its keys: a board names a chip or a core, a core has an architecture. Nothing
  /// when the file is no readable TOML.
  std::optional<TargetFileKind> kind;
  /// In the order of the text; of a runtime only the first. Empty: the file is good.
  std::vector<Error> problems;
};

/// Checks a file of any kind as loading it would. `cores` are the names of the cores that exist.
FileCheck validateFile(const std::string& path, std::span<const std::string> cores);

}  // namespace mcuprof
