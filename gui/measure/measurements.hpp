#pragma once

#include <QObject>
#include <memory>
#include <string>

#include "db/run.hpp"

namespace mcuprof::gui {

using MeasurementPtr = std::shared_ptr<const db::RunRecord>;

/// What was measured, beside what is open: the database of runs, and the run that is held against
/// its prediction. One object a session; signals come on the GUI thread.
class Measurements : public QObject {
  Q_OBJECT
 public:
  /// The session's own, made when it is first asked for.
  static Measurements& of(QObject& session);

  /// The run that views compare; nullptr: none.
  const MeasurementPtr& run() const { return m_run; }
  void setRun(MeasurementPtr run);

  /// Where runs are kept, as --db names it; empty: MCUPROF_DB, or the usual place.
  const std::string& database() const { return m_database; }
  void setDatabase(std::string path);
  /// To be called when a run was stored.
  void noteStored() { Q_EMIT runsChanged(); }

 Q_SIGNALS:
  void runChanged();
  /// A run was stored, or another database is looked at.
  void runsChanged();

 private:
  using QObject::QObject;

  MeasurementPtr m_run;
  std::string m_database;
};

}  // namespace mcuprof::gui
