#include "gui/views/movement_view.hpp"

#include <fmt/format.h>

#include "gui/views/csv_text.hpp"

namespace mcuprof::gui {
namespace {

std::string bytesCsv(const Report& report) {
  CsvText csv({"layer", "operator", "memory", "purpose", "read_bytes", "written_bytes",
               "read_touched_bytes", "written_touched_bytes"});
  const auto maybe = [](const std::optional<Bytes>& bytes) {
    return bytes ? std::to_string(bytes->value) : std::string();
  };
  for (const LedgerRow& row : report.ledger) {
    csv.row({std::to_string(row.layer), report.layers[static_cast<std::size_t>(row.layer - 1)].kind,
             row.memory, row.purpose, std::to_string(row.read.value),
             std::to_string(row.written.value), maybe(row.readTouched), maybe(row.writtenTouched)});
  }
  return csv.text();
}

std::string energyCsv(const Report& report, const Movement& data) {
  CsvText csv({"layer", "operator", "computing_mj", "flash_wait_mj", "ram_wait_mj", "card_wait_mj",
               "card_mj", "movement_mj", "total_mj"});
  const auto real = [](double value) { return fmt::format("{:.6f}", value); };
  for (std::size_t i = 0; i < data.layers.size(); ++i) {
    const LayerMovement& layer = data.layers[i];
    std::vector<std::string> row = {std::to_string(report.layers[i].number), report.layers[i].kind};
    const EnergyParts& e = layer.energy;
    for (const double part :
         {e.computing, e.flash, e.ram, e.cardWait, e.card, e.movement(), e.total()}) {
      row.push_back(layer.known ? real(part) : std::string());
    }
    csv.row(row);
  }
  return csv.text();
}

}  // namespace

MovementView::MovementView(const Workbench& bench, QWidget* parent)
    : ChartView(bench, parent), m_chart(new MovementChart(bench.selection, this)) {
  build(*m_chart, {QStringLiteral("purpose"), QStringLiteral("memory"), QStringLiteral("energy")},
        tr("Difference of bytes moved"));
}

void MovementView::showChart() {
  m_chart->setMode(static_cast<MovementMode>(modeIndex()));
  m_chart->setMovement(snapshot() ? movementOf(snapshot()->analysis, snapshot()->report)
                                  : Movement());
}

void MovementView::showDifference(const ReportDiff& diff, DifferenceChart& chart) {
  if (static_cast<MovementMode>(modeIndex()) == MovementMode::Energy) {
    chart.showFigure(diff, &LayerDifference::millijoules, tr("energy"), Unit::Millijoules);
  } else {
    chart.showFigure(diff, &LayerDifference::moved, tr("bytes moved"), Unit::Bytes);
  }
}

std::string MovementView::chartCsv() const {
  return m_chart->mode() == MovementMode::Energy
             ? energyCsv(snapshot()->report, m_chart->movement())
             : bytesCsv(snapshot()->report);
}

}  // namespace mcuprof::gui
