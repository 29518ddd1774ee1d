#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/target/kernel_table.hpp"

namespace mcuprof {

/// One core whose table is wanted.
struct FeatureCore {
  std::string name;
  std::string isa;             ///< which of the sources it compiles
  std::string countsOf;        ///< another core whose counts stand in; empty: its own
  bool cyclesFromMca = false;  ///< else from the table of instruction timings
  Basis cyclesBasis = Basis::Assumed;
  std::string cyclesSource;
};

/// A path through a kernel and the terms its cost may be a sum of.
struct FeatureVariant {
  VariantText text;  ///< definitions complete, terms expanded
  /// Terms from this one on explain bytes only: what is moved does not depend on how wide a
  /// register is.
  std::size_t firstByteTerm = 0;
  std::vector<std::string> isa;  ///< empty: all
  /// Variants of one pool share their coefficients, term by term; empty: a pool of its own.
  std::string pool;

  bool isFor(std::string_view coreIsa) const;
};

/// features.toml, see docs/kernel-tables.md.
struct FeaturesFile {
  std::string library;
  std::string version;
  std::string sameAs;  ///< may be empty
  std::string compiler;
  std::string source;
  std::vector<FeatureCore> cores;
  std::vector<FeatureVariant> variants;  ///< of a kernel the first that applies is taken
};

Result<FeaturesFile> readFeatures(std::string_view text, const std::string& name);

/// The definitions that a variant's condition and the given terms need, in order.
VariantText onlyNeeded(const VariantText& text, std::vector<std::string> terms);

}  // namespace mcuprof
