#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/report/report.hpp"

namespace mcuprof::cli {

/// Stands for the files of some roles: the hash of their hashes, in their order. By this the
/// database knows boards ("board", "core") and runtimes ("runtime").
std::string hashOfFiles(std::span<const InputFile> files,
                        std::initializer_list<std::string_view> roles);

}  // namespace mcuprof::cli
