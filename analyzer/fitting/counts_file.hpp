#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/target/kernel_table.hpp"

namespace mcuprof {

/// One executed kernel call.
struct CountedCall {
  std::string core;
  std::string opt;
  std::string kernel;
  KernelRow row{};
  CostValues counted{};    ///< Cycles holds LLVM MCA's price
  bool hasCycles = false;  ///< LLVM has a model of the core
};

/// Reads counts: a CSV with a header; columns that are not known are passed over, missing ones are
/// an error. Errors name the line.
Result<std::vector<CountedCall>> readCounts(std::string_view text, const std::string& name);

}  // namespace mcuprof
