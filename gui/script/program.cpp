#include "gui/script/program.hpp"

#include <fmt/format.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <QSettings>
#include <QStyleFactory>

#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "gui/charts/chart_accessible.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/script/script.hpp"
#include "gui/window/main_window.hpp"

namespace mcuprof::gui {
namespace {

struct Arguments {
  QStringList files;
  QString board;
  QString runtime;
  QString targets;
  QString database;
  QString script;
  QStringList screenshots;  ///< "VIEW=FILE"
  QString theme;
  bool exit = false;
};

/// The option's value, which must be given.
Arguments parse(const QApplication& app) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      QStringLiteral("Shows where a model exceeds SRAM, and why it costs what it costs."));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument(QStringLiteral("FILE"),
                               QStringLiteral("A .tflite model, a JSON report to compare with, "
                                              "or a database of runs"),
                               QStringLiteral("[FILE ...]"));
  const QCommandLineOption board(QStringLiteral("board"), QStringLiteral("Board"),
                                 QStringLiteral("NAME"));
  const QCommandLineOption runtime(QStringLiteral("runtime"), QStringLiteral("Runtime"),
                                   QStringLiteral("NAME"));
  const QCommandLineOption targets(
      QStringLiteral("targets"), QStringLiteral("Folder with target files"), QStringLiteral("DIR"));
  const QCommandLineOption database(QStringLiteral("db"), QStringLiteral("Database of runs"),
                                    QStringLiteral("FILE"));
  const QCommandLineOption script(
      QStringLiteral("script"), QStringLiteral("Run the commands of FILE"), QStringLiteral("FILE"));
  const QCommandLineOption screenshot(
      QStringLiteral("screenshot"),
      QStringLiteral("Save a view, or \"window\", as a picture; may be repeated"),
      QStringLiteral("VIEW=FILE.png"));
  const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light or dark"),
                                 QStringLiteral("NAME"));
  const QCommandLineOption exit(QStringLiteral("exit"),
                                QStringLiteral("End after screenshots and script"));
  parser.addOptions({board, runtime, targets, database, script, screenshot, theme, exit});
  parser.process(app);
  return {parser.positionalArguments(), parser.value(board),    parser.value(runtime),
          parser.value(targets),        parser.value(database), parser.value(script),
          parser.values(screenshot),    parser.value(theme),    parser.isSet(exit)};
}

/// Does what the arguments ask of a window that is on screen already. The status to end with;
/// nothing: stay.
std::optional<int> perform(MainWindow& window, const Arguments& arguments) {
  if (!arguments.script.isEmpty()) {
    QFile file(arguments.script);
    if (!file.open(QIODevice::ReadOnly))
      return cli::fail(cli::kUsage,
                       Error{arguments.script.toStdString(), file.errorString().toStdString()});
    const ScriptEnd end =
        runScript(window, QString::fromUtf8(file.readAll()), arguments.script.toStdString());
    if (!end.error.empty()) return cli::fail(end.status, end.error);
    if (end.quit) return end.status;
  }
  if (!arguments.screenshots.isEmpty() || arguments.exit) {
    window.session().waitUntilIdle();
    if (const auto& failure = window.session().failure(); failure && arguments.exit) {
      // The picture shows the error too; the status tells a caller that does not look.
      for (const QString& shot : arguments.screenshots) {
        const auto equals = shot.indexOf(QLatin1Char('='));
        if (equals > 0) (void)saveScreenshot(window, shot.left(equals), shot.mid(equals + 1));
      }
      return cli::fail(*failure);
    }
  }
  for (const QString& shot : arguments.screenshots) {
    const auto equals = shot.indexOf(QLatin1Char('='));
    if (equals <= 0) return cli::fail(cli::kUsage, "--screenshot takes VIEW=FILE.png");
    if (auto done = saveScreenshot(window, shot.left(equals), shot.mid(equals + 1)); !done)
      return cli::fail(cli::kUsage, done.error());
  }
  if (arguments.exit) return cli::kOk;
  return std::nullopt;
}

}  // namespace

int runProgram(int argc, char** argv) {
  QApplication app(argc, argv);
  QApplication::setApplicationName(QStringLiteral("mcuprof-gui"));
  QApplication::setOrganizationName(QStringLiteral("mcuprof"));
  QApplication::setApplicationVersion(QStringLiteral(MCUPROF_VERSION));
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  installChartAccessibility();
  const Arguments arguments = parse(app);
  if (!arguments.theme.isEmpty() && arguments.theme != QLatin1String("light") &&
      arguments.theme != QLatin1String("dark"))
    return cli::fail(cli::kUsage, "--theme takes light or dark");

  // What is scripted must not depend on what was done before, nor leave anything behind.
  const bool scripted =
      arguments.exit || !arguments.script.isEmpty() || !arguments.screenshots.isEmpty();
  MainWindow window(scripted ? nullptr
                             : std::make_unique<QSettings>(
                                   QSettings::IniFormat, QSettings::UserScope,
                                   QStringLiteral("mcuprof"), QStringLiteral("mcuprof-gui")));
  if (scripted || !arguments.theme.isEmpty())
    window.setTheme(arguments.theme == QLatin1String("dark") ? Theme::dark() : Theme::light());
  Setup setup = window.session().setup();
  if (!arguments.board.isEmpty()) setup.board = arguments.board.toStdString();
  if (!arguments.runtime.isEmpty()) setup.runtime = arguments.runtime.toStdString();
  setup.targets = arguments.targets.toStdString();
  Measurements::of(window.session()).setDatabase(arguments.database.toStdString());
  window.session().setSetup(setup);
  window.show();
  for (const QString& file : arguments.files) window.open(file);
  if (const auto status = perform(window, arguments)) return *status;
  return QApplication::exec();
}

}  // namespace mcuprof::gui
