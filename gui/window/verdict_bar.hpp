#pragma once

#include <QWidget>

#include "gui/charts/theme.hpp"
#include "gui/session/session.hpp"

class QLabel;

namespace mcuprof::gui {

/// The answer in one line: fits, streams or blocks, with the reason, time, energy and RAM; or what
/// went wrong, or what to do first.
class VerdictBar : public QWidget {
  Q_OBJECT
 public:
  explicit VerdictBar(Session& session, QWidget* parent = nullptr);

  void refresh();
  /// The words of the bar, in order; for tests.
  QString text() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void show(const QString& word, const QString& reason, const QString& figures, Ink ink);

  void fitHeight();

  Session& m_session;
  QLabel* m_word;
  QLabel* m_reason;
  QLabel* m_figures;
  Ink m_ink = Ink::Unknown;
};

}  // namespace mcuprof::gui
