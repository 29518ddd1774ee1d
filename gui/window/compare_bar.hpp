#pragma once

#include <QWidget>
#include <array>

#include "gui/session/session.hpp"

class QLabel;
class QToolButton;

namespace mcuprof::gui {

/// Which side of the comparison is shown; hidden while there is no baseline.
class CompareBar : public QWidget {
  Q_OBJECT
 public:
  explicit CompareBar(Session& session, QWidget* parent = nullptr);

 private:
  void refresh();

  Session& m_session;
  QLabel* m_name;
  std::array<QToolButton*, 3> m_sides;
};

}  // namespace mcuprof::gui
