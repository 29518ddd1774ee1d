#include "gui/views/measured_view.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>
#include <cmath>

#include "device-agent/cli/render_run.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/measure/provenance.hpp"
#include "gui/models/compared_model.hpp"
#include "gui/session/qt_text.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

QString headOf(const db::RunRecord& run) {
  QString what;
  switch (run.provenance) {
    case db::Provenance::Measured:
      what = QObject::tr("measured on the board");
      break;
    case db::Provenance::Virtual:
      what = QObject::tr("VIRTUAL board: its cycles are modelled, not measured");
      break;
    case db::Provenance::Imported:
      what = QObject::tr("imported from %1").arg(toQt(run.source));
      break;
    case db::Provenance::Predicted:
      what = QObject::tr("predicted only: nothing ran");
      break;
  }
  return QObject::tr("Run %1 · %2 · %3 on %4, %5")
      .arg(run.id)
      .arg(what, toQt(run.model.name),
           toQt(run.board.title.empty() ? run.board.name : run.board.title),
           toQt(run.started).replace(QLatin1Char('T'), QLatin1Char(' ')));
}

QString summaryOf(const db::RunRecord& run) {
  const cli::RunTotals totals = cli::totalsOf(run);
  const double perMs = static_cast<double>(run.board.clockHz) / 1e3;
  QStringList parts;
  if (run.predicted && perMs > 0) {
    parts << QObject::tr("predicted %1 (%2 to %3)")
                 .arg(human(run.predicted->value / perMs, Unit::Milliseconds),
                      human(run.predicted->low / perMs, Unit::Milliseconds),
                      human(run.predicted->high / perMs, Unit::Milliseconds));
  }
  if (run.inference.runs > 0 && perMs > 0) {
    const auto median = static_cast<double>(run.inference.median);
    QString timed = QStringLiteral("%1 %2").arg(QLatin1String(nameOf(run.provenance)),
                                                human(median / perMs, Unit::Milliseconds));
    if (run.predicted && run.predicted->value > 0)
      timed += QObject::tr(", residual %1").arg(signedPercent(median / run.predicted->value - 1));
    parts << timed;
  }
  if (totals.comparable > 0) {
    parts << QObject::tr("the 90 % interval holds %1 of %2 layers (%3 %)")
                 .arg(totals.covered)
                 .arg(totals.comparable)
                 .arg(std::lround(100.0 * double(totals.covered) / double(totals.comparable)));
    parts << QObject::tr("residuals of layers: %1 % without sign, bias %2")
                 .arg(std::lround(totals.meanAbsoluteResidual * 100))
                 .arg(signedPercent(totals.bias));
  }
  if (totals.notMeasured > 0)
    parts << QObject::tr("%1 layers without a time").arg(totals.notMeasured);
  if (totals.wrongOutputs > 0)
    parts << QObject::tr("OUTPUTS OF %1 LAYERS DIFFER from the host reference, first layer %2")
                 .arg(totals.wrongOutputs)
                 .arg(totals.firstWrong);
  return parts.join(QStringLiteral("  ·  "));
}

}  // namespace

MeasuredView::MeasuredView(const Workbench& bench, QWidget* parent)
    : View(bench, parent),
      m_mark(new QLabel(this)),
      m_head(new QLabel(this)),
      m_summary(new QLabel(this)),
      m_scatter(new PredictionChart(bench.selection, this)),
      m_residuals(new ResidualChart(bench.selection, this)),
      m_model(new ComparedModel(this)),
      m_table(new QTableView(this)) {
  m_head->setObjectName(QStringLiteral("measured-head"));
  m_head->setWordWrap(true);
  m_summary->setObjectName(QStringLiteral("measured-summary"));
  m_summary->setWordWrap(true);
  m_table->setModel(m_model);
  setUpTable(*m_table, "worst-layers", tr("Layers, the worst predicted first"));
  m_table->horizontalHeader()->setStretchLastSection(true);

  auto* top = new QHBoxLayout;
  top->setContentsMargins(8, 4, 8, 0);
  top->addWidget(m_mark);
  top->addWidget(m_head, 1);
  auto* second = new QHBoxLayout;
  second->setContentsMargins(8, 0, 8, 4);
  second->addWidget(m_summary, 1);
  auto* right = new QSplitter(Qt::Vertical, this);
  right->setObjectName(QStringLiteral("measured-right"));
  right->addWidget(m_residuals);
  right->addWidget(m_table);
  right->setStretchFactor(0, 3);
  right->setStretchFactor(1, 2);
  auto* both = new QSplitter(Qt::Horizontal, this);
  both->setObjectName(QStringLiteral("measured-both"));
  both->addWidget(m_scatter);
  both->addWidget(right);
  both->setStretchFactor(0, 2);
  both->setStretchFactor(1, 3);
  QVBoxLayout* layout = fillView(*this);
  layout->addLayout(top);
  layout->addLayout(second);
  layout->addWidget(both, 1);

  for (ChartBase* chart :
       {static_cast<ChartBase*>(m_scatter), static_cast<ChartBase*>(m_residuals)})
    connect(chart, &ChartBase::statusText, this, &View::statusText);
  connect(&Measurements::of(bench.session), &Measurements::runChanged, this, [this] { refresh(); });
  connect(&bench.selection, &Selection::layerChanged, this, [this](int l) { showLayer(l); });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& now) {
            if (!now.isValid() || !m_ours) return;
            this->bench().selection.select(m_model->layerAt(now.row()));
            this->bench().selection.reveal(this->bench().selection.layer());
          });
  setFocusProxy(m_scatter);
}

void MeasuredView::refresh() {
  const db::RunRecord* run = Measurements::of(bench().session).run().get();
  m_ours = run != nullptr && snapshot() && snapshot()->model->file.sha256 == run->model.sha256;
  m_scatter->setRun(run, m_ours);
  m_residuals->setRun(run, m_ours);
  const bool first = m_model->rowCount() == 0;
  m_model->setRun(run);
  if (first && run != nullptr) m_table->resizeColumnsToContents();
  m_mark->setVisible(run != nullptr);
  m_summary->setVisible(run != nullptr);
  m_table->setVisible(run != nullptr);
  if (run == nullptr) {
    m_head->setText(tr("No run is chosen: a prediction without a measurement is a guess with an "
                       "interval. Choose a run in the Runs view, or make one in the Measure view; "
                       "in a terminal: mcuprof run --board %1 --virtual MODEL.tflite")
                        .arg(toQt(bench().session.setup().board)));
    return;
  }
  m_mark->setPixmap(pixmapOf(markOf(run->provenance), Theme::of(palette()), 16));
  QString head = headOf(*run);
  if (!snapshot()) {
    head += tr(" · no model is open, so layers are shown by number only");
  } else if (!m_ours) {
    head += tr(" · the run is of another model than the one that is open");
  } else if (snapshot()->report.boardName != run->board.name) {
    head += tr(" · the prediction is of the run's board, not of %1")
                .arg(toQt(snapshot()->report.boardName));
  }
  m_head->setText(head);
  m_summary->setText(summaryOf(*run));
  showLayer(bench().selection.layer());
}

void MeasuredView::showLayer(int layer) {
  const int row = m_ours ? m_model->rowOf(layer) : -1;
  if (row < 0) {
    m_table->clearSelection();
  } else if (m_table->currentIndex().row() != row) {
    m_table->setCurrentIndex(m_model->index(row, ComparedModel::Number));
  }
}

QString MeasuredView::summary() const {
  return m_head->text() + QLatin1Char('\n') + m_summary->text();
}

std::string MeasuredView::csv() const {
  const MeasurementPtr& run = Measurements::of(bench().session).run();
  return run ? cli::renderCsv(*run) : std::string();
}

std::string MeasuredView::command() const {
  const MeasurementPtr& run = Measurements::of(bench().session).run();
  if (!run) return View::command();
  std::string out = "mcuprof show " + std::to_string(run->id);
  if (!Measurements::of(bench().session).database().empty())
    out += " --db '" + Measurements::of(bench().session).database() + "'";
  return out;
}

}  // namespace mcuprof::gui
