#pragma once

#include <QAbstractTableModel>
#include <QFont>
#include <span>

namespace mcuprof::gui {

/// Raw values of cells: numbers as double or qlonglong, texts as QString; invalid where unknown.
inline constexpr int kRawRole = Qt::UserRole;

struct TableColumn {
  const char* title = "";
  const char* tip = "";  ///< of the header
  Qt::AlignmentFlag align = Qt::AlignLeft;
};

inline QFont boldFont() {
  QFont font;
  font.setBold(true);
  return font;
}

/// A table of fixed columns. A model says how many rows there are, what a cell holds and how it
/// reads; titles, alignment and a screen reader's text are the same for all.
class ColumnTable : public QAbstractTableModel {
  Q_OBJECT
 public:
  int rowCount(const QModelIndex& parent = {}) const final;
  int columnCount(const QModelIndex& parent = {}) const final;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const final;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 protected:
  /// `columns` outlive the model.
  ColumnTable(std::span<const TableColumn> columns, QObject* parent)
      : QAbstractTableModel(parent), m_columns(columns) {}

  virtual int countRows() const = 0;
  virtual QVariant raw(int row, int column) const = 0;
  virtual QString shown(int row, int column) const { return raw(row, column).toString(); }
  /// Roles beyond text, raw value and alignment: tips, decorations, fonts.
  virtual QVariant extra(int, int, int) const { return {}; }
  /// Numbers are others in every row; the rows are the same.
  void touchAll();

  const TableColumn& columnAt(int column) const {
    return m_columns[static_cast<std::size_t>(column)];
  }

 private:
  std::span<const TableColumn> m_columns;
};

}  // namespace mcuprof::gui
