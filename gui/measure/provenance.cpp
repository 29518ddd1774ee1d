#include "gui/measure/provenance.hpp"

#include <QPainter>

namespace mcuprof::gui {

ProvenanceMark markOf(db::Provenance provenance) {
  switch (provenance) {
    case db::Provenance::Measured:
      return {Glyph::Circle, Ink::Series0, "measured"};
    case db::Provenance::Virtual:
      return {Glyph::Diamond, Ink::Series2, "virtual"};
    case db::Provenance::Imported:
      return {Glyph::Square, Ink::Series3, "imported"};
    case db::Provenance::Predicted:
      return {Glyph::Down, Ink::Series4, "predicted"};
  }
  return {};
}

ProvenanceMark markOf(const std::string& provenance) {
  for (const auto known : {db::Provenance::Measured, db::Provenance::Virtual,
                           db::Provenance::Imported, db::Provenance::Predicted}) {
    if (provenance == db::nameOf(known)) return markOf(known);
  }
  return {Glyph::Question, Ink::Unknown, "unknown"};
}

QPixmap pixmapOf(const ProvenanceMark& mark, const Theme& theme, int size) {
  constexpr int kScale = 2;
  QPixmap picture(size * kScale, size * kScale);
  picture.setDevicePixelRatio(kScale);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  Scene scene;
  scene.glyphs.push_back({QPointF(size / 2.0, size / 2.0), mark.glyph, mark.ink, size - 2.0});
  paintScene(painter, scene, theme, QRectF(0, 0, size, size));
  return picture;
}

}  // namespace mcuprof::gui
