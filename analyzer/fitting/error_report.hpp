#pragma once

#include <span>
#include <string>

#include "analyzer/fitting/fit_kernels.hpp"

namespace mcuprof {

/// How well kernels are predicted, as Markdown: a row a kernel and one a variant, a column a core
/// and optimisation level. A cell is "mean / 95th percentile / worst" of the error in percent,
/// cross-validated.
std::string renderErrors(std::span<const VariantErrors> errors);

}  // namespace mcuprof
