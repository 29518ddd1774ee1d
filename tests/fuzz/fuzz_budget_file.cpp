#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/budget/budget_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto budget = mcuprof::readBudget(text, "budget.toml");
  if (!budget && budget.error().what.empty()) __builtin_trap();
  return 0;
}
