// STMicroelectronics X-NUCLEO-LPM01A: lines of text both ways, and a binary stream for fast rates.
#include "device-agent/host/power/lpm01a.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "device-agent/host/power/serial_port.hpp"

namespace mcuprof {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kPrompt = "PowerShield > ";
/// In text, more than this without a line's end is no text.
constexpr std::size_t kLongestLine = 512;
constexpr std::size_t kLongestMetadata = 512;
constexpr std::array kRates = {100'000, 50'000, 20'000, 10'000, 5'000, 2'000, 1'000, 500,
                               200,     100,    50,     20,     10,    5,     2,     1};
/// Text is unlimited up to here (the meter's own help).
constexpr double kFastestText = 5'000;
constexpr double kFastestEnergy = 10'000;
constexpr double kOwnChoiceHz = 5'000;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<unsigned> numberOf(std::string_view text) {
  unsigned value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "6409-07" at the beginning of the text: 6409e-7.
std::optional<double> valueAt(std::string_view text) {
  if (text.size() < 7) return std::nullopt;
  if (!std::all_of(text.begin(), text.begin() + 4, isDigit)) return std::nullopt;
  if (text[4] != '-' && text[4] != '+') return std::nullopt;
  if (!isDigit(text[5]) || !isDigit(text[6])) return std::nullopt;
  const int exponent = 10 * (text[5] - '0') + (text[6] - '0');
  const double mantissa = *numberOf(text.substr(0, 4));
  return mantissa * std::pow(10.0, text[4] == '-' ? -exponent : exponent);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (static_cast<unsigned char>(text.front()) <= ' ')) text.remove_prefix(1);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) <= ' ')) text.remove_suffix(1);
  return text;
}

class Lpm01a final : public PowerMeter {
 public:
  Lpm01a(SerialPort port, const MeterSettings& settings)
      : m_port(std::move(port)),
        m_volts(settings.sourceVolts > 0 ? settings.sourceVolts : settings.nominalVolts) {
    m_facts.kind = "lpm01a";
    m_facts.trigger = TriggerKind::Events;
    m_facts.sampleHz = settings.sampleHz > 0 ? settings.sampleHz : kOwnChoiceHz;
    m_facts.supplyVolts = m_volts;
  }
  ~Lpm01a() override {
    if (m_running) (void)stop();
    // Gives the meter back to its own buttons.
    (void)m_port.write("hrc\r\n");
  }

  Result<void> prepare();

  const MeterFacts& facts() const override { return m_facts; }
  bool isLive() const override { return true; }
  std::uint64_t missing() const override { return m_decoder ? m_decoder->missing() : 0; }
  std::vector<std::string> findings() const override;

  Result<void> start() override;
  Result<std::size_t> read(std::span<PowerSample> out, milliseconds wait) override;
  Result<void> stop() override {
    m_running = false;
    return m_port.write("stop\r\n");
  }

 private:
  static constexpr milliseconds kAnswer{2000};
  static constexpr milliseconds kSettle{500};
  static constexpr milliseconds kSilence{5000};

  /// Gives a command and waits for its acknowledgement; returns what stands behind it.
  Result<std::string> command(const std::string& text);

  SerialPort m_port;
  double m_volts;
  MeterFacts m_facts;
  std::optional<Lpm01aDecoder> m_decoder;
  bool m_running = false;
  Clock::time_point m_last;
  std::array<std::byte, 65536> m_buffer{};
  std::vector<PowerSample> m_ready;
  std::size_t m_given = 0;
};

Result<std::string> Lpm01a::command(const std::string& text) {
  if (auto done = m_port.write(text + "\r\n"); !done) return done.error();
  std::string answer;
  const std::string wanted = "ack " + text;
  const auto deadline = Clock::now() + kAnswer;
  while (Clock::now() < deadline && answer.size() < 65'536) {
    const auto count = m_port.read(m_buffer, milliseconds(50));
    if (!count) return count.error();
    answer.append(reinterpret_cast<const char*>(m_buffer.data()), *count);
    std::erase(answer, '\0');
    if (const auto at = answer.find("Error detail:"); at != std::string::npos) {
      const auto end = answer.find('\n', at);
      if (end == std::string::npos) continue;
      return Error{m_port.path(), fmt::format("the meter refuses \"{}\":{}", text,
                                              answer.substr(at + 13, end - at - 14))};
    }
    const auto at = answer.find(wanted);
    if (at == std::string::npos) continue;
    const auto end = answer.find('\n', at);
    if (end != std::string::npos) {
      return std::string(
          trimmed(std::string_view(answer).substr(at + wanted.size(), end - at - wanted.size())));
    }
  }
  return Error{m_port.path(),
               answer.empty()
                   ? "no X-NUCLEO-LPM01A answers"
                   : fmt::format("no X-NUCLEO-LPM01A: \"{}\" is not acknowledged", text)};
}

Result<void> Lpm01a::prepare() {
  // A banner may come late, and a crashed program leaves samples in the pipe.
  if (auto done = m_port.write("stop\r\n"); !done) return done;
  if (auto done = m_port.drain(milliseconds(300), milliseconds(3000)); !done) return done;
  // The first command after the banner is often refused.
  if (auto first = command("htc"); !first) {
    if (auto again = command("htc"); !again) return first.error();
  }
  std::string version = "version unknown";
  if (auto said = command("version")) version = "firmware " + *said;
  const bool binary = m_facts.sampleHz > kFastestText;
  // Energies of whole periods lose nothing between two samples, but need text's speed.
  const bool joules = !binary && m_facts.sampleHz <= kFastestEnergy;
  m_facts.quantity = joules ? PowerQuantity::Watts : PowerQuantity::Amperes;
  m_decoder.emplace(binary ? Lpm01aDecoder::Format::Binary : Lpm01aDecoder::Format::Ascii, joules,
                    m_facts.sampleHz);
  const auto hz = static_cast<int>(m_facts.sampleHz);
  const std::string rate = hz >= 1000 ? fmt::format("{}k", hz / 1000) : fmt::format("{}", hz);
  for (const std::string& text :
       {std::string("acqtime inf"), std::string("acqmode dyn"), std::string("trigdelay 0"),
        std::string("trigsrc sw"), fmt::format("output {}", joules ? "energy" : "current"),
        fmt::format("format {}", binary ? "bin_hexa" : "ascii_dec"), "freq " + rate,
        fmt::format("volt {}m", std::lround(m_volts * 1000)),
        // Power goes on at once, not with the first acquisition.
        std::string("pwr on nostatus")}) {
    if (auto done = command(text); !done) return done.error();
  }
  // Firmware before 1.0.6 has no events; then samples are aligned by correlation.
  if (auto events = command("eventsrc d7 fal"); !events || binary) {
    m_facts.trigger = TriggerKind::None;
  }
  m_facts.detail = fmt::format("{}, supplies {:.2f} V, {}", version, m_volts,
                               joules ? "energy of each period" : "current");
  return {};
}

Result<void> Lpm01a::start() {
  // Samples follow the acknowledgement at once, so the decoder reads both.
  if (auto done = m_port.write("start\r\n"); !done) return done;
  m_running = true;
  m_last = Clock::now();
  return {};
}

Result<std::size_t> Lpm01a::read(std::span<PowerSample> out, milliseconds wait) {
  if (m_given == m_ready.size()) {
    m_ready.clear();
    m_given = 0;
    if (m_decoder->ended()) {
      if (!m_running) return std::size_t{0};
      m_running = false;
      const std::string why = m_decoder->error();
      return Error{m_port.path(), m_decoder->overcurrent()
                                      ? "overcurrent: the meter stopped" +
                                            (why.empty() ? std::string() : " (" + why + ")")
                                      : "the meter ended the acquisition: " + why};
    }
    const auto count = m_port.read(m_buffer, m_running ? wait : kSettle);
    if (!count) return count.error();
    if (*count == 0) {
      if (!m_running || Clock::now() - m_last < kSilence) return std::size_t{0};
      return Error{m_port.path(), "the meter sends no samples"};
    }
    m_last = Clock::now();
    m_decoder->decode(std::span(m_buffer).first(*count), m_ready);
    // Text around the samples makes none, which is not the end of them.
    if (m_ready.empty() && !m_decoder->ended()) return read(out, wait);
  }
  const std::size_t count = std::min(out.size(), m_ready.size() - m_given);
  std::copy_n(m_ready.begin() + static_cast<std::ptrdiff_t>(m_given), count, out.begin());
  m_given += count;
  return count;
}

std::vector<std::string> Lpm01a::findings() const {
  std::vector<std::string> out;
  if (!m_decoder) return out;
  if (m_decoder->damaged() > 0) {
    out.push_back(fmt::format("{} values of the meter could not be read", m_decoder->damaged()));
  }
  if (m_decoder->lostEvents() > 0) {
    out.push_back(fmt::format("the meter lost {} events", m_decoder->lostEvents()));
  }
  if (m_decoder->fullest() >= 95) {
    out.push_back(fmt::format("the meter's buffer was {} % full", m_decoder->fullest()));
  }
  return out;
}

}  // namespace

void Lpm01aDecoder::decode(std::span<const std::byte> bytes, std::vector<PowerSample>& out) {
  if (m_ended) return;
  m_pending.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (m_format == Format::Binary) {
    binary(out);
    return;
  }
  std::size_t from = 0;
  while (!m_ended) {
    const auto end = m_pending.find('\n', from);
    if (end == std::string::npos) break;
    line(trimmed(std::string_view(m_pending).substr(from, end - from)), out);
    from = end + 1;
  }
  m_pending.erase(0, from);
  if (m_pending.size() > kLongestLine) {
    m_pending.clear();
    ++m_damaged;
  }
}

void Lpm01aDecoder::sample(double value, std::vector<PowerSample>& out) {
  PowerSample one;
  one.time = static_cast<double>(m_index++) / m_hz;
  one.value = static_cast<float>(m_joules ? value * m_hz : value);
  if (m_gap) one.flags |= PowerSample::kGap;
  if (m_event) one.flags |= PowerSample::kEvent;
  m_gap = m_event = false;
  out.push_back(one);
}

void Lpm01aDecoder::timestamp(std::uint64_t ms, unsigned load) {
  m_started = true;
  m_fullest = std::max(m_fullest, load);
  // A timestamp has milliseconds: samples are missing when the count is short of it by more. Times
  // beyond any acquisition are none.
  if (ms > 1'000'000'000) return;
  const double due = static_cast<double>(ms) * m_hz / 1000;
  const double slack = std::max(1.0, m_hz / 1000);
  const double lacking = due - static_cast<double>(m_index);
  if (lacking <= slack) return;
  const auto count = static_cast<std::uint64_t>(lacking);
  m_missing += count;
  m_index += count;
  m_gap = true;
}

bool Lpm01aDecoder::eventLine(std::string_view text) {
  if (!text.starts_with("event ")) return false;
  const std::string_view rest = text.substr(6);
  const auto number = numberOf(rest.substr(0, rest.find(' ')));
  if (!number) return false;
  // The number has two digits at least; its wrap is not documented and taken modulo 100.
  if (*number % 100 != m_nextEvent % 100) {
    m_lostEvents += (*number + 100 - m_nextEvent % 100) % 100;
  }
  m_nextEvent = *number + 1;
  m_event = true;
  return true;
}

void Lpm01aDecoder::line(std::string_view text, std::vector<PowerSample>& out) {
  if (text.empty()) return;
  const bool prompted = text.starts_with(kPrompt);
  if (prompted) text.remove_prefix(kPrompt.size());
  if (text.starts_with("TimeStamp:")) {
    // "TimeStamp: 001s 250ms, buff 07%"
    std::string digits;
    std::vector<unsigned> numbers;
    for (const char c : text.substr(10)) {
      if (isDigit(c) && digits.size() < 9) {
        digits += c;
      } else if (!digits.empty()) {
        numbers.push_back(*numberOf(digits));
        digits.clear();
      }
    }
    if (numbers.size() == 3) {
      timestamp(1000 * std::uint64_t{numbers[0]} + numbers[1], numbers[2]);
    } else {
      ++m_damaged;
    }
    return;
  }
  if (!m_started && text.starts_with("Error detail:")) {
    m_error = std::string(trimmed(text.substr(13)));
    m_ended = true;
    return;
  }
  if (text.starts_with("error")) {
    const auto colon = text.find(": ");
    m_error = std::string(colon == std::string_view::npos ? text : text.substr(colon + 2));
    if (m_error.find("vercurrent") != std::string::npos) m_overcurrent = true;
    return;
  }
  if (text == "end" || text.starts_with("summary beg") || text == "Acquisition completed") {
    m_ended = true;
    return;
  }
  if (!m_started || prompted) return;
  if (!eventLine(text)) values(text, out);
}

void Lpm01aDecoder::values(std::string_view text, std::vector<PowerSample>& out) {
  bool whole = true;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto value = valueAt(text.substr(at))) {
      sample(*value, out);
      at += 7;
    } else {
      whole = whole && text[at] == '\0';
      ++at;
    }
  }
  if (!whole) ++m_damaged;
}

std::size_t Lpm01aDecoder::metadata(std::size_t at) {
  const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(m_pending[i]); };
  if (m_pending.size() - at < 2) return 0;
  if (byteAt(at) == 0xf0 && byteAt(at + 1) == 0xf3) {
    if (m_pending.size() - at < 9) return 0;
    if (byteAt(at + 7) != 0xff || byteAt(at + 8) != 0xff) {
      ++m_damaged;
      return 2;
    }
    std::uint64_t ms = 0;
    for (std::size_t i = 2; i < 6; ++i) ms = ms << 8 | byteAt(at + i);
    timestamp(ms, byteAt(at + 6));
    return 9;
  }
  const auto end = m_pending.find("\xff\xff", at + 2);
  if (end == std::string::npos) {
    if (m_pending.size() - at < kLongestMetadata) return 0;
    ++m_damaged;
    return 2;
  }
  const std::string text = m_pending.substr(at + 2, end - at - 2);
  switch (byteAt(at + 1)) {
    case 0xf1:
      m_error = std::string(trimmed(text));
      if (m_error.find("vercurrent") != std::string::npos) m_overcurrent = true;
      break;
    case 0xf4:
      m_ended = true;
      break;
    case 0xf5:
      m_overcurrent = true;
      if (m_error.empty()) m_error = std::string(trimmed(text));
      break;
    default:  // information, and what is not known
      break;
  }
  return end + 2 - at;
}

void Lpm01aDecoder::binary(std::vector<PowerSample>& out) {
  std::size_t at = 0;
  if (!m_started) {
    // The acknowledgement stands ahead of the first timestamp.
    at = m_pending.find("\xf0\xf3");
    if (at == std::string::npos) {
      const auto refused = m_pending.find("Error detail:");
      const auto end = m_pending.find('\n', refused == std::string::npos ? 0 : refused);
      if (refused != std::string::npos && end != std::string::npos) {
        m_error = std::string(
            trimmed(std::string_view(m_pending).substr(refused + 13, end - refused - 13)));
        m_ended = true;
      }
      // A stream that never begins, but for a byte that may be half of its mark.
      if (m_pending.size() > kLongestMetadata) m_pending.erase(0, m_pending.size() - 1);
      return;
    }
  }
  while (!m_ended && m_pending.size() - at >= 2) {
    const auto high = static_cast<unsigned char>(m_pending[at]);
    if (high >= 0xf0) {
      const std::size_t taken = metadata(at);
      if (taken == 0) break;
      at += taken;
      continue;
    }
    const unsigned mantissa = (high & 15U) << 8 | static_cast<unsigned char>(m_pending[at + 1]);
    sample(std::ldexp(static_cast<double>(mantissa), -4 * (high >> 4)), out);
    at += 2;
  }
  m_pending.erase(0, at);
}

Result<std::unique_ptr<PowerMeter>> openLpm01a(const MeterSettings& settings) {
  const double hz = settings.sampleHz > 0 ? settings.sampleHz : kOwnChoiceHz;
  if (std::ranges::find(kRates, static_cast<int>(hz)) == kRates.end() || hz != std::floor(hz)) {
    return Error{"lpm01a", fmt::format("no rate of {} samples a second; it has 1, 2, 5, 10, ... "
                                       "100000",
                                       hz)};
  }
  const double volts = settings.sourceVolts > 0 ? settings.sourceVolts : settings.nominalVolts;
  if (volts < 1.8 || volts > 3.3) {
    return Error{"lpm01a", fmt::format("{} V are not within its 1.8 to 3.3 V", volts)};
  }
  auto port = SerialPort::open(settings.port, 3'686'400);
  if (!port) return port.error();
  auto meter = std::make_unique<Lpm01a>(std::move(*port), settings);
  if (auto done = meter->prepare(); !done) return done.error();
  return std::unique_ptr<PowerMeter>(std::move(meter));
}

}  // namespace mcuprof
