#include "gui/views/time_view.hpp"

#include <QStackedLayout>
#include <QVBoxLayout>

#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_diff.hpp"
#include "gui/views/mode_bar.hpp"

namespace mcuprof::gui {

TimeView::TimeView(const Workbench& bench, QWidget* parent)
    : View(bench, parent),
      m_chart(new CostChart(bench.selection, this)),
      m_difference(new DifferenceChart(bench.selection, tr("Difference of time and energy"), this)),
      m_stack(new QStackedLayout) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(new ModeBar(*this, this));
  m_stack->addWidget(m_chart);
  m_stack->addWidget(m_difference);
  layout->addLayout(m_stack, 1);
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  connect(m_difference, &ChartBase::statusText, this, &View::statusText);
  setFocusProxy(m_chart);
}

void TimeView::refresh() {
  if (const ReportDiff* diff = difference(); diff == nullptr) {
    m_stack->setCurrentIndex(0);
  } else {
    switch (m_chart->mode()) {
      case CostMode::Milliseconds:
        m_difference->setBars(
            barsOf(*diff, &LayerDifference::milliseconds, tr("time"), Unit::Milliseconds),
            Unit::Milliseconds);
        break;
      case CostMode::Millijoules:
        m_difference->setBars(
            barsOf(*diff, &LayerDifference::millijoules, tr("energy"), Unit::Millijoules),
            Unit::Millijoules);
        break;
      case CostMode::Cycles:
      case CostMode::CyclesPerMac:
        m_difference->setBars(barsOf(*diff, &LayerDifference::cycles, tr("cycles"), Unit::Cycles),
                              Unit::Cycles);
        break;
    }
    m_stack->setCurrentIndex(1);
  }
  setFocusProxy(m_stack->currentWidget());
  m_chart->invalidate();
}

const ChartBase* TimeView::chart() const {
  return m_stack->currentIndex() == 1 ? static_cast<const ChartBase*>(m_difference) : m_chart;
}

std::string TimeView::csv() const {
  if (const ReportDiff* diff = difference()) return renderDiffCsv(*diff);
  return snapshot() ? renderCsv(snapshot()->report) : std::string();
}

QStringList TimeView::modes() const {
  return {QStringLiteral("ms"), QStringLiteral("cycles"), QStringLiteral("mJ"),
          QStringLiteral("cycles/MAC")};
}

QString TimeView::mode() const {
  return modes().at(static_cast<int>(m_chart->mode()));
}

void TimeView::setMode(const QString& mode) {
  const auto index = modes().indexOf(mode);
  if (index < 0) return;
  m_chart->setMode(static_cast<CostMode>(index));
  if (difference() != nullptr) refresh();
  Q_EMIT modeChanged(mode);
}

}  // namespace mcuprof::gui
