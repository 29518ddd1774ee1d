#pragma once

#include <string_view>

#include "analyzer/analysis/kernel_call.hpp"

namespace mcuprof::cli {

/// Whether kernels that ran ("dsp", as an agent's image names its library) are those that a runtime
/// file's `library` has costs of: the agent's own come in two forms.
inline bool isOfLibrary(std::string_view ran, std::string_view library) {
  if (library == kAgentLibrary) return ran == "dsp" || ran == "portable";
  return ran == library;
}

}  // namespace mcuprof::cli
