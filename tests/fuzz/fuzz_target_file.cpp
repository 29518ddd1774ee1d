#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/target/board_file.hpp"
#include "analyzer/target/core_file.hpp"

/// Any text is refused as TOML, or read as a board and as a core with every problem at a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::array<std::string, 2> cores = {"cortex-m4", "cortex-m7"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool asBoard : {true, false}) {
    auto document = mcuprof::TomlDocument::parse(text, "x");
    if (!document) return 0;
    if (asBoard)
      static_cast<void>(mcuprof::readBoard(*document, "x", cores));
    else
      static_cast<void>(mcuprof::readCore(*document, "x"));
    for (const mcuprof::Error& problem : document->problems())
      if (problem.where.substr(0, 2) != "x:" || problem.what.empty()) __builtin_trap();
  }
  return 0;
}
