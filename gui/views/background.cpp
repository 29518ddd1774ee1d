#include "gui/views/background.hpp"

#include <mutex>
#include <utility>

namespace mcuprof::gui {

/// Where the worker leaves its result.
struct Background::Slot {
  std::mutex mutex;
  Delivery delivery;
};

Background::Background(QObject* parent) : QObject(parent), m_slot(std::make_shared<Slot>()) {
  m_pool.setMaxThreadCount(1);
}

Background::~Background() {
  m_pool.waitForDone();
}

void Background::start(Work work) {
  if (m_running) {
    m_next = std::move(work);
    return;
  }
  m_running = true;
  Q_EMIT busyChanged(true);
  run(std::move(work));
}

void Background::run(Work work) {
  m_pool.start([this, slot = m_slot, work = std::move(work)] {
    Delivery delivery = work();
    {
      const std::lock_guard lock(slot->mutex);
      slot->delivery = std::move(delivery);
    }
    // The destructor waits for this function, and what is queued for us goes with us.
    QMetaObject::invokeMethod(
        this, [this] { deliver(); }, Qt::QueuedConnection);
  });
}

void Background::deliver() {
  Delivery delivery;
  {
    const std::lock_guard lock(m_slot->mutex);
    delivery = std::exchange(m_slot->delivery, {});
  }
  if (!delivery) return;  // finish() was faster
  delivery();
  if (m_next) {
    run(std::exchange(m_next, {}));
    return;
  }
  m_running = false;
  Q_EMIT busyChanged(false);
}

void Background::finish() {
  while (m_running) {
    m_pool.waitForDone();
    deliver();
  }
}

}  // namespace mcuprof::gui
