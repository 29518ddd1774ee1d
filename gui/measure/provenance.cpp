#include "gui/measure/provenance.hpp"

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
  return glyphPixmap(mark.glyph, mark.ink, theme, size);
}

}  // namespace mcuprof::gui
