#include "gui/charts/working_set_geometry.hpp"

#include <algorithm>

#include "gui/charts/chart_parts.hpp"

namespace mcuprof::gui {
namespace {

constexpr double kTallest = 2;  ///< times the limit that a bar may have before it is broken

double asDouble(Bytes bytes) {
  return static_cast<double>(bytes.value);
}

/// The most bytes that the linear axis shows: all, unless a few bars would flatten the rest.
double linearMost(const Report& report) {
  const double limit = asDouble(Bytes(report.sram.usable.value));
  double all = limit;
  double ordinary = limit;
  for (const LayerRow& layer : report.layers) {
    const double total = asDouble(layer.parts.total());
    all = std::max(all, total);
    if (total <= limit * 1.5) ordinary = std::max(ordinary, total);
  }
  return limit > 0 && all > kTallest * limit ? ordinary * 1.2 : all;
}

double smallestPositive(const Report& report) {
  double least = 0;
  for (const LayerRow& layer : report.layers) {
    const double total = asDouble(layer.parts.total());
    if (total > 0 && (least == 0 || total < least)) least = total;
  }
  return least;
}

WorkingSetBar barOf(const LayerRow& row, int layer, const ChartFrame& frame,
                    const ValueAxis& axis) {
  WorkingSetBar bar;
  bar.layer = layer;
  bar.over = !row.fit.activationsFit;
  bar.streams = !bar.over && !row.fit.workingSetFits;
  bar.unknown = !row.unknown.empty();
  const QRectF column = columnOf(frame.x, layer, axis.top, axis.bottom);
  double sum = 0;
  double below = axis.bottom;
  const auto stack = [&](Bytes part) {
    sum += asDouble(part);
    // Every boundary is placed by the sum below it, so rounding never adds up.
    const double y = part == Bytes(0) ? below : std::max(axis.top, axis.y(sum));
    const QRectF out(column.left(), y, column.width(), below - y);
    below = y;
    return out;
  };
  bar.input = stack(row.parts.input);
  bar.output = stack(row.parts.output);
  bar.weights = stack(row.parts.weights);
  bar.bias = stack(row.parts.bias);
  bar.broken = sum > axis.high;
  bar.whole = QRectF(column.left(), below, column.width(), axis.bottom - below);
  return bar;
}

}  // namespace

WorkingSetGeometry layOutWorkingSets(const Report& report, WorkingSetMode mode,
                                     const ChartFrame& frame, double valueZoom) {
  WorkingSetGeometry out;
  const double top = frame.plot.top();
  const double bottom = frame.plot.bottom();
  const int count = static_cast<int>(report.layers.size());
  const auto total = [&](int layer) {
    return asDouble(report.layers[static_cast<std::size_t>(layer)].parts.total());
  };
  double most = linearMost(report);
  for (const LayerRow& layer : report.layers) {
    if (mode == WorkingSetMode::Log) most = std::max(most, asDouble(layer.parts.total()));
  }
  if (mode == WorkingSetMode::Cumulative) {
    const WorkingSet& all = report.totals.parts;
    most = std::max(asDouble(all.weights + all.bias + all.output),
                    asDouble(Bytes(report.sram.usable.value)));
  }
  out.axis = mode == WorkingSetMode::Log
                 ? ValueAxis::logarithmic(std::max(64.0, smallestPositive(report) / 2), most,
                                          Unit::Bytes, top, bottom)
                 : ValueAxis::linear(most / valueZoom, Unit::Bytes, top, bottom);
  out.usableY = out.axis.y(asDouble(Bytes(report.sram.usable.value)));
  out.largestY = out.axis.y(asDouble(report.sram.largestUsable));

  if (mode != WorkingSetMode::Cumulative) {
    for (const int layer : visibleLayers(frame.x, count, total)) {
      out.bars.push_back(
          barOf(report.layers[static_cast<std::size_t>(layer)], layer, frame, out.axis));
    }
    return out;
  }
  // Sums over all layers before, visible or not.
  WorkingSet sum;
  int next = 0;
  for (const int layer : visibleLayers(frame.x, count, [](int l) { return double(l); })) {
    for (; next <= layer; ++next) {
      const WorkingSet& parts = report.layers[static_cast<std::size_t>(next)].parts;
      sum.weights += parts.weights + parts.bias;
      sum.output += parts.output;
    }
    LayerRow row = report.layers[static_cast<std::size_t>(layer)];
    row.parts = {};
    row.parts.weights = sum.weights;
    row.parts.output = sum.output;
    row.fit = {};
    out.bars.push_back(barOf(row, layer, frame, out.axis));
  }
  return out;
}

}  // namespace mcuprof::gui
