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

/// Of a report, which says what its memories give and take but not what that costs; a memory of one
/// side only moves nothing on the other.
std::vector<DifferenceBar> barsOf(const std::vector<MemoryDifference>& memories) {
  std::vector<DifferenceBar> out;
  for (const auto& [memory, bytes] : memories) {
    DifferenceBar bar;
    bar.label = toQt(memory);
    bar.change = bytes.change->value;
    bar.sentence =
        QStringLiteral("%1, bytes moved in one inference: %2, baseline %3, change %4")
            .arg(bar.label, exact(bytes.fresh->value, Unit::Bytes),
                 exact(bytes.base->value, Unit::Bytes), signedHuman(bar.change, Unit::Bytes));
    out.push_back(std::move(bar));
  }
  return out;
}

std::string movedCsv(const std::vector<MemoryDifference>& memories) {
  CsvText csv({"memory", "figure", "base", "new", "change"});
  const auto text = [](const std::optional<Estimate>& bytes) {
    return fmt::format("{:.0f}", bytes->value);
  };
  for (const auto& [memory, bytes] : memories)
    csv.row({memory, "moved_bytes", text(bytes.base), text(bytes.fresh), text(bytes.change)});
  return csv.text();
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

void MemoriesView::showDifference(const ReportDiff& diff, DifferenceChart& chart) {
  if (!snapshot()->baseline->snapshot) {
    chart.setBars(barsOf(diff.memories), Unit::Bytes,
                  tr("bytes moved in one inference; a report does not say what moving costs"));
    return;
  }
  chart.setBars(barsOf(pairs()), Unit::Milliseconds, tr("time of 1 MiB"));
}

std::vector<MemoryPair> MemoriesView::pairs() const {
  return pairMemoryCosts(costsOf(*snapshot()), costsOf(*snapshot()->baseline->snapshot));
}

std::string MemoriesView::csv() const {
  const ReportDiff* diff = difference();
  if (diff == nullptr) return ChartView::csv();
  if (!snapshot()->baseline->snapshot) return movedCsv(diff->memories);
  static const std::optional<double> kUnknown;
  CsvText csv({"memory", "direction", "bytes", "figure", "base", "new", "change"});
  for (const MemoryPair& pair : pairs()) {
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
