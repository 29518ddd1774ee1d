#pragma once

#include <vector>

#include "analyzer/report/assumptions.hpp"
#include "gui/models/column_table.hpp"

namespace mcuprof::gui {

/// One row a fact that the numbers rest on, with its basis and source.
class AssumptionsModel : public ColumnTable {
  Q_OBJECT
 public:
  enum Column : std::uint8_t { Of, What, Value, Baseline, BasisName, Source, kColumnCount };

  explicit AssumptionsModel(QObject* parent = nullptr);

  /// `baseline`: the value that each row has there; empty outside of a comparison.
  void setRows(std::vector<FactRow> rows, std::vector<QString> baseline = {});
  const std::vector<QString>& baseline() const { return m_baseline; }
  const std::vector<FactRow>& rows() const { return m_rows; }

 protected:
  int countRows() const override { return static_cast<int>(m_rows.size()); }
  /// Of BasisName the order of trust, the strongest first, to sort by.
  QVariant raw(int row, int column) const override;
  QString shown(int row, int column) const override;
  QVariant extra(int row, int column, int role) const override;

 private:
  std::vector<FactRow> m_rows;
  std::vector<QString> m_baseline;
};

}  // namespace mcuprof::gui
