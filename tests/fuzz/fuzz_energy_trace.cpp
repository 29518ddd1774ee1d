// Any bytes as a stored energy trace: what can be unpacked gives the same values when packed again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

#include "db/energy_trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto trace = mcuprof::db::unpackTrace(std::as_bytes(std::span(data, size)));
  if (!trace) return 0;
  if (trace->marks.size() != trace->watts.size()) std::abort();
  const auto again = mcuprof::db::unpackTrace(mcuprof::db::packTrace(*trace));
  if (!again || again->marks != trace->marks) std::abort();
  return 0;
}
