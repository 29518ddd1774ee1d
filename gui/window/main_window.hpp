#pragma once

#include <QMainWindow>
#include <QSettings>
#include <functional>
#include <map>
#include <memory>

#include "gui/views/views.hpp"

class QLabel;
class QMenu;
class QToolBar;

namespace mcuprof::gui {

class TargetBar;
class VerdictBar;

/// The window: a dock for each view, the verdict on top, and what is open and where.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  /// `settings` keeps recent files, layout, theme and target from one start to the next; without
  /// it nothing is read or written, as scripts and tests want.
  explicit MainWindow(std::unique_ptr<QSettings> settings = nullptr, QWidget* parent = nullptr);
  ~MainWindow() override;

  Session& session() { return m_session; }
  Selection& selection() { return m_selection; }
  /// nullptr: none of this id.
  View* view(std::string_view id) const;
  QDockWidget* dock(std::string_view id) const;
  /// The view that has the focus, else the working set.
  View* currentView() const;

  /// By what the file is: a model, a JSON report, which becomes the baseline, or a database of
  /// runs, which the Runs view then lists.
  void open(const QString& path);
  void openDialog();
  void baselineDialog();
  QStringList recentFiles() const;

  void applyPreset(Preset preset);
  /// Brings the view's dock to the front.
  void showView(std::string_view id);
  void setTheme(const Theme& theme);

  /// Every action of the window, for the palette, the sheet of keys and tests.
  std::vector<QAction*> actionList() const;
  void showPalette();
  void showShortcuts();
  void exportDialog(View& view);
  Result<void> saveReport(const QString& path);
  void reportDialog();
  void copyCommand();

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  void addViews();
  void addToolBars();
  void addMenus();
  void addFileMenu();
  void addEditMenu();
  void addGoMenu();
  void addCompareMenu();
  void addViewMenu();
  QAction* addAction(QMenu* menu, const QString& name, const QString& text,
                     const QKeySequence& keys, std::function<void()> run);
  void fillRecent();
  void showContextMenu(View& view, const QPoint& at);
  void restore();
  void remember(const QString& path);
  void updateState();
  void focusFilter();

  std::unique_ptr<QSettings> m_settings;
  Session m_session;
  Selection m_selection;
  std::map<std::string, View*, std::less<>> m_views;
  std::map<std::string, QDockWidget*, std::less<>> m_docks;
  TargetBar* m_target;
  QToolBar* m_compare = nullptr;  ///< there while there is a baseline
  VerdictBar* m_verdict;
  QLabel* m_trail;
  QLabel* m_busy;
  QMenu* m_recent = nullptr;
  QAction* m_undo = nullptr;
  QAction* m_redo = nullptr;
};

}  // namespace mcuprof::gui
