#pragma once

#include <memory>

#include "analyzer/report/fit_report.hpp"
#include "gui/views/lazy_view.hpp"

class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace mcuprof::gui {

class FitModel;

/// The open model against every board of the catalogue: verdict, arena, flash, and the reason.
class FitView : public LazyView {
  Q_OBJECT
 public:
  explicit FitView(const Workbench& bench, QWidget* parent = nullptr);

  /// Equal to `mcuprof fit --format csv`.
  std::string csv() const override;
  std::string command() const override;
  QTableView* table() const { return m_table; }
  QString summary() const;

 protected:
  void compute() override;

 private:
  void show(std::shared_ptr<const FitReport> report, const QString& problem);

  FitModel* m_model;
  QSortFilterProxyModel* m_sorted;
  QTableView* m_table;
  QLabel* m_summary;
  std::shared_ptr<const FitReport> m_report;
  std::string m_key;  ///< what m_report was made from
};

}  // namespace mcuprof::gui
