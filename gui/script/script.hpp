#pragma once

#include <QString>
#include <QStringList>

#include "analyzer/cli/inputs.hpp"
#include "gui/window/main_window.hpp"

namespace mcuprof::gui {

/// How a script ended: by "quit", by its end, or by a line that failed.
struct ScriptEnd {
  int status = 0;
  std::string error;  ///< empty when nothing went wrong
  bool quit = false;
};

/// Runs the commands of a script, one a line, each after the analysis that the one before asked for
/// is done. Words are split as a shell does with quotes; "#" begins a comment. docs/gui.md lists
/// the commands. Stops at the first line that fails; `name` is what errors call the script.
ScriptEnd runScript(MainWindow& window, const QString& text, const std::string& name);

/// Saves a view, or "window" for all of it, as a PNG of its present size.
Result<void> saveScreenshot(MainWindow& window, const QString& view, const QString& path);

}  // namespace mcuprof::gui
