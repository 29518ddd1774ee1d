// The Power Profiler Kit II as its host sees it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "device-agent/virtual-board/meter.hpp"

namespace mcuprof::vboard {
namespace {

constexpr double kSampleHz = 100'000;
constexpr unsigned kFull = (1u << 14) - 1;
constexpr double kCount = 1.8 / 163'840;  ///< of the converter, in fours of a count

/// One kit's constants, of the size that kits have.
struct Range {
  double r, gs, gi, o, s, i, ug;
  double amperes;  ///< largest current
};
constexpr std::array<Range, 5> kRanges = {{
    {1003.5, 1.5, 1.0, 112.5, 4.8e-8, -1.04e-7, 1.0, 50e-6},
    {101.5, 112.5, 0.97, 75.5, 5.96e-7, -1.443e-6, 1.0, 500e-6},
    {10.25, 18.0, 0.96, 64.5, 5.281e-6, 3.6439e-5, 1.0, 5e-3},
    {0.9625, 2.42, 0.952, 50.5, 6.2577e-5, -3.74119e-4, 1.0, 50e-3},
    {0.0565, 0.073, 0.958, 87.25, 2.940743e-3, -9.388455e-3, 1.01, 1.0},
}};

class Ppk2 final : public Meter {
 public:
  Ppk2(double volts, const MeterFaults& faults)
      : Meter(faults), m_clock(kSampleHz, faults.driftPpm), m_volts(volts) {}

  void receive(std::span<const std::byte> bytes) override {
    if (m_faults.silent) return;
    m_command.insert(m_command.end(), bytes.begin(), bytes.end());
    while (!m_command.empty()) {
      const auto code = std::to_integer<std::uint8_t>(m_command.front());
      const std::size_t length = code == 0x0c || code == 0x11 ? 2
                                 : code == 0x0d               ? 3
                                 : code == 0x25               ? 6
                                                              : 1;
      if (m_command.size() < length) return;
      execute(code);
      m_command.erase(m_command.begin(), m_command.begin() + static_cast<std::ptrdiff_t>(length));
    }
  }

  void closed() override {
    m_streaming = false;
    m_output.clear();
    m_command.clear();
  }

  void feed(const Activity& activity) override {
    m_clock.add(activity, [this](const SampleClock::Sample& sample) {
      if (m_streaming && !m_gone) send(sample);
    });
  }

 private:
  void execute(std::uint8_t code) {
    switch (code) {
      case 0x06:
        m_streaming = true;
        m_sent = 0;
        break;
      case 0x07:
        m_streaming = false;
        break;
      case 0x0d:
        m_millivolts =
            std::to_integer<unsigned>(m_command[1]) << 8 | std::to_integer<unsigned>(m_command[2]);
        break;
      case 0x11:
        m_mode = std::to_integer<unsigned>(m_command[1]);
        break;
      case 0x19:
        sendMetadata();
        break;
      default:
        break;
    }
  }

  void sendMetadata() {
    std::string text = "Calibrated: 0\n";
    const auto all = [&](const char* key, double Range::*member, const char* format) {
      for (std::size_t i = 0; i < kRanges.size(); ++i) {
        text += fmt::format("{}{}: {}\n", key, i,
                            fmt::format(fmt::runtime(format), kRanges[i].*member));
      }
    };
    all("R", &Range::r, "{:.4f}");
    all("GS", &Range::gs, "{:.4f}");
    all("GI", &Range::gi, "{:.4f}");
    all("O", &Range::o, "{:.4f}");
    text += fmt::format("VDD: {}\nHW: 9173\nmode: {}\n", m_millivolts, m_mode);
    all("S", &Range::s, "{:.9f}");
    all("I", &Range::i, "{:.9f}");
    all("UG", &Range::ug, "{:.2f}");
    text += "IA: 56\nEND\n";
    put(text);
  }

  /// The converter's count for this current in this range, as a fraction.
  double countFor(double amperes, const Range& range) const {
    const double rest = range.s * m_millivolts / 1000 + range.i - amperes / range.ug;
    const double root = std::sqrt(std::max(range.gi * range.gi - 4 * range.gs * rest, 0.0));
    const double linear = (root - range.gi) / (2 * range.gs);
    return (linear * range.r / kCount + range.o) / 4;
  }

  void send(const SampleClock::Sample& sample) {
    const double seconds = static_cast<double>(m_sent++) / kSampleHz;
    look(seconds);
    if (m_gone) return;
    const unsigned counter = m_counter++ & 63;
    if (loses()) return;
    const double amperes = overloaded(seconds) ? 2.0 : sample.amperes;
    std::size_t range = 0;
    while (range + 1 < kRanges.size() && amperes > kRanges[range].amperes) ++range;
    // What a count is too coarse for is carried on, as a real converter's noise does it.
    const double wanted = countFor(amperes, kRanges[range]) + m_carry;
    const double field = std::clamp(std::round(wanted), 0.0, static_cast<double>(kFull));
    m_carry = std::clamp(wanted - field, -0.5, 0.5);
    const auto word = static_cast<std::uint32_t>(field) | static_cast<std::uint32_t>(range) << 14 |
                      counter << 18 | static_cast<std::uint32_t>(sample.pins) << 24;
    const std::array<std::uint8_t, 4> bytes = {
        static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(word >> 8),
        static_cast<std::uint8_t>(word >> 16), static_cast<std::uint8_t>(word >> 24)};
    put(bytes);
  }

  SampleClock m_clock;
  double m_volts;
  std::vector<std::byte> m_command;
  bool m_streaming = false;
  unsigned m_mode = 2;
  unsigned m_millivolts = 3741;
  unsigned m_counter = 0;
  std::uint64_t m_sent = 0;
  double m_carry = 0;
};

}  // namespace

std::unique_ptr<Meter> makePpk2(double volts, const MeterFaults& faults) {
  return std::make_unique<Ppk2>(volts, faults);
}

}  // namespace mcuprof::vboard
