#pragma once

#include <string>

#include "analyzer/analysis/analyze.hpp"

namespace mcuprof::cli {

/// Why a layer's measured cycles lie outside what was predicted, as far as the layer's own figures
/// tell; empty inside the interval, and where nothing stands out.
std::string likelyCause(const Analysis& analysis, OpId op, double measured,
                        const std::string& kernelLibrary);

}  // namespace mcuprof::cli
