#include "gui/charts/scene.hpp"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace mcuprof::gui {
namespace {

/// Lines of 45 degrees within the rectangle, at whole multiples of the spacing over the whole
/// picture, so that neighbours join. Drawn as lines, not as a brush, to be the same in an SVG.
void addHatch(QList<QLineF>& out, const QRectF& r, double spacing, bool rising) {
  const double first =
      std::ceil((rising ? r.left() + r.top() : r.left() - r.bottom()) / spacing) * spacing;
  const double last = rising ? r.right() + r.bottom() : r.right() - r.top();
  for (double c = first; c <= last; c += spacing) {
    // Rising: x + y = c. Falling: x - y = c.
    const double x1 = rising ? std::max(r.left(), c - r.bottom()) : std::max(r.left(), c + r.top());
    const double x2 =
        rising ? std::min(r.right(), c - r.top()) : std::min(r.right(), c + r.bottom());
    if (x2 <= x1) continue;
    out.append(rising ? QLineF(x1, c - x1, x2, c - x2) : QLineF(x1, x1 - c, x2, x2 - c));
  }
}

void paintPattern(QPainter& painter, const SceneRect& item, const Theme& theme) {
  if (item.pattern == Pattern::Solid) return;
  // A bar of a few pixels has no room for lines; its glyph still tells.
  if (item.rect.width() < 3 || item.rect.height() < 3) return;
  QColor ink = theme.textOn(item.ink);
  ink.setAlphaF(0.75F);
  QList<QLineF> lines;
  if (item.pattern == Pattern::Dotted) {
    painter.setPen(QPen(theme.color(item.ink), 1, Qt::DotLine));
    addHatch(lines, item.rect, 7, true);
  } else {
    painter.setPen(QPen(ink, 1));
    addHatch(lines, item.rect, 6, true);
    if (item.pattern == Pattern::CrossHatched) addHatch(lines, item.rect, 6, false);
  }
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.drawLines(lines);
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintRects(QPainter& painter, const std::vector<SceneRect>& rects, const Theme& theme) {
  painter.setPen(Qt::NoPen);
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (const SceneRect& item : rects) {
    QColor fill = theme.color(item.ink);
    if (item.pattern == Pattern::Dotted) fill.setAlphaF(0.35F);
    if (item.opacity < 1) fill.setAlphaF(static_cast<float>(fill.alphaF()) * item.opacity);
    painter.fillRect(item.rect, fill);
  }
  for (const SceneRect& item : rects) paintPattern(painter, item, theme);
}

Qt::PenStyle penStyle(Dash dash) {
  switch (dash) {
    case Dash::Solid:
      return Qt::SolidLine;
    case Dash::Dashed:
      return Qt::DashLine;
    case Dash::Dotted:
      return Qt::DotLine;
  }
  return Qt::SolidLine;
}

void paintLines(QPainter& painter, const std::vector<SceneLine>& lines, const Theme& theme) {
  for (const SceneLine& line : lines) {
    painter.setPen(QPen(theme.color(line.ink), line.width, penStyle(line.dash)));
    painter.drawLine(line.line);
  }
}

void paintGlyph(QPainter& painter, const SceneGlyph& item, const Theme& theme) {
  const double r = item.size / 2;
  const QPointF c = item.at;
  const QColor color = theme.color(item.ink);
  QPainterPath path;
  const auto letter = [&](const QString& text) {
    QFont font = painter.font();
    font.setBold(true);
    font.setPixelSize(std::max(6, static_cast<int>(item.size * 0.75)));
    painter.save();
    painter.setFont(font);
    painter.setPen(theme.color(Ink::Background));
    painter.drawText(
        QRectF(c.x() - r, c.y() - r + (item.glyph == Glyph::Alert ? r * 0.35 : 0), 2 * r, 2 * r),
        Qt::AlignCenter, text);
    painter.restore();
  };
  switch (item.glyph) {
    case Glyph::Alert:
      path.addPolygon(QPolygonF({c + QPointF(0, -r), c + QPointF(r, r), c + QPointF(-r, r)}));
      path.closeSubpath();
      painter.fillPath(path, color);
      letter(QStringLiteral("!"));
      return;
    case Glyph::Question:
      path.addEllipse(c, r, r);
      painter.fillPath(path, color);
      letter(QStringLiteral("?"));
      return;
    case Glyph::Stream: {
      path.moveTo(c.x() - r, c.y());
      path.cubicTo(c.x() - r / 2, c.y() - r, c.x() - r / 4, c.y() - r, c.x(), c.y());
      path.cubicTo(c.x() + r / 4, c.y() + r, c.x() + r / 2, c.y() + r, c.x() + r, c.y());
      painter.strokePath(path, QPen(color, 2, Qt::SolidLine, Qt::RoundCap));
      return;
    }
    case Glyph::Circle:
      path.addEllipse(c, r, r);
      break;
    case Glyph::Square:
      path.addRect(QRectF(c.x() - r, c.y() - r, 2 * r, 2 * r));
      break;
    case Glyph::Diamond:
      path.addPolygon(QPolygonF(
          {c + QPointF(0, -r), c + QPointF(r, 0), c + QPointF(0, r), c + QPointF(-r, 0)}));
      path.closeSubpath();
      break;
    case Glyph::Cross:
      painter.setPen(QPen(color, 2));
      painter.drawLine(c + QPointF(-r, -r), c + QPointF(r, r));
      painter.drawLine(c + QPointF(-r, r), c + QPointF(r, -r));
      return;
    case Glyph::Up:
      path.addPolygon(QPolygonF({c + QPointF(0, -r), c + QPointF(r, r), c + QPointF(-r, r)}));
      path.closeSubpath();
      break;
    case Glyph::Down:
      path.addPolygon(QPolygonF({c + QPointF(0, r), c + QPointF(r, -r), c + QPointF(-r, -r)}));
      path.closeSubpath();
      break;
  }
  painter.fillPath(path, color);
  painter.strokePath(path, QPen(theme.color(Ink::Background), 1));
}

}  // namespace

void Scene::clear() {
  grid.clear();
  rects.clear();
  paths.clear();
  lines.clear();
  glyphs.clear();
  texts.clear();
}

void paintScene(QPainter& painter, const Scene& scene, const Theme& theme, const QRectF& clip) {
  painter.save();
  if (clip.isValid()) painter.setClipRect(clip, Qt::IntersectClip);
  paintLines(painter, scene.grid, theme);
  paintRects(painter, scene.rects, theme);
  painter.setRenderHint(QPainter::Antialiasing, true);
  for (const ScenePath& path : scene.paths) {
    if (path.fill > 0) {
      QColor fill = theme.color(path.ink);
      fill.setAlphaF(path.fill);
      painter.setPen(Qt::NoPen);
      painter.setBrush(fill);
      painter.drawPolygon(path.points);
      painter.setBrush(Qt::NoBrush);
    }
    if (path.width > 0) {
      painter.setPen(QPen(theme.color(path.ink), path.width));
      painter.drawPolyline(path.points);
    }
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
  paintLines(painter, scene.lines, theme);
  painter.restore();

  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, true);
  for (const SceneGlyph& glyph : scene.glyphs) paintGlyph(painter, glyph, theme);
  const QFont font = painter.font();
  for (const SceneText& text : scene.texts) {
    QFont used = font;
    used.setBold(text.bold);
    painter.setFont(used);
    painter.setPen(theme.color(text.ink));
    const QString fitting = painter.fontMetrics().elidedText(
        text.text, Qt::ElideRight, static_cast<int>(std::ceil(text.box.width())) + 1);
    if (text.backed) {
      QColor paper = theme.color(Ink::Background);
      paper.setAlphaF(0.8F);
      painter.fillRect(text.box, paper);
    }
    painter.drawText(text.box, static_cast<int>(text.align), fitting);
  }
  painter.restore();
}

QPixmap glyphPixmap(Glyph glyph, Ink ink, const Theme& theme, int size) {
  constexpr int kScale = 2;
  QPixmap picture(size * kScale, size * kScale);
  picture.setDevicePixelRatio(kScale);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  Scene scene;
  scene.glyphs.push_back({QPointF(size / 2.0, size / 2.0), glyph, ink, size - 2.0});
  paintScene(painter, scene, theme, QRectF(0, 0, size, size));
  return picture;
}

}  // namespace mcuprof::gui
