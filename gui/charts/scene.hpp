#pragma once

#include <QFont>
#include <QLineF>
#include <QPixmap>
#include <QPolygonF>
#include <QRectF>
#include <QString>
#include <cstdint>
#include <vector>

#include "gui/charts/theme.hpp"

class QPainter;

namespace mcuprof::gui {

/// Laid over a filled rectangle, so that its meaning does not hang on colour.
enum class Pattern : std::uint8_t {
  Solid,
  Hatched,       ///< lines rising to the right: a violation
  CrossHatched,  ///< unknown
  Dotted,        ///< free space, holes
};

enum class Dash : std::uint8_t { Solid, Dashed, Dotted };

/// Small signs of one shape each.
enum class Glyph : std::uint8_t {
  Alert,     ///< triangle with "!": activations exceed the RAM
  Stream,    ///< wave: weights are streamed
  Question,  ///< "?": unknown
  Circle,
  Square,
  Diamond,
  Cross,
  Up,
  Down,
};

struct SceneRect {
  QRectF rect;
  Ink ink = Ink::Series0;
  Pattern pattern = Pattern::Solid;
  float opacity = 1;
};

struct SceneLine {
  QLineF line;
  Ink ink = Ink::Axis;
  double width = 1;
  Dash dash = Dash::Solid;
};

struct ScenePath {
  QPolygonF points;
  Ink ink = Ink::Series0;
  double width = 1.5;  ///< of the line; 0: no line
  float fill = 0;      ///< opacity of the area inside; 0: none
};

struct SceneText {
  QRectF box;
  QString text;  ///< shortened with "…" where the box is too narrow
  Qt::Alignment align = Qt::AlignLeft | Qt::AlignVCenter;
  Ink ink = Ink::Text;
  bool bold = false;
  bool backed = false;  ///< on a strip of paper, to be read where it lies over other things
};

struct SceneGlyph {
  QPointF at;  ///< its middle
  Glyph glyph = Glyph::Circle;
  Ink ink = Ink::Series0;
  double size = 10;
};

/// All that a chart shows, in device-independent pixels: computed from data by plain functions,
/// painted by paintScene() to the screen, a PNG or an SVG alike, and looked at by tests. Kinds are
/// painted in the order of the members; within a kind later ones lie above earlier ones.
struct Scene {
  std::vector<SceneLine> grid;
  std::vector<SceneRect> rects;
  std::vector<ScenePath> paths;
  std::vector<SceneLine> lines;
  std::vector<SceneGlyph> glyphs;
  std::vector<SceneText> texts;

  void clear();
};

/// `clip`: rectangles, paths and lines are cut to it; glyphs and texts are not.
void paintScene(QPainter& painter, const Scene& scene, const Theme& theme, const QRectF& clip);

/// A glyph as a picture for tables and labels, `size` pixels wide and high.
QPixmap glyphPixmap(Glyph glyph, Ink ink, const Theme& theme, int size = 12);

}  // namespace mcuprof::gui
