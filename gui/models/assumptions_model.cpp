#include "gui/models/assumptions_model.hpp"

#include <QFont>
#include <array>

namespace mcuprof::gui {
namespace {

struct ColumnInfo {
  const char* title;
  const char* tip;
};
constexpr std::array<ColumnInfo, AssumptionsModel::kColumnCount> kColumns = {{
    {"of", "What the fact is about"},
    {"what", "The fact"},
    {"value", "Its value, with the unit"},
    {"basis", "How it came about: counted, measured, datasheet, fitted, assumed, virtual"},
    {"source", "Where it is from"},
}};

QString text(std::string_view from) {
  return QString::fromUtf8(from.data(), qsizetype(from.size()));
}

}  // namespace

void AssumptionsModel::setRows(std::vector<FactRow> rows) {
  beginResetModel();
  m_rows = std::move(rows);
  endResetModel();
}

int AssumptionsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int(m_rows.size());
}

int AssumptionsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int{kColumnCount};
}

QVariant AssumptionsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const FactRow& row = m_rows[static_cast<std::size_t>(index.row())];
  const auto shown = [&](int column) -> QString {
    switch (static_cast<Column>(column)) {
      case Of:
        return text(row.group);
      case What:
        return text(row.name).trimmed();
      case Value:
        return text(row.value);
      case BasisName:
        return row.basis ? text(nameOf(*row.basis)) : QString();
      case Source:
        return text(row.source);
      case kColumnCount:
        break;
    }
    return {};
  };
  switch (role) {
    case Qt::DisplayRole:
      return shown(index.column());
    case Qt::ToolTipRole:
      return QStringLiteral("%1, %2: %3").arg(shown(Of), shown(What), shown(Value)) +
             (row.basis ? QStringLiteral("\n[%1: %2]").arg(shown(BasisName), shown(Source))
                        : QString());
    case Qt::UserRole:
      if (index.column() == BasisName) return row.basis ? int(*row.basis) : 100;
      return shown(index.column());
    case Qt::FontRole:
      // Told apart by weight, not by colour: what may be wrong.
      if (index.column() == BasisName && row.basis && *row.basis == Basis::Assumed) {
        QFont font;
        font.setBold(true);
        return font;
      }
      return {};
    default:
      return {};
  }
}

QVariant AssumptionsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumnCount) return {};
  const ColumnInfo& column = kColumns[static_cast<std::size_t>(section)];
  if (role == Qt::DisplayRole) return QString::fromUtf8(column.title);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(column.tip);
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignVCenter | Qt::AlignLeft);
  return {};
}

}  // namespace mcuprof::gui
