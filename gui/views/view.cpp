#include "gui/views/view.hpp"

#include <QContextMenuEvent>

namespace mcuprof::gui {

View::View(Workbench bench, QWidget* parent) : QWidget(parent), m_bench(bench) {
  connect(&bench.session, &Session::changed, this, [this] { refresh(); });
}

const ReportDiff* View::difference() const {
  const SnapshotPtr& now = m_bench.session.snapshot();
  if (m_bench.session.side() != Side::Difference || !now || !now->difference) return nullptr;
  return &*now->difference;
}

std::shared_ptr<const ReportDiff> View::sharedDifference() const {
  const ReportDiff* diff = difference();
  return diff == nullptr ? nullptr : std::shared_ptr<const ReportDiff>(snapshot(), diff);
}

void View::contextMenuEvent(QContextMenuEvent* event) {
  Q_EMIT menuRequested(event->globalPos());
}

}  // namespace mcuprof::gui
