#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/target/runtime_file.hpp"

/// Any text is either a runtime or refused with the place of what is wrong.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto runtime = mcuprof::readRuntime(text, "fuzz.toml", "/nonexistent");
  if (!runtime && runtime.error().text().empty()) __builtin_trap();
  return 0;
}
