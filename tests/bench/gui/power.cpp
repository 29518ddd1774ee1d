// One frame of a pan over 3 million power samples: 30 s of a meter with 100 kS/s.
#include <benchmark/benchmark.h>

#include <QImage>
#include <QPainter>
#include <memory>
#include <random>

#include "gui/charts/power_chart.hpp"

namespace mcuprof::gui {
namespace {

db::EnergyTrace randomTrace(std::size_t samples) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> watts(0.05F, 0.4F);
  db::EnergyTrace trace;
  trace.sampleHz = 100'000;
  trace.watts.resize(samples);
  trace.marks.resize(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    trace.watts[i] = watts(random);
    trace.marks[i] = i / 10'000 % 2 == 1;
  }
  return trace;
}

/// `share` of the trace is visible.
void panPower(benchmark::State& state, double share) {
  Selection selection;
  PowerChart chart(selection);
  const auto trace = std::make_shared<const PowerTrace>(randomTrace(3'000'000));
  chart.setTrace(trace);
  chart.resize(1200, 600);
  QImage frame(1200, 600, QImage::Format_RGB32);
  const double whole = trace->milliseconds();
  const double span = whole * share;
  double first = 0;
  for (auto _ : state) {
    first += span * 0.01;
    if (first + span > whole) first = 0;
    chart.setCurrentRange({first, first + span}, Selection::Step::Continued);
    QPainter painter(&frame);
    chart.render(&painter);
    benchmark::DoNotOptimize(frame.constBits());
  }
}

void panOf3MillionPowerSamples(benchmark::State& state) {
  panPower(state, 0.9);
}
BENCHMARK(panOf3MillionPowerSamples)->Unit(benchmark::kMillisecond);

void panOfAHundredthOf3MillionPowerSamples(benchmark::State& state) {
  panPower(state, 0.01);
}
BENCHMARK(panOfAHundredthOf3MillionPowerSamples)->Unit(benchmark::kMillisecond);

/// On the worker, once a run is chosen.
void prepare3MillionPowerSamples(benchmark::State& state) {
  const db::EnergyTrace trace = randomTrace(3'000'000);
  for (auto _ : state) {
    PowerTrace made(trace);
    benchmark::DoNotOptimize(made.blocks.data());
  }
}
BENCHMARK(prepare3MillionPowerSamples)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mcuprof::gui
