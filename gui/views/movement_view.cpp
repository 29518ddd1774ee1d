#include "gui/views/movement_view.hpp"

#include <fmt/format.h>

#include <QStackedLayout>
#include <QVBoxLayout>

#include "analyzer/report/render_diff.hpp"
#include "gui/views/csv_text.hpp"
#include "gui/views/mode_bar.hpp"

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
    : View(bench, parent),
      m_chart(new MovementChart(bench.selection, this)),
      m_difference(new DifferenceChart(bench.selection, tr("Difference of bytes moved"), this)),
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

void MovementView::refresh() {
  const ReportDiff* diff = difference();
  if (diff != nullptr) {
    const bool energy = m_chart->mode() == MovementMode::Energy;
    m_difference->setBars(
        energy ? barsOf(*diff, &LayerDifference::millijoules, tr("energy"), Unit::Millijoules)
               : barsOf(*diff, &LayerDifference::moved, tr("bytes moved"), Unit::Bytes),
        energy ? Unit::Millijoules : Unit::Bytes);
  }
  m_stack->setCurrentIndex(diff != nullptr ? 1 : 0);
  setFocusProxy(m_stack->currentWidget());
  m_chart->setMovement(snapshot() ? movementOf(snapshot()->analysis, snapshot()->report)
                                  : Movement());
}

const ChartBase* MovementView::chart() const {
  return m_stack->currentIndex() == 1 ? static_cast<const ChartBase*>(m_difference) : m_chart;
}

std::string MovementView::csv() const {
  if (const ReportDiff* diff = difference()) return renderDiffCsv(*diff);
  if (!snapshot()) return {};
  return m_chart->mode() == MovementMode::Energy
             ? energyCsv(snapshot()->report, m_chart->movement())
             : bytesCsv(snapshot()->report);
}

QStringList MovementView::modes() const {
  return {QStringLiteral("purpose"), QStringLiteral("memory"), QStringLiteral("energy")};
}

QString MovementView::mode() const {
  return modes().at(static_cast<int>(m_chart->mode()));
}

void MovementView::setMode(const QString& mode) {
  const auto index = modes().indexOf(mode);
  if (index < 0) return;
  m_chart->setMode(static_cast<MovementMode>(index));
  if (difference() != nullptr) refresh();
  Q_EMIT modeChanged(mode);
}

}  // namespace mcuprof::gui
