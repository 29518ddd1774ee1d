#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "analyzer/report/assumptions.hpp"

namespace mcuprof::gui {

/// One row a fact that the numbers rest on, with its basis and source.
class AssumptionsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column : std::uint8_t { Of, What, Value, BasisName, Source, kColumnCount };

  using QAbstractTableModel::QAbstractTableModel;

  void setRows(std::vector<FactRow> rows);
  const std::vector<FactRow>& rows() const { return m_rows; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  /// Qt::UserRole of BasisName is the order of trust, the strongest first, to sort by.
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  std::vector<FactRow> m_rows;
};

}  // namespace mcuprof::gui
