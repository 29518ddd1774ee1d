#include <cstddef>
#include <cstdint>
#include <string_view>

#include "db/json_lines.hpp"

/// Any text is either refused with its place, or gives a database that keeps its own rules.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto database =
      mcuprof::db::readJsonLines({reinterpret_cast<const char*>(data), size}, "x.jsonl");
  if (!database) {
    if (database.error().where.empty()) __builtin_trap();
    return 0;
  }
  const auto broken = database->number("SELECT count(*) FROM pragma_foreign_key_check");
  if (!broken || *broken != 0) __builtin_trap();
  return 0;
}
