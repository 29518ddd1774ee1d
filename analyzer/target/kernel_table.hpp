#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/target/kernel_formulas.hpp"
#include "analyzer/target/kernel_trips.hpp"

namespace mcuprof {

/// What a kernel call is counted in. All are executed, dynamic counts.
enum class CostMetric : std::uint8_t {
  Instructions,
  Cycles,  ///< issue price: neither branch refill nor any stall of a memory
  Loads,   ///< instructions
  Stores,
  LoadWords,  ///< registers, a multiple load counts each
  StoreWords,
  TakenBranches,  ///< calls, returns and low-overhead loops included
  LoopBranches,   ///< of these the low-overhead ones (MVE), nearly free
  Calls,
  Divides,  ///< instructions, or entries into a soft division
  Multiplies,
  WeightBytes,     ///< loaded, with repetition
  ParameterBytes,  ///< bias, multiplier, shift
  InputBytes,
  OutputBytes,      ///< stored
  OutputBytesRead,  ///< loaded back
  ScratchBytesRead,
  ScratchBytesWritten,
  StackBytesRead,
  StackBytesWritten,
  ConstantBytes,  ///< literal pools, look-up tables
};
inline constexpr std::array<std::string_view, 21> kCostMetricNames = {"instructions",
                                                                      "cycles",
                                                                      "loads",
                                                                      "stores",
                                                                      "load_words",
                                                                      "store_words",
                                                                      "taken_branches",
                                                                      "loop_branches",
                                                                      "calls",
                                                                      "divides",
                                                                      "multiplies",
                                                                      "weight_bytes",
                                                                      "parameter_bytes",
                                                                      "input_bytes",
                                                                      "output_bytes",
                                                                      "output_bytes_read",
                                                                      "scratch_bytes_read",
                                                                      "scratch_bytes_written",
                                                                      "stack_bytes_read",
                                                                      "stack_bytes_written",
                                                                      "constant_bytes"};

using CostValues = std::array<double, kCostMetricNames.size()>;

/// Bounds of true / predicted that hold 9 of 10 shapes not seen in fitting; 1, 1 for exact.
struct Spread {
  double low = 1;
  double high = 1;
};

/// A cost model in words, before names are looked up: what a file says.
struct VariantText {
  std::string kernel;  ///< "conv_s8"
  std::string name;    ///< "1x1_fast"; unique within the kernel
  std::string when;    ///< condition; empty: always
  MemoryCalls memory = MemoryCalls::None;
  std::vector<std::pair<std::string, std::string>> define;  ///< name and formula, in order
  std::vector<std::string> terms;  ///< products of names, "O2*L2*K16"; "1" is the constant
};

/// One path through a library's kernel: when it is taken and what it costs. The cost is a sum of
/// terms, each a product of loop counts, times coefficients.
class KernelVariant {
 public:
  /// Looks up the names. The error's `where` is the formula or term.
  static Result<KernelVariant> compile(VariantText text);

  const VariantText& text() const { return m_text; }
  std::size_t termCount() const { return m_text.terms.size(); }

  /// Whether the library takes this path for this shape.
  bool applies(const KernelRow& row) const;
  /// The values of the terms.
  std::vector<double> termsOf(const KernelRow& row) const;
  /// Terms times coefficients.
  CostValues costOf(const KernelRow& row) const;

  /// One row of coefficients a term.
  std::vector<CostValues> coefficients;
  Spread instructionSpread;
  Spread cycleSpread;
  std::array<double, 3>
      instructionError{};  ///< cross-validated, percent: mean, 95th percentile, worst
  std::array<double, 3> cycleError{};
  int shapes = 0;      ///< it was fitted on
  bool exact = false;  ///< every shape is met to the instruction, with whole coefficients
  bool hasCycles = false;
  /// Smallest and largest of each column among the shapes.
  std::array<std::pair<std::int64_t, std::int64_t>, kKernelColumns.size()> range{};

  bool inRange(const KernelRow& row) const;

 private:
  using Slots = std::array<std::int64_t, KernelNames::kMost>;
  void fillTrips(unsigned groups, const KernelRow& row, std::span<std::int64_t> slots) const;
  void fillSlots(const KernelRow& row, std::span<std::int64_t> slots) const;
  double term(std::size_t index, std::span<const std::int64_t> slots) const;

  VariantText m_text;
  bool m_hasCondition = false;
  KernelFormulas m_condition;  ///< what the condition needs, and itself
  std::size_t m_answer = 0;    ///< its slot
  unsigned m_conditionGroups = 0;
  KernelFormulas m_formulas;  ///< definitions the terms need
  unsigned m_groups = 0;
  std::vector<std::uint8_t> m_factors;  ///< slots, term by term
  std::vector<std::uint32_t> m_termEnds;
};

/// Cost of a call relative to -O2, at another optimisation level, where that was counted on another
/// core.
struct OptScale {
  std::string kernel;
  std::string opt;  ///< "-O3", "-Os"
  double low = 1;
  double middle = 1;
  double high = 1;
};

/// What a kernel library costs on one core (targets/kernels/<library>/<core>.toml).
struct KernelTable {
  std::string library;  ///< "cmsis-nn"
  std::string version;
  std::string sameAs;  ///< other versions with the same kernels, separated by blanks
  std::string core;    ///< "cortex-m4"
  std::string opt;     ///< "-O2"
  std::string compiler;
  Basis basis = Basis::Fitted;
  std::string source;
  std::string cyclesSource;
  Basis cyclesBasis = Basis::Assumed;
  /// Set when the counts were made for another core: every interval is wider.
  std::string countsOf;
  /// Set when the runtime has another version of the library: every interval is wider.
  bool otherVersion = false;
  std::vector<KernelVariant> variants;  ///< of a kernel the first that applies is taken
  std::vector<OptScale> scales;
};

/// Whether the table was counted with this version of the library, or with the same kernels. A
/// version is a word of the text that names it ("4ab83cc3", "7.0.0"), or how a word begins.
bool isOfVersion(const KernelTable& table, std::string_view version);

/// What a call costs, and how sure that is.
struct KernelCost {
  const KernelVariant* variant = nullptr;
  CostValues values{};
  double instructionsLow = 0;  ///< 90 % interval
  double instructionsHigh = 0;
  bool hasCycles = false;
  double cyclesLow = 0;
  double cyclesHigh = 0;
  bool inRange = true;  ///< the shape lies within those the variant was fitted on
  bool scaled = false;  ///< from another optimisation level

  double operator[](CostMetric metric) const { return values[static_cast<std::size_t>(metric)]; }
};

/// The cost of `kernel` ("conv_s8") for a shape, or nothing when the table has no variant for it,
/// or one without terms: a path that is known and whose cost is not. `row` must have passed
/// rowProblem(). `opt` other than the table's scales the cost, where a factor is known. The result
/// points into `table`.
std::optional<KernelCost> costOf(const KernelTable& table, std::string_view kernel,
                                 const KernelRow& row, std::string_view opt = {});

}  // namespace mcuprof
