#include "gui/views/runs_view.hpp"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <filesystem>

#include "db/run_store.hpp"
#include "device-agent/cli/render_run.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/models/layers_model.hpp"
#include "gui/models/runs_model.hpp"
#include "gui/session/qt_text.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

/// Widens columns that cut something off; what the user made wider stays.
void widenColumns(QTableView& table) {
  for (int column = 0; column < table.model()->columnCount(); ++column) {
    const int before = table.columnWidth(column);
    table.resizeColumnToContents(column);
    if (table.columnWidth(column) < before) table.setColumnWidth(column, before);
  }
}

}  // namespace

/// What the worker found in the database.
struct RunsView::Listing {
  std::string path;
  std::string error;
  bool missing = false;  ///< there is no such file
  std::vector<db::RunSummary> runs;

  static Listing read(const std::string& given, const db::RunFilter& filter) {
    Listing out;
    const auto path = db::databasePath(given);
    if (!path) {
      out.error = path.error().text();
      return out;
    }
    out.path = *path;
    std::error_code failed;
    if (!std::filesystem::exists(*path, failed)) {
      out.missing = true;
      return out;
    }
    auto database = db::Database::open(*path, db::Access::ReadOnly);
    if (!database) {
      out.error = database.error().text();
      return out;
    }
    auto runs = db::listRuns(*database, filter);
    if (!runs) {
      out.error = runs.error().text();
      return out;
    }
    out.runs = std::move(*runs);
    return out;
  }
};

RunsView::RunsView(const Workbench& bench, QWidget* parent)
    : View(bench, parent),
      m_model(new RunsModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_table(new QTableView(this)),
      m_onlyThis(new QCheckBox(tr("only this model on this board"), this)),
      m_path(new QLabel(this)),
      m_notice(new QLabel(this)),
      m_detach(new QToolButton(this)),
      m_stack(new QStackedLayout),
      m_listing(new Background(this)),
      m_loading(new Background(this)) {
  m_onlyThis->setObjectName(QStringLiteral("runs-only-this"));
  m_onlyThis->setAccessibleName(tr("List only runs of this model on this board"));
  m_path->setObjectName(QStringLiteral("runs-path"));
  m_path->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_path->setFocusPolicy(Qt::NoFocus);
  m_path->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_path->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_notice->setObjectName(QStringLiteral("runs-notice"));
  m_notice->setWordWrap(true);
  m_notice->setAlignment(Qt::AlignCenter);
  m_notice->setMargin(16);
  m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_notice->setFocusPolicy(Qt::NoFocus);
  m_detach->setObjectName(QStringLiteral("runs-detach"));
  m_detach->setText(tr("Detach"));
  m_detach->setAccessibleName(tr("Hold no run against its prediction"));
  m_detach->setToolTip(tr("Hold no run against its prediction"));
  auto* again = new QToolButton(this);
  again->setObjectName(QStringLiteral("runs-refresh"));
  again->setText(tr("List again"));
  again->setAccessibleName(tr("Read the database again"));
  again->setToolTip(tr("Read the database again"));

  m_sorted->setSourceModel(m_model);
  m_sorted->setSortRole(kRawRole);
  m_table->setModel(m_sorted);
  setUpTable(*m_table, "runs-table", tr("Runs"));
  m_table->setSortingEnabled(true);
  m_table->sortByColumn(RunsModel::Id, Qt::DescendingOrder);

  auto* top = new QHBoxLayout;
  top->setContentsMargins(6, 3, 6, 3);
  top->setSpacing(8);
  top->addWidget(m_onlyThis);
  top->addWidget(m_path, 1);
  top->addWidget(again);
  top->addWidget(m_detach);
  QVBoxLayout* layout = fillView(*this);
  layout->addLayout(top);
  m_stack->addWidget(m_table);
  m_stack->addWidget(m_notice);
  layout->addLayout(m_stack, 1);

  connect(m_onlyThis, &QCheckBox::toggled, this, [this] { list(); });
  connect(again, &QToolButton::clicked, this, [this] { list(); });
  connect(m_detach, &QToolButton::clicked, this, [this] {
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    Measurements::of(this->bench().session).setRun(nullptr);
  });
  connect(&Measurements::of(bench.session), &Measurements::runsChanged, this, [this] { list(); });
  connect(&Measurements::of(bench.session), &Measurements::runChanged, this,
          [this] { showAttached(); });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& now) {
            if (now.isValid()) attach(m_model->idAt(m_sorted->mapToSource(now).row()));
          });
  setFocusProxy(m_table);
  showAttached();
}

void RunsView::refresh() {
  list();
}

void RunsView::list() {
  db::RunFilter filter;
  if (m_onlyThis->isChecked() && snapshot()) {
    filter.model = snapshot()->model->file.sha256;
    filter.board = snapshot()->report.boardName;
  }
  m_listing->start([this, given = Measurements::of(bench().session).database(),
                    filter]() -> Background::Delivery {
    auto found = std::make_shared<Listing>(Listing::read(given, filter));
    return [this, found] { show(std::move(*found)); };
  });
}

void RunsView::show(Listing listing) {
  m_path->setText(toQt(listing.path));
  m_path->setToolTip(toQt(listing.path));
  if (!listing.error.empty()) {
    m_notice->setText(tr("The runs cannot be read: %1").arg(toQt(listing.error)));
  } else if (listing.runs.empty()) {
    const QString how = tr("Runs are made by the Measure view, or by\n\nmcuprof run --board %1 "
                           "--virtual MODEL.tflite"
                           "\n\nwithout --virtual on a board that is connected.")
                            .arg(toQt(bench().session.setup().board));
    const QString what = listing.missing           ? tr("Nothing was measured here yet.")
                         : m_onlyThis->isChecked() ? tr("No run of this model on this board.")
                                                   : tr("The database has no runs.");
    m_notice->setText(what + QStringLiteral("\n\n") + how);
  }
  const bool first = m_model->rowCount() == 0;
  // Choosing a row is a wish; rows that come and go are none.
  const QSignalBlocker quiet(m_table->selectionModel());
  m_model->setRuns(std::move(listing.runs));
  m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 0 : 1);
  if (first && m_model->rowCount() > 0) m_table->resizeColumnsToContents();
  showAttached();
}

void RunsView::showAttached() {
  const MeasurementPtr& run = Measurements::of(bench().session).run();
  m_model->setAttached(run ? run->id : 0);
  m_detach->setEnabled(run != nullptr);
  if (!run) return;
  const QSignalBlocker quiet(m_table->selectionModel());
  for (int row = 0; row < m_sorted->rowCount(); ++row) {
    const QModelIndex cell = m_sorted->index(row, 0);
    if (m_model->idAt(m_sorted->mapToSource(cell).row()) != run->id) continue;
    m_table->selectionModel()->setCurrentIndex(
        cell, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  }
  widenColumns(*m_table);  // its row is bold
  m_table->viewport()->update();
}

void RunsView::attach(std::int64_t id) {
  m_loading->start(
      [this, given = Measurements::of(bench().session).database(), id]() -> Background::Delivery {
        MeasurementPtr found;
        std::string error;
        if (const auto path = db::databasePath(given); !path) {
          error = path.error().text();
        } else if (auto database = db::Database::open(*path, db::Access::ReadOnly); !database) {
          error = database.error().text();
        } else if (auto run = db::loadRun(*database, id); !run) {
          error = run.error().text();
        } else if (!*run) {
          error = "the run is gone; list again";
        } else {
          found = std::make_shared<const db::RunRecord>(std::move(**run));
        }
        return [this, found, error] {
          if (found) {
            Measurements::of(bench().session).setRun(found);
          } else {
            Q_EMIT statusText(toQt(error));
          }
        };
      });
}

void RunsView::settle() {
  m_listing->finish();
  m_loading->finish();
}

Result<void> RunsView::setOption(const QString& name, const QString& value) {
  bool ok = false;
  const qlonglong id = value.toLongLong(&ok);
  if (name != QLatin1String("run") || !ok || id < 1)
    return Error{"", "wanted: run NUMBER, as \"mcuprof runs\" lists it"};
  m_listing->finish();
  for (const db::RunSummary& run : m_model->runs()) {
    if (run.id != id) continue;
    attach(id);
    return {};
  }
  return Error{"", "there is no run " + std::to_string(id)};
}

QString RunsView::notice() const {
  return m_stack->currentIndex() == 1 ? m_notice->text() : QString();
}

std::string RunsView::csv() const {
  return m_model->runs().empty() ? std::string() : cli::renderCsv(m_model->runs());
}

std::string RunsView::command() const {
  std::string out = "mcuprof runs";
  if (m_onlyThis->isChecked() && snapshot()) {
    out += " --model " + snapshot()->model->file.sha256.substr(0, 16) + " --board " +
           snapshot()->report.boardName;
  }
  if (!Measurements::of(bench().session).database().empty())
    out += " --db '" + Measurements::of(bench().session).database() + "'";
  return out;
}

}  // namespace mcuprof::gui
