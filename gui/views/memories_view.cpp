#include "gui/views/memories_view.hpp"

#include <fmt/format.h>

#include <QVBoxLayout>

#include "gui/views/csv_text.hpp"
#include "gui/views/mode_bar.hpp"

namespace mcuprof::gui {

MemoriesView::MemoriesView(const Workbench& bench, QWidget* parent)
    : View(bench, parent), m_chart(new MemoryCostChart(bench.selection, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(new ModeBar(*this, this));
  layout->addWidget(m_chart, 1);
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  setFocusProxy(m_chart);
}

void MemoriesView::refresh() {
  if (!snapshot()) {
    m_chart->setCosts({});
    return;
  }
  const Analysis& analysis = snapshot()->analysis;
  m_chart->setCosts(memoryCosts(analysis.target->board, analysis.cycles.state));
}

std::string MemoriesView::csv() const {
  if (!snapshot()) return {};
  CsvText csv({"memory", "kind", "direction", "bytes", "ms", "mj", "basis", "how"});
  for (const MemoryCost& cost : m_chart->costs()) {
    const auto number = [](const std::optional<double>& value) {
      return value ? fmt::format("{:.6g}", *value) : std::string();
    };
    csv.row({cost.memory, std::string(nameOf(cost.kind)), cost.write ? "write" : "read",
             std::to_string(kMemoryCostBytes.value), number(cost.milliseconds),
             number(cost.millijoules),
             cost.milliseconds ? std::string(nameOf(cost.basis)) : std::string(), cost.how});
  }
  return csv.text();
}

std::string MemoriesView::command() const {
  return "mcuprof boards show " + bench().session.setup().board;
}

QStringList MemoriesView::modes() const {
  return {QStringLiteral("log"), QStringLiteral("linear")};
}

QString MemoriesView::mode() const {
  return modes().at(m_chart->isLog() ? 0 : 1);
}

void MemoriesView::setMode(const QString& mode) {
  const auto index = modes().indexOf(mode);
  if (index < 0) return;
  m_chart->setLog(index == 0);
  Q_EMIT modeChanged(mode);
}

}  // namespace mcuprof::gui
