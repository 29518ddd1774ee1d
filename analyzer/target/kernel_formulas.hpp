#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/expression.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/target/kernel_trips.hpp"

namespace mcuprof {

/// The values that formulas of a kernel cost variant are computed over: the columns of a shape,
/// trip counts and the variant's own definitions, each in a slot.
class KernelNames {
 public:
  using Definitions = std::vector<std::pair<std::string, std::string>>;

  static constexpr std::size_t kFirstTrip = kKernelColumns.size();
  static constexpr std::size_t kFirstDefined = kFirstTrip + kTripNames.size();
  /// Slots there may be, constants of formulas included.
  static constexpr std::size_t kMost = 256;

  explicit KernelNames(const Definitions& definitions) : m_definitions(definitions) {}

  /// The first name that is defined twice, or that means something else already.
  std::optional<std::string> clash() const;
  std::size_t size() const { return kFirstDefined + m_definitions.size(); }
  std::optional<std::size_t> find(std::string_view name) const;
  /// Names a definition may use: what is fixed, and the definitions before it.
  std::vector<std::string_view> before(std::size_t definition) const;

  /// Marks the definitions a formula needs, and theirs, and adds the groups of trips.
  void need(std::string_view formula, std::vector<bool>& defined, unsigned& groups) const;

  const Definitions& definitions() const { return m_definitions; }

 private:
  const Definitions& m_definitions;
};

/// Formulas that are evaluated one behind the other, each into a slot of its own.
///
/// Most formulas are a product, a quotient or a comparison of two or three values. They become
/// steps over slots, which cost a nanosecond or two; all others go through Expression. Both give
/// the same values.
class KernelFormulas {
 public:
  /// Adds `text`, which may use the first names of `names` up to the slot. The error's `where` is
  /// the column.
  Result<void> add(std::string_view text, const KernelNames& names, std::size_t slot);

  /// `slots` must have the size of slotCount() of the last added; columns and trips are filled in.
  void run(std::span<std::int64_t> slots) const;

  /// Constants lie behind the names; `first` is the slot of the first one.
  explicit KernelFormulas(std::size_t first = 0) : m_firstConstant(first) {}
  std::size_t slotCount() const { return m_firstConstant + m_constants.size(); }

 private:
  enum class Code : std::uint8_t {
    Copy,
    Multiply,
    Divide,
    Remainder,
    Add,
    Subtract,
    Equal,
    Greater,
    GreaterEqual,
    Less,
    General,  ///< left is the index of an expression
  };
  struct Step {
    Code code;
    std::uint8_t to;
    std::uint8_t left;
    std::uint8_t right;
  };
  bool addSteps(std::string_view text, const KernelNames& names, std::size_t slot);
  std::optional<std::size_t> operand(std::string_view& rest, const KernelNames& names,
                                     std::size_t slot);
  static std::optional<Code> operation(std::string_view& rest);

  std::size_t m_firstConstant;
  std::vector<Step> m_steps;
  std::vector<std::int64_t> m_constants;
  std::vector<Expression> m_expressions;
};

}  // namespace mcuprof
