// One frame of a pan: the range moves, the scene is built anew and painted, 1200x600 pixels.
#include <benchmark/benchmark.h>

#include <QImage>
#include <QPainter>
#include <memory>
#include <random>

#include "gui/charts/working_set_chart.hpp"

namespace mcuprof::gui {
namespace {

/// Layers of random sizes, four parts each.
std::shared_ptr<const Report> reportOf(int layers) {
  std::mt19937 random(1);
  std::uniform_int_distribution<std::int64_t> bytes(1000, 200'000);
  auto out = std::make_shared<Report>();
  out->sram.usable.value = 512 * 1024;
  out->sram.total.value = 520 * 1024;
  out->sram.largestUsable = 368_KiB;
  for (int i = 0; i < layers; ++i) {
    LayerRow row;
    row.number = i + 1;
    row.kind = "CONV_2D";
    row.parts.input = Bytes(bytes(random));
    row.parts.output = Bytes(bytes(random));
    row.parts.weights = Bytes(bytes(random));
    row.parts.bias = Bytes(bytes(random) / 100);
    row.fit.activationsFit = row.parts.activations() <= 368_KiB;
    row.fit.workingSetFits = row.parts.total() <= 368_KiB;
    out->layers.push_back(std::move(row));
  }
  return out;
}

/// `share` of the layers is visible.
void pan(benchmark::State& state, int layers, double share) {
  Selection selection;
  selection.setReport(reportOf(layers));
  WorkingSetChart chart(selection);
  chart.resize(1200, 600);
  QImage frame(1200, 600, QImage::Format_RGB32);
  double first = 0;
  const double span = layers * share;
  for (auto _ : state) {
    first += span * 0.01;
    if (first + span > layers) first = 0;
    selection.setRange({first, first + span}, Selection::Step::Continued);
    QPainter painter(&frame);
    chart.render(&painter);
    benchmark::DoNotOptimize(frame.constBits());
  }
}

void panOf1000Layers(benchmark::State& state) {
  pan(state, 1000, 0.9);
}
BENCHMARK(panOf1000Layers)->Unit(benchmark::kMillisecond);

/// 25,000 layers of four parts.
void panOf100000Rectangles(benchmark::State& state) {
  pan(state, 25'000, 0.9);
}
BENCHMARK(panOf100000Rectangles)->Unit(benchmark::kMillisecond);

/// What a chart without level of detail would pay.
void paintOf100000Rectangles(benchmark::State& state) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> at(0, 1);
  Scene scene;
  for (int i = 0; i < 100'000; ++i) {
    scene.rects.push_back(
        {QRectF(at(random) * 1200, at(random) * 600, 1 + at(random) * 12, 1 + at(random) * 12),
         static_cast<Ink>(i % 5)});
  }
  QImage frame(1200, 600, QImage::Format_RGB32);
  for (auto _ : state) {
    QPainter painter(&frame);
    paintScene(painter, scene, Theme::light(), QRectF(0, 0, 1200, 600));
    benchmark::DoNotOptimize(frame.constBits());
  }
}
BENCHMARK(paintOf100000Rectangles)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mcuprof::gui
