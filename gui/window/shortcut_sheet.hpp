#pragma once

#include <QDialog>
#include <vector>

class QAction;

namespace mcuprof::gui {

/// All keys on one page: those of the actions, and those of charts and tables.
class ShortcutSheet : public QDialog {
  Q_OBJECT
 public:
  ShortcutSheet(const std::vector<QAction*>& actions, QWidget* parent);
};

/// "Undo zoom or filter" of "&Undo zoom or filter…".
QString plainText(const QAction& action);

}  // namespace mcuprof::gui
