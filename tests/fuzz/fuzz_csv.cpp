#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/base/csv.hpp"
#include "analyzer/fitting/counts_file.hpp"
#include "analyzer/report/cost_report.hpp"

/// Any text either is a table whose rows are as wide as its header, or is refused with its place;
/// so with what reads shapes and counts from it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = mcuprof::readCsv(text, "fuzz.csv");
  if (!table) {
    if (table.error().text().empty()) __builtin_trap();
    return 0;
  }
  for (const mcuprof::CsvRecord& record : table->records) {
    if (record.fields.size() != table->header.size()) __builtin_trap();
  }
  static_cast<void>(mcuprof::readCounts(text, "fuzz.csv"));
  static const mcuprof::KernelTable kEmpty;
  static_cast<void>(mcuprof::renderCosts(kEmpty, text, "fuzz.csv", "-O2"));
  return 0;
}
