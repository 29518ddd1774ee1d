#pragma once

#include <string>

#include "analyzer/model/model.hpp"
#include "analyzer/target/runtime.hpp"
#include "analyzer/target/target.hpp"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/kernel-counts/counting_core.hpp"

namespace mcuprof {

/// The first line of a counts file: what countLayer() writes.
std::string countsHeader();

/// Executes a model of one operator as the agent does and gives its line of a counts file
/// (docs/kernel-tables.md), under the kernel and shape that the analyzer gives it.
Result<std::string> countLayer(CountingCore& engine, const Model& model, const Core& core,
                               const Runtime& runtime, mcuprof_library library);

}  // namespace mcuprof
