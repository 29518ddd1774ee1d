#include "gui/charts/sweep_chart.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "gui/charts/chart_parts.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

/// One line of the memory and the relative mode.
struct Series {
  const char* name;
  Ink ink;
  Glyph glyph;
  Dash dash;
  std::optional<double> (*value)(const VariantFigures& figures);
};

constexpr Series kMemory[] = {
    {"arena", Ink::Series0, Glyph::Circle, Dash::Solid,
     [](const VariantFigures& f) { return std::optional(double(f.arena.value)); }},
    {"peak activations", Ink::Series3, Glyph::Diamond, Dash::Solid,
     [](const VariantFigures& f) { return std::optional(double(f.peakActivations.value)); }},
    {"largest working set", Ink::Series2, Glyph::Square, Dash::Solid,
     [](const VariantFigures& f) { return std::optional(double(f.peakWorkingSet.value)); }},
};

constexpr Series kRelative[] = {
    {"latency", Ink::Series6, Glyph::Circle, Dash::Solid,
     [](const VariantFigures& f) { return std::optional(f.milliseconds.value); }},
    {"MACs", Ink::Series0, Glyph::Square, Dash::Solid,
     [](const VariantFigures& f) { return std::optional(double(f.macs.value)); }},
    {"peak activations", Ink::Series3, Glyph::Diamond, Dash::Solid,
     [](const VariantFigures& f) { return std::optional(double(f.peakActivations.value)); }},
    {"energy", Ink::Series4, Glyph::Up, Dash::Solid,
     [](const VariantFigures& f) {
       return f.millijoules ? std::optional(f.millijoules->value) : std::nullopt;
     }},
};

std::span<const Series> seriesOf(SweepMode mode) {
  return mode == SweepMode::Memory ? std::span<const Series>(kMemory)
                                   : std::span<const Series>(kRelative);
}

const VariantFigures* figuresAt(const SweepResult& sweep, int point) {
  const SweepPoint& at = sweep.points[static_cast<std::size_t>(point)];
  return at.refused.empty() ? &at.figures : nullptr;
}

/// The first point's value, which relative figures are multiples of.
std::optional<double> firstOf(const SweepResult& sweep, const Series& series) {
  for (int i = 0; i < int(sweep.points.size()); ++i) {
    const VariantFigures* figures = figuresAt(sweep, i);
    if (figures == nullptr) continue;
    const auto value = series.value(*figures);
    return value && *value > 0 ? value : std::nullopt;
  }
  return std::nullopt;
}

std::optional<double> plotted(const SweepResult& sweep, const Series& series, SweepMode mode,
                              int point) {
  const VariantFigures* figures = figuresAt(sweep, point);
  if (figures == nullptr) return std::nullopt;
  const auto value = series.value(*figures);
  if (!value || mode != SweepMode::Relative) return value;
  const auto first = firstOf(sweep, series);
  return first ? std::optional(*value / *first) : std::nullopt;
}

}  // namespace

QString textOf(const Cliff& cliff) {
  QStringList parts;
  for (const std::string& what : cliff.what) parts << toQt(what);
  return parts.join(QStringLiteral(", "))
      .replace(QLatin1String("->"), QStringLiteral("→"))
      .replace(QLatin1String("latency x"), QStringLiteral("latency ×"));
}

SweepChart::SweepChart(Selection& selection, QWidget* parent)
    : FreeChart(selection, QStringLiteral("Sweep"), parent) {}

void SweepChart::setResult(SweepPtr result) {
  const bool zoomStays = m_result && result && m_result->points.size() == result->points.size();
  m_result = std::move(result);
  if (!zoomStays) setCurrentRange(fullRange(), Selection::Step::New);
  invalidate();
}

void SweepChart::setMode(SweepMode mode) {
  m_mode = mode;
  invalidate();
}

int SweepChart::itemCount() const {
  return m_result ? static_cast<int>(m_result->points.size()) : 0;
}

QString SweepChart::emptyText() const {
  return tr("Open a model, name a variable and its values: 0..64:8, or 84M,180M,216M.");
}

QMarginsF SweepChart::margins(const QFontMetricsF& font) const {
  QMarginsF out = ChartBase::margins(font);
  out.setBottom(2 * font.height() + 10);      // the variable's name below its values
  out.setTop(out.top() + font.height() + 4);  // words of the cliffs
  return out;
}

QString SweepChart::itemText(int item) const {
  if (item < 0 || item >= itemCount()) return {};
  const SweepPoint& point = m_result->points[static_cast<std::size_t>(item)];
  const QString head = QStringLiteral("%1 = %2: ")
                           .arg(QString::fromStdString(m_result->axis.name),
                                QString::fromStdString(point.values.front()));
  if (!point.refused.empty()) return head + tr("refused: ") + QString::fromStdString(point.refused);
  const VariantFigures& f = point.figures;
  QString out =
      head +
      QStringLiteral(
          "%1; %2 (%3 to %4), of it compute %5, spill write %6, spill "
          "read %7; arena %8, peak activations %9")
          .arg(toQt(nameOf(f.verdict)), exact(f.milliseconds.value, Unit::Milliseconds),
               exact(f.milliseconds.low, Unit::Milliseconds),
               exact(f.milliseconds.high, Unit::Milliseconds),
               exact(f.computeMs, Unit::Milliseconds), exact(f.spillWriteMs, Unit::Milliseconds),
               exact(f.spillReadMs, Unit::Milliseconds), exact(double(f.arena.value), Unit::Bytes),
               exact(double(f.peakActivations.value), Unit::Bytes));
  out += QStringLiteral(", largest working set %1; %2 MACs")
             .arg(exact(double(f.peakWorkingSet.value), Unit::Bytes),
                  exact(double(f.macs.value), Unit::Count));
  if (f.millijoules) out += QStringLiteral("; ") + exact(f.millijoules->value, Unit::Millijoules);
  for (const Cliff& cliff : m_result->cliffs) {
    if (cliff.point == static_cast<std::size_t>(item))
      out += QStringLiteral("; CLIFF: ") + textOf(cliff);
  }
  return out;
}

QRectF SweepChart::itemRect(int item, const ChartFrame& frame) const {
  if (item < 0 || item >= itemCount()) return {};
  return QRectF(frame.x.x(item), frame.plot.top(), frame.x.slot(), frame.plot.height())
      .intersected(frame.plot);
}

int SweepChart::itemAt(const QPointF& at, const ChartFrame& frame) const {
  if (!frame.plot.contains(at)) return -1;
  const int item = static_cast<int>(std::floor(frame.x.layerAt(at.x())));
  return item >= 0 && item < itemCount() ? item : -1;
}

ValueAxis SweepChart::axisFor(const ChartFrame& frame) const {
  double most = 0;
  for (int i = 0; i < itemCount(); ++i) {
    if (m_mode == SweepMode::Latency) {
      if (const VariantFigures* f = figuresAt(*m_result, i))
        most = std::max(most, f->milliseconds.high);
      continue;
    }
    for (const Series& series : seriesOf(m_mode))
      most = std::max(most, plotted(*m_result, series, m_mode, i).value_or(0));
  }
  const Unit unit = m_mode == SweepMode::Latency  ? Unit::Milliseconds
                    : m_mode == SweepMode::Memory ? Unit::Bytes
                                                  : Unit::Count;
  return ValueAxis::linear(std::max(most, 1e-9) / valueZoom(), unit, frame.plot.top(),
                           frame.plot.bottom());
}

void SweepChart::addLatency(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const {
  const auto size = [this](int item) {
    const VariantFigures* f = figuresAt(*m_result, item);
    return f == nullptr ? 0 : f->milliseconds.value;
  };
  for (const int item : visibleLayers(frame.x, itemCount(), size)) {
    const VariantFigures* f = figuresAt(*m_result, item);
    if (f == nullptr) {
      scene.glyphs.push_back(
          {QPointF(frame.x.x(item + 0.5), frame.plot.bottom() - 8), Glyph::Cross, Ink::Bad, 9});
      continue;
    }
    double sum = 0;
    const auto stack = [&](double ms, Ink ink, Pattern pattern) {
      if (ms <= 0) return;
      const double below = axis.y(sum);
      sum += ms;
      scene.rects.push_back(
          {columnOf(frame.x, item, std::max(frame.plot.top(), axis.y(sum)), below), ink, pattern});
    };
    stack(f->computeMs, Ink::Compute, Pattern::Solid);
    stack(f->spillWriteMs, Ink::SpillWrite, Pattern::Hatched);
    stack(f->spillReadMs, Ink::SpillRead, Pattern::Dotted);
    const double x = frame.x.x(item + 0.5);
    const double low = axis.y(f->milliseconds.low);
    const double high = axis.y(f->milliseconds.high);
    scene.lines.push_back({QLineF(x, low, x, high), Ink::Text, 1});
    if (frame.x.slot() < 8) continue;
    for (const double end : {low, high})
      scene.lines.push_back({QLineF(x - 3, end, x + 3, end), Ink::Text, 1});
  }
}

void SweepChart::addLines(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const {
  for (const Series& series : seriesOf(m_mode)) {
    QPointF before;
    bool joined = false;
    for (int item = 0; item < itemCount(); ++item) {
      const auto value = plotted(*m_result, series, m_mode, item);
      if (!value) {
        joined = false;
        continue;
      }
      const QPointF at(frame.x.x(item + 0.5), axis.y(*value));
      if (joined) scene.lines.push_back({QLineF(before, at), series.ink, 2, series.dash});
      if (frame.x.slot() >= 6 && frame.plot.adjusted(-1, -6, 1, 1).contains(at))
        scene.glyphs.push_back({at, series.glyph, series.ink, 9});
      before = at;
      joined = true;
    }
  }
}

void SweepChart::addCliffs(Scene& scene, const ChartFrame& frame) const {
  const double height = frame.font.height();
  double lastEnd = -1e9;
  for (const Cliff& cliff : m_result->cliffs) {
    const double x = std::round(frame.x.x(static_cast<double>(cliff.point)));
    if (x < frame.plot.left() || x > frame.plot.right()) continue;
    scene.lines.push_back(
        {QLineF(x, frame.plot.top() - 2, x, frame.plot.bottom()), Ink::Bad, 1.5, Dash::Dashed});
    const QString text = QString::fromStdString(m_result->points[cliff.point].values.front()) +
                         QStringLiteral(": ") + textOf(cliff);
    const double width = frame.font.horizontalAdvance(text) * 1.15 + 6;  // it is bold
    const double left = std::min(x + 8, frame.all.right() - width - 2);
    scene.glyphs.push_back(
        {QPointF(x, frame.plot.top() - height / 2 - 2), Glyph::Alert, Ink::Bad, 10});
    if (left < lastEnd) continue;
    lastEnd = left + width + 6;
    scene.texts.push_back({QRectF(left, frame.plot.top() - height - 2, width, height), text,
                           Qt::AlignLeft | Qt::AlignVCenter, Ink::Bad, true});
  }
}

Scene SweepChart::build(const ChartFrame& frame) const {
  Scene scene;
  const ValueAxis axis = axisFor(frame);
  addValueAxis(scene, frame, axis);
  const double height = frame.font.height();
  addRule(scene, frame);
  double lastEnd = -1e9;
  for (int item = frame.x.firstVisible(); item < frame.x.lastVisible(itemCount()); ++item) {
    const QString value =
        QString::fromStdString(m_result->points[static_cast<std::size_t>(item)].values.front());
    const double width = frame.font.horizontalAdvance(value) + 8;
    const double middle = frame.x.x(item + 0.5);
    if (middle - width / 2 < lastEnd) continue;
    lastEnd = middle + width / 2;
    scene.texts.push_back({QRectF(middle - width / 2, frame.plot.bottom() + 4, width, height),
                           value, Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  }
  scene.texts.push_back(
      {QRectF(frame.plot.left(), frame.plot.bottom() + 4 + height, frame.plot.width(), height),
       QString::fromStdString(m_result->axis.name), Qt::AlignHCenter | Qt::AlignTop,
       Ink::FaintText});

  // The legend lies a line higher than in other charts, above the words of the cliffs.
  ChartFrame raised = frame;
  raised.plot.setTop(frame.plot.top() - height - 4);
  if (m_mode == SweepMode::Latency) {
    addLatency(scene, frame, axis);
    const LegendEntry entries[] = {{tr("compute"), Ink::Compute},
                                   {tr("spill write (hatched)"), Ink::SpillWrite},
                                   {tr("spill read (dotted)"), Ink::SpillRead},
                                   {tr("whisker: 90 % interval"), Ink::Text}};
    addLegend(scene, raised, entries);
  } else {
    addLines(scene, frame, axis);
    double x = frame.plot.left();
    const double y = raised.plot.top() - height / 2 - 8;
    for (const Series& series : seriesOf(m_mode)) {
      QString name = QLatin1String(series.name);
      const double width = frame.font.horizontalAdvance(name);
      if (x + 15 + width > frame.all.right() - 4) break;
      scene.glyphs.push_back({QPointF(x + 5, y), series.glyph, series.ink, 10});
      scene.texts.push_back({QRectF(x + 15, y - height / 2, width + 2, height), name,
                             Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
      x += 15 + width + 16;
    }
    if (m_mode == SweepMode::Relative) {
      const double y1 = axis.y(1);
      scene.lines.push_back(
          {QLineF(frame.plot.left(), y1, frame.plot.right(), y1), Ink::Axis, 1, Dash::Dotted});
      const QString note = tr("× the first point");
      const double width = frame.font.horizontalAdvance(note) + 4;
      if (x + width < frame.all.right() - 4)
        scene.texts.push_back({QRectF(x, y - height / 2, width, height), note,
                               Qt::AlignLeft | Qt::AlignVCenter, Ink::FaintText});
    }
  }
  addCliffs(scene, frame);
  return scene;
}

}  // namespace mcuprof::gui
