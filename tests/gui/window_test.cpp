// The whole window, driven by scripts and events.
#include <gtest/gtest.h>

#include <QApplication>
#include <QDockWidget>
#include <QDropEvent>
#include <QImage>
#include <QMimeData>
#include <QTableView>
#include <QTest>
#include <fstream>

#include "gui/script/script.hpp"
#include "gui/views/runs_view.hpp"
#include "gui/window/main_window.hpp"
#include "gui/window/verdict_bar.hpp"
#include "tests/gui/fixture.hpp"
#include "tests/gui/run_fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::mobilenetFile;
using test::TemporaryFolder;

QString wordsOf(const MainWindow& window) {
  return window.findChild<VerdictBar*>()->text();
}

ScriptEnd run(MainWindow& window, const std::string& text) {
  return runScript(window, QString::fromStdString(text), "test.script");
}

TEST(MainWindow, TellsTheVerdictWithItsReason) {
  MainWindow window;
  EXPECT_TRUE(wordsOf(window).contains(QStringLiteral("Open a .tflite model")));
  ASSERT_EQ(run(window, "open " + largeMobilenetFile()).error, "");
  EXPECT_TRUE(
      wordsOf(window).startsWith(QStringLiteral("▲ BLOCKS\nthe arena of 466,288 B exceeds")))
      << wordsOf(window).toStdString();
  EXPECT_TRUE(window.windowTitle().contains(QStringLiteral("mobilenet128.tflite @ nucleo-f767zi")));
  ASSERT_EQ(run(window, "set sram 1M\n").error, "");
  EXPECT_TRUE(wordsOf(window).startsWith(QStringLiteral("~ STREAMS")))
      << wordsOf(window).toStdString();
}

TEST(MainWindow, ShowsFailuresAndGoesOn) {
  MainWindow window;
  window.show();
  EXPECT_EQ(run(window, "open /no/such.tflite").status, 3);
  EXPECT_TRUE(wordsOf(window).startsWith(QStringLiteral("✕ Cannot analyze\n/no/such.tflite")))
      << wordsOf(window).toStdString();
  EXPECT_EQ(run(window, "open " + mobilenetFile()).error, "");
  EXPECT_EQ(
      run(window, "board f76zi").error,
      "test.script:1: unknown board \"f76zi\"; did you mean f767zi? (\"mcuprof boards\" lists "
      "them)");
  EXPECT_TRUE(wordsOf(window).contains(QStringLiteral("the last analysis that worked")));
  EXPECT_EQ(run(window, "board f767zi").error, "");
}

TEST(MainWindow, OpensWhatIsDropped) {
  MainWindow window;
  window.show();
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(QString::fromStdString(mobilenetFile()))});
  QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &enter);
  QDropEvent drop(QPointF(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &drop);
  window.session().waitUntilIdle();
  EXPECT_NE(window.session().snapshot(), nullptr);
}

TEST(MainWindow, OpensADatabaseOfRunsByItsFirstBytes) {
  test::TemporaryFolder folder;
  const std::string path = (folder.path() / "runs.sqlite").string();
  test::storeRuns(path, {test::runFor(*test::snapshotOf(test::setupFor(mobilenetFile())),
                                      db::Provenance::Virtual, {1.0})});
  MainWindow window;
  window.show();
  ASSERT_EQ(run(window, "open " + path).error, "");
  auto* runs = dynamic_cast<RunsView*>(window.view("runs"));
  ASSERT_NE(runs, nullptr);
  runs->settle();
  EXPECT_EQ(runs->table()->model()->rowCount(), 1);
  EXPECT_TRUE(window.dock("runs")->isVisible());
  EXPECT_EQ(window.session().snapshot(), nullptr);
}

TEST(MainWindow, NextViolationIsOneKeyAway) {
  MainWindow window;
  window.show();
  ASSERT_EQ(run(window, "open " + largeMobilenetFile()).error, "");
  QTest::keyClick(&window, Qt::Key_N);
  EXPECT_EQ(window.selection().layer(), 4);
  QTest::keyClick(&window, Qt::Key_N);
  EXPECT_EQ(window.selection().layer(), 67);
}

TEST(Script, SavesScreenshotsAndExports) {
  MainWindow window;
  window.show();
  TemporaryFolder folder;
  const std::string base = folder.path().string();
  const ScriptEnd end = run(window, "# a comment\nsize 1000 700\nopen " + mobilenetFile() +
                                        "\nselect 3\nmode working-set log\nzoom 1 20\n"
                                        "filter op:conv ws>10K\n"
                                        "screenshot window " +
                                        base +
                                        "/w.png\n"
                                        "screenshot working-set " +
                                        base +
                                        "/v.png\n"
                                        "export working-set " +
                                        base + "/v.svg\nquit\nbroken");
  EXPECT_EQ(end.error, "");
  EXPECT_TRUE(end.quit);
  EXPECT_EQ(QImage(QString::fromStdString(base + "/w.png")).size(), QSize(1000, 700));
  EXPECT_FALSE(QImage(QString::fromStdString(base + "/v.png")).isNull());
  EXPECT_EQ(window.selection().filterText(), QStringLiteral("op:conv ws>10K"));
}

TEST(Script, TellsTheLineAndWhatWasWanted) {
  MainWindow window;
  EXPECT_EQ(run(window, "\nopne x").error,
            "test.script:2: no command \"opne\"; did you mean \"open\"?");
  EXPECT_EQ(run(window, "size 12").error, "test.script:1: wanted: size WIDTH HEIGHT");
  EXPECT_EQ(run(window, "select 1").error, "test.script:1: no layer \"1\"; the model has 0");
  EXPECT_EQ(run(window, "view working-sets").error,
            "test.script:1: no view \"working-sets\"; did you mean \"working-set\"?");
  EXPECT_EQ(run(window, "filter ws>x").status, 2);
}

TEST(Program, SavesAScreenshotAndEnds) {
  TemporaryFolder folder;
  const std::string png = (folder.path() / "w.png").string();
  int status = -1;
  std::string errors;
  test::outputOf(
      MCUPROF_GUI_PROGRAM,
      {"--board", "f429zi", "--screenshot", "working-set=" + png, "--exit", mobilenetFile()},
      &status, &errors);
  EXPECT_EQ(status, 0) << errors;
  EXPECT_FALSE(QImage(QString::fromStdString(png)).isNull());
}

TEST(Program, EndsWithTheStatusOfWhatWentWrong) {
  int status = -1;
  std::string errors;
  test::outputOf(MCUPROF_GUI_PROGRAM, {"--exit", "/no/such.tflite"}, &status, &errors);
  EXPECT_EQ(status, 3);
  EXPECT_NE(errors.find("/no/such.tflite"), std::string::npos);
  test::outputOf(MCUPROF_GUI_PROGRAM, {"--exit", "--board", "nope", mobilenetFile()}, &status,
                 &errors);
  EXPECT_EQ(status, 2);
  test::outputOf(MCUPROF_GUI_PROGRAM, {"--screenshot", "nothing", "--exit"}, &status, &errors);
  EXPECT_EQ(status, 2);
}

}  // namespace
}  // namespace mcuprof::gui
