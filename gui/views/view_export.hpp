#pragma once

#include "analyzer/base/result.hpp"
#include "gui/views/view.hpp"

namespace mcuprof::gui {

/// Writes what the view shows, as the ending of the path says: .png (twice the resolution of the
/// screen), .svg or .csv. Pictures have a line below that says of which model on which board, and
/// made by which version. The file is whole or not there.
Result<void> exportView(View& view, const QString& path);

/// The SVG alone, for reports.
QByteArray svgOf(View& view);

}  // namespace mcuprof::gui
