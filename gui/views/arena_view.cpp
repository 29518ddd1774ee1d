#include "gui/views/arena_view.hpp"

#include "analyzer/report/render_csv.hpp"
#include "gui/views/csv_text.hpp"

namespace mcuprof::gui {
namespace {

const char* nameOfKind(ArenaStay::Kind kind) {
  switch (kind) {
    case ArenaStay::Kind::Tensor:
      return "tensor";
    case ArenaStay::Kind::Scratch:
      return "scratch";
    case ArenaStay::Kind::Block:
      return "block buffer";
  }
  return "";
}

std::string csvOf(const ArenaMap& map) {
  CsvText csv(
      {"memory", "kind", "name", "offset_bytes", "size_bytes", "first_layer", "last_layer"});
  for (const ArenaLane& lane : map.lanes) {
    for (const ArenaFixed& fixed : lane.fixed) {
      csv.row({lane.name.toStdString(), fixed.text.toStdString(), "", std::to_string(fixed.offset),
               std::to_string(fixed.size), "", ""});
    }
  }
  for (const ArenaStay& stay : map.stays) {
    csv.row({map.lanes[static_cast<std::size_t>(stay.lane)].name.toStdString(),
             nameOfKind(stay.kind), map.names[static_cast<std::size_t>(stay.name)].toStdString(),
             std::to_string(stay.offset), std::to_string(stay.size), std::to_string(stay.first + 1),
             std::to_string(stay.end)});
  }
  return csv.text();
}

}  // namespace

ArenaView::ArenaView(const Workbench& bench, QWidget* parent)
    : ChartView(bench, parent), m_chart(new ArenaChart(bench.selection, this)) {
  build(*m_chart, {QStringLiteral("memories"), QStringLiteral("arena")},
        tr("Difference of live buffers"));
}

void ArenaView::showChart() {
  m_chart->setMap(snapshot() ? mapOfArena(snapshot()->analysis, arenaMode()) : ArenaMap());
}

void ArenaView::showDifference(const ReportDiff& diff, DifferenceChart& chart) {
  chart.showFigure(diff, &LayerDifference::live, tr("live buffers"), Unit::Bytes);
}

std::string ArenaView::chartCsv() const {
  if (arenaMode() == ArenaMode::Memories) return csvOf(m_chart->map());
  const Analysis& analysis = snapshot()->analysis;
  return renderCsv(buildArenaReport(*analysis.graph, analysis.schedule, analysis.arena,
                                    analysis.target->core, analysis.target->runtime,
                                    snapshot()->report.provenance));
}

std::string ArenaView::command() const {
  if (arenaMode() == ArenaMode::Memories) return View::command();
  // The plan of the runtime depends on the board's core and the runtime only.
  Setup setup;
  setup.model = bench().session.setup().model;
  setup.board = bench().session.setup().board;
  setup.runtime = bench().session.setup().runtime;
  setup.targets = bench().session.setup().targets;
  std::string out = commandFor(setup);
  return out.replace(out.find("analyze"), 7, "arena");
}

}  // namespace mcuprof::gui
