#include "gui/views/working_set_view.hpp"

#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_diff.hpp"
#include "gui/views/mode_bar.hpp"

namespace mcuprof::gui {

WorkingSetView::WorkingSetView(const Workbench& bench, QWidget* parent)
    : View(bench, parent),
      m_chart(new WorkingSetChart(bench.selection, this)),
      m_difference(new DifferenceChart(bench.selection, tr("Difference of working sets"), this)),
      m_stack(new QStackedLayout) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(new ModeBar(*this, this));
  m_stack->addWidget(m_chart);
  m_stack->addWidget(m_difference);
  layout->addLayout(m_stack, 1);
  connect(m_difference, &ChartBase::statusText, this, &View::statusText);
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  connect(m_chart, &WorkingSetChart::usableDragged, this, [this](qint64 bytes) {
    if (!snapshot()) return;
    const BudgetReport& sram = snapshot()->report.sram;
    // What is taken from RAM stays; only the total follows the line.
    const std::int64_t taken = sram.total.value - sram.usable.value;
    this->bench().session.change(
        [&](Setup& s) { s.placement.sram = Bytes(std::max<std::int64_t>(1024, bytes + taken)); });
  });
  connect(m_chart, &WorkingSetChart::usableReset, this,
          [this] { this->bench().session.change([](Setup& s) { s.placement.sram.reset(); }); });
  setFocusProxy(m_chart);
}

void WorkingSetView::refresh() {
  const ReportDiff* diff = difference();
  if (diff != nullptr) {
    m_difference->setBars(
        barsOf(*diff, &LayerDifference::workingSet, tr("working set"), Unit::Bytes), Unit::Bytes);
  }
  m_stack->setCurrentIndex(diff != nullptr ? 1 : 0);
  setFocusProxy(m_stack->currentWidget());
  m_chart->invalidate();
}

const ChartBase* WorkingSetView::chart() const {
  return m_stack->currentIndex() == 1 ? static_cast<const ChartBase*>(m_difference) : m_chart;
}

std::string WorkingSetView::csv() const {
  if (const ReportDiff* diff = difference()) return renderDiffCsv(*diff);
  return snapshot() ? renderCsv(snapshot()->report) : std::string();
}

QStringList WorkingSetView::modes() const {
  return {QStringLiteral("layer"), QStringLiteral("cumulative"), QStringLiteral("log")};
}

QString WorkingSetView::mode() const {
  return modes().at(static_cast<int>(m_chart->mode()));
}

void WorkingSetView::setMode(const QString& mode) {
  const auto index = modes().indexOf(mode);
  if (index < 0) return;
  m_chart->setMode(static_cast<WorkingSetMode>(index));
  Q_EMIT modeChanged(mode);
}

}  // namespace mcuprof::gui
