#include "gui/session/session.hpp"

#include <QEventLoop>
#include <utility>

namespace mcuprof::gui {

Session::Session(QObject* parent) : QObject(parent), m_analyst(std::make_shared<Analyst>()) {
  // One worker, so that the analyst needs no lock and requests finish in order.
  m_pool.setMaxThreadCount(1);
}

Session::~Session() {
  m_pool.waitForDone();
}

void Session::setSetup(Setup setup) {
  m_setup = std::move(setup);
  Q_EMIT setupChanged();
  if (m_setup.model.empty()) return;
  if (m_running) {
    m_again = true;
  } else {
    start();
  }
}

void Session::open(const QString& path) {
  m_forget = true;
  change([&](Setup& s) { s.model = path.toStdString(); });
}

void Session::reload() {
  m_forget = true;
  setSetup(m_setup);
}

void Session::start() {
  struct Done {
    cli::Loaded<SnapshotPtr> analysis;
    std::optional<cli::Loaded<BaselinePtr>> baseline;
  };
  m_running = true;
  m_again = false;
  Q_EMIT busyChanged(true);
  m_pool.start([this, analyst = m_analyst, setup = m_setup, baseline = m_baseline,
                path = std::exchange(m_nextBaseline, {}), forget = std::exchange(m_forget, false)] {
    if (forget) analyst->forget();
    std::optional<cli::Loaded<BaselinePtr>> read;
    if (!path.empty()) read = analyst->readBaseline(path, setup);
    auto done = std::make_shared<Done>(
        Done{analyst->run(setup, read && *read ? **read : baseline), std::move(read)});
    // The destructor waits for this function, and drops what is queued for it afterwards.
    QMetaObject::invokeMethod(
        this,
        [this, done] {
          if (done->baseline && *done->baseline) {
            m_baseline = **done->baseline;
            m_side = Side::Difference;
          } else if (done->baseline) {
            Q_EMIT baselineFailed(QString::fromStdString(done->baseline->failure().error.text()));
          }
          finish(std::move(done->analysis));
        },
        Qt::QueuedConnection);
  });
}

void Session::finish(cli::Loaded<SnapshotPtr> result) {
  m_running = false;
  if (m_again) start();  // what is shown below is one request old, which a drag wants to see
  if (result) {
    m_snapshot = std::move(*result);
    m_failure.reset();
    m_state = State::Ready;
  } else {
    m_failure = result.failure();
    m_state = State::Failed;
    if (m_snapshot && m_snapshot->setup.model != m_setup.model) m_snapshot.reset();
  }
  Q_EMIT changed();
  if (!m_running) Q_EMIT busyChanged(false);
}

const SnapshotPtr& Session::shown() const {
  static const SnapshotPtr none;
  if (m_side != Side::B || !m_snapshot) return m_snapshot;
  return m_baseline ? m_baseline->snapshot : none;
}

void Session::setSide(Side side) {
  if (!m_baseline) side = Side::A;
  if (side == m_side) return;
  m_side = side;
  Q_EMIT changed();
}

void Session::setBaseline(BaselinePtr baseline) {
  m_baseline = std::move(baseline);
  if (!m_baseline) m_side = Side::A;
  setSetup(m_setup);
}

void Session::keepAsBaseline() {
  if (!m_snapshot) return;
  auto kept = std::make_shared<Baseline>();
  auto copy = std::make_shared<Snapshot>(*m_snapshot);
  copy->baseline.reset();  // or every baseline would keep the one before alive
  copy->difference.reset();
  kept->snapshot = std::move(copy);
  kept->figures = m_snapshot->figures;
  kept->file = m_snapshot->setup.model;
  kept->name = kept->figures.model + " on " + kept->figures.board;
  setBaseline(std::move(kept));
}

void Session::openBaseline(const QString& path) {
  m_nextBaseline = path.toStdString();
  setSetup(m_setup);
}

void Session::dropBaseline() {
  setBaseline(nullptr);
}

void Session::waitUntilIdle() {
  if (!m_running) return;
  QEventLoop loop;
  connect(this, &Session::busyChanged, &loop, [&loop](bool busy) {
    if (!busy) loop.quit();
  });
  loop.exec();
}

}  // namespace mcuprof::gui
