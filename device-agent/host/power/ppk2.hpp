#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/host/power/power_meter.hpp"

namespace mcuprof {

/// Calibration of a Power Profiler Kit II, as the kit itself tells it: constants of each of its
/// five measuring ranges.
struct Ppk2Modifiers {
  static constexpr std::size_t kRanges = 5;
  std::array<double, kRanges> r = {1031.64, 101.65, 10.15, 0.94, 0.043};
  std::array<double, kRanges> gs = {1, 1, 1, 1, 1};
  std::array<double, kRanges> gi = {1, 1, 1, 1, 1};
  std::array<double, kRanges> o{};
  std::array<double, kRanges> s{};
  std::array<double, kRanges> i{};
  std::array<double, kRanges> ug = {1, 1, 1, 1, 1};
  int vdd = 0;   ///< mV that it was set to last
  int mode = 2;  ///< 1 ampere meter, 2 source
  std::string hardware;
  bool calibrated = false;
};

/// Reads the answer to the metadata command, lines of "KEY: value" up to "END". Keys that are
/// missing, not a number, or 0 keep their default, as Nordic's own program has it. An error when
/// there is no "END" or no key of a kit at all.
Result<Ppk2Modifiers> readPpk2Metadata(std::string_view text);

/// Turns the kit's stream into amperes: frames of 4 bytes, 100,000 a second.
class Ppk2Decoder {
 public:
  static constexpr double kSampleHz = 100'000;

  /// `millivolts`: supply of the board, which the conversion needs.
  Ppk2Decoder(const Ppk2Modifiers& modifiers, double millivolts)
      : m_modifiers(modifiers), m_volts(millivolts / 1000) {}

  /// Appends the samples of these bytes. Bytes may be cut anywhere. Lost frames are found by a
  /// counter of 6 bits: up to 63 in a row; their time passes, and the sample behind them has kGap.
  void decode(std::span<const std::byte> bytes, std::vector<PowerSample>& out);

  std::uint64_t missing() const { return m_missing; }
  /// Logic inputs D0 to D7 that were ever high.
  std::uint8_t logicSeen() const { return m_logicSeen; }
  std::uint8_t logicLow() const { return m_logicLow; }

 private:
  void frame(std::uint32_t word, std::vector<PowerSample>& out);
  double filtered(double amperes, unsigned range);

  Ppk2Modifiers m_modifiers;
  double m_volts;
  std::array<std::byte, 4> m_rest{};
  std::size_t m_restBytes = 0;
  std::uint64_t m_index = 0;  ///< of the next sample, missing ones counted
  bool m_first = true;
  unsigned m_counter = 0;
  std::uint64_t m_missing = 0;
  std::uint8_t m_logicSeen = 0;
  std::uint8_t m_logicLow = 0;
  // The spike filter, which a change of range starts.
  double m_average = 0;
  double m_average4 = 0;
  unsigned m_range = 0;
  int m_consecutive = 0;
  int m_after = 0;
};

}  // namespace mcuprof
