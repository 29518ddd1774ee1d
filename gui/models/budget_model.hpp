#pragma once

#include <memory>

#include "analyzer/budget/judge.hpp"
#include "gui/models/column_table.hpp"

namespace mcuprof::gui {

/// How much of its limit a finding uses: 1 is all, for a minimum the other way round; nothing where
/// there is no number to compare.
std::optional<double> usedShare(const Finding& finding);

/// The findings of a check, a row each, worst first. Raw values are under kRawRole.
class BudgetModel : public ColumnTable {
  Q_OBJECT
 public:
  enum Column : std::uint8_t {
    OutcomeWord,
    Subject,
    Value,
    Interval,
    Bound,
    Used,
    Place,
    Message,
    kColumnCount,
  };

  explicit BudgetModel(QObject* parent = nullptr);

  void setReport(std::shared_ptr<const CheckReport> report);
  /// Position of the layer that the row is about, -1 for none.
  int layerAt(int row) const;

 protected:
  int countRows() const override;
  QVariant raw(int row, int column) const override;
  QString shown(int row, int column) const override;
  QVariant extra(int row, int column, int role) const override;

 private:
  std::shared_ptr<const CheckReport> m_report;
};

}  // namespace mcuprof::gui
