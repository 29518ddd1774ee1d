#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/target/kernel_table_file.hpp"

/// Any text either is a table whose costs can be asked for, or is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr mcuprof::KernelRow row = {2, 9, 7, 15, 5, 4, 6, 3, 3, 2, 2, 1, 1, 1, 1, 1, 3, 1, 2};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = mcuprof::readKernelTable(text, "fuzz.toml");
  if (!table) return 0;
  for (const mcuprof::KernelVariant& variant : table->variants) {
    static_cast<void>(mcuprof::costOf(*table, variant.text().kernel, row));
  }
  return 0;
}
