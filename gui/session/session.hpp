#pragma once

#include <QObject>
#include <QThreadPool>
#include <memory>
#include <optional>

#include "gui/session/snapshot.hpp"

namespace mcuprof::gui {

/// Which side of a comparison the views show.
enum class Side : std::uint8_t { A, B, Difference };

/// What is open, and its analysis. Every change of the setup starts a new analysis off the GUI
/// thread; of requests that arrive meanwhile only the latest runs. While one runs, snapshot() is
/// that of before, so the window always shows something whole.
///
/// Signals come on the GUI thread.
class Session : public QObject {
  Q_OBJECT
 public:
  enum class State : std::uint8_t {
    Empty,   ///< nothing open
    Ready,   ///< snapshot() belongs to setup()
    Failed,  ///< failure() tells why setup() could not be analyzed; snapshot() may be an older one
  };

  explicit Session(QObject* parent = nullptr);
  ~Session() override;

  const Setup& setup() const { return m_setup; }
  /// Nothing until the first analysis is done, and after one that failed for another model.
  const SnapshotPtr& snapshot() const { return m_snapshot; }
  State state() const { return m_state; }

  /// What is compared with; nullptr: nothing.
  const BaselinePtr& baseline() const { return m_baseline; }
  /// A: what is open; B: the baseline; Difference: A less B.
  Side side() const { return m_side; }
  /// The snapshot of the side that is shown; nullptr for B where it is a report without layers'
  /// details. Of the difference it is A's.
  const SnapshotPtr& shown() const;
  void setSide(Side side);
  /// Compares with what is open now, whatever it becomes.
  void keepAsBaseline();
  /// A model or a JSON report.
  void openBaseline(const QString& path);
  void dropBaseline();
  bool busy() const { return m_running; }
  const std::optional<cli::Failure>& failure() const { return m_failure; }

  /// Replaces the setup and analyzes; nothing happens while it names no model.
  void setSetup(Setup setup);
  /// Changes one thing: `session.change([&](Setup& s) { s.board = name; })`.
  template <typename Edit>
  void change(Edit edit) {
    Setup next = m_setup;
    edit(next);
    setSetup(std::move(next));
  }
  void open(const QString& path);
  /// Reads the files again.
  void reload();

  /// Runs the event loop until nothing is under way; for scripts and tests.
  void waitUntilIdle();

 Q_SIGNALS:
  /// The setup is another one; the snapshot follows.
  void setupChanged();
  /// There is a new snapshot or failure.
  void changed();
  void busyChanged(bool busy);
  /// Why a baseline could not be opened; the one of before stays.
  void baselineFailed(const QString& why);

 private:
  void start();
  void finish(cli::Loaded<SnapshotPtr> result);
  void setBaseline(BaselinePtr baseline);

  Setup m_setup;
  SnapshotPtr m_snapshot;
  std::optional<cli::Failure> m_failure;
  State m_state = State::Empty;
  bool m_running = false;
  bool m_again = false;  ///< the setup changed since the running analysis began
  bool m_forget = false;
  std::string m_nextBaseline;  ///< path to read before the next analysis; empty: none
  BaselinePtr m_baseline;
  Side m_side = Side::A;
  std::shared_ptr<Analyst> m_analyst;  ///< used by the worker only
  QThreadPool m_pool;
};

}  // namespace mcuprof::gui
