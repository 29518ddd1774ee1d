#include "gui/views/timeline_view.hpp"

#include <fmt/format.h>

#include <QVBoxLayout>

#include "gui/views/csv_text.hpp"
#include "gui/views/mode_bar.hpp"

namespace mcuprof::gui {

TimelineView::TimelineView(const Workbench& bench, QWidget* parent)
    : View(bench, parent), m_chart(new TimelineChart(bench.selection, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(new ModeBar(*this, this));
  layout->addWidget(m_chart, 1);
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  setFocusProxy(m_chart);
}

void TimelineView::refresh() {
  m_chart->setTimeline(
      snapshot() ? timelineOf(snapshot()->report.costs, m_chart->mode()) : Timeline(),
      m_chart->mode());
}

std::string TimelineView::csv() const {
  if (!snapshot()) return {};
  CsvText csv({"layer", "operator", "name", "start_ms", "end_ms", "compute_ms", "flash_ms",
               "sram_ms", "sd_ms", "runtime_ms", "bound"});
  const auto real = [](double value) { return fmt::format("{:.6f}", value); };
  for (const TimelineSpan& span : m_chart->timeline().spans) {
    const CostRow& row = snapshot()->report.costs.layers[static_cast<std::size_t>(span.cost)];
    std::vector<std::string> cells = {std::to_string(row.number), row.kind, row.name};
    for (const double value : {span.start, span.end}) {
      cells.push_back(row.known ? real(value) : std::string());
    }
    for (const double value : span.parts) cells.push_back(row.known ? real(value) : std::string());
    cells.push_back(row.bound);
    csv.row(cells);
  }
  return csv.text();
}

QStringList TimelineView::modes() const {
  return {QStringLiteral("order"), QStringLiteral("heavy")};
}

QString TimelineView::mode() const {
  return modes().at(static_cast<int>(m_chart->mode()));
}

void TimelineView::setMode(const QString& mode) {
  const auto index = modes().indexOf(mode);
  if (index < 0) return;
  const auto wanted = static_cast<TimelineMode>(index);
  m_chart->setTimeline(snapshot() ? timelineOf(snapshot()->report.costs, wanted) : Timeline(),
                       wanted);
  Q_EMIT modeChanged(mode);
}

}  // namespace mcuprof::gui
