#pragma once

#include <QSortFilterProxyModel>

#include "gui/session/selection.hpp"

namespace mcuprof::gui {

/// Sorts a table of layers by raw values, unknown ones last, and shows what the selection's filter
/// lets through. Rows of the source are layers.
class LayerProxy : public QSortFilterProxyModel {
  Q_OBJECT
 public:
  explicit LayerProxy(Selection& selection, QObject* parent = nullptr);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  Selection& m_selection;
};

}  // namespace mcuprof::gui
