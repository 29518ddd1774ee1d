#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "gui/session/snapshot.hpp"

namespace mcuprof::gui {

/// Raw values of cells: numbers as double or qlonglong, texts as QString; invalid where unknown.
inline constexpr int kRawRole = Qt::UserRole;

/// One row a layer with every number of the report, in the order of the report.
class LayersModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column : std::uint8_t {
    Mark,
    Number,
    Operator,
    Name,
    Shape,
    MacCount,
    Weights,
    Input,
    Output,
    WorkingSetBytes,
    Live,
    Scratch,
    Read,
    Written,
    Spilled,
    CycleCount,
    Milliseconds,
    Interval,
    Millijoules,
    Bound,
    Kernel,
    kColumnCount,
  };

  using QAbstractTableModel::QAbstractTableModel;

  void setSnapshot(SnapshotPtr snapshot);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  QVariant raw(int row, int column) const;
  QString shown(int row, int column) const;
  QString tip(int row, int column) const;

  SnapshotPtr m_snapshot;
  std::vector<const CostRow*> m_costs;
};

}  // namespace mcuprof::gui
