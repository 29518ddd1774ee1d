#include "gui/views/memories_view.hpp"

#include <fmt/format.h>

#include "gui/session/qt_text.hpp"
#include "gui/views/csv_text.hpp"

namespace mcuprof::gui {
namespace {

std::vector<MemoryCost> costsOf(const Snapshot& of) {
  return memoryCosts(of.analysis.target->board, of.analysis.cycles.state);
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : std::string();
}

std::vector<DifferenceBar> barsOf(const std::vector<MemoryPair>& pairs) {
  std::vector<DifferenceBar> out;
  const auto side = [](const std::optional<MemoryCost>& cost) {
    if (!cost) return QStringLiteral("not there");
    QString text = cost->milliseconds ? human(*cost->milliseconds, Unit::Milliseconds)
                                      : QStringLiteral("unknown");
    if (cost->millijoules)
      text += QStringLiteral(" and ") + human(*cost->millijoules, Unit::Millijoules);
    return text;
  };
  for (const MemoryPair& pair : pairs) {
    DifferenceBar bar;
    bar.kind = !pair.base    ? LayerChange::Inserted
               : !pair.fresh ? LayerChange::Removed
                             : LayerChange::Same;
    bar.label = QStringLiteral("%1 %2").arg(
        toQt(pair.memory()), pair.write() ? QStringLiteral("write") : QStringLiteral("read"));
    const double base = pair.base ? pair.base->milliseconds.value_or(0) : 0;
    const double fresh = pair.fresh ? pair.fresh->milliseconds.value_or(0) : 0;
    bar.change = fresh - base;
    bar.sentence = QStringLiteral("%1 of 1 MiB: %2, baseline %3, change %4")
                       .arg(bar.label, side(pair.fresh), side(pair.base),
                            signedHuman(bar.change, Unit::Milliseconds));
    out.push_back(std::move(bar));
  }
  return out;
}

}  // namespace

MemoriesView::MemoriesView(const Workbench& bench, QWidget* parent)
    : ChartView(bench, parent), m_chart(new MemoryCostChart(bench.selection, this)) {
  build(*m_chart, {QStringLiteral("log"), QStringLiteral("linear")}, tr("Difference of memories"));
}

void MemoriesView::showChart() {
  m_chart->setLog(modeIndex() == 0);
  m_chart->setCosts(snapshot() ? costsOf(*snapshot()) : std::vector<MemoryCost>());
}

void MemoriesView::showDifference(const ReportDiff&, DifferenceChart& chart) {
  const BaselinePtr& baseline = bench().session.baseline();
  if (!baseline->snapshot) {
    chart.showNothing(
        tr("The baseline is a report, which does not describe its board's memories. "
           "Open a model as the baseline."));
    return;
  }
  chart.setBars(barsOf(pairs()), Unit::Milliseconds);
}

std::vector<MemoryPair> MemoriesView::pairs() const {
  const BaselinePtr& baseline = bench().session.baseline();
  if (!snapshot() || !baseline || !baseline->snapshot) return {};
  return pairMemoryCosts(costsOf(*snapshot()), costsOf(*baseline->snapshot));
}

std::string MemoriesView::csv() const {
  if (difference() == nullptr) return ChartView::csv();
  const std::vector<MemoryPair> all = pairs();
  if (all.empty()) return {};
  static const std::optional<double> kUnknown;
  CsvText csv({"memory", "direction", "bytes", "figure", "base", "new", "change"});
  for (const MemoryPair& pair : all) {
    for (const auto& [figure, part] :
         {std::pair("ms", &MemoryCost::milliseconds), std::pair("mj", &MemoryCost::millijoules)}) {
      const std::optional<double>& base = pair.base ? (*pair.base).*part : kUnknown;
      const std::optional<double>& fresh = pair.fresh ? (*pair.fresh).*part : kUnknown;
      csv.row({pair.memory(), pair.write() ? "write" : "read",
               std::to_string(kMemoryCostBytes.value), figure, number(base), number(fresh),
               base && fresh ? number(*fresh - *base) : std::string()});
    }
  }
  return csv.text();
}

std::string MemoriesView::chartCsv() const {
  CsvText csv({"memory", "kind", "direction", "bytes", "ms", "mj", "basis", "how"});
  for (const MemoryCost& cost : m_chart->costs()) {
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

}  // namespace mcuprof::gui
