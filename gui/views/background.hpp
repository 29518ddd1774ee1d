#pragma once

#include <QObject>
#include <QThreadPool>
#include <functional>
#include <memory>

namespace mcuprof::gui {

/// Computes off the GUI thread, one request at a time; of requests that arrive meanwhile only the
/// latest runs. For a view that needs more than the session's snapshot.
class Background : public QObject {
  Q_OBJECT
 public:
  /// What to do on the GUI thread with the result.
  using Delivery = std::function<void()>;
  /// Runs on the worker; must not touch widgets.
  using Work = std::function<Delivery()>;

  explicit Background(QObject* parent = nullptr);
  /// Waits for the worker; what is not delivered yet is dropped.
  ~Background() override;

  void start(Work work);
  bool busy() const { return m_running; }
  /// Waits until the latest request is delivered; for exports, scripts and tests.
  void finish();

 Q_SIGNALS:
  void busyChanged(bool busy);

 private:
  struct Slot;
  void run(Work work);
  void deliver();

  std::shared_ptr<Slot> m_slot;
  Work m_next;
  bool m_running = false;
  QThreadPool m_pool;
};

}  // namespace mcuprof::gui
