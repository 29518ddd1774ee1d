// Any meter, by the file that its own program writes.
#include "device-agent/host/power/csv_meter.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

namespace mcuprof {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

enum class Column : std::uint8_t { Ignored, Time, Current, Voltage, Power, Trigger, Bits };

struct Heading {
  Column column = Column::Ignored;
  double scale = 1;
};

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '"' || c == '#' || c == '\r') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

/// What a title means: a quantity and, in brackets or behind an underscore, a unit.
Heading headingOf(std::string_view title) {
  std::string text = lower(title);
  if (text == "d0-d7") return {Column::Bits, 1};
  if (text == "trigger" || text == "d0" || text == "gpi0" || text == "in0" || text == "mark") {
    return {Column::Trigger, 1};
  }
  std::string unit;
  if (const auto open = text.find_first_of("(["); open != std::string::npos) {
    unit = text.substr(open + 1, text.find_first_of(")]", open) - open - 1);
    text.resize(open);
  } else if (const auto bar = text.rfind('_'); bar != std::string::npos) {
    unit = text.substr(bar + 1);
    text.resize(bar);
  }
  // A device's name may stand ahead of the quantity.
  if (const auto dot = text.rfind('.'); dot != std::string::npos) text.erase(0, dot + 1);
  struct Unit {
    std::string_view name;
    double scale;
  };
  const auto scaleIn = [&](std::initializer_list<Unit> units) -> std::optional<double> {
    if (unit.empty()) return 1.0;
    for (const Unit& one : units) {
      if (unit == one.name) return one.scale;
    }
    return std::nullopt;
  };
  if (text == "time" || text == "timestamp" || text == "t") {
    const auto scale = scaleIn({{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}});
    if (scale) return {Column::Time, *scale};
  }
  if (text == "current" || text == "i" || text == "main") {
    const auto scale = scaleIn({{"a", 1}, {"ma", 1e-3}, {"ua", 1e-6}, {"na", 1e-9}});
    if (scale) return {Column::Current, *scale};
  }
  if (text == "voltage" || text == "v") {
    const auto scale = scaleIn({{"v", 1}, {"mv", 1e-3}});
    if (scale) return {Column::Voltage, *scale};
  }
  if (text == "power" || text == "p") {
    const auto scale = scaleIn({{"w", 1}, {"mw", 1e-3}, {"uw", 1e-6}});
    if (scale) return {Column::Power, *scale};
  }
  return {};
}

std::string_view fieldOf(std::string_view& line) {
  const auto end = line.find_first_of(",;\t");
  std::string_view field = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  while (!field.empty() && (field.front() == ' ' || field.front() == '"')) field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '"' || field.back() == '\r')) {
    field.remove_suffix(1);
  }
  return field;
}

std::optional<double> numberOf(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
      std::abs(value) > 1e15) {
    return std::nullopt;
  }
  return value;
}

Result<std::vector<Heading>> headingsOf(std::string_view line, const std::string& name) {
  std::vector<Heading> headings;
  std::array<int, 7> count{};
  while (!line.empty()) {
    headings.push_back(headingOf(fieldOf(line)));
    ++count[static_cast<std::size_t>(headings.back().column)];
  }
  const auto has = [&](Column column) { return count[static_cast<std::size_t>(column)] > 0; };
  if (!has(Column::Time)) {
    return Error{name + ":1", "has no column \"time\", as \"time (s)\" or \"Timestamp(ms)\""};
  }
  if (!has(Column::Current) && !has(Column::Power)) {
    return Error{name + ":1",
                 "has neither a column \"current\", as \"current (mA)\", nor \"power\""};
  }
  for (const Column column : {Column::Time, Column::Current, Column::Voltage, Column::Power}) {
    if (count[static_cast<std::size_t>(column)] > 1) {
      return Error{name + ":1", "has a column twice: it is not clear which one is meant"};
    }
  }
  return headings;
}

/// The usual distance of samples, and how many are missing by it.
void measureRate(CsvSamples& out) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < out.samples.size(); ++i) {
    steps.push_back(out.samples[i].time - out.samples[i - 1].time);
  }
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  const double step = *middle;
  if (!(step > 0)) return;
  out.sampleHz = 1 / step;
  for (std::size_t i = 1; i < out.samples.size(); ++i) {
    const double lost = std::round((out.samples[i].time - out.samples[i - 1].time) / step) - 1;
    if (lost < 1) continue;
    out.missing += static_cast<std::uint64_t>(std::min(lost, 1e12));
    out.samples[i].flags |= PowerSample::kGap;
  }
}

class CsvMeter final : public PowerMeter {
 public:
  explicit CsvMeter(const MeterSettings& settings)
      : m_path(settings.port), m_wait(settings.fileWait), m_cancelled(settings.cancelled) {
    m_facts.kind = "csv";
    m_facts.detail = m_path;
    m_facts.sampleHz = settings.sampleHz;
  }

  const MeterFacts& facts() const override { return m_facts; }
  bool isLive() const override { return false; }
  std::uint64_t missing() const override { return m_read ? m_read->missing : 0; }

  Result<void> start() override {
    m_before = stampOf();
    return {};
  }
  Result<void> stop() override {
    m_stopped = true;
    return {};
  }

  Result<std::size_t> read(std::span<PowerSample> out, milliseconds wait) override {
    if (!m_stopped) {
      std::this_thread::sleep_for(wait);
      return std::size_t{0};
    }
    if (!m_read) {
      if (auto done = load(); !done) return done.error();
    }
    const std::size_t count = std::min(out.size(), m_read->samples.size() - m_given);
    std::copy_n(m_read->samples.begin() + static_cast<std::ptrdiff_t>(m_given), count, out.begin());
    m_given += count;
    return count;
  }

 private:
  struct Stamp {
    bool there = false;
    timespec changed{};
    off_t bytes = 0;
    bool operator==(const Stamp& other) const {
      return there == other.there && changed.tv_sec == other.changed.tv_sec &&
             changed.tv_nsec == other.changed.tv_nsec && bytes == other.bytes;
    }
  };

  Stamp stampOf() const {
    struct stat status {};
    if (::stat(m_path.c_str(), &status) != 0) return {};
    return {true, status.st_mtim, status.st_size};
  }

  /// Waits for a file that was written since start() and has stood still for a second.
  Result<void> load() {
    const auto deadline = Clock::now() + m_wait;
    Stamp last = stampOf();
    for (;;) {
      std::this_thread::sleep_for(milliseconds(1000));
      const Stamp now = stampOf();
      if (now.there && !(now == m_before) && now == last) break;
      last = now;
      if (m_cancelled && m_cancelled()) return Error{m_path, "was not waited for"};
      if (Clock::now() < deadline) continue;
      return Error{m_path, now.there ? "was not written since the measurement began"
                                     : "did not come; export the meter's samples to it"};
    }
    std::ifstream file(m_path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return Error{m_path, "cannot be read"};
    auto samples = readCsvSamples(text.str(), m_path);
    if (!samples) return samples.error();
    m_facts.quantity = samples->quantity;
    m_facts.trigger = samples->hasTrigger ? TriggerKind::Level : TriggerKind::None;
    m_facts.sampleHz = samples->sampleHz;
    m_facts.supplyVolts = samples->volts;
    m_read = std::move(*samples);
    return {};
  }

  std::string m_path;
  std::chrono::seconds m_wait;
  std::function<bool()> m_cancelled;
  MeterFacts m_facts;
  Stamp m_before;
  bool m_stopped = false;
  std::optional<CsvSamples> m_read;
  std::size_t m_given = 0;
};

}  // namespace

Result<CsvSamples> readCsvSamples(std::string_view text, const std::string& name) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::size_t number = 1;
  const auto takeLine = [&](std::string_view& line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return false;
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return true;
  };
  std::string_view line;
  if (!takeLine(line)) return Error{name, "has no header and samples, a line each"};
  const auto headings = headingsOf(line, name);
  if (!headings) return headings.error();
  CsvSamples out;
  double volts = 0;
  bool hasPower = false;
  bool hasVoltage = false;
  for (const Heading& heading : *headings) {
    hasPower = hasPower || heading.column == Column::Power;
    hasVoltage = hasVoltage || heading.column == Column::Voltage;
    out.hasTrigger =
        out.hasTrigger || heading.column == Column::Trigger || heading.column == Column::Bits;
  }
  out.quantity = hasPower || hasVoltage ? PowerQuantity::Watts : PowerQuantity::Amperes;
  while (takeLine(line)) {
    ++number;
    if (line.empty() || line == "\r") continue;
    PowerSample sample;
    double current = 0;
    double voltage = 0;
    double power = 0;
    for (const Heading& heading : *headings) {
      const std::string_view field = fieldOf(line);
      if (heading.column == Column::Ignored) continue;
      if (heading.column == Column::Bits) {
        if (field.empty()) return Error{fmt::format("{}:{}", name, number), "has no bits"};
        if (field.front() == '1') sample.flags |= PowerSample::kTrigger;
        continue;
      }
      const auto value = numberOf(field);
      if (!value) {
        return Error{fmt::format("{}:{}", name, number),
                     fmt::format("\"{}\" is no number", field.substr(0, 40))};
      }
      const double scaled = *value * heading.scale;
      switch (heading.column) {
        case Column::Time:
          sample.time = scaled;
          break;
        case Column::Current:
          current = scaled;
          break;
        case Column::Voltage:
          voltage = scaled;
          break;
        case Column::Power:
          power = scaled;
          break;
        case Column::Trigger:
          // Half of a logic level's swing, or of 0 and 1.
          if (scaled >= 0.5) sample.flags |= PowerSample::kTrigger;
          break;
        case Column::Bits:
        case Column::Ignored:
          break;
      }
    }
    if (!out.samples.empty() && sample.time <= out.samples.back().time) {
      return Error{fmt::format("{}:{}", name, number), "its time is not behind the one before"};
    }
    volts += voltage;
    sample.value = static_cast<float>(hasPower ? power : hasVoltage ? current * voltage : current);
    out.samples.push_back(sample);
  }
  if (out.samples.size() < 2) return Error{name, "has fewer than two samples"};
  out.volts = volts / static_cast<double>(out.samples.size());
  const double origin = out.samples.front().time;
  for (PowerSample& sample : out.samples) sample.time -= origin;
  measureRate(out);
  return out;
}

Result<std::unique_ptr<PowerMeter>> openCsvMeter(const MeterSettings& settings) {
  struct stat status {};
  if (::stat(settings.port.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return Error{settings.port, "is a folder"};
  }
  return std::unique_ptr<PowerMeter>(std::make_unique<CsvMeter>(settings));
}

}  // namespace mcuprof
