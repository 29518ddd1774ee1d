#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/fitting/counts_file.hpp"
#include "analyzer/fitting/features_file.hpp"
#include "analyzer/target/kernel_table.hpp"

namespace mcuprof {

/// How well one variant is met, for the report.
struct VariantErrors {
  std::string core;
  std::string opt;
  std::string kernel;
  std::string variant;
  std::size_t terms = 0;
  bool exact = false;
  // Counted / predicted of each shape, by fits that had not seen it.
  std::vector<double> instructions;
  std::vector<double> cycles;
  std::vector<double> largest;  ///< instructions of the largest fifth, predicted from the rest
};

struct FittedTable {
  KernelTable table;
  std::vector<VariantErrors> errors;
};

/// Fits the table of one core at one optimisation level; `kernels` empty: all. Variants with too
/// few shapes keep their condition and get no terms: their cost is unknown.
FittedTable fitKernels(const FeaturesFile& features, const FeatureCore& core, std::string_view opt,
                       std::span<const CountedCall> calls,
                       std::span<const std::string> kernels = {});

/// What another optimisation level costs relative to -O2, kernel by kernel, where both were counted
/// on one core: 5th, 50th and 95th percentile over the shapes.
std::vector<OptScale> scalesOf(std::span<const CountedCall> calls, std::string_view core);

}  // namespace mcuprof
