#pragma once

#include <vector>

#include "gui/models/column_table.hpp"
#include "gui/session/snapshot.hpp"

namespace mcuprof::gui {

/// One row a layer with every number of the report, in the order of the report.
class LayersModel : public ColumnTable {
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

  explicit LayersModel(QObject* parent = nullptr);

  void setSnapshot(SnapshotPtr snapshot);

 protected:
  int countRows() const override;
  QVariant raw(int row, int column) const override;
  QString shown(int row, int column) const override;
  QVariant extra(int row, int column, int role) const override;

 private:
  QString tip(int row, int column) const;

  SnapshotPtr m_snapshot;
  std::vector<const CostRow*> m_costs;
};

}  // namespace mcuprof::gui
