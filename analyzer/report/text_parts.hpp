#pragma once

#include <cstdint>
#include <string>

#include "analyzer/report/report.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {

/// How numbers of a table are written: the first way in which the table is narrow enough.
enum class Digits : std::uint8_t { Grouped, Plain, Rounded };

/// "1,234,567", "1234567" or "1.23M".
std::string numberText(std::int64_t number, Digits digits);

/// What to say below a table about how its numbers are written: nothing unless they are rounded.
std::string digitsNote(Digits digits);

/// Renders the table that `make(Digits)` returns for the first digits that fit the style's width;
/// `used` tells which.
template <typename Make>
std::string fittingTable(const TextStyle& style, Digits& used, Make make) {
  for (used = Digits::Grouped; used != Digits::Rounded; used = Digits(static_cast<int>(used) + 1)) {
    const TextTable table = make(used);
    if (table.leastWidth() <= style.width) return table.render(style);
  }
  return make(used).render(style);
}

/// "head 1,000 + tail 500 = 1,500 B used (counted); smallest that works 1,504 B".
std::string arenaSentence(const ArenaSummary& arena);

/// "model    x.tflite, 1,234 B, 66 operators, 18,000,000 MACs, SHA-256 0123...".
std::string modelLine(const Provenance& provenance, std::size_t operators,
                      const LayerTotals& totals, const TextStyle& style);

/// "216" or "62.5".
std::string megahertz(std::int64_t hertz);

}  // namespace mcuprof
