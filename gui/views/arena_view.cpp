#include "gui/views/arena_view.hpp"

#include <QVBoxLayout>

#include "analyzer/report/render_csv.hpp"
#include "gui/views/csv_text.hpp"
#include "gui/views/mode_bar.hpp"

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
    : View(bench, parent), m_chart(new ArenaChart(bench.selection, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(new ModeBar(*this, this));
  layout->addWidget(m_chart, 1);
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  setFocusProxy(m_chart);
}

void ArenaView::refresh() {
  m_chart->setMap(snapshot() ? mapOfArena(snapshot()->analysis, m_mode) : ArenaMap());
}

std::string ArenaView::csv() const {
  if (!snapshot()) return {};
  if (m_mode == ArenaMode::Memories) return csvOf(m_chart->map());
  const Analysis& analysis = snapshot()->analysis;
  return renderCsv(buildArenaReport(*analysis.graph, analysis.schedule, analysis.arena,
                                    analysis.target->core, analysis.target->runtime,
                                    snapshot()->report.provenance));
}

std::string ArenaView::command() const {
  if (m_mode == ArenaMode::Memories) return View::command();
  // The plan of the runtime depends on the board's core and the runtime only.
  Setup setup;
  setup.model = bench().session.setup().model;
  setup.board = bench().session.setup().board;
  setup.runtime = bench().session.setup().runtime;
  setup.targets = bench().session.setup().targets;
  std::string out = commandFor(setup);
  return out.replace(out.find("analyze"), 7, "arena");
}

QStringList ArenaView::modes() const {
  return {QStringLiteral("memories"), QStringLiteral("arena")};
}

QString ArenaView::mode() const {
  return modes().at(static_cast<int>(m_mode));
}

void ArenaView::setMode(const QString& mode) {
  const auto index = modes().indexOf(mode);
  if (index < 0) return;
  m_mode = static_cast<ArenaMode>(index);
  refresh();
  Q_EMIT modeChanged(mode);
}

}  // namespace mcuprof::gui
