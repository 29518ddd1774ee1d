#pragma once

#include <span>
#include <string>

#include "analyzer/base/result.hpp"
#include "analyzer/target/target.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {

/// Reads targets/boards/NAME.toml; docs/target-files.md describes the keys. `cores` are the names
/// of the cores that exist. Problems are noted in the document, and the board counts only when
/// there are none.
Board readBoard(TomlDocument& document, std::string name, std::span<const std::string> cores);

/// The board of a file; its name is the file's without ".toml".
Result<Board> loadBoard(const std::string& path, std::span<const std::string> cores);

}  // namespace mcuprof
