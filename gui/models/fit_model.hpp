#pragma once

#include <memory>

#include "analyzer/report/fit_report.hpp"
#include "gui/models/column_table.hpp"

namespace mcuprof::gui {

/// One model against boards, a row a board. Raw values are under kRawRole.
class FitModel : public ColumnTable {
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

  explicit FitModel(QObject* parent = nullptr);

  /// A report of one model; nullptr: none.
  void setReport(std::shared_ptr<const FitReport> report);
  /// The board of the session, shown in bold.
  void setCurrent(const std::string& board);
  const std::string& boardAt(int row) const;

 protected:
  int countRows() const override;
  QVariant raw(int row, int column) const override;
  QString shown(int row, int column) const override;
  QVariant extra(int row, int column, int role) const override;

 private:
  std::shared_ptr<const FitReport> m_report;
  std::string m_current;
};

}  // namespace mcuprof::gui
