#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mcuprof {

/// What expressions of runtime and kernel files may use. docs/runtime-files.md says what each
/// means; what does not apply to an operator is 0.
enum class KernelVariable : std::uint8_t {
#define MCUPROF_KERNEL_VARIABLE(enumerator, name, meaning) enumerator,
#include "analyzer/target/kernel_variables.def"
#undef MCUPROF_KERNEL_VARIABLE
};

inline constexpr std::size_t kKernelVariableCount = 0
#define MCUPROF_KERNEL_VARIABLE(enumerator, name, meaning) +1
#include "analyzer/target/kernel_variables.def"
#undef MCUPROF_KERNEL_VARIABLE
    ;

/// Their names, in the order of KernelVariable.
std::span<const std::string_view> kernelVariables();
/// What each stands for, in one line, in the same order.
std::span<const std::string_view> kernelVariableMeanings();

/// The shape of one operator as its kernel sees it: a row of values for kernelVariables().
struct KernelShape {
  std::array<std::int64_t, kKernelVariableCount> values{};

  std::int64_t& operator[](KernelVariable v) { return values[static_cast<std::size_t>(v)]; }
  std::int64_t operator[](KernelVariable v) const { return values[static_cast<std::size_t>(v)]; }
};

}  // namespace mcuprof
