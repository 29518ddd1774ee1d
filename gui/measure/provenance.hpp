#pragma once

#include <QPixmap>
#include <QString>

#include "db/run.hpp"
#include "gui/charts/scene.hpp"

namespace mcuprof::gui {

/// How a provenance is told from the others: by shape and colour, and by its word.
struct ProvenanceMark {
  Glyph glyph = Glyph::Circle;
  Ink ink = Ink::Series0;
  const char* word = "";
};

ProvenanceMark markOf(db::Provenance provenance);
/// By its stored name; one that is not known gets a question mark.
ProvenanceMark markOf(const std::string& provenance);

/// The shape as a picture for tables and labels, `size` pixels wide and high.
QPixmap pixmapOf(const ProvenanceMark& mark, const Theme& theme, int size = 12);

}  // namespace mcuprof::gui
