// Where the docks of the main window are.
#include <QDockWidget>

#include "gui/window/main_window.hpp"

namespace mcuprof::gui {
namespace {

bool wanted(const ViewEntry& entry, Preset preset) {
  return (entry.presets & preset) != 0;
}

}  // namespace

void MainWindow::applyPreset(Preset preset) {
  for (const auto& [id, widget] : m_docks) {
    widget->setFloating(false);
    removeDockWidget(widget);
  }
  // Charts at the left top, tables below them, the inspector along the side. Views of one place
  // are tabs, the wanted ones first; the others are added too, hidden, so that each has its place
  // when it is asked for.
  std::map<Place, QDockWidget*> first;
  const auto put = [&](const ViewEntry& entry) {
    QDockWidget* widget = m_docks.find(entry.id)->second;
    const auto [slot, isFirst] = first.try_emplace(entry.place, widget);
    if (!isFirst) {
      tabifyDockWidget(slot->second, widget);
    } else {
      addDockWidget(entry.place == Place::Side ? Qt::RightDockWidgetArea : Qt::LeftDockWidgetArea,
                    widget, Qt::Vertical);
    }
    widget->setVisible(wanted(entry, preset));
  };
  for (const Place place : {Place::Top, Place::Bottom, Place::Side}) {
    for (const bool round : {true, false}) {
      for (const ViewEntry& entry : listViews()) {
        if (entry.place == place && wanted(entry, preset) == round) put(entry);
      }
    }
  }
  for (const auto& [place, widget] : first) {
    if (!widget->isHidden()) widget->raise();
  }
  const auto dockOf = [&](Place place) -> QDockWidget* {
    const auto found = first.find(place);
    return found == first.end() || found->second->isHidden() ? nullptr : found->second;
  };
  QDockWidget* top = dockOf(Place::Top);
  QDockWidget* bottom = dockOf(Place::Bottom);
  QDockWidget* side = dockOf(Place::Side);
  if (top != nullptr && side != nullptr) {
    resizeDocks({top, side}, {width() * 7 / 10, width() * 3 / 10}, Qt::Horizontal);
  }
  if (top != nullptr && bottom != nullptr) {
    resizeDocks({top, bottom}, {height() * 6 / 10, height() * 4 / 10}, Qt::Vertical);
  }
}

void MainWindow::showView(std::string_view id) {
  QDockWidget* widget = dock(id);
  if (widget == nullptr) return;
  widget->show();
  widget->raise();
  widget->widget()->setFocus();
}

}  // namespace mcuprof::gui
