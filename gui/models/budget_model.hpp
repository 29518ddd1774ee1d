#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "analyzer/budget/judge.hpp"

namespace mcuprof::gui {

/// How much of its limit a finding uses: 1 is all, for a minimum the other way round; nothing where
/// there is no number to compare.
std::optional<double> usedShare(const Finding& finding);

/// The findings of a check, a row each, worst first. Raw values are under kRawRole.
class BudgetModel : public QAbstractTableModel {
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

  using QAbstractTableModel::QAbstractTableModel;

  void setReport(std::shared_ptr<const CheckReport> report);
  /// Position of the layer that the row is about, -1 for none.
  int layerAt(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  QVariant raw(const Finding& finding, int column) const;
  QString shown(const Finding& finding, int column) const;

  std::shared_ptr<const CheckReport> m_report;
};

}  // namespace mcuprof::gui
