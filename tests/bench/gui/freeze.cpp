// For how long the window answers nobody: the longest stretch of processor time that the GUI thread
// spends without coming back to its event loop, while a model of 66 operators is opened and each
// board of a list is chosen in turn. Painting of every dock that is seen is in it; the analysis is
// on a thread of its own.
#include <benchmark/benchmark.h>

#include <QApplication>
#include <QTimer>
#include <algorithm>
#include <ctime>
#include <filesystem>

#include "gui/window/main_window.hpp"
#include "tests/bench/gui/bench_model.hpp"

namespace mcuprof::gui {
namespace {

double processorMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Asks the event loop for its turn all the time, and keeps the longest wait.
class Heartbeat {
 public:
  Heartbeat() {
    QObject::connect(&m_timer, &QTimer::timeout, [this] {
      const double now = processorMs();
      m_longest = std::max(m_longest, now - m_last);
      m_last = now;
    });
    m_timer.start(0);
  }
  double longest() const { return m_longest; }

 private:
  QTimer m_timer;
  double m_last = processorMs();
  double m_longest = 0;
};

/// Until the session is idle and what that changed is painted.
void settle(MainWindow& window) {
  window.session().waitUntilIdle();
  for (int i = 0; i < 20; ++i) QApplication::processEvents();
}

void longestFreeze(benchmark::State& state, Preset preset) {
  const std::string model = writeBenchModel();
  for (auto _ : state) {
    MainWindow window;
    window.resize(1280, 800);
    window.applyPreset(preset);
    window.show();
    for (int i = 0; i < 20; ++i) QApplication::processEvents();
    Heartbeat heartbeat;
    window.open(QString::fromStdString(model));
    settle(window);
    for (const char* board : {"nucleo-f746zg", "nucleo-f429zi", "nucleo-f207zg", "nucleo-f767zi"}) {
      window.session().change([&](Setup& setup) { setup.board = board; });
      settle(window);
    }
    if (!window.session().snapshot()) state.SkipWithError("the model was not analyzed");
    state.SetIterationTime(heartbeat.longest() / 1e3);
  }
  std::filesystem::remove(model);
}

void longestFreezeFit(benchmark::State& state) {
  longestFreeze(state, kFit);
}
BENCHMARK(longestFreezeFit)->UseManualTime()->Unit(benchmark::kMillisecond);

void longestFreezeCost(benchmark::State& state) {
  longestFreeze(state, kCost);
}
BENCHMARK(longestFreezeCost)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mcuprof::gui
