#pragma once

#include "gui/views/background.hpp"
#include "gui/views/view.hpp"
#include "gui/views/view_inputs.hpp"

class QCheckBox;
class QLabel;
class QSortFilterProxyModel;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace mcuprof::gui {

class RunsModel;

/// The runs of the database. Choosing one holds it against its prediction in the other views.
class RunsView : public View, public ViewInputs {
  Q_OBJECT
 public:
  explicit RunsView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  /// Equal to `mcuprof runs --format csv`.
  std::string csv() const override;
  std::string command() const override;
  void settle() override;
  /// "run": the number of the run to attach.
  Result<void> setOption(const QString& name, const QString& value) override;

  QTableView* table() const { return m_table; }
  /// What is said in place of the table; empty while there are runs.
  QString notice() const;

 private:
  struct Listing;
  void list();
  void show(Listing listing);
  void attach(std::int64_t id);
  void showAttached();

  RunsModel* m_model;
  QSortFilterProxyModel* m_sorted;
  QTableView* m_table;
  QCheckBox* m_onlyThis;
  QLabel* m_path;
  QLabel* m_notice;
  QToolButton* m_detach;
  QStackedLayout* m_stack;
  Background* m_listing;
  Background* m_loading;
};

}  // namespace mcuprof::gui
