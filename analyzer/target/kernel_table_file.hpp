#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyzer/base/result.hpp"
#include "analyzer/target/kernel_table.hpp"

namespace mcuprof {

/// Reads a kernel cost table. docs/kernel-tables.md describes the format, a subset of TOML (one key
/// a line, strings in double quotes without escapes, arrays on one line): a table has some ten
/// thousand numbers, and reading them may cost no more than a millisecond at each start.
///
/// Of the variants only those of `kernels` are read, of all kernels when it is empty. `name` is
/// what errors call the text; their `where` is "name:line".
Result<KernelTable> readKernelTable(std::string_view text, std::string_view name,
                                    std::span<const std::string_view> kernels = {});

/// The file in `folder` that loadKernelTable() reads: "cortex-m4.toml", "cortex-m4.O3.toml".
std::string kernelTableName(const std::string& folder, std::string_view core, std::string_view opt);

/// Loads <folder>/<core>.toml, or for an optimisation level other than -O2 the table counted at
/// that level where there is one (<core>.O3.toml). The scales of the -O2 table stand in for those
/// that are missing.
Result<KernelTable> loadKernelTable(const std::string& folder, std::string_view core,
                                    std::string_view opt = "-O2",
                                    std::span<const std::string_view> kernels = {});

/// The text readKernelTable() reads. Same table, same bytes.
std::string writeKernelTable(const KernelTable& table);

}  // namespace mcuprof
