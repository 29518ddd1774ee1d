#pragma once

#include <QWidget>

#include "gui/session/session.hpp"

class QComboBox;

namespace mcuprof::gui {

/// Board, runtime, clock and place of the weights: what the model is held against.
class TargetBar : public QWidget {
  Q_OBJECT
 public:
  explicit TargetBar(Session& session, QWidget* parent = nullptr);

  /// What is wrong with what was typed; empty when nothing is.
 Q_SIGNALS:
  void problem(const QString& text);

 private:
  void showSetup();
  void showBoard();
  void applyClock(const QString& text);

  Session& m_session;
  QComboBox* m_board;
  QComboBox* m_runtime;
  QComboBox* m_clock;
  QComboBox* m_weights;
};

}  // namespace mcuprof::gui
