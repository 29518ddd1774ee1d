#pragma once

#include "gui/views/view.hpp"

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTableView;

namespace mcuprof::gui {

class AssumptionsModel;

/// Every fact that the numbers rest on, with its basis and its source.
class AssumptionsView : public View {
  Q_OBJECT
 public:
  explicit AssumptionsView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  std::string command() const override;
  QTableView* table() const { return m_table; }
  QLineEdit* filterBox() const { return m_filter; }

 private:
  void showCount();
  /// Only what the baseline does not share.
  void showChanges();

  AssumptionsModel* m_model;
  QSortFilterProxyModel* m_proxy;
  QLineEdit* m_filter;
  QLabel* m_count;
  QTableView* m_table;
};

}  // namespace mcuprof::gui
