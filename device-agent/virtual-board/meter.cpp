#include "device-agent/virtual-board/meter.hpp"

#include <charconv>
#include <cmath>

namespace mcuprof::vboard {

void Meter::put(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  m_output.insert(m_output.end(), bytes.begin(), bytes.end());
}

void Meter::put(std::span<const std::uint8_t> bytes) {
  const auto plain = std::as_bytes(bytes);
  m_output.insert(m_output.end(), plain.begin(), plain.end());
}

bool Meter::loses() {
  if (m_faults.missing <= 0) return false;
  m_noise ^= m_noise << 13;
  m_noise ^= m_noise >> 17;
  m_noise ^= m_noise << 5;
  return m_noise / 4294967296.0 < m_faults.missing;
}

bool addMeterFault(MeterFaults& faults, std::string_view text) {
  if (text == "silent") {
    faults.silent = true;
    return true;
  }
  const auto mark = text.find_first_of("=@");
  if (mark == std::string_view::npos) return false;
  const std::string_view name = text.substr(0, mark + 1);
  const std::string_view digits = text.substr(mark + 1);
  double value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) {
    return false;
  }
  if (name == "missing=" && value >= 0 && value <= 1) {
    faults.missing = value;
  } else if (name == "overload@" && value >= 0) {
    faults.overloadAt = value;
  } else if (name == "unplug@" && value >= 0) {
    faults.unplugAt = value;
  } else if (name == "drift=" && std::abs(value) < 500'000) {
    faults.driftPpm = value;
  } else {
    return false;
  }
  return true;
}

}  // namespace mcuprof::vboard
