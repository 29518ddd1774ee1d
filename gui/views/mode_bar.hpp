#pragma once

#include <QWidget>

#include "gui/views/view.hpp"

namespace mcuprof::gui {

/// A row of exclusive buttons for the modes of a view; further widgets may be added at the right.
class ModeBar : public QWidget {
  Q_OBJECT
 public:
  ModeBar(View& view, QWidget* parent);
  void addRight(QWidget* widget);
};

}  // namespace mcuprof::gui
