#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "analyzer/report/report_diff.hpp"

namespace mcuprof::gui {

/// One row a layer of either side, with what changed; raw values under kRawRole.
class DifferenceModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column : std::uint8_t {
    Change,
    NewNumber,
    BaseNumber,
    Operator,
    Name,
    What,
    WorkingSetNew,
    WorkingSetChange,
    MovedChange,
    SpilledChange,
    CyclesChange,
    MillisecondsChange,
    MillijoulesChange,
    kColumnCount,
  };

  using QAbstractTableModel::QAbstractTableModel;

  void setDifference(std::shared_ptr<const ReportDiff> diff);
  /// Position of a row's layer in the new report; -1: removed.
  int layerOf(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  QVariant raw(const LayerDifference& layer, int column) const;

  std::shared_ptr<const ReportDiff> m_diff;
};

}  // namespace mcuprof::gui
