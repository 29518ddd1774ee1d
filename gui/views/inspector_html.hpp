#pragma once

#include <QString>
#include <cstdint>

#include "gui/session/snapshot.hpp"

namespace mcuprof::gui {

/// What the inspector says of one layer (a position in Report::layers), as the HTML that Qt's text
/// widgets take. Links "layer:5" lead to other layers, by number. `diff`: what changed of it from
/// the baseline is said too; nullptr: nothing of that.
QString layerHtml(const Snapshot& snapshot, int layer, const ReportDiff* diff = nullptr);
/// For the window, which says what to do next, or for a report.
enum class ModelPart : std::uint8_t { Window, Report };
/// What it says of the whole model.
QString modelHtml(const Snapshot& snapshot, ModelPart part = ModelPart::Window);

}  // namespace mcuprof::gui
