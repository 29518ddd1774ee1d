#pragma once

#include <memory>

#include "analyzer/report/report_diff.hpp"
#include "gui/models/column_table.hpp"

namespace mcuprof::gui {

/// One row a layer of either side, with what changed; raw values under kRawRole.
class DifferenceModel : public ColumnTable {
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

  explicit DifferenceModel(QObject* parent = nullptr);

  void setDifference(std::shared_ptr<const ReportDiff> diff);
  /// Position of a row's layer in the new report; -1: removed.
  int layerOf(int row) const;

 protected:
  int countRows() const override;
  QVariant raw(int row, int column) const override;
  QString shown(int row, int column) const override;
  QVariant extra(int row, int column, int role) const override;

 private:
  std::shared_ptr<const ReportDiff> m_diff;
};

}  // namespace mcuprof::gui
