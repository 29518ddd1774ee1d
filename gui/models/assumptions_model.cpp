#include "gui/models/assumptions_model.hpp"

#include <array>

#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<TableColumn, AssumptionsModel::kColumnCount> kColumns = {{
    {"of", "What the fact is about"},
    {"what", "The fact"},
    {"value", "Its value, with the unit"},
    {"baseline", "The value in the baseline"},
    {"basis", "How it came about: counted, measured, datasheet, fitted, assumed, virtual"},
    {"source", "Where it is from"},
}};

}  // namespace

AssumptionsModel::AssumptionsModel(QObject* parent) : ColumnTable(kColumns, parent) {}

void AssumptionsModel::setRows(std::vector<FactRow> rows, std::vector<QString> baseline) {
  beginResetModel();
  m_rows = std::move(rows);
  m_baseline = std::move(baseline);
  endResetModel();
}

QVariant AssumptionsModel::raw(int row, int column) const {
  const FactRow& fact = m_rows[static_cast<std::size_t>(row)];
  if (column == BasisName) return fact.basis ? int(*fact.basis) : 100;
  return shown(row, column);
}

QString AssumptionsModel::shown(int row, int column) const {
  const FactRow& fact = m_rows[static_cast<std::size_t>(row)];
  switch (static_cast<Column>(column)) {
    case Of:
      return toQt(fact.group);
    case What:
      return toQt(fact.name).trimmed();
    case Value:
      return toQt(fact.value);
    case Baseline:
      return m_baseline.empty() ? QString() : m_baseline[static_cast<std::size_t>(row)];
    case BasisName:
      return fact.basis ? toQt(nameOf(*fact.basis)) : QString();
    case Source:
      return toQt(fact.source);
    case kColumnCount:
      break;
  }
  return {};
}

QVariant AssumptionsModel::extra(int row, int column, int role) const {
  const FactRow& fact = m_rows[static_cast<std::size_t>(row)];
  if (role == Qt::ToolTipRole) {
    const auto part = [&](Column of) { return shown(row, of); };
    return QStringLiteral("%1, %2: %3").arg(part(Of), part(What), part(Value)) +
           (fact.basis ? QStringLiteral("\n[%1: %2]").arg(part(BasisName), part(Source))
                       : QString());
  }
  // Told apart by weight, not by colour: what may be wrong.
  if (role == Qt::FontRole && column == BasisName && fact.basis == Basis::Assumed)
    return boldFont();
  return {};
}

}  // namespace mcuprof::gui
