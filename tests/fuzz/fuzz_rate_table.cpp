#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/target/rate_table.hpp"
#include "analyzer/target/toml_reader.hpp"

/// Any text is refused as TOML, or read as rates with every problem at a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto document = mcuprof::TomlDocument::parse(text, "x");
  if (!document) return 0;
  const mcuprof::RateTable table = mcuprof::readRateTable(*document, "x");
  for (const mcuprof::Error& problem : document->problems())
    if (problem.where.substr(0, 2) != "x:" || problem.what.empty()) __builtin_trap();
  if (!document->problems().empty()) return 0;
  for (const mcuprof::OpRate& rate : table.rates)
    if (!(rate.low <= 1 && rate.high >= 1 && rate.per >= 0)) __builtin_trap();
  return 0;
}
