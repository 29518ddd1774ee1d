// Any bytes as the agent's ELF file, as the beginning of a board's flash, and as OpenOCD's answers.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "device-agent/host/firmware_image.hpp"
#include "device-agent/host/flash.hpp"
#include "device-agent/host/openocd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)mcuprof::readFirmware(bytes, "fuzz");
  (void)mcuprof::findHeader(bytes);
  const auto sectors = mcuprof::sectorsOf(text);
  if (!sectors.empty()) (void)mcuprof::planFlash(sectors, sectors.front().address, size);
  (void)mcuprof::traceOf(text);
  (void)mcuprof::wordsOf(text);
  return 0;
}
