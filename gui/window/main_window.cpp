#include "gui/window/main_window.hpp"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QSettings>
#include <QStatusBar>
#include <QToolBar>

#include "gui/measure/measurements.hpp"
#include "gui/report/html_report.hpp"
#include "gui/views/view_export.hpp"
#include "gui/window/compare_bar.hpp"
#include "gui/window/target_bar.hpp"
#include "gui/window/verdict_bar.hpp"

namespace mcuprof::gui {
namespace {

constexpr int kRecentFiles = 10;

enum class FileKind : std::uint8_t { Model, Report, Database };

/// By its first bytes; what cannot be read is taken for a model, whose reader tells what is wrong.
FileKind kindOf(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return FileKind::Model;
  const QByteArray start = file.read(64);
  if (start.startsWith("SQLite format 3")) return FileKind::Database;
  if (start.trimmed().startsWith('{')) return FileKind::Report;
  return FileKind::Model;
}

}  // namespace

MainWindow::MainWindow(std::unique_ptr<QSettings> settings, QWidget* parent)
    : QMainWindow(parent),
      m_settings(std::move(settings)),
      m_target(new TargetBar(m_session, this)),
      m_verdict(new VerdictBar(m_session, this)),
      m_trail(new QLabel(this)),
      m_busy(new QLabel(this)) {
  setObjectName(QStringLiteral("main-window"));
  setAcceptDrops(true);
  setDockNestingEnabled(true);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  resize(1280, 860);

  // The selection follows the session before any view does, since it is connected first.
  connect(&m_session, &Session::changed, this, [this] {
    const SnapshotPtr& now = m_session.shown();
    m_selection.setReport(now ? std::shared_ptr<const Report>(now, &now->report) : nullptr);
    updateState();
  });
  addToolBars();
  addViews();
  addMenus();
  applyPreset(kFit);
  restore();
  updateState();
}

MainWindow::~MainWindow() = default;

void MainWindow::addToolBars() {
  auto* target = new QToolBar(tr("Target"), this);
  target->setObjectName(QStringLiteral("target-toolbar"));
  target->setMovable(false);
  target->addWidget(m_target);
  addToolBar(target);
  addToolBarBreak();
  m_compare = new QToolBar(tr("Comparison"), this);
  m_compare->setObjectName(QStringLiteral("compare-toolbar"));
  m_compare->setMovable(false);
  m_compare->addWidget(new CompareBar(m_session, this));
  addToolBar(m_compare);
  addToolBarBreak();
  auto* verdict = new QToolBar(tr("Verdict"), this);
  verdict->setObjectName(QStringLiteral("verdict-toolbar"));
  verdict->setMovable(false);
  m_verdict->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  verdict->addWidget(m_verdict);
  addToolBar(verdict);

  m_trail->setObjectName(QStringLiteral("trail"));
  m_busy->setObjectName(QStringLiteral("busy"));
  statusBar()->addPermanentWidget(m_busy);
  statusBar()->addPermanentWidget(m_trail);
  connect(&m_session, &Session::busyChanged, this,
          [this](bool busy) { m_busy->setText(busy ? tr("analyzing …") : QString()); });
  connect(&m_selection, &Selection::rangeChanged, this, &MainWindow::updateState);
  connect(&m_selection, &Selection::filterChanged, this, &MainWindow::updateState);
  const auto tell = [this](const QString& text) { statusBar()->showMessage(text, 8000); };
  connect(m_target, &TargetBar::problem, this, tell);
  connect(&m_session, &Session::baselineFailed, this, tell);
}

void MainWindow::addViews() {
  for (const ViewEntry& entry : listViews()) {
    View* made = entry.make({m_session, m_selection}, this);
    made->setObjectName(QLatin1String(entry.id));
    made->setWindowTitle(tr(entry.title));
    auto* dockWidget = new QDockWidget(tr(entry.title), this);
    dockWidget->setObjectName(QStringLiteral("dock-") + QLatin1String(entry.id));
    dockWidget->setAccessibleName(tr(entry.title));
    dockWidget->setWidget(made);
    connect(made, &View::statusText, this, [this](const QString& text) {
      if (text.isEmpty()) {
        statusBar()->clearMessage();
      } else {
        statusBar()->showMessage(text);
      }
    });
    connect(made, &View::menuRequested, this,
            [this, made](const QPoint& at) { showContextMenu(*made, at); });
    m_views.emplace(entry.id, made);
    m_docks.emplace(entry.id, dockWidget);
    made->refresh();
  }
}

View* MainWindow::view(std::string_view id) const {
  const auto found = m_views.find(id);
  return found == m_views.end() ? nullptr : found->second;
}

QDockWidget* MainWindow::dock(std::string_view id) const {
  const auto found = m_docks.find(id);
  return found == m_docks.end() ? nullptr : found->second;
}

View* MainWindow::currentView() const {
  const QWidget* focus = QApplication::focusWidget();
  for (const auto& [id, made] : m_views) {
    if (focus != nullptr && (made == focus || made->isAncestorOf(focus))) return made;
  }
  return m_views.find("working-set")->second;
}

void MainWindow::open(const QString& path) {
  switch (kindOf(path)) {
    case FileKind::Report:
      m_session.openBaseline(path);
      if (!m_session.snapshot())
        statusBar()->showMessage(tr("Open a model to compare with this report."));
      return;
    case FileKind::Database:
      remember(path);
      Measurements::of(m_session).setDatabase(path.toStdString());
      showView("runs");
      return;
    case FileKind::Model:
      remember(path);
      m_session.open(path);
      return;
  }
}

void MainWindow::remember(const QString& path) {
  if (!m_settings) return;
  QStringList files = recentFiles();
  const QString absolute = QFileInfo(path).absoluteFilePath();
  files.removeAll(absolute);
  files.prepend(absolute);
  m_settings->setValue(QStringLiteral("recent"), files.mid(0, kRecentFiles));
}

QStringList MainWindow::recentFiles() const {
  return m_settings ? m_settings->value(QStringLiteral("recent")).toStringList() : QStringList();
}

void MainWindow::openDialog() {
  const QString path = QFileDialog::getOpenFileName(
      this, tr("Open a model, a report or a database of runs"), {},
      tr("Models, reports and databases (*.tflite *.json *.db *.sqlite)"
         ";;All files (*)"));
  if (!path.isEmpty()) open(path);
}

void MainWindow::baselineDialog() {
  const QString path =
      QFileDialog::getOpenFileName(this, tr("Compare with a model or a report"), {},
                                   tr("Models and reports (*.tflite *.json);;All files (*)"));
  if (!path.isEmpty()) m_session.openBaseline(path);
}

void MainWindow::exportDialog(View& view) {
  const QString path = QFileDialog::getSaveFileName(this, tr("Export %1").arg(view.windowTitle()),
                                                    view.objectName() + QStringLiteral(".svg"),
                                                    tr("Pictures and tables (*.svg *.png *.csv)"));
  if (path.isEmpty()) return;
  const auto done = exportView(view, path);
  statusBar()->showMessage(
      done ? tr("Saved %1").arg(path) : QString::fromStdString(done.error().text()), 8000);
}

Result<void> MainWindow::saveReport(const QString& path) {
  std::vector<View*> views;
  for (const ViewEntry& entry : listViews()) views.push_back(view(entry.id));
  return saveHtmlReport(m_session, views, path);
}

void MainWindow::reportDialog() {
  const QString path = QFileDialog::getSaveFileName(
      this, tr("Save a report"), QStringLiteral("report.html"), tr("Web pages (*.html)"));
  if (path.isEmpty()) return;
  const auto done = saveReport(path);
  statusBar()->showMessage(
      done ? tr("Saved %1").arg(path) : QString::fromStdString(done.error().text()), 8000);
}

void MainWindow::copyCommand() {
  const QString command = QString::fromStdString(currentView()->command());
  QApplication::clipboard()->setText(command);
  statusBar()->showMessage(tr("Copied: %1").arg(command), 8000);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) open(url.toLocalFile());
  }
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (m_settings) {
    m_settings->setValue(QStringLiteral("geometry"), saveGeometry());
    m_settings->setValue(QStringLiteral("layout"), saveState());
    m_settings->setValue(QStringLiteral("board"), QString::fromStdString(m_session.setup().board));
    m_settings->setValue(QStringLiteral("runtime"),
                         QString::fromStdString(m_session.setup().runtime));
  }
  QMainWindow::closeEvent(event);
}

void MainWindow::restore() {
  if (!m_settings) return;
  restoreGeometry(m_settings->value(QStringLiteral("geometry")).toByteArray());
  restoreState(m_settings->value(QStringLiteral("layout")).toByteArray());
  const QString theme = m_settings->value(QStringLiteral("theme")).toString();
  if (!theme.isEmpty()) setTheme(theme == QLatin1String("dark") ? Theme::dark() : Theme::light());
  m_session.change([&](Setup& s) {
    const auto take = [&](const char* key, std::string& into) {
      const QString value = m_settings->value(QLatin1String(key)).toString();
      if (!value.isEmpty()) into = value.toStdString();
    };
    take("board", s.board);
    take("runtime", s.runtime);
  });
}

void MainWindow::setTheme(const Theme& theme) {
  QApplication::setPalette(theme.palette());
  if (m_settings) {
    m_settings->setValue(QStringLiteral("theme"),
                         theme.isDark() ? QStringLiteral("dark") : QStringLiteral("light"));
  }
}

void MainWindow::updateState() {
  m_compare->setVisible(m_session.baseline() != nullptr);
  const SnapshotPtr& now = m_session.snapshot();
  m_trail->setText(m_selection.trail());
  if (m_undo != nullptr) {
    m_undo->setEnabled(m_selection.canUndo());
    m_redo->setEnabled(m_selection.canRedo());
  }
  QString title = QStringLiteral("mcuprof");
  if (now) {
    title += QStringLiteral(" - %1 @ %2")
                 .arg(QString::fromStdString(now->report.provenance.model().name),
                      QString::fromStdString(now->report.boardName));
  }
  setWindowTitle(title);
}

}  // namespace mcuprof::gui
