#pragma once

#include "gui/charts/prediction_chart.hpp"
#include "gui/models/column_table.hpp"

namespace mcuprof::gui {

/// The layers of a run that have a prediction and a time, the worst predicted first.
class ComparedModel : public ColumnTable {
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

  explicit ComparedModel(QObject* parent = nullptr);

  /// nullptr: none.
  void setRun(const db::RunRecord* run);
  /// Position of the row's layer in the run, from 0.
  int layerAt(int row) const { return m_rows[static_cast<std::size_t>(row)].compared.layer; }
  /// -1: the layer has no row.
  int rowOf(int layer) const;

  /// The title of the times is the run's provenance.
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 protected:
  int countRows() const override { return static_cast<int>(m_rows.size()); }
  QVariant raw(int row, int column) const override;
  QString shown(int row, int column) const override;
  QVariant extra(int row, int column, int role) const override;

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
