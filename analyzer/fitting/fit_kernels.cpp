#include "analyzer/fitting/fit_kernels.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <utility>

#include "analyzer/fitting/cross_validation.hpp"

namespace mcuprof {
namespace {

constexpr int kFolds = 5;
constexpr std::uint64_t kSeed = 1;
/// With fewer shapes a fit says nothing of the next one.
constexpr std::size_t kFewestShapes = 8;

constexpr std::size_t kInstructions = static_cast<std::size_t>(CostMetric::Instructions);
constexpr std::size_t kCycles = static_cast<std::size_t>(CostMetric::Cycles);

/// Cortex-M0 and M0+ without LLVM model: one cycle an instruction, one more a word loaded or
/// stored, and one more for BL. Branch refill is apart, as everywhere.
double tableCycles(const CostValues& counted) {
  const auto of = [&](CostMetric metric) { return counted[static_cast<std::size_t>(metric)]; };
  return of(CostMetric::Instructions) + of(CostMetric::LoadWords) + of(CostMetric::StoreWords) +
         of(CostMetric::Calls);
}

/// A variant and the calls that take it.
struct Path {
  const FeatureVariant* feature = nullptr;
  KernelVariant compiled;
  std::vector<const CountedCall*> calls;
};

/// Paths that share their coefficients.
struct Pool {
  std::vector<std::size_t> paths;
  std::vector<std::string> terms;
  std::vector<bool> bytesOnly;  ///< parallel to terms
};

bool isBytes(std::size_t metric) {
  return metric >= static_cast<std::size_t>(CostMetric::WeightBytes);
}

/// The better of two ways, by cross-validation. Branches may need coefficients below 0.
Fit fitMetric(const Observations& observations, std::size_t metric) {
  Fit fit = fitNonNegative(observations);
  const bool branches = metric == static_cast<std::size_t>(CostMetric::TakenBranches) ||
                        metric == static_cast<std::size_t>(CostMetric::LoopBranches);
  if (!branches || fit.exact) return fit;
  const auto positive = errorsOf(crossValidate(observations, kFolds, kSeed));
  const auto either = errorsOf(crossValidate(observations, kFolds, kSeed, fitSigned));
  return either[0] < positive[0] ? fitSigned(observations) : fit;
}

/// Observations of one metric, over all paths of a pool in order. Terms that explain bytes only are
/// 0 for other metrics.
Observations observe(const Pool& pool, const std::vector<Path>& paths,
                     const std::vector<std::vector<double>>& rows, std::size_t metric,
                     bool fromMca) {
  Observations observations;
  observations.terms = pool.terms.size();
  std::size_t at = 0;
  for (const std::size_t path : pool.paths) {
    for (const CountedCall* call : paths[path].calls) {
      const bool table = metric == kCycles && !fromMca;
      std::vector<double> row = rows[at++];
      for (std::size_t i = 0; i < row.size() && !isBytes(metric); ++i) {
        if (pool.bytesOnly[i]) row[i] = 0;
      }
      observations.add(row, table ? tableCycles(call->counted) : call->counted[metric]);
    }
  }
  return observations;
}

std::vector<double> part(const std::vector<double>& all, std::size_t start, std::size_t count) {
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(start);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

class Fitter {
 public:
  Fitter(const FeatureCore& core, std::string_view opt) : m_core(core), m_opt(opt) {}

  void choosePaths(const FeaturesFile& features, std::span<const CountedCall> calls,
                   std::span<const std::string> kernels) {
    for (const FeatureVariant& feature : features.variants) {
      const bool wanted = kernels.empty() || std::find(kernels.begin(), kernels.end(),
                                                       feature.text.kernel) != kernels.end();
      if (!wanted || !feature.isFor(m_core.isa)) continue;
      auto compiled = KernelVariant::compile(feature.text);
      assert(compiled);  // readFeatures() has compiled it before
      m_paths.push_back({&feature, std::move(*compiled), {}});
    }
    const std::string& counted = m_core.countsOf.empty() ? m_core.name : m_core.countsOf;
    for (const CountedCall& call : calls) {
      if (call.core != counted || call.opt != m_opt) continue;
      const auto path = std::find_if(m_paths.begin(), m_paths.end(), [&](const Path& candidate) {
        return candidate.feature->text.kernel == call.kernel &&
               candidate.compiled.applies(call.row);
      });
      if (path != m_paths.end()) path->calls.push_back(&call);
    }
  }

  FittedTable fit() {
    std::map<std::string, Pool> pools;  // in the order of their names, which decides nothing
    for (std::size_t i = 0; i < m_paths.size(); ++i) {
      const FeatureVariant& feature = *m_paths[i].feature;
      Pool& pool = pools[feature.pool.empty() ? "#" + std::to_string(i) : feature.pool];
      pool.paths.push_back(i);
      for (std::size_t term = 0; term < feature.text.terms.size(); ++term) {
        const std::string& text = feature.text.terms[term];
        if (std::find(pool.terms.begin(), pool.terms.end(), text) != pool.terms.end()) continue;
        pool.terms.push_back(text);
        pool.bytesOnly.push_back(term >= feature.firstByteTerm);
      }
    }
    m_variants.resize(m_paths.size());
    m_errors.resize(m_paths.size());
    for (const auto& [name, pool] : pools) fitPool(pool);
    FittedTable fitted;
    for (std::size_t i = 0; i < m_paths.size(); ++i) {
      fitted.table.variants.push_back(std::move(*m_variants[i]));
      if (!m_errors[i].instructions.empty()) fitted.errors.push_back(std::move(m_errors[i]));
    }
    return fitted;
  }

 private:
  void fitPool(const Pool& pool) {
    std::vector<std::vector<double>> rows;
    bool hasCycles = true;
    for (const std::size_t path : pool.paths) {
      const auto& terms = m_paths[path].feature->text.terms;
      for (const CountedCall* call : m_paths[path].calls) {
        const std::vector<double> own = m_paths[path].compiled.termsOf(call->row);
        std::vector<double> row(pool.terms.size());
        for (std::size_t i = 0; i < terms.size(); ++i) {
          const auto at = std::find(pool.terms.begin(), pool.terms.end(), terms[i]);
          row[static_cast<std::size_t>(at - pool.terms.begin())] = own[i];
        }
        rows.push_back(std::move(row));
        hasCycles = hasCycles && (call->hasCycles || !m_core.cyclesFromMca);
      }
    }
    if (rows.size() < kFewestShapes) {
      for (const std::size_t path : pool.paths) setUnknown(path);
      return;
    }
    std::vector<Fit> fits;
    for (std::size_t metric = 0; metric < kCostMetricNames.size(); ++metric) {
      if (metric == kCycles && !hasCycles) {
        fits.push_back({std::vector<double>(pool.terms.size(), 0), false});
        continue;
      }
      fits.push_back(fitMetric(observe(pool, m_paths, rows, metric, m_core.cyclesFromMca), metric));
    }
    const Observations instructions =
        observe(pool, m_paths, rows, kInstructions, m_core.cyclesFromMca);
    const auto instructionRatios = crossValidate(instructions, kFolds, kSeed);
    std::vector<double> cycleRatios;
    if (hasCycles) {
      cycleRatios =
          crossValidate(observe(pool, m_paths, rows, kCycles, m_core.cyclesFromMca), kFolds, kSeed);
    }
    auto largest = extrapolate(instructions);

    std::size_t start = 0;
    for (const std::size_t path : pool.paths) {
      const std::size_t count = m_paths[path].calls.size();
      if (count == 0) {
        setUnknown(path);
        continue;
      }
      VariantErrors& errors = m_errors[path];
      errors.core = m_core.name;
      errors.opt = m_opt;
      errors.kernel = m_paths[path].feature->text.kernel;
      errors.variant = m_paths[path].feature->text.name;
      errors.exact = fits[kInstructions].exact;
      errors.instructions = part(instructionRatios, start, count);
      if (hasCycles) errors.cycles = part(cycleRatios, start, count);
      errors.largest = std::exchange(largest, {});  // they are the pool's, and counted once
      setFitted(path, pool, fits, hasCycles);
      start += count;
    }
  }

  void setUnknown(std::size_t path) {
    auto variant = KernelVariant::compile(onlyNeeded(m_paths[path].feature->text, {}));
    assert(variant);
    variant->shapes = static_cast<int>(m_paths[path].calls.size());
    m_variants[path] = std::move(*variant);
    setRange(path);
  }

  void setFitted(std::size_t path, const Pool& pool, const std::vector<Fit>& fits, bool hasCycles) {
    const VariantText& text = m_paths[path].feature->text;
    std::vector<std::string> terms;
    std::vector<CostValues> coefficients;
    for (const std::string& term : text.terms) {
      const auto at = static_cast<std::size_t>(
          std::find(pool.terms.begin(), pool.terms.end(), term) - pool.terms.begin());
      CostValues row{};
      for (std::size_t metric = 0; metric < row.size(); ++metric) {
        row[metric] = fits[metric].coefficients[at];
      }
      if (std::all_of(row.begin(), row.end(), [](double value) { return value == 0; })) continue;
      terms.push_back(term);
      coefficients.push_back(row);
    }
    m_errors[path].terms = static_cast<std::size_t>(
        std::count_if(coefficients.begin(), coefficients.end(),
                      [](const CostValues& row) { return row[kInstructions] != 0; }));
    auto variant = KernelVariant::compile(onlyNeeded(text, std::move(terms)));
    assert(variant);
    variant->coefficients = std::move(coefficients);
    variant->shapes = static_cast<int>(m_paths[path].calls.size());
    variant->exact = fits[kInstructions].exact;
    variant->instructionSpread = spreadOf(m_errors[path].instructions);
    variant->instructionError = errorsOf(m_errors[path].instructions);
    variant->hasCycles = hasCycles;
    if (hasCycles) {
      variant->cycleSpread = spreadOf(m_errors[path].cycles);
      variant->cycleError = errorsOf(m_errors[path].cycles);
    }
    m_variants[path] = std::move(*variant);
    setRange(path);
  }

  void setRange(std::size_t path) {
    KernelVariant& variant = *m_variants[path];
    bool first = true;
    for (const CountedCall* call : m_paths[path].calls) {
      for (std::size_t i = 0; i < call->row.size(); ++i) {
        auto& [least, most] = variant.range[i];
        least = first ? call->row[i] : std::min(least, call->row[i]);
        most = first ? call->row[i] : std::max(most, call->row[i]);
      }
      first = false;
    }
  }

  const FeatureCore& m_core;
  std::string m_opt;
  std::vector<Path> m_paths;
  std::vector<std::optional<KernelVariant>> m_variants;
  std::vector<VariantErrors> m_errors;
};

}  // namespace

FittedTable fitKernels(const FeaturesFile& features, const FeatureCore& core, std::string_view opt,
                       std::span<const CountedCall> calls, std::span<const std::string> kernels) {
  Fitter fitter(core, opt);
  fitter.choosePaths(features, calls, kernels);
  FittedTable fitted = fitter.fit();
  fitted.table.library = features.library;
  fitted.table.version = features.version;
  fitted.table.sameAs = features.sameAs;
  fitted.table.core = core.name;
  fitted.table.opt = opt;
  fitted.table.compiler = features.compiler;
  fitted.table.basis = Basis::Fitted;
  fitted.table.source = features.source;
  fitted.table.cyclesBasis = core.cyclesBasis;
  fitted.table.cyclesSource = core.cyclesSource;
  fitted.table.countsOf = core.countsOf;
  return fitted;
}

std::vector<OptScale> scalesOf(std::span<const CountedCall> calls, std::string_view core) {
  std::map<std::pair<std::string, KernelRow>, double> base;
  for (const CountedCall& call : calls) {
    if (call.core == core && call.opt == "-O2") {
      base[{call.kernel, call.row}] = call.counted[kInstructions];
    }
  }
  std::map<std::pair<std::string, std::string>, std::vector<double>> ratios;
  for (const CountedCall& call : calls) {
    if (call.core != core || call.opt == "-O2") continue;
    const auto reference = base.find({call.kernel, call.row});
    if (reference == base.end() || reference->second == 0) continue;
    ratios[{call.kernel, call.opt}].push_back(call.counted[kInstructions] / reference->second);
  }
  std::vector<OptScale> scales;
  for (auto& entry : ratios) {
    const auto& [kernel, opt] = entry.first;
    std::vector<double>& values = entry.second;
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
      const double value =
          values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
      return std::round(value * 1e4) / 1e4;
    };
    scales.push_back({kernel, opt, at(0.05), at(0.5), at(0.95)});
  }
  return scales;
}

}  // namespace mcuprof
