#include "gui/models/layer_proxy.hpp"

#include "gui/models/layers_model.hpp"

namespace mcuprof::gui {

LayerProxy::LayerProxy(Selection& selection, QObject* parent)
    : QSortFilterProxyModel(parent), m_selection(selection) {
  setSortRole(kRawRole);
  connect(&selection, &Selection::filterChanged, this, [this] { invalidateFilter(); });
}

bool LayerProxy::filterAcceptsRow(int row, const QModelIndex&) const {
  return row >= m_selection.count() || m_selection.matches(row);
}

bool LayerProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const QVariant a = left.data(kRawRole);
  const QVariant b = right.data(kRawRole);
  if (a.isValid() != b.isValid()) return (sortOrder() == Qt::AscendingOrder) == a.isValid();
  if (a.typeId() == QMetaType::QString)
    return QString::compare(a.toString(), b.toString(), Qt::CaseInsensitive) < 0;
  return a.toDouble() < b.toDouble();
}

}  // namespace mcuprof::gui
