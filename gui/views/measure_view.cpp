#include "gui/views/measure_view.hpp"

#include <fmt/format.h>

#include <QComboBox>
#include <QEventLoop>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "db/run_store.hpp"
#include "device-agent/cli/render_run.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/session/qt_text.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

struct Where {
  const char* name;  ///< in scripts
  const char* text;
  bool isVirtual;
  const char* probe;
};

constexpr std::array<Where, 5> kWhere = {{
    {"virtual", "virtual board (needs no hardware, its cycles are modelled)", true, ""},
    {"board", "connected board, its own probe", false, ""},
    {"stlink", "connected board, ST-LINK", false, "stlink"},
    {"jlink", "connected board, J-Link", false, "jlink"},
    {"cmsis-dap", "connected board, CMSIS-DAP", false, "cmsis-dap"},
}};

/// The open analysis as a run without times.
db::RunRecord emptyRun(const Snapshot& now, bool isVirtual) {
  const Report& report = now.report;
  db::RunRecord run;
  run.provenance = isVirtual ? db::Provenance::Virtual : db::Provenance::Measured;
  run.model.sha256 = now.model->file.sha256;
  run.model.name = now.model->file.name;
  run.board.name = report.boardName;
  run.board.clockHz = report.clockHz.value;
  for (const CostRow& cost : report.costs.layers) {
    db::LayerResult layer;
    layer.number = cost.number;
    layer.kind = cost.kind;
    layer.name = cost.name;
    if (cost.known)
      layer.predicted = db::Prediction{cost.cycles.value, cost.cycles.low, cost.cycles.high};
    run.layers.push_back(std::move(layer));
  }
  return run;
}

MeasurementPtr loadFinished(const std::string& given, std::int64_t id) {
  const auto path = db::databasePath(given);
  if (!path) return nullptr;
  auto database = db::Database::open(*path, db::Access::ReadOnly);
  if (!database) return nullptr;
  auto run = db::loadRun(*database, id);
  return run && *run ? std::make_shared<const db::RunRecord>(std::move(**run)) : nullptr;
}

}  // namespace

MeasureView::MeasureView(const Workbench& bench, QWidget* parent)
    : View(bench, parent),
      m_job(new MeasureJob(this)),
      m_where(new QComboBox(this)),
      m_runs(new QSpinBox(this)),
      m_start(new QPushButton(tr("Run"), this)),
      m_bar(new QProgressBar(this)),
      m_state(new QLabel(this)),
      m_notes(new QLabel(this)),
      m_chart(new ResidualChart(bench.selection, this)),
      m_loading(new Background(this)) {
  m_where->setObjectName(QStringLiteral("measure-where"));
  m_where->setAccessibleName(tr("Where to run"));
  m_where->setToolTip(tr("Where to run"));
  for (const Where& where : kWhere) m_where->addItem(tr(where.text));
  m_where->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_where->setMinimumContentsLength(18);
  m_runs->setObjectName(QStringLiteral("measure-runs"));
  m_runs->setAccessibleName(tr("Timed executions of each layer"));
  m_runs->setToolTip(tr("Timed executions of each layer"));
  m_runs->setRange(0, 32);
  m_runs->setSpecialValueText(tr("runs: default"));
  m_runs->setPrefix(tr("runs: "));
  m_start->setObjectName(QStringLiteral("measure-start"));
  m_start->setAccessibleName(tr("Run the model on the board, or cancel"));
  m_start->setToolTip(tr("Run the model on the board, or cancel"));
  m_bar->setObjectName(QStringLiteral("measure-progress"));
  m_bar->setAccessibleName(tr("Progress of the run"));
  m_bar->setTextVisible(true);
  m_bar->setVisible(false);
  m_state->setObjectName(QStringLiteral("measure-state"));
  m_state->setWordWrap(true);
  m_state->setContentsMargins(8, 2, 8, 2);
  m_notes->setObjectName(QStringLiteral("measure-notes"));
  m_notes->setWordWrap(true);
  m_notes->setContentsMargins(8, 0, 8, 4);
  m_notes->setVisible(false);

  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 4, 6, 2);
  row->addWidget(m_where, 2);
  row->addWidget(m_runs);
  row->addWidget(m_start);
  row->addWidget(m_bar, 2);
  QVBoxLayout* layout = fillView(*this);
  layout->addLayout(row);
  layout->addWidget(m_state);
  layout->addWidget(m_notes);
  layout->addWidget(m_chart, 1);
  layout->addStretch(0);
  m_chart->setVisible(false);  // until there is something to show

  connect(m_start, &QPushButton::clicked, this, [this] {
    if (m_job->running()) {
      cancel();
    } else {
      start();
    }
  });
  connect(m_job, &MeasureJob::progressed, this, [this](const QString& step, int done, int total) {
    m_bar->setRange(0, total);
    m_bar->setValue(done);
    m_bar->setFormat(total > 0 ? step + QStringLiteral(" %v of %m") : step);
    m_state->setText(tr("Running: %1").arg(step));
  });
  connect(m_job, &MeasureJob::layerTimed, this,
          [this](int layer, qint64 runs, qint64 minimum, qint64 median, qint64 maximum) {
            arrived(layer, {runs, minimum, median, maximum});
          });
  connect(m_job, &MeasureJob::finished, this, [this](const MeasureEnd& end) { finish(end); });
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  setFocusProxy(m_start);
  enable();
}

void MeasureView::refresh() {
  enable();
  if (m_job->running() || m_finished) return;
  m_state->setText(
      snapshot() ? tr("%1 on %2: not run yet. The run is stored in the database and compared "
                      "with its prediction.")
                       .arg(toQt(snapshot()->model->file.name), toQt(snapshot()->report.boardTitle))
                 : tr("Open a model to run it."));
}

void MeasureView::enable() {
  const bool running = m_job->running();
  m_start->setText(running ? tr("Cancel") : tr("Run"));
  m_start->setEnabled(running || snapshot() != nullptr);
  m_where->setEnabled(!running);
  m_runs->setEnabled(!running);
  m_bar->setVisible(running);
}

MeasureRequest MeasureView::request() const {
  const Setup& setup = bench().session.setup();
  const Where& where = kWhere[static_cast<std::size_t>(std::max(0, m_where->currentIndex()))];
  MeasureRequest out;
  out.model = toQt(setup.model);
  out.board = toQt(setup.board);
  out.runtime = setup.runtime == Setup().runtime ? QString() : toQt(setup.runtime);
  out.targets = toQt(setup.targets);
  out.isVirtual = where.isVirtual;
  out.probe = QLatin1String(where.probe);
  out.repeats = m_runs->value();
  out.weightsInRam = setup.placement.weights == "sram";
  out.database = toQt(Measurements::of(bench().session).database());
  return out;
}

void MeasureView::start() {
  if (m_job->running() || !snapshot()) return;
  const MeasureRequest wanted = request();
  m_finished.reset();
  m_live = emptyRun(*snapshot(), wanted.isVirtual);
  m_chart->setRun(nullptr, false);
  m_notes->setVisible(false);
  m_state->setText(tr("Starting …"));
  m_bar->setRange(0, 0);
  m_job->start(wanted);
  enable();
}

void MeasureView::arrived(int layer, const db::CycleSummary& cycles) {
  const auto found = std::ranges::find(m_live.layers, layer + 1, &db::LayerResult::number);
  if (found == m_live.layers.end()) return;
  found->cycles = cycles;
  const bool ours = snapshot() && snapshot()->model->file.sha256 == m_live.model.sha256;
  m_chart->setRun(&m_live, ours);
  m_chart->setVisible(true);
  m_state->setText(tr("Layer %1 %2: %3 cycles")
                       .arg(layer + 1)
                       .arg(toQt(found->kind), exact(double(cycles.median), Unit::Cycles)));
}

void MeasureView::finish(const MeasureEnd& end) {
  enable();
  m_notes->setText(end.notes.join(QLatin1Char('\n')));
  m_notes->setVisible(!end.notes.isEmpty());
  if (!end.error.isEmpty()) m_state->setText(end.error);
  if (end.run == 0) {
    if (end.error.isEmpty()) m_state->setText(tr("Done; the run was not stored."));
    return;
  }
  Measurements& measurements = Measurements::of(bench().session);
  measurements.noteStored();
  m_loading->start([this, given = measurements.database(), id = end.run,
                    failed = !end.error.isEmpty()]() -> Background::Delivery {
    MeasurementPtr run = loadFinished(given, id);
    return [this, run, id, failed] {
      if (!run) return;
      m_finished = run;
      const bool ours = snapshot() && snapshot()->model->file.sha256 == run->model.sha256;
      m_chart->setRun(run.get(), ours);
      m_chart->setVisible(true);
      if (!failed)
        m_state->setText(
            tr("Stored as run %1 (%2); compared with its prediction in \"Predicted and "
               "measured\".")
                .arg(id)
                .arg(QLatin1String(nameOf(run->provenance))));
      Measurements::of(bench().session).setRun(run);
    };
  });
}

Result<void> MeasureView::setOption(const QString& name, const QString& value) {
  if (name == QLatin1String("where")) {
    for (std::size_t i = 0; i < kWhere.size(); ++i) {
      if (value != QLatin1String(kWhere[i].name)) continue;
      m_where->setCurrentIndex(int(i));
      return {};
    }
    return Error{"", "where takes virtual, board, stlink, jlink or cmsis-dap"};
  }
  if (name == QLatin1String("runs")) {
    bool ok = false;
    const int runs = value.toInt(&ok);
    if (!ok || runs < 1 || runs > 32) return Error{"", "runs takes 1 to 32"};
    m_runs->setValue(runs);
    return {};
  }
  if (name == QLatin1String("run") && value == QLatin1String("now")) {
    if (!snapshot()) return Error{"", "there is no model to run"};
    QString error;
    QEventLoop loop;
    bool ended = false;
    const auto done = connect(m_job, &MeasureJob::finished, &loop, [&](const MeasureEnd& end) {
      error = end.error;
      ended = true;
      loop.quit();
    });
    start();
    if (!ended) loop.exec();
    disconnect(done);
    m_loading->finish();
    if (!error.isEmpty()) return Error{"", error.toStdString()};
    return {};
  }
  return Error{"",
               fmt::format("no option \"{}\"; there are where, runs, and run with the value now",
                           name.toStdString())};
}

QString MeasureView::state() const {
  return m_state->text();
}

std::string MeasureView::csv() const {
  return m_finished ? cli::renderCsv(*m_finished) : std::string();
}

std::string MeasureView::command() const {
  QStringList words = request().arguments();
  for (QString& word : words) {
    if (word.contains(QLatin1Char(' '))) word = QLatin1Char('\'') + word + QLatin1Char('\'');
  }
  return "mcuprof " + words.join(QLatin1Char(' ')).toStdString();
}

}  // namespace mcuprof::gui
