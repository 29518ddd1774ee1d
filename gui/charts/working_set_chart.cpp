#include "gui/charts/working_set_chart.hpp"

#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "gui/charts/chart_parts.hpp"

namespace mcuprof::gui {
namespace {

QString bytesText(Bytes bytes) {
  return human(static_cast<double>(bytes.value), Unit::Bytes);
}

QString exactText(Bytes bytes) {
  return QString::fromStdString(grouped(bytes));
}

}  // namespace

QString usableSentence(const BudgetReport& sram) {
  QString out = QStringLiteral("usable SRAM %1 = %2 total")
                    .arg(bytesText(Bytes(sram.usable.value)), bytesText(Bytes(sram.total.value)));
  const auto less = [&out](Bytes bytes, const char* what) {
    if (bytes > Bytes(0))
      out += QStringLiteral(" − %1 %2").arg(bytesText(bytes), QLatin1String(what));
  };
  less(Bytes(sram.staticBytes.value), "static");
  less(Bytes(sram.stack.value), "stack");
  less(Bytes(sram.reserve.value), "reserve");
  less(sram.weights, "weights");
  less(sram.streamBuffer, "block buffer");
  if (sram.missing > Bytes(0)) {
    out += QStringLiteral(" + %1 that fit nowhere").arg(bytesText(sram.missing));
  }
  if (sram.total.given) out += QStringLiteral(" (total as you set it)");
  return out;
}

WorkingSetChart::WorkingSetChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Working set"), parent) {}

void WorkingSetChart::setMode(WorkingSetMode mode) {
  m_mode = mode;
  invalidate();
}

QString WorkingSetChart::itemText(int item) const {
  const auto& report = selection().report();
  if (!report || item < 0 || item >= selection().count()) return {};
  const LayerRow& row = report->layers[static_cast<std::size_t>(item)];
  QString out = QStringLiteral(
                    "Layer %1 %2: working set %3 (%4 B) = input %5 + output %6 + weights "
                    "%7 + biases %8 B")
                    .arg(row.number)
                    .arg(QString::fromStdString(row.kind), bytesText(row.parts.total()),
                         exactText(row.parts.total()), exactText(row.parts.input),
                         exactText(row.parts.output), exactText(row.parts.weights),
                         exactText(row.parts.bias));
  if (row.parts.scratch > Bytes(0)) {
    out += QStringLiteral("; scratch besides %1 B").arg(exactText(row.parts.scratch));
  }
  if (!row.fit.activationsFit) {
    out += QStringLiteral("; activations exceed %1 by %2 B: blocks")
               .arg(QString::fromStdString(report->sram.largestRegion),
                    exactText(row.fit.activationsMissing));
  } else if (!row.fit.workingSetFits) {
    out += QStringLiteral("; weights do not fit beside the activations (%1 B over): they stream")
               .arg(exactText(row.fit.workingSetMissing));
  }
  if (!row.unknown.empty()) {
    out += QStringLiteral("; cost unknown: ") + QString::fromStdString(row.unknown);
  }
  return out;
}

WorkingSetGeometry WorkingSetChart::geometryFor(const QSizeF& size) const {
  if (!selection().report()) return {};
  return layOutWorkingSets(*selection().report(), m_mode, frameFor(size), valueZoom());
}

Scene WorkingSetChart::build(const ChartFrame& frame) const {
  Scene scene;
  const Report& report = *selection().report();
  const WorkingSetGeometry geometry = layOutWorkingSets(report, m_mode, frame, valueZoom());
  addValueAxis(scene, frame, geometry.axis);
  addLayerAxis(scene, frame, selection().count());
  addBars(scene, geometry, frame);
  addValues(scene, geometry, frame);
  addLimits(scene, geometry, frame);
  const LegendEntry parts[] = {{tr("input"), Ink::Input},
                               {tr("output"), Ink::Output},
                               {tr("weights"), Ink::Weights},
                               {tr("biases"), Ink::Bias}};
  const LegendEntry sums[] = {{tr("activations written so far"), Ink::Output},
                              {tr("weights and biases so far"), Ink::Weights}};
  const double y = frame.plot.top() - frame.font.height() / 2 - 8;
  double x = m_mode == WorkingSetMode::Cumulative ? addLegend(scene, frame, sums)
                                                  : addLegend(scene, frame, parts);
  const auto sign = [&](Glyph glyph, Ink ink, const QString& text) {
    const double width = frame.font.horizontalAdvance(text);
    if (x + 14 + width > frame.all.right() - 4) return;
    scene.glyphs.push_back({QPointF(x + 5, y), glyph, ink, 11});
    scene.texts.push_back(
        {QRectF(x + 15, y - frame.font.height() / 2, width + 2, frame.font.height()), text,
         Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
    x += 15 + width + 16;
  };
  const auto any = [&](auto test) { return std::ranges::any_of(report.layers, test); };
  if (m_mode == WorkingSetMode::Cumulative) return scene;
  if (any([](const LayerRow& l) { return !l.fit.activationsFit; }))
    sign(Glyph::Alert, Ink::Bad, tr("activations exceed RAM"));
  if (any([](const LayerRow& l) { return l.fit.activationsFit && !l.fit.workingSetFits; }))
    sign(Glyph::Stream, Ink::Warning, tr("weights stream"));
  if (any([](const LayerRow& l) { return !l.unknown.empty(); }))
    sign(Glyph::Question, Ink::Unknown, tr("cost unknown"));
  return scene;
}

void WorkingSetChart::addBars(Scene& scene, const WorkingSetGeometry& geometry,
                              const ChartFrame& frame) const {
  double lastGlyph = -100;
  double lastValue = -1000;
  for (const WorkingSetBar& bar : geometry.bars) {
    const float opacity = selection().matches(bar.layer) ? 1 : 0.18F;
    const Pattern pattern = bar.unknown               ? Pattern::CrossHatched
                            : bar.over || bar.streams ? Pattern::Hatched
                                                      : Pattern::Solid;
    const auto part = [&](const QRectF& rect, Ink ink) {
      if (rect.height() > 0) scene.rects.push_back({rect, ink, pattern, opacity});
    };
    part(bar.input, Ink::Input);
    part(bar.output, Ink::Output);
    part(bar.weights, Ink::Weights);
    part(bar.bias, Ink::Bias);
    if (bar.broken) {
      addBreak(scene, bar.whole, bar.whole.top() + 14.5);
      const LayerRow& row = selection().report()->layers[static_cast<std::size_t>(bar.layer)];
      const QString text = bytesText(row.parts.total());
      const double width = frame.font.horizontalAdvance(text) * 1.25;  // bold
      const bool left = bar.whole.left() - width - 4 > frame.plot.left();
      const double beside = left ? bar.whole.left() - width - 10 : bar.whole.right() + 10;
      const double x = std::clamp(beside, frame.plot.left(),
                                  std::max(frame.plot.left(), frame.plot.right() - width));
      if (std::abs(x - lastValue) > width) {
        scene.texts.push_back({QRectF(x, bar.whole.top() + 2, width, frame.font.height()), text,
                               (left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop, Ink::Text,
                               true});
        lastValue = x;
      }
    }
    const bool marked = bar.over || bar.streams || bar.unknown;
    if (!marked || bar.whole.center().x() - lastGlyph < 10) continue;
    const double y = std::max(frame.plot.top() + 1, bar.whole.top() - 8);
    const QPointF at(bar.whole.center().x(), y);
    if (bar.over) scene.glyphs.push_back({at, Glyph::Alert, Ink::Bad, 11});
    if (bar.streams) scene.glyphs.push_back({at, Glyph::Stream, Ink::Warning, 11});
    if (bar.unknown && !bar.over && !bar.streams)
      scene.glyphs.push_back({at, Glyph::Question, Ink::Unknown, 11});
    lastGlyph = at.x();
  }
}

void WorkingSetChart::addValues(Scene& scene, const WorkingSetGeometry& geometry,
                                const ChartFrame& frame) const {
  const auto height = [](const WorkingSetBar& bar) { return bar.whole.height(); };
  const double tallest =
      geometry.bars.empty() ? 0 : height(*std::ranges::max_element(geometry.bars, {}, height));
  if (m_mode != WorkingSetMode::PerLayer || tallest > frame.plot.height() / 4) return;
  // All or none: a number here and there would look like a choice.
  if (frame.font.horizontalAdvance(QStringLiteral("00.0 KiB")) > frame.x.slot()) return;
  const double line = frame.font.height();
  for (const WorkingSetBar& bar : geometry.bars) {
    const LayerRow& row = selection().report()->layers[static_cast<std::size_t>(bar.layer)];
    const QString text = bytesText(row.parts.total());
    scene.texts.push_back(
        {QRectF(frame.x.x(bar.layer), bar.whole.top() - line - 1, frame.x.slot(), line), text,
         Qt::AlignCenter, Ink::FaintText});
  }
}

void WorkingSetChart::addLimits(Scene& scene, const WorkingSetGeometry& geometry,
                                const ChartFrame& frame) const {
  const BudgetReport& sram = selection().report()->sram;
  const double height = frame.font.height();
  const auto line = [&](double y, const QString& text, Dash dash, bool above) {
    if (y < frame.plot.top() - 1 || y > frame.plot.bottom() + 1) return;
    scene.lines.push_back({QLineF(frame.plot.left(), y, frame.plot.right(), y), Ink::Limit,
                           dash == Dash::Solid ? 2.0 : 1.5, dash});
    const double width = std::min(frame.plot.width(), frame.font.horizontalAdvance(text) + 6);
    const double top = above && y - height - 2 > frame.plot.top() ? y - height - 2 : y + 3;
    // Large layers are at the ends of most networks, so the middle is the emptiest place.
    const double left = frame.plot.center().x() - width / 2;
    scene.texts.push_back({QRectF(left, top, width, height), text,
                           Qt::AlignHCenter | Qt::AlignVCenter, Ink::Limit, false, true});
  };
  const bool one = sram.regions.size() <= 1;
  line(geometry.usableY, usableSentence(sram), one ? Dash::Solid : Dash::Dashed, true);
  if (!one) {
    line(geometry.largestY,
         QStringLiteral("largest region %1: %2 (a buffer lies in one region)")
             .arg(QString::fromStdString(sram.largestRegion), bytesText(sram.largestUsable)),
         Dash::Solid, std::abs(geometry.largestY - geometry.usableY) > 2 * height + 4);
  }
  // The handle by which the line is dragged.
  if (geometry.usableY >= frame.plot.top() - 1) {
    scene.glyphs.push_back(
        {QPointF(frame.plot.right() + 5, geometry.usableY), Glyph::Diamond, Ink::Limit, 9});
  }
}

bool WorkingSetChart::onLine(const QPointF& at) const {
  if (!selection().report() || selection().count() == 0) return false;
  const ChartFrame frame = frameFor(size());
  return at.x() >= frame.plot.left() && std::abs(at.y() - geometryFor(size()).usableY) <= 4;
}

void WorkingSetChart::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && onLine(event->position())) {
    m_dragging = true;
    setCursor(Qt::SizeVerCursor);
    return;
  }
  ChartBase::mousePressEvent(event);
}

void WorkingSetChart::mouseMoveEvent(QMouseEvent* event) {
  if (m_dragging) {
    const double bytes = geometryFor(size()).axis.valueAt(event->position().y());
    Q_EMIT usableDragged(std::max<qint64>(0, std::llround(bytes / 1024) * 1024));
    return;
  }
  if (event->buttons() == Qt::NoButton) {
    if (onLine(event->position())) {
      setCursor(Qt::SizeVerCursor);
      Q_EMIT statusText(usableSentence(selection().report()->sram) +
                        tr("  (drag to try another; double-click to go back)"));
      return;
    }
    unsetCursor();
  }
  ChartBase::mouseMoveEvent(event);
}

void WorkingSetChart::mouseReleaseEvent(QMouseEvent* event) {
  if (m_dragging) {
    m_dragging = false;
    unsetCursor();
    return;
  }
  ChartBase::mouseReleaseEvent(event);
}

void WorkingSetChart::mouseDoubleClickEvent(QMouseEvent* event) {
  if (onLine(event->position())) {
    Q_EMIT usableReset();
    return;
  }
  ChartBase::mouseDoubleClickEvent(event);
}

}  // namespace mcuprof::gui
