#include "gui/views/lazy_view.hpp"

namespace mcuprof::gui {

void LazyView::refresh() {
  m_stale = true;
  if (isVisible()) recompute();
}

void LazyView::showEvent(QShowEvent* event) {
  View::showEvent(event);
  if (m_stale) recompute();
}

void LazyView::recompute() {
  m_stale = false;
  compute();
}

void LazyView::settle() {
  if (m_stale) recompute();
  m_work->finish();
}

}  // namespace mcuprof::gui
