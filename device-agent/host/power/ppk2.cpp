// Nordic Power Profiler Kit II: commands of one byte, no answers but the metadata and the samples.
#include "device-agent/host/power/ppk2.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "device-agent/host/power/serial_port.hpp"

namespace mcuprof {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::byte kStart{0x06};
constexpr std::byte kStop{0x07};
constexpr std::byte kPower{0x0c};
constexpr std::byte kRegulator{0x0d};
constexpr std::byte kMode{0x11};
constexpr std::byte kMetadata{0x19};

constexpr unsigned kAdcBits = 14;
constexpr unsigned kAdcFull = (1U << kAdcBits) - 1;
/// The kit's converter counts in fours; 1.8 V over 163,840 is one count at unit gain.
constexpr double kAdcScale = 1.8 / 163'840;
/// The kit's largest range.
constexpr double kMostAmperes = 1;
constexpr double kSpikeShare = 0.18;
constexpr double kSpikeShareOfLast = 0.06;
constexpr std::uint64_t kMostMetadata = 8192;

std::optional<double> numberOf(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

/// The constants that a key of letters and a range's digit names: "GS3".
double* constantOf(Ppk2Modifiers& modifiers, std::string_view key) {
  if (key.size() < 2 || key.back() < '0' || key.back() > '4') return nullptr;
  const auto range = static_cast<std::size_t>(key.back() - '0');
  key.remove_suffix(1);
  if (key == "R") return &modifiers.r[range];
  if (key == "GS") return &modifiers.gs[range];
  if (key == "GI") return &modifiers.gi[range];
  if (key == "O") return &modifiers.o[range];
  if (key == "S") return &modifiers.s[range];
  if (key == "I") return &modifiers.i[range];
  if (key == "UG") return &modifiers.ug[range];
  return nullptr;
}

class Ppk2 final : public PowerMeter {
 public:
  Ppk2(SerialPort port, const Ppk2Modifiers& modifiers, const MeterSettings& settings)
      : m_port(std::move(port)),
        m_source(settings.sourceVolts > 0),
        m_millivolts(1000 * (m_source ? settings.sourceVolts : settings.nominalVolts)),
        m_decoder(modifiers, m_millivolts) {
    m_facts.kind = "ppk2";
    m_facts.detail = fmt::format(
        "{}, {}", modifiers.hardware.empty() ? "hardware unknown" : "HW " + modifiers.hardware,
        m_source ? "supplies the board" : "ampere meter");
    m_facts.trigger = TriggerKind::Level;
    m_facts.sampleHz = Ppk2Decoder::kSampleHz;
    // A change of range: the filter's three samples, and the one in which it happens.
    m_facts.settleSeconds = 4 / Ppk2Decoder::kSampleHz;
    m_facts.supplyVolts = m_source ? settings.sourceVolts : 0;
  }
  ~Ppk2() override {
    if (m_running) (void)stop();
  }

  /// Mode and supply, in the order of Nordic's own program.
  Result<void> prepare() {
    const auto millivolts = static_cast<unsigned>(std::lround(m_millivolts));
    const auto high = static_cast<std::byte>(millivolts >> 8);
    const auto low = static_cast<std::byte>(millivolts & 0xff);
    std::vector<std::byte> bytes;
    if (m_source) {
      bytes = {kPower, std::byte{0}, kMode, std::byte{2}, kRegulator, high, low};
    } else {
      bytes = {kMode, std::byte{1}, kRegulator, high, low};
    }
    bytes.insert(bytes.end(), {kPower, std::byte{1}});
    return m_port.write(bytes);
  }

  const MeterFacts& facts() const override { return m_facts; }
  bool isLive() const override { return true; }
  std::uint64_t missing() const override { return m_decoder.missing(); }

  Result<void> start() override {
    if (auto done = m_port.write(std::array{kStart}); !done) return done;
    m_running = true;
    m_last = Clock::now();
    return {};
  }

  Result<std::size_t> read(std::span<PowerSample> out, milliseconds wait) override {
    if (m_given == m_ready.size()) {
      m_ready.clear();
      m_given = 0;
      const auto count = m_port.read(m_buffer, m_running ? wait : kSettle);
      if (!count) return count.error();
      if (*count == 0) {
        if (!m_running || Clock::now() - m_last < kSilence) return std::size_t{0};
        return Error{m_port.path(), "the kit sends no samples"};
      }
      m_last = Clock::now();
      m_decoder.decode(std::span(m_buffer).first(*count), m_ready);
    }
    const std::size_t count = std::min(out.size(), m_ready.size() - m_given);
    std::copy_n(m_ready.begin() + static_cast<std::ptrdiff_t>(m_given), count, out.begin());
    m_given += count;
    return count;
  }

  Result<void> stop() override {
    m_running = false;
    return m_port.write(std::array{kStop});
  }

 private:
  /// A stopped kit's last bytes are there within this.
  static constexpr milliseconds kSettle{100};
  static constexpr milliseconds kSilence{5000};

  SerialPort m_port;
  bool m_source;
  double m_millivolts;
  Ppk2Decoder m_decoder;
  MeterFacts m_facts;
  bool m_running = false;
  Clock::time_point m_last;
  std::array<std::byte, 65536> m_buffer{};
  std::vector<PowerSample> m_ready;
  std::size_t m_given = 0;
};

}  // namespace

Result<Ppk2Modifiers> readPpk2Metadata(std::string_view text) {
  Ppk2Modifiers modifiers;
  std::size_t known = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.starts_with("END")) {
      if (known == 0) break;
      return modifiers;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, colon);
    const auto value = numberOf(line.substr(colon + 1));
    if (key == "HW") {
      ++known;
      modifiers.hardware = value ? fmt::format("{:.0f}", *value) : "";
    } else if (key == "VDD" && value && *value >= 0 && *value < 10'000) {
      modifiers.vdd = static_cast<int>(*value);
    } else if (key == "mode" && value && *value >= 0 && *value < 10) {
      modifiers.mode = static_cast<int>(*value);
    } else if (key == "Calibrated") {
      modifiers.calibrated = value && *value != 0;
    } else if (double* constant = constantOf(modifiers, key)) {
      ++known;
      // The vendor's program takes 0 for missing, and calibrations were made with it.
      if (value && *value != 0) *constant = *value;
    }
  }
  return Error{"", "no metadata of a Power Profiler Kit II"};
}

void Ppk2Decoder::decode(std::span<const std::byte> bytes, std::vector<PowerSample>& out) {
  for (const std::byte byte : bytes) {
    m_rest[m_restBytes++] = byte;
    if (m_restBytes < m_rest.size()) continue;
    m_restBytes = 0;
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      word |= std::to_integer<std::uint32_t>(m_rest[i]) << 8 * i;
    }
    frame(word, out);
  }
}

void Ppk2Decoder::frame(std::uint32_t word, std::vector<PowerSample>& out) {
  const unsigned field = word & kAdcFull;
  const unsigned range = std::min((word >> kAdcBits) & 7, 4U);
  const bool badRange = ((word >> kAdcBits) & 7) > 4;
  const unsigned counter = word >> 18 & 63;
  const auto logic = static_cast<std::uint8_t>(word >> 24);
  m_logicSeen |= logic;
  m_logicLow |= static_cast<std::uint8_t>(~logic);
  PowerSample sample;
  if (!m_first) {
    const unsigned lost = (counter - m_counter - 1) & 63;
    if (lost != 0) {
      m_missing += lost;
      m_index += lost;
      sample.flags |= PowerSample::kGap;
    }
  }
  m_counter = counter;
  const double raw = (4.0 * field - m_modifiers.o[range]) * kAdcScale / m_modifiers.r[range];
  const double amperes =
      m_modifiers.ug[range] * (raw * (m_modifiers.gs[range] * raw + m_modifiers.gi[range]) +
                               m_modifiers.s[range] * m_volts + m_modifiers.i[range]);
  sample.time = static_cast<double>(m_index++) / kSampleHz;
  sample.value = static_cast<float>(filtered(amperes, range));
  if ((logic & 1) != 0) sample.flags |= PowerSample::kTrigger;
  if (badRange || field == kAdcFull || amperes > kMostAmperes)
    sample.flags |= PowerSample::kOverload;
  m_first = false;
  out.push_back(sample);
}

// When the range changes, the converter still settles: some samples are replaced by an average.
double Ppk2Decoder::filtered(double amperes, unsigned range) {
  const double before = m_average;
  const double before4 = m_average4;
  if (m_first) {
    m_average = m_average4 = amperes;
    m_range = range;
  } else {
    m_average = kSpikeShare * amperes + (1 - kSpikeShare) * m_average;
    m_average4 = kSpikeShareOfLast * amperes + (1 - kSpikeShareOfLast) * m_average4;
  }
  if (m_range != range) {
    m_consecutive = 0;
    m_after = 3;
  } else if (m_after > 0) {
    ++m_consecutive;
  }
  m_range = range;
  if (m_after == 0) return amperes;
  if (range == 4 && m_consecutive < 2) {
    m_average = before;
    m_average4 = before4;
  }
  --m_after;
  return range == 4 ? m_average4 : m_average;
}

Result<std::unique_ptr<PowerMeter>> openPpk2(const MeterSettings& settings) {
  const double volts = settings.sourceVolts > 0 ? settings.sourceVolts : settings.nominalVolts;
  if (volts < 0.8 || volts > 5) {
    return Error{"ppk2", fmt::format("{} V are not within 0.8 to 5 V", volts)};
  }
  auto port = SerialPort::open(settings.port, 115'200);
  if (!port) return port.error();
  // It may still be sending from a program that died.
  if (auto done = port->write(std::array{kStop}); !done) return done.error();
  if (auto done = port->drain(milliseconds(150), milliseconds(2000)); !done) return done.error();
  if (auto done = port->write(std::array{kMetadata}); !done) return done.error();
  std::string text;
  const auto deadline = Clock::now() + milliseconds(2000);
  while (Clock::now() < deadline && text.size() < kMostMetadata &&
         text.find("END") == std::string::npos) {
    std::array<std::byte, 4096> bytes{};
    const auto count = port->read(bytes, milliseconds(200));
    if (!count) return count.error();
    text.append(reinterpret_cast<const char*>(bytes.data()), *count);
  }
  auto modifiers = readPpk2Metadata(text);
  if (!modifiers) {
    return Error{settings.port, text.empty() ? "no Power Profiler Kit II answers; is it the kit's "
                                               "first port?"
                                             : "what answers is no Power Profiler Kit II"};
  }
  auto meter = std::make_unique<Ppk2>(std::move(*port), *modifiers, settings);
  if (auto done = meter->prepare(); !done) return done.error();
  return std::unique_ptr<PowerMeter>(std::move(meter));
}

}  // namespace mcuprof
