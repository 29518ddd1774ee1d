// The X-NUCLEO-LPM01A as its host sees it: lines of text, and samples as text or binary words.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "device-agent/virtual-board/meter.hpp"

namespace mcuprof::vboard {
namespace {

/// The dynamic mode ends when the current has been above this for a tenth of a second.
constexpr double kMostAmperes = 0.059;
constexpr double kOverloadSeconds = 0.1;
constexpr std::uint64_t kSamplesBetweenTimestamps = 1000;

/// "100k", "3300m", "20".
std::optional<double> valueOf(std::string_view text) {
  const char unit = text.empty() ? ' ' : text.back();
  if (unit == 'k' || unit == 'm') text.remove_suffix(1);
  unsigned value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return unit == 'k' ? value * 1e3 : unit == 'm' ? value / 1e3 : value;
}

class Lpm01a final : public Meter {
 public:
  Lpm01a(double volts, const MeterFaults& faults) : Meter(faults), m_volts(volts) {}

  void receive(std::span<const std::byte> bytes) override {
    if (m_faults.silent) return;
    for (const std::byte byte : bytes) {
      const auto c = std::to_integer<char>(byte);
      if (c != '\n') {
        if (c != '\r' && m_line.size() < 200) m_line += c;
        continue;
      }
      if (!m_line.empty()) execute(m_line);
      m_line.clear();
    }
  }

  void closed() override {
    m_clock.reset();
    m_output.clear();
    m_line.clear();
  }

  void feed(const Activity& activity) override {
    if (!m_clock) return;
    m_clock->add(activity, [this](const SampleClock::Sample& sample) {
      if (m_clock && !m_ending && !m_gone) send(sample);
    });
    if (m_ending) {
      m_ending = false;
      m_clock.reset();
    }
  }

 private:
  void acknowledge(std::string_view text) {
    put(fmt::format("\r\nPowerShield > ack {}\r\n\r\n", text));
  }
  void refuse(std::string_view detail) {
    put(fmt::format("\r\nPowerShield > error\r\nError detail: {}\r\n\r\n", detail));
  }

  void execute(const std::string& line) {
    const auto space = line.find(' ');
    const std::string name = line.substr(0, space);
    const std::string argument = space == std::string::npos ? "" : line.substr(space + 1);
    if (name == "stop") {
      if (m_clock) finish();
      return;
    }
    if (name == "htc" || name == "hrc") {
      m_controlled = name == "htc";
      return acknowledge(line);
    }
    if (name == "version") return acknowledge(line + " 1.0.7");
    if (!m_controlled) return refuse("Command refused: host has no control");
    if (name == "start") {
      acknowledge(line);
      m_clock.emplace(m_hz, m_faults.driftPpm);
      m_samples = m_due = m_events = 0;
      m_above = 0;
      return;
    }
    if (name == "freq") {
      const auto hz = valueOf(argument);
      if (!hz || *hz < 1 || *hz > 100'000) return refuse("Argument out of range");
      m_hz = *hz;
    } else if (name == "volt") {
      const auto volts = valueOf(argument);
      if (!volts || *volts < 1.8 || *volts > 3.3) return refuse("Argument out of range");
      m_volts = *volts;
    } else if (name == "format") {
      if (argument != "ascii_dec" && argument != "bin_hexa") return refuse("Argument unknown");
      m_binary = argument == "bin_hexa";
    } else if (name == "output") {
      if (argument != "current" && argument != "energy") return refuse("Argument unknown");
      m_energy = argument == "energy";
    } else if (name == "eventsrc") {
      m_hasEvents = argument == "d7 fal";
    } else if (name != "acqtime" && name != "acqmode" && name != "trigdelay" && name != "trigsrc" &&
               name != "pwr" && name != "pwrend" && name != "lcd") {
      return refuse("Command unknown");
    }
    acknowledge(line);
  }

  void timestamp() {
    const auto ms =
        static_cast<std::uint32_t>(std::llround(static_cast<double>(m_due) / m_hz * 1000));
    if (m_binary) {
      put(std::array<std::uint8_t, 9>{
          0xf0, 0xf3, static_cast<std::uint8_t>(ms >> 24), static_cast<std::uint8_t>(ms >> 16),
          static_cast<std::uint8_t>(ms >> 8), static_cast<std::uint8_t>(ms), 0, 0xff, 0xff});
    } else {
      put(fmt::format("TimeStamp: {:03}s {:03}ms, buff 00%\r\n", ms / 1000, ms % 1000));
    }
  }

  void send(const SampleClock::Sample& sample) {
    const double seconds = static_cast<double>(m_due) / m_hz;
    look(seconds);
    if (m_gone) return;
    if (m_due % kSamplesBetweenTimestamps == 0) timestamp();
    ++m_due;
    const double amperes = overloaded(seconds) ? 0.1 : sample.amperes;
    m_above = amperes > kMostAmperes ? m_above + 1 / m_hz : 0;
    if (m_above > kOverloadSeconds) return overcurrent();
    if (!m_binary && m_hasEvents) {
      for (unsigned i = 0; i < sample.falls; ++i) {
        put(fmt::format("event {:02} ris\r\n", m_events++ % 100));
      }
    }
    if (loses()) return;
    ++m_samples;
    const double value = m_energy ? amperes * m_volts / m_hz : amperes;
    if (m_binary) {
      putWord(value);
    } else {
      putText(value);
    }
  }

  void putWord(double value) {
    int exponent = 0;
    while (exponent < 14 && value * std::pow(16.0, exponent + 1) < 4095.5) ++exponent;
    const auto mantissa =
        std::min(static_cast<unsigned>(std::lround(value * std::pow(16.0, exponent))), 4095u);
    put(std::array<std::uint8_t, 2>{
        static_cast<std::uint8_t>(static_cast<unsigned>(exponent) << 4 | mantissa >> 8),
        static_cast<std::uint8_t>(mantissa)});
  }

  void putText(double value) {
    int exponent = 0;
    while (exponent < 30 && value * std::pow(10.0, exponent + 1) < 9999.5) ++exponent;
    put(fmt::format("{:04}-{:02}\r\n", std::lround(value * std::pow(10.0, exponent)), exponent));
  }

  void finish() {
    put(m_binary ? std::string_view("\xf0\xf4\xff\xff\r\n", 6) : std::string_view("end\r\n"));
    put(fmt::format("summary beg\r\nsamples {}\r\nsummary end\r\n", m_samples));
    put("\r\nPowerShield > Acquisition completed\r\n");
    m_ending = true;
  }

  void overcurrent() {
    constexpr std::string_view kText = "Overcurrent >59mA, dynamic acquisition stopped";
    if (m_binary) {
      put(fmt::format("\xf0\xf5{}\xff\xff", kText));
    } else {
      put(fmt::format("error: {}\r\n", kText));
    }
    finish();
    // Until the host has given control back.
    m_controlled = false;
  }

  double m_volts;
  double m_hz = 100;
  bool m_binary = false;
  bool m_energy = false;
  bool m_hasEvents = false;
  bool m_controlled = false;
  std::string m_line;
  std::optional<SampleClock> m_clock;  ///< while it measures
  bool m_ending = false;
  std::uint64_t m_samples = 0;  ///< sent
  std::uint64_t m_due = 0;      ///< by the clock
  unsigned m_events = 0;
  double m_above = 0;
};

}  // namespace

std::unique_ptr<Meter> makeLpm01a(double volts, const MeterFaults& faults) {
  return std::make_unique<Lpm01a>(volts, faults);
}

}  // namespace mcuprof::vboard
