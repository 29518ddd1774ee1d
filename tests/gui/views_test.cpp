// What holds for every registered view.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QApplication>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QTest>
#include <fstream>
#include <set>

#include "gui/models/layers_model.hpp"
#include "gui/views/layers_view.hpp"
#include "gui/views/view_export.hpp"
#include "gui/views/view_inputs.hpp"
#include "gui/views/views.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::mobilenetFile;

/// Whether a model alone fills the view; those of stored runs and other files have tests of their
/// own, and show here how they are filled.
bool fillsFromModel(std::string_view id) {
  return id != "runs" && id != "measured" && id != "measure" && id != "power" && id != "budgets";
}

class ViewsTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    m_entry = findView(GetParam());
    ASSERT_NE(m_entry, nullptr);
    QObject::connect(&m_session, &Session::changed, [this] {
      const SnapshotPtr& now = m_session.snapshot();
      m_selection.setReport(now ? std::shared_ptr<const Report>(now, &now->report) : nullptr);
    });
    m_view.reset(m_entry->make({m_session, m_selection}, nullptr));
    m_view->setWindowTitle(QLatin1String(m_entry->title));
    m_view->refresh();
    m_view->resize(900, 500);
    m_view->show();
  }
  void settle() {
    if (auto* inputs = dynamic_cast<ViewInputs*>(m_view.get())) inputs->settle();
  }
  void open(const std::string& path) {
    m_session.open(QString::fromStdString(path));
    m_session.waitUntilIdle();
    QApplication::processEvents();
  }

  Session m_session;
  Selection m_selection;
  const ViewEntry* m_entry = nullptr;
  std::unique_ptr<View> m_view;
};

TEST_P(ViewsTest, IsWholeWithoutAModel) {
  EXPECT_FALSE(m_view->grab().isNull());
  EXPECT_TRUE(m_view->csv().empty());
}

TEST_P(ViewsTest, FollowsModelsBoardsAndFailures) {
  open(largeMobilenetFile());
  m_selection.select(4);
  EXPECT_FALSE(m_view->grab().isNull());
  settle();
  EXPECT_EQ(m_view->csv().empty(), !fillsFromModel(m_entry->id));
  m_session.change([](gui::Setup& s) { s.board = "nucleo-f091rc"; });
  m_session.waitUntilIdle();
  EXPECT_FALSE(m_view->grab().isNull());
  open("/no/such/file.tflite");
  EXPECT_FALSE(m_view->grab().isNull());
  open(mobilenetFile());
  settle();
  EXPECT_EQ(m_view->csv().empty(), !fillsFromModel(m_entry->id));
}

TEST_P(ViewsTest, ShowsTheModelDifferentlyFromNothing) {
  settle();
  const QImage before = m_view->grab().toImage();
  open(largeMobilenetFile());
  settle();
  // Runs stay what they are, whatever is open.
  const bool ofRuns =
      m_entry->id == std::string_view("runs") || m_entry->id == std::string_view("measured");
  EXPECT_EQ(m_view->grab().toImage() == before, ofRuns);
}

TEST_P(ViewsTest, EveryModeShowsSomethingElse) {
  open(largeMobilenetFile());
  std::set<QByteArray> pictures;
  for (const QString& mode : m_view->modes()) {
    m_view->setMode(mode);
    EXPECT_EQ(m_view->mode(), mode);
    pictures.insert(svgOf(*m_view));
  }
  EXPECT_EQ(pictures.size(), std::size_t(m_view->modes().size()));
}

TEST_P(ViewsTest, ExportsPicturesAndCsv) {
  open(largeMobilenetFile());
  m_selection.select(4);
  test::TemporaryFolder folder;
  const auto path = [&](const char* ending) {
    return QString::fromStdString((folder.path() / (std::string("x") + ending)).string());
  };
  ASSERT_TRUE(exportView(*m_view, path(".png")));
  const QImage png(path(".png"));
  EXPECT_GE(png.width(), 2 * 640);
  ASSERT_TRUE(exportView(*m_view, path(".svg")));
  const std::string svg = test::contentOf(path(".svg").toStdString());
  EXPECT_NE(svg.find("SHA-256"), std::string::npos);
  if (fillsFromModel(m_entry->id)) {
    ASSERT_TRUE(exportView(*m_view, path(".csv")));
    EXPECT_EQ(test::contentOf(path(".csv").toStdString()), m_view->csv());
  } else {
    EXPECT_EQ(exportView(*m_view, path(".csv")).error().what, "there is nothing to export");
  }
  EXPECT_EQ(exportView(*m_view, path(".gif")).error().what,
            "wanted a path that ends in .png, .svg or .csv");
}

TEST_P(ViewsTest, NamesWhatAScreenReaderReaches) {
  open(largeMobilenetFile());
  for (const QWidget* child : m_view->findChildren<QWidget*>()) {
    if ((child->focusPolicy() & Qt::TabFocus) == 0 || !child->isVisible()) continue;
    if (child->objectName().startsWith(QStringLiteral("qt_"))) continue;
    EXPECT_FALSE(child->objectName().isEmpty()) << child->metaObject()->className();
    EXPECT_FALSE(child->accessibleName().isEmpty())
        << child->metaObject()->className() << " " << child->objectName().toStdString();
  }
}

std::vector<const char*> ids() {
  std::vector<const char*> out;
  for (const ViewEntry& entry : listViews()) out.push_back(entry.id);
  return out;
}

INSTANTIATE_TEST_SUITE_P(Each, ViewsTest, testing::ValuesIn(ids()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(Views, HaveUniqueIdsTitlesAndAPreset) {
  std::set<std::string> idSet;
  std::set<std::string> titles;
  for (const ViewEntry& entry : listViews()) {
    EXPECT_TRUE(idSet.insert(entry.id).second) << entry.id;
    EXPECT_TRUE(titles.insert(entry.title).second) << entry.title;
    EXPECT_NE(entry.presets, 0U) << entry.id << " is part of no preset";
  }
}

/// Views whose CSV the CLI has too, and the arguments that make it.
struct SameCsv {
  const char* id;
  std::vector<std::string> arguments;
};

TEST(Views, CsvEqualsThatOfTheCli) {
  const std::vector<SameCsv> pairs = {
      {"working-set", {"analyze", "--board", "nucleo-f767zi", "--format", "csv"}},
      {"layers", {"analyze", "--board", "nucleo-f767zi", "--format", "csv"}},
  };
  Session session;
  Selection selection;
  session.open(QString::fromStdString(largeMobilenetFile()));
  session.waitUntilIdle();
  for (SameCsv pair : pairs) {
    const std::unique_ptr<View> view(findView(pair.id)->make({session, selection}, nullptr));
    pair.arguments.push_back(largeMobilenetFile());
    int status = -1;
    EXPECT_EQ(view->csv(), test::outputOf(MCUPROF_PROGRAM, pair.arguments, &status)) << pair.id;
    EXPECT_EQ(status, 0);
  }
}

TEST(LayersModel, IsASoundItemModel) {
  LayersModel model;
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setSnapshot(test::snapshotOf(test::setupFor(mobilenetFile())));
  model.setSnapshot(test::snapshotOf(test::setupFor(mobilenetFile(), "nucleo-f429zi")));
  model.setSnapshot(test::snapshotOf(test::setupFor(largeMobilenetFile())));
  model.setSnapshot(nullptr);
  EXPECT_EQ(model.rowCount(), 0);
}

TEST(LayersModel, ShowsTheReportsNumbers) {
  const SnapshotPtr snapshot = test::snapshotOf(test::setupFor(largeMobilenetFile()));
  LayersModel model;
  model.setSnapshot(snapshot);
  ASSERT_EQ(model.rowCount(), int(snapshot->report.layers.size()));
  EXPECT_EQ(model.index(4, LayersModel::Mark).data().toString(), QStringLiteral("!"));
  EXPECT_EQ(model.index(4, LayersModel::WorkingSetBytes).data().toString(),
            QStringLiteral("399,440"));
  EXPECT_EQ(model.index(4, LayersModel::WorkingSetBytes).data(kRawRole).toLongLong(), 399'440);
}

TEST(LayersView, FilterSortAndSelectionAreShared) {
  Session session;
  Selection selection;
  LayersView view({session, selection});
  view.resize(900, 400);
  view.show();
  session.open(QString::fromStdString(largeMobilenetFile()));
  session.waitUntilIdle();
  selection.setReport(
      std::shared_ptr<const Report>(session.snapshot(), &session.snapshot()->report));
  view.refresh();
  QTest::keyClicks(view.filterBox(), QStringLiteral("op:depthwise"));
  const QAbstractItemModel* shown = view.table()->model();
  EXPECT_EQ(shown->rowCount(), selection.matchCount());
  EXPECT_EQ(shown->rowCount(), 17);
  view.table()->sortByColumn(LayersModel::WorkingSetBytes, Qt::DescendingOrder);
  const int worst = shown->index(0, LayersModel::Number).data(kRawRole).toInt();
  EXPECT_EQ(worst, 6);
  view.table()->setCurrentIndex(shown->index(0, 1));
  EXPECT_EQ(selection.layer(), 5);
  view.filterBox()->selectAll();
  QTest::keyClicks(view.filterBox(), QStringLiteral("ws>lots"));
  EXPECT_TRUE(view.findChild<QLabel*>(QStringLiteral("layer-count"))
                  ->text()
                  .contains(QStringLiteral("is no size")));
}

}  // namespace
}  // namespace mcuprof::gui
