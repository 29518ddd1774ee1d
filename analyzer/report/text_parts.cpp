#include "analyzer/report/text_parts.hpp"

#include <fmt/format.h>

namespace mcuprof {

std::string numberText(std::int64_t number, Digits digits) {
  switch (digits) {
    case Digits::Grouped:
      return grouped(number);
    case Digits::Plain:
      return fmt::format("{}", number);
    case Digits::Rounded:
      break;
  }
  constexpr std::string_view kUnits = " kMGTPE";
  auto value = static_cast<double>(number);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{}", number) : fmt::format("{:.3g}{}", value, kUnits[unit]);
}

std::string digitsNote(Digits digits) {
  return digits == Digits::Rounded
             ? "; the table is rounded to fit (k = 1,000), see JSON or CSV for exact numbers"
             : "";
}

std::string arenaSentence(const ArenaSummary& arena) {
  const bool exact = arena.lowerBoundReasons.empty();
  return fmt::format("{}{} B used = head {} + tail {} ({}); smallest that works {}{} B",
                     exact ? "" : "at least ", grouped(arena.used), grouped(arena.head),
                     grouped(arena.tail), nameOf(arena.basis), exact ? "" : "at least ",
                     grouped(arena.smallest));
}

std::string modelLine(const Provenance& provenance, std::size_t operators,
                      const LayerTotals& totals, const TextStyle& style) {
  const InputFile& model = provenance.model();
  return wrapped(
      "model    ",
      fmt::format("{} B, {} operators, {}{} MACs (counted){}", grouped(model.size), operators,
                  totals.unknownLayers > 0 ? "at least " : "", grouped(totals.macs.value),
                  model.sha256.empty() ? "" : "; SHA-256 " + model.sha256.substr(0, 16)),
      style.width);
}

std::string megahertz(std::int64_t hertz) {
  return fmt::format("{:.6g}", static_cast<double>(hertz) / 1e6);
}

}  // namespace mcuprof
