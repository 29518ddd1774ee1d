#pragma once

#include <QDialog>
#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace mcuprof::gui {

/// One thing that can be done.
struct PaletteEntry {
  QString text;
  QString hint;  ///< shortcut or kind, shown at the right
  std::function<void()> run;
};

/// How well a text answers what was typed: its letters in order, the better the closer together and
/// the nearer to beginnings of words; below 0 when a letter is missing. Upper and lower case do not
/// count.
int paletteScore(const QString& typed, const QString& text);

/// Everything that can be done, found by typing a part of its name.
class CommandPalette : public QDialog {
  Q_OBJECT
 public:
  CommandPalette(std::vector<PaletteEntry> entries, QWidget* parent);

  QLineEdit* input() const { return m_input; }
  QStringList shown() const;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill();
  void runCurrent();

  std::vector<PaletteEntry> m_entries;
  QLineEdit* m_input;
  QListWidget* m_list;
};

}  // namespace mcuprof::gui
