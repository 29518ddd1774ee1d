#pragma once

#include <memory>

#include "analyzer/budget/judge.hpp"
#include "gui/views/lazy_view.hpp"

class QLabel;
class QLineEdit;
class QTableView;

namespace mcuprof::gui {

class BudgetModel;

/// The limits of a budget file held against the open model on its board, with the headroom of each.
class BudgetsView : public LazyView {
  Q_OBJECT
 public:
  explicit BudgetsView(const Workbench& bench, QWidget* parent = nullptr);

  std::string csv() const override;
  std::string command() const override;
  /// "file".
  Result<void> setOption(const QString& name, const QString& value) override;

  const std::shared_ptr<const CheckReport>& report() const { return m_report; }
  QTableView* table() const { return m_table; }
  QString summary() const;

 protected:
  void compute() override;

 private:
  void browse();
  void show(std::shared_ptr<const CheckReport> report, const QString& problem);
  /// What is typed, else mcuprof.toml beside the model.
  std::string file() const;

  BudgetModel* m_model;
  QTableView* m_table;
  QLineEdit* m_file;
  QLabel* m_summary;
  std::shared_ptr<const CheckReport> m_report;
};

}  // namespace mcuprof::gui
