#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "analyzer/report/fit_report.hpp"

namespace mcuprof::gui {

/// One model against boards, a row a board. Raw values are under kRawRole.
class FitModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column : std::uint8_t {
    Board,
    VerdictWord,
    Arena,
    Region,
    ArenaShare,
    Flash,
    FlashSize,
    FlashShare,
    Reason,
    kColumnCount,
  };

  using QAbstractTableModel::QAbstractTableModel;

  /// A report of one model; nullptr: none.
  void setReport(std::shared_ptr<const FitReport> report);
  /// The board of the session, shown in bold.
  void setCurrent(const std::string& board);
  const std::string& boardAt(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  QVariant raw(const FitCell& cell, int column) const;
  QString shown(const FitCell& cell, int column) const;

  std::shared_ptr<const FitReport> m_report;
  std::string m_current;
};

}  // namespace mcuprof::gui
