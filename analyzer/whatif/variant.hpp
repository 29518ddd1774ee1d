#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/base/result.hpp"

namespace mcuprof {

/// What one variant changes of a model and a machine; what is left out stays.
struct Variant {
  std::int32_t filters = 0;  ///< added to each CONV_2D of layers [filtersFirst, filtersLast]
  std::int32_t filtersFirst = 0;
  std::int32_t filtersLast = -1;  ///< -1: the last layer
  std::optional<std::int32_t> inputHeight;
  std::optional<std::int32_t> inputWidth;
  PlacementOptions placement;
  MachineOptions machine;
  std::optional<Calibration> calibration;  ///< none: the cost model as it is
};

/// A number with an optional unit: "216M" or "216MHz" is 216,000,000; k, M and G are powers of
/// 1000.
Result<std::int64_t> parseHertz(std::string_view text);
/// "N" or "HxW".
Result<std::pair<std::int32_t, std::int32_t>> parseInput(std::string_view text);
/// "-O2", "O2", "-O3", "-Os".
Result<OptLevel> parseOpt(std::string_view text);
/// "on" or "off".
Result<bool> parseSwitch(std::string_view text);

/// Sets one variable of a variant from text: filters, filters.at (FIRST:LAST), input, clock, wait,
/// cache, accelerator, opt, sd.clock, sram, reserve, stack, place.weights. The error says what was
/// wanted.
Result<void> setVariable(Variant& variant, std::string_view name, std::string_view value);
std::vector<std::string> variableNames();

/// The analysis of a variant of `graph`; the error is the refusal of an edit.
Result<Analysis> analyzeVariant(const std::shared_ptr<const Graph>& graph,
                                const std::shared_ptr<const Target>& target,
                                const Variant& variant);

/// The figures by which variants are compared.
struct VariantFigures {
  Verdict verdict = Verdict::Fits;
  Bytes arena;
  Bytes peakActivations;  ///< most bytes of the arena's head that are alive in one step
  Bytes peakWorkingSet;   ///< of the layer with the largest
  Bytes flash;
  Residence weights = Residence::Flash;  ///< where all constant data lies
  Bytes spillWritten;
  Bytes spillRead;
  Macs macs;
  double cycles = 0;
  Estimate milliseconds;
  double computeMs = 0;  ///< all but spills
  double spillWriteMs = 0;
  double spillReadMs = 0;
  std::optional<Estimate> millijoules;
  /// Of writing spills: the card's and that of the core, which waits.
  std::optional<double> spillWriteMillijoules;
  std::size_t unknownLayers = 0;
};

VariantFigures figuresOf(const Analysis& analysis);

}  // namespace mcuprof
