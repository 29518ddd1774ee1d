#include "gui/views/chart_view.hpp"

#include <QStackedLayout>
#include <QVBoxLayout>

#include "analyzer/report/render_diff.hpp"
#include "gui/views/mode_bar.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {

void ChartView::build(ChartBase& chart, const QStringList& modes, const QString& differenceName) {
  m_modes = modes;
  m_chart = &chart;
  m_stack = new QStackedLayout;
  m_stack->addWidget(m_chart);
  QVBoxLayout* layout = fillView(*this);
  layout->addWidget(new ModeBar(*this, this));
  layout->addLayout(m_stack, 1);
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  setFocusProxy(m_chart);
  if (differenceName.isEmpty()) return;
  m_difference = new DifferenceChart(bench().selection, differenceName, this);
  m_stack->addWidget(m_difference);
  connect(m_difference, &ChartBase::statusText, this, &View::statusText);
}

void ChartView::refresh() {
  const ReportDiff* diff = m_difference == nullptr ? nullptr : difference();
  if (diff != nullptr) showDifference(*diff, *m_difference);
  m_stack->setCurrentIndex(diff != nullptr ? 1 : 0);
  setFocusProxy(m_stack->currentWidget());
  showChart();
}

const ChartBase* ChartView::chart() const {
  return static_cast<const ChartBase*>(m_stack->currentWidget());
}

std::string ChartView::csv() const {
  if (const ReportDiff* diff = difference()) return renderDiffCsv(*diff);
  return snapshot() ? chartCsv() : std::string();
}

void ChartView::setMode(const QString& mode) {
  const auto index = m_modes.indexOf(mode);
  if (index < 0) return;
  m_mode = index;
  refresh();
  Q_EMIT modeChanged(mode);
}

}  // namespace mcuprof::gui
