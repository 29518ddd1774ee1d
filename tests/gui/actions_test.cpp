// Palette, sheet of keys, layouts, what is kept from one start to the next, and the HTML report.
#include <gtest/gtest.h>

#include <QAction>
#include <QDockWidget>
#include <QLineEdit>
#include <QSettings>
#include <QTest>
#include <QTextBrowser>
#include <QXmlStreamReader>
#include <set>

#include "gui/script/script.hpp"
#include "gui/window/command_palette.hpp"
#include "gui/window/main_window.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::mobilenetFile;

ScriptEnd run(MainWindow& window, const std::string& text) {
  return runScript(window, QString::fromStdString(text), "test.script");
}

TEST(Actions, HaveTextNameAndUniqueKeys) {
  MainWindow window;
  std::set<QString> keys;
  for (const QAction* action : window.actionList()) {
    EXPECT_FALSE(action->text().isEmpty());
    EXPECT_FALSE(action->objectName().isEmpty()) << action->text().toStdString();
    if (action->shortcut().isEmpty()) continue;
    EXPECT_TRUE(keys.insert(action->shortcut().toString()).second)
        << action->shortcut().toString().toStdString();
  }
  EXPECT_GT(keys.size(), 15U);
}

TEST(Palette, FindsByPartsOfWords) {
  EXPECT_GT(paletteScore(QStringLiteral("nv"), QStringLiteral("Next violation")),
            paletteScore(QStringLiteral("nv"), QStringLiteral("Inverse")));
  EXPECT_LT(paletteScore(QStringLiteral("xyz"), QStringLiteral("Next violation")), 0);
  EXPECT_GE(paletteScore({}, QStringLiteral("anything")), 0);
}

TEST(Palette, RunsWhatWasTyped) {
  MainWindow window;
  window.show();
  ASSERT_EQ(run(window, "open " + mobilenetFile()).error, "");
  window.showPalette();
  auto* palette = window.findChild<CommandPalette*>();
  ASSERT_NE(palette, nullptr);
  QTest::keyClicks(palette->input(), QStringLiteral("board nucleo-f429zi"));
  ASSERT_FALSE(palette->shown().isEmpty());
  EXPECT_EQ(palette->shown().first(), QStringLiteral("Board: nucleo-f429zi"));
  QTest::keyClick(palette->input(), Qt::Key_Return);
  window.session().waitUntilIdle();
  EXPECT_EQ(window.session().snapshot()->report.boardName, "nucleo-f429zi");
}

TEST(Palette, OffersEveryActionAndView) {
  MainWindow window;
  window.showPalette();
  auto* palette = window.findChild<CommandPalette*>();
  ASSERT_NE(palette, nullptr);
  for (const ViewEntry& entry : listViews()) {
    palette->input()->setText(QStringLiteral("View: %1").arg(QLatin1String(entry.title)));
    EXPECT_TRUE(palette->shown().first().contains(QLatin1String(entry.title))) << entry.id;
  }
}

TEST(ShortcutSheet, NamesTheKeys) {
  MainWindow window;
  window.show();
  window.showShortcuts();
  const auto* text = window.findChild<QTextBrowser*>(QStringLiteral("shortcut-text"));
  ASSERT_NE(text, nullptr);
  EXPECT_TRUE(text->toPlainText().contains(QStringLiteral("Next violation")));
  EXPECT_TRUE(text->toPlainText().contains(QStringLiteral("zoom at the pointer")));
}

TEST(Layout, PresetsShowTheirViews) {
  MainWindow window;
  window.show();
  for (const auto& [name, preset] :
       {std::pair("fit", kFit), std::pair("cost", kCost), std::pair("energy", kEnergy)}) {
    ASSERT_EQ(run(window, std::string("layout ") + name).error, "");
    for (const ViewEntry& entry : listViews()) {
      EXPECT_EQ(!window.dock(entry.id)->isHidden(), (entry.presets & preset) != 0)
          << name << " " << entry.id;
    }
  }
}

TEST(Settings, BringBackLayoutTargetThemeAndRecentFiles) {
  test::TemporaryFolder folder;
  const QString ini = QString::fromStdString((folder.path() / "settings.ini").string());
  const auto settings = [&] { return std::make_unique<QSettings>(ini, QSettings::IniFormat); };
  {
    MainWindow window(settings());
    window.show();
    ASSERT_EQ(run(window, "board nucleo-f429zi\nopen " + mobilenetFile() + "\ntheme dark").error,
              "");
    window.dock("inspector")->hide();
    window.close();
  }
  {
    MainWindow window(settings());
    window.show();
    EXPECT_EQ(window.session().setup().board, "nucleo-f429zi");
    EXPECT_TRUE(window.dock("inspector")->isHidden());
    EXPECT_FALSE(window.dock("layers")->isHidden());
    EXPECT_EQ(window.recentFiles(), QStringList(QString::fromStdString(mobilenetFile())));
    EXPECT_TRUE(Theme::of(window.palette()).isDark());
    window.setTheme(Theme::light());
  }
}

TEST(HtmlReport, IsOneWholePageWithTheNumbers) {
  MainWindow window;
  window.show();
  test::TemporaryFolder folder;
  const std::string path = (folder.path() / "report.html").string();
  EXPECT_EQ(run(window, "report " + path).error,
            "test.script:1: " + path + ": nothing is analyzed yet");
  ASSERT_EQ(run(window, "open " + largeMobilenetFile() + "\nreport " + path).error, "");
  const std::string html = test::contentOf(path);
  EXPECT_TRUE(html.starts_with("<!DOCTYPE html>"));
  EXPECT_NE(html.find("BLOCKS"), std::string::npos);
  EXPECT_NE(html.find("399,440"), std::string::npos);
  EXPECT_NE(html.find("<svg"), std::string::npos);
  EXPECT_NE(html.find(window.session().snapshot()->report.provenance.model().sha256),
            std::string::npos);
  // Needs nothing else: no script, no link to another file.
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("src="), std::string::npos);
  // Each drawing is well-formed.
  std::size_t at = 0;
  int drawings = 0;
  while ((at = html.find("<svg", at)) != std::string::npos) {
    const std::size_t end = html.find("</svg>", at) + 6;
    QXmlStreamReader xml(QByteArray(html.data() + at, qsizetype(end - at)));
    while (!xml.atEnd()) xml.readNext();
    EXPECT_FALSE(xml.hasError()) << xml.errorString().toStdString();
    ++drawings;
    at = end;
  }
  EXPECT_GE(drawings, 1);
}

}  // namespace
}  // namespace mcuprof::gui
