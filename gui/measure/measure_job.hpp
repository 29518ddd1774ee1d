#pragma once

#include <QObject>
#include <QProcess>
#include <QTimer>
#include <optional>

namespace mcuprof::gui {

/// A run to be made, in the words of `mcuprof run`.
struct MeasureRequest {
  QString model;
  QString board;
  QString runtime;
  QString targets;  ///< folder of target files; empty: wherever the catalogue finds it
  bool isVirtual = true;
  QString probe;    ///< "stlink", "jlink", "cmsis-dap"; empty: the board's
  int repeats = 0;  ///< 0: as `mcuprof run` has it
  int warmUp = 1;
  bool weightsInRam = false;
  QString database;  ///< empty: the usual one

  /// What follows "mcuprof", for the command that a person would type.
  QStringList arguments() const;
};

/// How a run ended.
struct MeasureEnd {
  int status = 0;        ///< of the command; 130: cancelled
  std::int64_t run = 0;  ///< its number in the database; 0: none
  QString error;         ///< empty when all went well
  QStringList notes;     ///< what the command had to say
  bool cancelled = false;
};

/// Runs `mcuprof run` beside the window, which never waits for it: the same code, whose crash or
/// hang costs nothing here. Signals come on the GUI thread as it goes. However it ends, OpenOCD and
/// the virtual board end with it; it ends when we do.
class MeasureJob : public QObject {
  Q_OBJECT
 public:
  explicit MeasureJob(QObject* parent = nullptr);
  /// Cancels and waits for a few seconds, then kills.
  ~MeasureJob() override;

  /// The program; beside our own by default.
  void setProgram(const QString& path) { m_program = path; }
  /// Nothing happens while one runs.
  void start(const MeasureRequest& request);
  bool running() const { return m_process.state() != QProcess::NotRunning; }
  qint64 processId() const { return m_process.processId(); }
  /// Asks it to stop; finished() follows.
  void cancel();

 Q_SIGNALS:
  /// `total` 0: not known.
  void progressed(const QString& step, int done, int total);
  /// Layer from 0; cycles of its timed executions.
  void layerTimed(int layer, qint64 runs, qint64 minimum, qint64 median, qint64 maximum);
  void finished(const mcuprof::gui::MeasureEnd& end);

 private:
  void readErrors();
  void take(const QByteArray& line);
  void end(int status, QProcess::ExitStatus how);

  QString m_program;
  QProcess m_process;
  QByteArray m_partial;
  QStringList m_notes;
  bool m_cancelled = false;
  QTimer m_patience;  ///< until a cancelled process is killed
};

}  // namespace mcuprof::gui

Q_DECLARE_METATYPE(mcuprof::gui::MeasureEnd)
