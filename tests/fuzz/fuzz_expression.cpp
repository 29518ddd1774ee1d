#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/base/expression.hpp"

/// Any text either parses and evaluates, or is refused; the row holds the values most likely to
/// overflow.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 4> names = {"n", "kh", "ic", "dsp"};
  constexpr std::array<std::int64_t, 4> row = {INT64_MAX, -1, INT64_MIN, 0};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expression = mcuprof::Expression::parse(text, names);
  if (expression) static_cast<void>(expression->evaluate(row));
  return 0;
}
