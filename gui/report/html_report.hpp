#pragma once

#include <span>
#include <string>

#include "analyzer/base/result.hpp"
#include "gui/views/view.hpp"

namespace mcuprof::gui {

/// A session as one HTML page that needs nothing else: verdict and hints, every chart of `views`
/// that has something to show as inline SVG, the table of layers, the sums of the model, the CLI's
/// full report, and the inputs with their SHA-256. No scripts, no fonts, no links to other files;
/// light and dark follow the browser for all but the charts.
std::string htmlReport(const Session& session, std::span<View* const> views);

/// Writes it. An error when nothing is analyzed.
Result<void> saveHtmlReport(const Session& session, std::span<View* const> views,
                            const QString& path);

}  // namespace mcuprof::gui
