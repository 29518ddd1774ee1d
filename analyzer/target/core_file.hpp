#pragma once

#include <string>

#include "analyzer/base/result.hpp"
#include "analyzer/target/target.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {

/// Reads targets/cores/NAME.toml; docs/target-files.md describes the keys. Problems are noted in
/// the document, and the core counts only when there are none.
Core readCore(TomlDocument& document, std::string name);

/// The core of a file; its name is the file's without ".toml".
Result<Core> loadCore(const std::string& path);

}  // namespace mcuprof
