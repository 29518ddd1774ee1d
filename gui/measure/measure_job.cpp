#include "gui/measure/measure_job.hpp"

#include <signal.h>
#include <sys/prctl.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcessEnvironment>

#include "analyzer/cli/exit_status.hpp"
#include "device-agent/host/process.hpp"

namespace mcuprof::gui {
namespace {

/// The command ends OpenOCD and the virtual board first, which may take two seconds each.
constexpr int kPatienceMs = 8000;

QString defaultProgram() {
  return QString::fromStdString(programBeside("../analyzer/cli", "mcuprof"));
}

}  // namespace

QStringList MeasureRequest::arguments() const {
  QStringList out = {QStringLiteral("run"), QStringLiteral("--board"), board};
  const auto add = [&out](const char* option, const QString& value) {
    if (!value.isEmpty()) out << QLatin1String(option) << value;
  };
  if (isVirtual) out << QStringLiteral("--virtual");
  add("--runtime", runtime);
  add("--targets", targets);
  if (!isVirtual) add("--probe", probe);
  if (repeats > 0) add("--runs", QString::number(repeats));
  if (warmUp != 1) add("--warm-up", QString::number(warmUp));
  if (weightsInRam) add("--place", QStringLiteral("weights=sram"));
  add("--db", database);
  return out << model;
}

MeasureJob::MeasureJob(QObject* parent) : QObject(parent), m_program(defaultProgram()) {
  m_patience.setSingleShot(true);
  m_patience.setInterval(kPatienceMs);
  connect(&m_patience, &QTimer::timeout, this, [this] { m_process.kill(); });
  connect(&m_process, &QProcess::readyReadStandardError, this, &MeasureJob::readErrors);
  connect(&m_process, &QProcess::finished, this, &MeasureJob::end);
  connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;  // all others end in finished()
    MeasureEnd end;
    end.status = cli::kDevice;
    end.error = tr("%1 cannot be started: %2").arg(m_program, m_process.errorString());
    Q_EMIT finished(end);
  });
  // What we die of must not leave a board running.
  m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
}

MeasureJob::~MeasureJob() {
  m_process.disconnect(this);
  if (!running()) return;
  ::kill(static_cast<pid_t>(m_process.processId()), SIGINT);
  if (!m_process.waitForFinished(kPatienceMs)) {
    m_process.kill();
    m_process.waitForFinished(1000);
  }
}

void MeasureJob::start(const MeasureRequest& request) {
  if (running()) return;
  m_partial.clear();
  m_notes.clear();
  m_cancelled = false;
  QStringList arguments = request.arguments();
  const QString model = arguments.takeLast();
  arguments << QStringLiteral("--format") << QStringLiteral("json") << model;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("MCUPROF_PROGRESS"), QStringLiteral("json"));
  m_process.setProcessEnvironment(environment);
  m_process.start(m_program, arguments);
}

void MeasureJob::cancel() {
  if (!running() || m_cancelled) return;
  m_cancelled = true;
  ::kill(static_cast<pid_t>(m_process.processId()), SIGINT);
  m_patience.start();
}

void MeasureJob::readErrors() {
  m_partial += m_process.readAllStandardError();
  qsizetype from = 0;
  for (qsizetype at = m_partial.indexOf('\n'); at >= 0; at = m_partial.indexOf('\n', from)) {
    take(m_partial.mid(from, at - from));
    from = at + 1;
  }
  m_partial.remove(0, from);
}

void MeasureJob::take(const QByteArray& line) {
  if (!line.startsWith('{')) {
    if (!line.trimmed().isEmpty()) m_notes << QString::fromUtf8(line);
    return;
  }
  const QJsonObject said = QJsonDocument::fromJson(line).object();
  if (said.contains(QLatin1String("layer"))) {
    Q_EMIT layerTimed(said.value(QLatin1String("layer")).toInt() - 1,
                      said.value(QLatin1String("runs")).toInteger(),
                      said.value(QLatin1String("min")).toInteger(),
                      said.value(QLatin1String("median")).toInteger(),
                      said.value(QLatin1String("max")).toInteger());
  } else {
    Q_EMIT progressed(said.value(QLatin1String("step")).toString(),
                      said.value(QLatin1String("done")).toInt(),
                      said.value(QLatin1String("total")).toInt());
  }
}

void MeasureJob::end(int status, QProcess::ExitStatus how) {
  m_patience.stop();
  readErrors();
  MeasureEnd end;
  end.status = how == QProcess::CrashExit ? int{cli::kInternal} : status;
  end.notes = m_notes;
  end.cancelled = m_cancelled;
  const QJsonObject run = QJsonDocument::fromJson(m_process.readAllStandardOutput()).object();
  end.run = run.value(QLatin1String("id")).toInteger();
  if (m_cancelled) {
    end.status = cli::kInterrupted;
    end.error = tr("cancelled; nothing was stored");
  } else if (how == QProcess::CrashExit) {
    end.error = tr("mcuprof run ended unexpectedly");
  } else if (status != cli::kOk) {
    for (const QString& note : m_notes)
      if (note.contains(QLatin1String("error:")))
        end.error = note.mid(note.indexOf(QLatin1String("error:")) + 7);
    if (end.error.isEmpty()) end.error = tr("mcuprof run ended with status %1").arg(status);
  }
  Q_EMIT finished(end);
}

}  // namespace mcuprof::gui
