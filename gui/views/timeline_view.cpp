#include "gui/views/timeline_view.hpp"

#include <fmt/format.h>

#include "gui/charts/timeline_tracks.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/views/csv_text.hpp"

namespace mcuprof::gui {

TimelineView::TimelineView(const Workbench& bench, QWidget* parent)
    : ChartView(bench, parent), m_chart(new TimelineChart(bench.selection, this)) {
  build(*m_chart, {QStringLiteral("order"), QStringLiteral("heavy")});
  connect(&Measurements::of(bench.session), &Measurements::runChanged, this, [this] { refresh(); });
}

void TimelineView::showChart() {
  const auto mode = static_cast<TimelineMode>(modeIndex());
  const Timeline timeline = snapshot() ? timelineOf(snapshot()->report.costs, mode) : Timeline();
  std::vector<TimelineTrack> tracks;
  if (const ReportDiff* diff = difference()) tracks.push_back(trackOfBaseline(*diff, timeline));
  if (const db::RunRecord* run = runOfModel()) {
    if (auto track = trackOfRun(*run, timeline)) tracks.push_back(std::move(*track));
  }
  m_chart->setTimeline(timeline, mode, std::move(tracks));
}

const db::RunRecord* TimelineView::runOfModel() const {
  const db::RunRecord* run = Measurements::of(bench().session).run().get();
  const bool same =
      run != nullptr && snapshot() && snapshot()->model->file.sha256 == run->model.sha256;
  return same ? run : nullptr;
}

std::string TimelineView::chartCsv() const {
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

}  // namespace mcuprof::gui
