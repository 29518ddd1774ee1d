#include "device-agent/host/power/recorder.hpp"

#include <array>

namespace mcuprof {
namespace {

constexpr std::chrono::milliseconds kWait{20};

}  // namespace

PowerRecorder::~PowerRecorder() {
  m_stopping = true;
  if (m_thread.joinable()) m_thread.join();
}

Result<void> PowerRecorder::start() {
  if (auto done = m_meter->start(); !done) return done;
  m_started = true;
  if (m_meter->isLive()) m_thread = std::thread([this] { readAll(); });
  return {};
}

void PowerRecorder::readAll() {
  m_recording.error = readToTheEnd();
  m_failed = m_recording.error.has_value();
}

std::optional<Error> PowerRecorder::readToTheEnd() {
  std::array<PowerSample, 8192> piece;
  bool stopped = false;
  for (;;) {
    if (m_stopping && !stopped) {
      stopped = true;
      if (auto done = m_meter->stop(); !done) return done.error();
    }
    const auto count = m_meter->read(piece, kWait);
    if (!count) return count.error();
    if (*count == 0 && stopped) return std::nullopt;
    if (m_recording.samples.size() + *count > kMostSamples) {
      (void)m_meter->stop();
      return Error{m_meter->facts().kind, "more samples than can be kept"};
    }
    m_recording.samples.insert(m_recording.samples.end(), piece.begin(),
                               piece.begin() + static_cast<std::ptrdiff_t>(*count));
  }
}

void PowerRecorder::stop() {
  m_stopping = true;
  if (m_thread.joinable()) m_thread.join();
}

PowerRecording PowerRecorder::take() {
  stop();
  if (m_started && !m_meter->isLive()) readAll();
  m_recording.facts = m_meter->facts();
  m_recording.missing = m_meter->missing();
  m_recording.findings = m_meter->findings();
  return std::move(m_recording);
}

}  // namespace mcuprof
