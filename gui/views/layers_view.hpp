#pragma once

#include "gui/views/view.hpp"

class QLabel;
class QLineEdit;
class QStackedLayout;
class QTableView;

namespace mcuprof::gui {

class DifferenceModel;
class LayersModel;
class LayerProxy;

/// The table of all layers with the filter box that all views obey; of both sides' layers and what
/// changed while the difference is shown.
class LayersView : public View {
  Q_OBJECT
 public:
  explicit LayersView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  QLineEdit* filterBox() const { return m_filter; }
  QTableView* table() const { return m_table; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void showLayer(int layer);
  void showFilter();
  void copy(bool markdown) const;

  LayersModel* m_model;
  LayerProxy* m_proxy;
  QLineEdit* m_filter;
  QLabel* m_count;
  QTableView* m_table;
  DifferenceModel* m_changes;
  QTableView* m_changeTable;
  QStackedLayout* m_stack;
};

}  // namespace mcuprof::gui
