#include "gui/models/column_table.hpp"

namespace mcuprof::gui {

int ColumnTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : countRows();
}

int ColumnTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant ColumnTable::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const int row = index.row();
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return shown(row, column);
    case kRawRole:
      return raw(row, column);
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1 %2").arg(headerData(column, Qt::Horizontal).toString(),
                                         shown(row, column));
    case Qt::TextAlignmentRole:
      return int(Qt::AlignVCenter | columnAt(column).align);
    default:
      return extra(row, column, role);
  }
}

QVariant ColumnTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const TableColumn& column = columnAt(section);
  if (role == Qt::DisplayRole) return QString::fromUtf8(column.title);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(column.tip);
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignVCenter | column.align);
  return {};
}

void ColumnTable::touchAll() {
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

}  // namespace mcuprof::gui
