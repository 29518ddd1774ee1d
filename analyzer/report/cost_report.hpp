#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/target/kernel_table.hpp"

namespace mcuprof {

/// The kernels of a table, each once, in the order of their names.
std::vector<std::string_view> kernelsOf(const KernelTable& table);

/// Predicts every row of a CSV of shapes and renders CSV, one line a row in the same order: the
/// shape, the path the library takes, instructions and cycles with their 90 % interval, whether the
/// shape is within those the path was fitted on, and the other metrics. A path of unknown cost has
/// the variant "unknown" and empty figures.
///
/// The CSV needs a header with "kernel" and kKernelColumns; other columns are passed over. Errors
/// name the line and the row.
Result<std::string> renderCosts(const KernelTable& table, std::string_view csv, std::string name,
                                std::string_view opt);

}  // namespace mcuprof
