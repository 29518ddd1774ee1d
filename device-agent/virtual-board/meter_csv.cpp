#include <fmt/format.h>

#include <cstdio>

#include "device-agent/virtual-board/meter.hpp"

namespace mcuprof::vboard {
namespace {

class CsvMeter final : public Meter {
 public:
  CsvMeter(std::FILE* file, double hz, const MeterFaults& faults)
      : Meter(faults), m_file(file), m_hz(hz), m_clock(hz, faults.driftPpm) {
    std::fputs("time (s),current (A),trigger\n", m_file);
  }
  ~CsvMeter() override { std::fclose(m_file); }

  void receive(std::span<const std::byte>) override {}
  void closed() override {}
  void feed(const Activity& activity) override {
    m_clock.add(activity, [this](const SampleClock::Sample& sample) {
      const double seconds = static_cast<double>(m_samples++) / m_hz;
      look(seconds);
      if (m_gone || loses()) return;
      m_line.clear();
      fmt::format_to(std::back_inserter(m_line), "{:.7f},{:.6g},{}\n", seconds, sample.amperes,
                     (sample.pins & kMarkPin) != 0 ? 1 : 0);
      std::fwrite(m_line.data(), 1, m_line.size(), m_file);
    });
  }

 private:
  std::FILE* m_file;
  double m_hz;
  SampleClock m_clock;
  std::uint64_t m_samples = 0;
  fmt::memory_buffer m_line;
};

}  // namespace

Result<std::unique_ptr<Meter>> makeCsvMeter(const std::string& path, double hz,
                                            const MeterFaults& faults) {
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (file == nullptr) return Error{path, "cannot be written"};
  return std::unique_ptr<Meter>(std::make_unique<CsvMeter>(file, hz, faults));
}

}  // namespace mcuprof::vboard
