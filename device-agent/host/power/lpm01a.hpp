#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/host/power/power_meter.hpp"

namespace mcuprof {

/// Samples out of the stream of an X-NUCLEO-LPM01A, in one of its two formats, from behind the
/// acknowledgement of "start" to the end of the acquisition. Bytes may be cut anywhere.
///
/// A timestamp every 1000 samples tells how many there should have been: where some are missing,
/// the time of those behind them is put right and the first has kGap.
class Lpm01aDecoder {
 public:
  enum class Format : std::uint8_t { Ascii, Binary };

  /// `joules`: values are energies of one sample period, which become watts; else amperes.
  Lpm01aDecoder(Format format, bool joules, double sampleHz)
      : m_format(format), m_joules(joules), m_hz(sampleHz) {}

  void decode(std::span<const std::byte> bytes, std::vector<PowerSample>& out);

  bool ended() const { return m_ended; }
  /// What the meter complained of, "Overcurrent >59mA, dynamic acquisition stopped"; else empty.
  const std::string& error() const { return m_error; }
  bool overcurrent() const { return m_overcurrent; }
  std::uint64_t missing() const { return m_missing; }
  /// Values that could not be read, and events whose number did not follow the one before.
  std::uint64_t damaged() const { return m_damaged; }
  std::uint64_t lostEvents() const { return m_lostEvents; }
  /// The fullest that the meter's own buffer was, in percent.
  unsigned fullest() const { return m_fullest; }

 private:
  void line(std::string_view text, std::vector<PowerSample>& out);
  void values(std::string_view text, std::vector<PowerSample>& out);
  bool eventLine(std::string_view text);
  void binary(std::vector<PowerSample>& out);
  /// A frame of the binary stream; bytes taken, 0 when more are needed.
  std::size_t metadata(std::size_t at);
  void sample(double value, std::vector<PowerSample>& out);
  void timestamp(std::uint64_t milliseconds, unsigned load);

  Format m_format;
  bool m_joules;
  double m_hz;
  std::string m_pending;      ///< bytes not yet taken
  std::uint64_t m_index = 0;  ///< of the next sample, missing ones counted
  bool m_started = false;
  bool m_ended = false;
  bool m_gap = false;
  bool m_event = false;
  bool m_overcurrent = false;
  unsigned m_nextEvent = 0;
  unsigned m_fullest = 0;
  std::uint64_t m_missing = 0;
  std::uint64_t m_damaged = 0;
  std::uint64_t m_lostEvents = 0;
  std::string m_error;
};

}  // namespace mcuprof
