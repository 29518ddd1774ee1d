#include "gui/views/fit_view.hpp"

#include <fmt/format.h>

#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "analyzer/report/render_csv.hpp"
#include "gui/models/fit_model.hpp"
#include "gui/models/headroom_delegate.hpp"
#include "gui/models/layers_model.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

struct Fitted {
  std::shared_ptr<const FitReport> report;
  std::string problem;
};

/// As `mcuprof fit MODEL` does it.
Fitted fitAll(const cli::ModelInput& model, const Setup& setup) {
  const cli::TargetOptions options{setup.runtime, setup.targets};
  auto catalogue = cli::findCatalogue(options);
  if (!catalogue) return {nullptr, catalogue.failure().error.text()};
  std::vector<InputFile> files;
  auto runtime = cli::loadRuntimeFile(*catalogue, setup.runtime, files);
  if (!runtime) return {nullptr, runtime.failure().error.text()};
  auto report = std::make_shared<FitReport>();
  report->toolVersion = MCUPROF_VERSION;
  report->runtimeName = runtime->name;
  report->models.push_back(model.file);
  for (const std::string& name : catalogue->boardNames()) {
    auto target = cli::loadTargetFiles(*catalogue, name, *runtime);
    if (!target) return {nullptr, target.failure().error.text()};
    report->boards.push_back(target->target->board.name);
    report->cells.push_back(buildFitCell(analyze(model.graph, target->target, PlacementOptions{}),
                                         0, report->boards.size() - 1));
  }
  return {std::move(report), {}};
}

}  // namespace

FitView::FitView(const Workbench& bench, QWidget* parent)
    : LazyView(bench, parent),
      m_model(new FitModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_table(new QTableView(this)),
      m_summary(new QLabel(this)) {
  setUpSummary(*m_summary, "fit-summary");
  m_sorted->setSourceModel(m_model);
  m_sorted->setSortRole(kRawRole);
  m_table->setModel(m_sorted);
  setUpTable(*m_table, "fit-table", tr("Boards"));
  m_table->setSortingEnabled(true);
  m_table->sortByColumn(FitModel::Board, Qt::AscendingOrder);
  m_table->horizontalHeader()->setStretchLastSection(true);
  auto* bars = new HeadroomDelegate(this);
  m_table->setItemDelegateForColumn(FitModel::ArenaShare, bars);
  m_table->setItemDelegateForColumn(FitModel::FlashShare, bars);
  QVBoxLayout* layout = fillView(*this);
  layout->addWidget(m_summary);
  layout->addWidget(m_table, 1);
  connect(m_table, &QTableView::activated, this, [this](const QModelIndex& at) {
    const std::string board = m_model->boardAt(m_sorted->mapToSource(at).row());
    this->bench().session.change([&](Setup& s) { s.board = board; });
  });
  setFocusProxy(m_table);
}

void FitView::compute() {
  const SnapshotPtr now = snapshot();
  if (!now) {
    m_key.clear();
    show(nullptr, tr("Open a model to hold it against every board."));
    return;
  }
  m_model->setCurrent(now->report.boardName);
  // Every board as its file describes it: options of the open one change nothing here.
  const std::string key =
      fmt::format("{}\n{}\n{}", now->model->file.sha256, now->setup.runtime, now->setup.targets);
  if (key == m_key) return;
  m_key = key;
  work().start([this, model = now->model, setup = now->setup]() -> Background::Delivery {
    auto fitted = std::make_shared<Fitted>(fitAll(*model, setup));
    return [this, fitted] { show(fitted->report, QString::fromStdString(fitted->problem)); };
  });
}

void FitView::show(std::shared_ptr<const FitReport> report, const QString& problem) {
  m_report = std::move(report);
  if (!showReport(*m_table, *m_model, *m_summary, m_report, problem)) return;
  const auto count = [this](Verdict verdict) {
    return std::ranges::count(m_report->cells, verdict, &FitCell::verdict);
  };
  m_summary->setText(tr("Of %1 boards it fits %2, streams weights on %3 and blocks on %4. Each "
                        "as its file describes it, with %5; Enter or a double click takes a board.")
                         .arg(m_report->cells.size())
                         .arg(count(Verdict::Fits))
                         .arg(count(Verdict::Streams))
                         .arg(count(Verdict::Blocks))
                         .arg(QString::fromStdString(m_report->runtimeName)));
}

QString FitView::summary() const {
  return m_summary->text();
}

std::string FitView::csv() const {
  return m_report ? renderCsv(*m_report) : std::string();
}

std::string FitView::command() const {
  Setup plain;
  plain.model = bench().session.setup().model;
  plain.runtime = bench().session.setup().runtime;
  plain.targets = bench().session.setup().targets;
  std::string out = commandFor(plain);
  const std::string lead = "mcuprof analyze --board " + plain.board;
  return "mcuprof fit" + out.substr(lead.size());
}

}  // namespace mcuprof::gui
