#pragma once

#include <QString>
#include <QWidget>

#include "gui/charts/chart_base.hpp"
#include "gui/session/selection.hpp"
#include "gui/session/session.hpp"

namespace mcuprof::gui {

/// What all views of a window share.
struct Workbench {
  Session& session;
  Selection& selection;
};

/// One view: what a dock holds. How one is added:
///
/// 1. A pair of files gui/views/NAME_view.{hpp,cpp} with a class that inherits View. Its
///    constructor builds the widgets; refresh() fills them from snapshot(), which is nullptr while
///    nothing is analyzed. Where it can show what changed from the baseline, it looks at
///    difference() first. A chart goes to gui/charts/ (a class that inherits ChartBase: it says
///    build(), itemText(), and no more in the simple case), a table's model to gui/models/.
/// 2. One line in gui/views/views.cpp: id, title, a sentence, the presets it is part of, a factory.
///
/// The window then gives it a dock, menu, palette entry, shortcut of its preset, exports, script
/// names ("view ID", "screenshot ID FILE", "export ID FILE") and a place in the tests, which make
/// every registered view, feed it models, and compare csv() with the CLI.
///
/// Nothing is computed here that the analyzer does not compute: a view calls the analyzer's own
/// functions (on a worker where that may take longer than a few milliseconds) and shows the result.
class View : public QWidget {
  Q_OBJECT
 public:
  explicit View(Workbench bench, QWidget* parent = nullptr);

  /// There is another snapshot, or none. Called once after construction too.
  virtual void refresh() = 0;
  /// What is shown, as CSV; where the CLI has one of the same, equal to it byte for byte. Empty
  /// while there is nothing.
  virtual std::string csv() const = 0;
  /// The command line that shows the same; that of the whole session unless a view knows better.
  virtual std::string command() const { return commandFor(bench().session.setup()); }
  /// The chart that an export draws; nullptr: the widget as it is.
  virtual const ChartBase* chart() const { return nullptr; }
  /// What the view shows at present, for the line below an export.
  const SnapshotPtr& shown() const { return snapshot(); }
  /// Names of the ways to show it, and the current one; empty where there is one only.
  virtual QStringList modes() const { return {}; }
  virtual QString mode() const { return {}; }
  virtual void setMode(const QString&) {}

 Q_SIGNALS:
  void statusText(const QString& text);
  void modeChanged(const QString& mode);
  /// The right button or the menu key; a place on the screen.
  void menuRequested(const QPoint& at);

 protected:
  const Workbench& bench() const { return m_bench; }
  /// What is open, or the baseline while side B is shown.
  const SnapshotPtr& snapshot() const { return m_bench.session.shown(); }
  /// What changed from the baseline, while the difference is shown; else nullptr.
  const ReportDiff* difference() const;
  /// The same, to keep.
  std::shared_ptr<const ReportDiff> sharedDifference() const;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  Workbench m_bench;
};

}  // namespace mcuprof::gui
