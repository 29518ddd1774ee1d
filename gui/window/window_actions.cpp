// Menus, palette and context menu of the main window.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenuBar>
#include <QStatusBar>

#include "gui/window/command_palette.hpp"
#include "gui/window/main_window.hpp"
#include "gui/window/shortcut_sheet.hpp"

namespace mcuprof::gui {
namespace {

struct PresetEntry {
  const char* title;
  Preset preset;
};

constexpr PresetEntry kPresets[] = {
    {"Fit", kFit}, {"Cost", kCost}, {"Energy", kEnergy}, {"Compare", kCompare}, {"CI", kCi}};

}  // namespace

QAction* MainWindow::addAction(QMenu* menu, const QString& name, const QString& text,
                               const QKeySequence& keys, std::function<void()> run) {
  auto* action = new QAction(text, this);
  action->setObjectName(name);
  action->setShortcut(keys);
  connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
  menu->addAction(action);
  return action;
}

void MainWindow::addMenus() {
  addFileMenu();
  addEditMenu();
  addGoMenu();
  addCompareMenu();
  addViewMenu();
  QMenu* help = menuBar()->addMenu(tr("&Help"));
  addAction(help, QStringLiteral("palette"), tr("&Commands…"), QKeySequence(tr("Ctrl+K")),
            [this] { showPalette(); });
  addAction(help, QStringLiteral("shortcuts"), tr("&Keys…"), QKeySequence(Qt::Key_Question),
            [this] { showShortcuts(); });
}

void MainWindow::addFileMenu() {
  QMenu* file = menuBar()->addMenu(tr("&File"));
  addAction(file, QStringLiteral("open"), tr("&Open…"), QKeySequence::Open,
            [this] { openDialog(); });
  m_recent = file->addMenu(tr("Open &recent"));
  connect(m_recent, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
  addAction(file, QStringLiteral("reload"), tr("Re&load files"), QKeySequence::Refresh,
            [this] { m_session.reload(); });
  file->addSeparator();
  addAction(file, QStringLiteral("export"), tr("&Export view…"), QKeySequence(tr("Ctrl+E")),
            [this] { exportDialog(*currentView()); });
  addAction(file, QStringLiteral("report"), tr("Save an HTML &report…"),
            QKeySequence(tr("Ctrl+Shift+E")), [this] { reportDialog(); });
  file->addSeparator();
  addAction(file, QStringLiteral("quit"), tr("&Quit"), QKeySequence(tr("Ctrl+Q")),
            [this] { close(); });
}

void MainWindow::addEditMenu() {
  QMenu* edit = menuBar()->addMenu(tr("&Edit"));
  m_undo = addAction(edit, QStringLiteral("undo"), tr("&Undo zoom or filter"), QKeySequence::Undo,
                     [this] { m_selection.undo(); });
  m_redo = addAction(edit, QStringLiteral("redo"), tr("&Redo zoom or filter"),
                     QKeySequence(tr("Ctrl+Shift+Z")), [this] { m_selection.redo(); });
  edit->addSeparator();
  addAction(edit, QStringLiteral("filter"), tr("&Filter layers"), QKeySequence::Find,
            [this] { focusFilter(); });
  addAction(edit, QStringLiteral("clear-filter"), tr("&Clear filter"),
            QKeySequence(tr("Ctrl+Shift+F")), [this] { (void)m_selection.setFilter({}); });
  edit->addSeparator();
  addAction(edit, QStringLiteral("copy-command"), tr("Copy as CLI co&mmand"),
            QKeySequence(tr("Ctrl+Shift+C")), [this] { copyCommand(); });
  addAction(edit, QStringLiteral("sram-reset"), tr("&SRAM as on the board"), {},
            [this] { m_session.change([](Setup& s) { s.placement.sram.reset(); }); });
  addAction(edit, QStringLiteral("join-adjacent"), tr("&Join adjacent RAM regions"), {}, [this] {
    m_session.change([](Setup& s) { s.placement.joinAdjacent = !s.placement.joinAdjacent; });
  });
}

void MainWindow::addGoMenu() {
  QMenu* go = menuBar()->addMenu(tr("&Go"));
  const auto violation = [this](int direction) {
    if (!m_selection.selectViolation(direction))
      statusBar()->showMessage(tr("No layer exceeds the RAM."), 5000);
  };
  addAction(go, QStringLiteral("next-violation"), tr("&Next violation"), QKeySequence(Qt::Key_N),
            [violation] { violation(1); });
  addAction(go, QStringLiteral("previous-violation"), tr("&Previous violation"),
            QKeySequence(Qt::Key_P), [violation] { violation(-1); });
  addAction(go, QStringLiteral("show-all"), tr("Show &all layers"), QKeySequence(tr("Ctrl+0")),
            [this] { m_selection.showAll(); });
  addAction(go, QStringLiteral("deselect"), tr("&Deselect"), QKeySequence(tr("Ctrl+D")),
            [this] { m_selection.select(-1); });
}

void MainWindow::addCompareMenu() {
  QMenu* compare = menuBar()->addMenu(tr("&Compare"));
  addAction(compare, QStringLiteral("keep-baseline"), tr("&Keep what is open as baseline"),
            QKeySequence(tr("Ctrl+B")), [this] { m_session.keepAsBaseline(); });
  addAction(compare, QStringLiteral("open-baseline"), tr("&Open a baseline…"),
            QKeySequence(tr("Ctrl+Shift+B")), [this] { baselineDialog(); });
  addAction(compare, QStringLiteral("drop-baseline"), tr("Compare no &more"), {},
            [this] { m_session.dropBaseline(); });
  compare->addSeparator();
  addAction(compare, QStringLiteral("next-side"), tr("Show &next side: A, B, A − B"),
            QKeySequence(Qt::Key_C), [this] {
              if (!m_session.baseline()) {
                statusBar()->showMessage(tr("No baseline yet: Ctrl+B keeps what is open as one."),
                                         5000);
                return;
              }
              m_session.setSide(static_cast<Side>((static_cast<int>(m_session.side()) + 1) % 3));
            });
}

void MainWindow::addViewMenu() {
  QMenu* views = menuBar()->addMenu(tr("&View"));
  int number = 0;
  QMenu* layouts = views->addMenu(tr("&Layout"));
  for (const PresetEntry& entry : kPresets) {
    ++number;
    addAction(layouts, QStringLiteral("layout-") + QString::fromLatin1(entry.title).toLower(),
              tr("Layout: %1").arg(tr(entry.title)),
              QKeySequence(QStringLiteral("Ctrl+%1").arg(number)),
              [this, preset = entry.preset] { applyPreset(preset); });
  }
  addAction(views, QStringLiteral("theme"), tr("Light or &dark"), QKeySequence(tr("Ctrl+T")),
            [this] { setTheme(Theme::of(palette()).isDark() ? Theme::light() : Theme::dark()); });
  views->addSeparator();
  for (const ViewEntry& entry : listViews()) {
    QAction* toggle = m_docks.find(entry.id)->second->toggleViewAction();
    toggle->setObjectName(QStringLiteral("toggle-") + QLatin1String(entry.id));
    toggle->setToolTip(tr(entry.about));
    toggle->setStatusTip(tr(entry.about));
    views->addAction(toggle);
  }
}

void MainWindow::fillRecent() {
  m_recent->clear();
  for (const QString& path : recentFiles()) {
    m_recent->addAction(path, this, [this, path] { open(path); });
  }
  if (m_recent->isEmpty()) m_recent->addAction(tr("nothing yet"))->setEnabled(false);
}

void MainWindow::focusFilter() {
  showView("layers");
  if (auto* box = findChild<QLineEdit*>(QStringLiteral("layer-filter"))) {
    box->setFocus();
    box->selectAll();
  }
}

std::vector<QAction*> MainWindow::actionList() const {
  std::vector<QAction*> out;
  const auto walk = [&out](const auto& self, const QMenu& menu) -> void {
    for (QAction* action : menu.actions()) {
      if (action->isSeparator()) continue;
      if (action->menu() != nullptr) {
        self(self, *action->menu());
      } else {
        out.push_back(action);
      }
    }
  };
  for (const QAction* action : menuBar()->actions()) {
    if (action->menu() != nullptr && action->menu() != m_recent) walk(walk, *action->menu());
  }
  return out;
}

void MainWindow::showPalette() {
  std::vector<PaletteEntry> entries;
  for (QAction* action : actionList()) {
    if (!action->isEnabled() || action->objectName() == QLatin1String("palette")) continue;
    if (action->objectName().isEmpty() || action->objectName().startsWith(QLatin1String("toggle-")))
      continue;
    entries.push_back({plainText(*action), action->shortcut().toString(QKeySequence::NativeText),
                       [action] { action->trigger(); }});
  }
  for (const ViewEntry& entry : listViews()) {
    entries.push_back({tr("View: %1").arg(tr(entry.title)), tr(entry.about),
                       [this, id = entry.id] { showView(id); }});
    View* made = view(entry.id);
    for (const QString& mode : made->modes()) {
      entries.push_back(
          {tr("%1: %2").arg(tr(entry.title), mode), tr("mode"), [this, made, mode, id = entry.id] {
             showView(id);
             made->setMode(mode);
           }});
    }
  }
  for (const QString& path : recentFiles()) {
    entries.push_back(
        {tr("Open %1").arg(QFileInfo(path).fileName()), path, [this, path] { open(path); }});
  }
  if (const auto catalogue = Catalogue::find(m_session.setup().targets)) {
    for (const std::string& name : catalogue->boardNames()) {
      entries.push_back({tr("Board: %1").arg(QString::fromStdString(name)), {}, [this, name] {
                           m_session.change([&](Setup& s) { s.board = name; });
                         }});
    }
    for (const std::string& name : catalogue->runtimeNames()) {
      entries.push_back({tr("Runtime: %1").arg(QString::fromStdString(name)), {}, [this, name] {
                           m_session.change([&](Setup& s) { s.runtime = name; });
                         }});
    }
  }
  if (const auto& report = m_selection.report()) {
    for (const LayerRow& layer : report->layers) {
      entries.push_back(
          {tr("Layer %1 %2 %3")
               .arg(layer.number)
               .arg(QString::fromStdString(layer.kind), QString::fromStdString(layer.name)),
           {},
           [this, number = layer.number] {
             m_selection.select(number - 1);
             m_selection.reveal(number - 1);
           }});
    }
  }
  auto* palette = new CommandPalette(std::move(entries), this);
  palette->setAttribute(Qt::WA_DeleteOnClose);
  palette->open();
}

void MainWindow::showShortcuts() {
  auto* sheet = new ShortcutSheet(actionList(), this);
  sheet->setAttribute(Qt::WA_DeleteOnClose);
  sheet->open();
}

void MainWindow::showContextMenu(View& view, const QPoint& at) {
  QMenu menu(this);
  const int layer = m_selection.hovered() >= 0 ? m_selection.hovered() : m_selection.layer();
  if (layer >= 0) {
    const LayerRow& row = m_selection.report()->layers[static_cast<std::size_t>(layer)];
    const QString kind = QString::fromStdString(row.kind);
    menu.addAction(tr("Select layer %1").arg(layer + 1), this,
                   [this, layer] { m_selection.select(layer); });
    menu.addAction(tr("Zoom to layer %1").arg(layer + 1), this, [this, layer] {
      m_selection.setRange({layer - 3.5, layer + 4.5});
    });
    menu.addAction(tr("Only %1").arg(kind), this, [this, kind] {
      (void)m_selection.setFilter(m_selection.filterText() + QStringLiteral(" op:") + kind);
    });
    menu.addAction(tr("Without %1").arg(kind), this, [this, kind] {
      (void)m_selection.setFilter(m_selection.filterText() + QStringLiteral(" -op:") + kind);
    });
    if (const ChartBase* chart = view.chart()) {
      menu.addAction(tr("Copy its numbers"), this, [chart, layer] {
        QApplication::clipboard()->setText(chart->itemText(chart->itemOf(layer)));
      });
    }
    menu.addSeparator();
  }
  menu.addAction(tr("Show all layers"), this, [this] { m_selection.showAll(); });
  menu.addAction(tr("Copy as CLI command"), this, [this] { copyCommand(); });
  menu.addAction(tr("Export view…"), this, [this, &view] { exportDialog(view); });
  menu.exec(at);
}

}  // namespace mcuprof::gui
