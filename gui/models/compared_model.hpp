#pragma once

#include <QAbstractTableModel>

#include "gui/charts/prediction_chart.hpp"

namespace mcuprof::gui {

/// The layers of a run that have a prediction and a time, the worst predicted first.
class ComparedModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column : std::uint8_t {
    Number,
    Operator,
    Predicted,
    Timed,
    Residual,
    Inside,
    Cause,
    kColumnCount
  };

  using QAbstractTableModel::QAbstractTableModel;

  /// nullptr: none.
  void setRun(const db::RunRecord* run);
  /// Position of the row's layer in the run, from 0.
  int layerAt(int row) const { return m_rows[static_cast<std::size_t>(row)].compared.layer; }
  /// -1: the layer has no row.
  int rowOf(int layer) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  struct Row {
    ComparedLayer compared;
    QString kind;
    QString cause;
  };
  std::vector<Row> m_rows;
  QString m_word;
};

}  // namespace mcuprof::gui
