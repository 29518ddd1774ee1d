#pragma once

#include "gui/views/background.hpp"
#include "gui/views/view.hpp"
#include "gui/views/view_inputs.hpp"

namespace mcuprof::gui {

/// A view that computes more than the session's snapshot: on a worker, and only once it is seen.
class LazyView : public View, public ViewInputs {
  Q_OBJECT
 public:
  void refresh() final;
  void settle() final;

 protected:
  LazyView(const Workbench& bench, QWidget* parent)
      : View(bench, parent), m_work(new Background(this)) {}

  /// Takes what it needs on the GUI thread and starts the rest with work().
  virtual void compute() = 0;
  /// An input changed: computes now.
  void recompute();
  Background& work() { return *m_work; }
  void showEvent(QShowEvent* event) override;

 private:
  Background* m_work;
  bool m_stale = true;
};

}  // namespace mcuprof::gui
