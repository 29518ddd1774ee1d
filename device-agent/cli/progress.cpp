#include "device-agent/cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace mcuprof::cli {
namespace {

constexpr int kBar = 30;

void write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

bool wantsJson() {
  const char* wanted = std::getenv("MCUPROF_PROGRESS");
  return wanted != nullptr && std::string_view(wanted) == "json";
}

}  // namespace

ProgressDisplay::ProgressDisplay()
    : m_json(wantsJson()), m_terminal(!m_json && isatty(STDERR_FILENO) != 0) {}

ProgressDisplay::~ProgressDisplay() {
  clear();
}

void ProgressDisplay::show(const RunProgress& progress) {
  if (m_json) {
    if (progress.timed != nullptr) {
      const LayerMeasurement& timed = *progress.timed;
      write(
          fmt::format("{{\"layer\": {}, \"runs\": {}, \"min\": {}, \"median\": {}, \"max\": {}}}\n",
                      progress.layer + 1, timed.runs, timed.minimum, timed.median, timed.maximum));
    } else {
      write(fmt::format("{{\"step\": \"{}\", \"done\": {}, \"total\": {}}}\n", progress.step,
                        progress.done, progress.total));
    }
    return;
  }
  if (progress.timed != nullptr) return;
  const int percent =
      progress.total > 0 ? static_cast<int>(progress.done * 100 / progress.total) : -1;
  const bool newStep = m_step != progress.step;
  if (!newStep && percent == m_shown) return;
  m_step = progress.step;
  m_shown = percent;
  if (!m_terminal) {
    if (newStep) write(fmt::format("mcuprof: {}\n", m_step));
    return;
  }
  std::string line = fmt::format("\r\x1b[K{:<16}", m_step);
  if (percent >= 0) {
    const int full = percent * kBar / 100;
    line += fmt::format(" [{}{}] {:3} %", std::string(static_cast<std::size_t>(full), '#'),
                        std::string(static_cast<std::size_t>(kBar - full), '.'), percent);
  }
  write(line);
}

void ProgressDisplay::clear() {
  if (m_terminal && !m_step.empty()) write("\r\x1b[K");
  m_step.clear();
  m_shown = -1;
}

}  // namespace mcuprof::cli
