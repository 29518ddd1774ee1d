// A report that is read as a baseline, then compared with itself and written again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/report/facts_json.hpp"
#include "analyzer/report/figures_json.hpp"
#include "analyzer/report/render_diff.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcuprof;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto facts = readFacts(text, "report.json");
  if (!facts && facts.error().what.empty()) __builtin_trap();
  const auto figures = readFigures(text, "report.json");
  if (!figures) {
    if (figures.error().what.empty()) __builtin_trap();
    return 0;
  }
  if (facts && facts->size() != figures->size()) __builtin_trap();
  for (const ModelFigures& f : *figures) {
    if (!diffFigures(f, f).empty()) __builtin_trap();
    const auto again = readFigures(figuresJson(f), "again.json");
    if (!again || again->front().layers.size() != f.layers.size()) __builtin_trap();
  }
  return 0;
}
