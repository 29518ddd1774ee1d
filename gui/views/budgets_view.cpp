#include "gui/views/budgets_view.hpp"

#include <fmt/format.h>

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>
#include <filesystem>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/budget/budget_file.hpp"
#include "analyzer/budget/render_check.hpp"
#include "analyzer/cli/check_parts.hpp"
#include "analyzer/cli/stored_runs.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/models/budget_model.hpp"
#include "gui/models/headroom_delegate.hpp"
#include "gui/views/csv_text.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

struct Judged {
  std::shared_ptr<const CheckReport> report;
  std::string problem;
};

/// As `mcuprof check` judges one model on one board.
Judged judgeModel(const std::string& path, const Snapshot& now, const std::string& database) {
  const auto file = MappedFile::open(path);
  if (!file) return {nullptr, file.error().text()};
  const auto bytes = (*file)->bytes();
  auto budget = readBudget({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
  if (!budget) return {nullptr, budget.error().text()};
  auto catalogue = cli::findCatalogue({now.setup.runtime, now.setup.targets});
  if (!catalogue) return {nullptr, catalogue.failure().error.text()};
  if (const auto bad = cli::resolveBoards(*catalogue, *budget)) return {nullptr, bad->error.text()};
  const auto& target = now.target->target;
  if (auto placed = cli::checkPlacement(budget->placement, target->board); !placed)
    return {nullptr, placed.error().text()};
  auto baseline = cli::readBaselines(*budget);
  if (!baseline) return {nullptr, baseline.failure().error.text()};

  const Analysis analysis = analyze(now.model->graph, target, budget->placement);
  const Report report = buildReport(analysis, cli::provenanceOf(now.model->file, {}), budget->duty);
  JudgedModel model{figuresOf(report, target->board), now.setup.model};
  const auto runs = cli::StoredRuns::open(database);
  if (runs && *runs) {
    const auto measured =
        (*runs)->find(model.figures.modelSha256, model.figures.board, model.figures.runtime);
    if (measured && *measured) settle(model.figures, **measured);
  }
  auto out = std::make_shared<CheckReport>(judge(*budget, {model}, *baseline, cli::today()));
  out->toolVersion = MCUPROF_VERSION;
  return {std::move(out), {}};
}

}  // namespace

BudgetsView::BudgetsView(const Workbench& bench, QWidget* parent)
    : LazyView(bench, parent),
      m_model(new BudgetModel(this)),
      m_table(new QTableView(this)),
      m_file(new QLineEdit(this)),
      m_summary(new QLabel(this)) {
  m_file->setObjectName(QStringLiteral("budget-file"));
  m_file->setAccessibleName(tr("Budget file"));
  m_file->setToolTip(tr("Budget file; mcuprof.toml beside the model while it is empty"));
  m_file->setPlaceholderText(tr("mcuprof.toml beside the model"));
  m_file->setClearButtonEnabled(true);
  auto* choose = new QToolButton(this);
  choose->setObjectName(QStringLiteral("budget-browse"));
  choose->setText(tr("Open …"));
  choose->setAccessibleName(tr("Open a budget file"));
  choose->setToolTip(tr("Open a budget file"));
  setUpSummary(*m_summary, "budget-summary");
  m_table->setModel(m_model);
  setUpTable(*m_table, "budget-table", tr("Limits"));
  m_table->horizontalHeader()->setStretchLastSection(true);
  m_table->setItemDelegateForColumn(BudgetModel::Used, new HeadroomDelegate(this));

  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 4, 6, 0);
  row->addWidget(m_file, 1);
  row->addWidget(choose);
  QVBoxLayout* layout = fillView(*this);
  layout->addLayout(row);
  layout->addWidget(m_summary);
  layout->addWidget(m_table, 1);
  layout->addStretch(0);
  connect(m_file, &QLineEdit::editingFinished, this, [this] { recompute(); });
  connect(choose, &QToolButton::clicked, this, [this] { browse(); });
  connect(&Measurements::of(bench.session), &Measurements::runsChanged, this,
          [this] { refresh(); });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& now) {
            const int layer = now.isValid() ? m_model->layerAt(now.row()) : -1;
            if (layer < 0) return;
            this->bench().selection.select(layer);
            this->bench().selection.reveal(layer);
          });
  setFocusProxy(m_table);
}

void BudgetsView::browse() {
  const QString chosen = QFileDialog::getOpenFileName(
      this, tr("Open a budget file"), m_file->text(), tr("Budgets (*.toml);;All files (*)"));
  if (chosen.isEmpty()) return;
  m_file->setText(chosen);
  recompute();
}

std::string BudgetsView::file() const {
  const std::string typed = m_file->text().trimmed().toStdString();
  if (!typed.empty() || !snapshot()) return typed;
  return (std::filesystem::path(snapshot()->setup.model).parent_path() / "mcuprof.toml").string();
}

void BudgetsView::compute() {
  const SnapshotPtr now = snapshot();
  if (!now) {
    show(nullptr, tr("Open a model to hold it against a budget."));
    return;
  }
  const std::string path = file();
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    show(nullptr,
         tr("There is no budget %1. A budget file says what a model may cost; "
            "\"mcuprof check --init --boards %2 MODEL.tflite\" writes one to start from.")
             .arg(QString::fromStdString(path), QString::fromStdString(now->report.boardName)));
    return;
  }
  work().start([this, now, path,
                database = Measurements::of(bench().session).database()]() -> Background::Delivery {
    auto judged = std::make_shared<Judged>(judgeModel(path, *now, database));
    return [this, judged] { show(judged->report, QString::fromStdString(judged->problem)); };
  });
}

void BudgetsView::show(std::shared_ptr<const CheckReport> report, const QString& problem) {
  m_report = std::move(report);
  if (!showReport(*m_table, *m_model, *m_summary, m_report, problem)) return;
  m_summary->setText(m_report->findings.empty()
                         ? tr("No limit of %1 is for this model on this board.")
                               .arg(QString::fromStdString(m_report->budgetFile))
                         : tr("%1: %2").arg(QString::fromStdString(m_report->budgetFile),
                                            QString::fromStdString(countsText(*m_report))));
}

Result<void> BudgetsView::setOption(const QString& name, const QString& value) {
  if (name != QLatin1String("file"))
    return Error{"", fmt::format("no option \"{}\"; there is file", name.toStdString())};
  m_file->setText(value);
  recompute();
  return {};
}

QString BudgetsView::summary() const {
  return m_summary->text();
}

std::string BudgetsView::csv() const {
  if (!m_report || m_report->findings.empty()) return {};
  CsvText out({"outcome", "rule", "model", "board", "runtime", "subject", "value", "low", "high",
               "limit", "used", "line", "message"});
  const auto number = [](double value) { return fmt::format("{:.9g}", value); };
  for (const Finding& finding : m_report->findings) {
    const auto share = usedShare(finding);
    out.row({std::string(nameOf(finding.outcome)), finding.rule, finding.model, finding.board,
             finding.runtime, finding.subject, finding.value ? number(finding.value->value) : "",
             finding.value ? number(finding.value->low) : "",
             finding.value && std::isfinite(finding.value->high) ? number(finding.value->high) : "",
             finding.limit ? number(*finding.limit) : "", share ? number(*share) : "",
             finding.place.line > 0 ? std::to_string(finding.place.line) : "", finding.message});
  }
  return out.text();
}

std::string BudgetsView::command() const {
  const Setup& setup = bench().session.setup();
  std::string out = fmt::format("mcuprof check --budget '{}' --boards {}", file(), setup.board);
  if (!setup.model.empty()) out += fmt::format(" '{}'", setup.model);
  return out;
}

}  // namespace mcuprof::gui
