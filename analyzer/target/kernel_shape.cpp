#include "analyzer/target/kernel_shape.hpp"

namespace mcuprof {
namespace {

constexpr std::array<std::string_view, kKernelVariableCount> kNames = {
#define MCUPROF_KERNEL_VARIABLE(enumerator, name, meaning) #name,
#include "analyzer/target/kernel_variables.def"
#undef MCUPROF_KERNEL_VARIABLE
};

constexpr std::array<std::string_view, kKernelVariableCount> kMeanings = {
#define MCUPROF_KERNEL_VARIABLE(enumerator, name, meaning) meaning,
#include "analyzer/target/kernel_variables.def"
#undef MCUPROF_KERNEL_VARIABLE
};

}  // namespace

std::span<const std::string_view> kernelVariables() {
  return kNames;
}
std::span<const std::string_view> kernelVariableMeanings() {
  return kMeanings;
}

}  // namespace mcuprof
