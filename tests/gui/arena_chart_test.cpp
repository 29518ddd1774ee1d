// The arena map against the analysis: geometry, laws of placement, pixels, and a hundred thousand
// rectangles.
#include <gtest/gtest.h>

#include <QImage>
#include <QTest>

#include "gui/charts/arena_chart.hpp"
#include "gui/views/arena_view.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::mobilenetFile;
using test::setupFor;
using test::snapshotOf;

SnapshotPtr snapshotFor(const std::string& model, const std::string& board) {
  return snapshotOf(setupFor(model, board));
}

TEST(ArenaMap, HighWaterIsTheHighestEndOfABuffer) {
  const SnapshotPtr snapshot = snapshotFor(mobilenetFile(), "nucleo-f767zi");
  const ArenaMap map = mapOfArena(snapshot->analysis, ArenaMode::Arena);
  ASSERT_EQ(map.lanes.size(), 1U);
  EXPECT_EQ(map.lanes[0].head, snapshot->report.arena.head.value);
  EXPECT_EQ(map.lanes[0].size, snapshot->report.arena.smallest.value);
  std::int64_t persistent = 0;
  for (const ArenaFixed& fixed : map.lanes[0].fixed) persistent += fixed.size;
  EXPECT_EQ(persistent, snapshot->report.arena.tail.value);
}

TEST(ArenaMap, BuffersAndHolesFillTheMapWithoutSharingAByte) {
  for (const char* board : {"nucleo-f767zi", "nucleo-f429zi", "nucleo-f091rc"}) {
    for (const ArenaMode mode : {ArenaMode::Memories, ArenaMode::Arena}) {
      const SnapshotPtr snapshot = snapshotFor(largeMobilenetFile(), board);
      const ArenaMap map = mapOfArena(snapshot->analysis, mode);
      const int layers = int(snapshot->report.layers.size());
      for (int layer = 0; layer < layers; ++layer) {
        for (std::size_t lane = 0; lane < map.lanes.size(); ++lane) {
          std::vector<std::pair<std::int64_t, std::int64_t>> spans;
          const auto collect = [&](const auto& items) {
            for (const auto& item : items) {
              if (item.lane == int(lane) && item.first <= layer && layer < item.end)
                spans.emplace_back(item.offset, item.size);
            }
          };
          collect(map.stays);
          collect(map.holes);
          std::ranges::sort(spans);
          std::int64_t end = 0;
          for (const auto& [offset, size] : spans) {
            EXPECT_EQ(offset, end) << board << " layer " << layer;
            end = offset + size;
          }
          EXPECT_EQ(end, map.lanes[lane].water[std::size_t(layer)]);
        }
      }
    }
  }
}

TEST(ArenaMap, LiveBytesAreThoseOfTheReport) {
  const SnapshotPtr snapshot = snapshotFor(largeMobilenetFile(), "nucleo-f767zi");
  const ArenaMap map = mapOfArena(snapshot->analysis, ArenaMode::Arena);
  for (std::size_t layer = 0; layer < snapshot->report.layers.size(); ++layer) {
    std::int64_t alive = 0;
    for (const ArenaStay& stay : map.stays) {
      if (stay.first <= int(layer) && int(layer) < stay.end) alive += stay.size;
    }
    EXPECT_EQ(alive, snapshot->report.layers[layer].live.value) << "layer " << layer + 1;
  }
}

TEST(ArenaMap, FindsTheHoleBetweenTwoBuffers) {
  ArenaMap map;
  map.lanes.resize(1);
  map.names = {QStringLiteral("a"), QStringLiteral("b")};
  map.stays = {{0, 0, 0, 3, 0, 16, {}}, {0, 1, 1, 3, 48, 16, {}}};
  findHoles(map, 4);
  ASSERT_EQ(map.holes.size(), 1U);
  EXPECT_EQ(map.holes[0].first, 1);
  EXPECT_EQ(map.holes[0].end, 3);
  EXPECT_EQ(map.holes[0].offset, 16);
  EXPECT_EQ(map.holes[0].size, 32);
  EXPECT_EQ(map.lanes[0].water, (std::vector<std::int64_t>{16, 64, 64, 0}));
}

class ArenaChartTest : public testing::Test {
 protected:
  void show(const std::string& model, const std::string& board, ArenaMode mode) {
    m_snapshot = snapshotFor(model, board);
    m_selection.setReport(std::shared_ptr<const Report>(m_snapshot, &m_snapshot->report));
    m_chart = std::make_unique<ArenaChart>(m_selection);
    m_chart->setMap(mapOfArena(m_snapshot->analysis, mode));
    m_chart->resize(1400, 700);
    m_chart->show();
  }
  SnapshotPtr m_snapshot;
  Selection m_selection;
  std::unique_ptr<ArenaChart> m_chart;
};

TEST_F(ArenaChartTest, ARectangleIsAsHighAsItsBytesAndAsWideAsItsLife) {
  show(largeMobilenetFile(), "nucleo-f429zi", ArenaMode::Memories);
  const ArenaGeometry geometry = m_chart->geometryFor(m_chart->size());
  const ChartFrame frame = m_chart->frameFor(m_chart->size());
  ASSERT_EQ(geometry.rects.size(), m_chart->map().stays.size());
  for (const ArenaRect& item : geometry.rects) {
    const ArenaStay& stay = m_chart->map().stays[std::size_t(item.stay)];
    const ArenaLaneGeometry& lane = geometry.lanes[std::size_t(stay.lane)];
    const double perByte = lane.body.height() / (lane.axis.high - lane.axis.low);
    EXPECT_NEAR(item.rect.height(), double(stay.size) * perByte, 1e-6);
    EXPECT_NEAR(item.rect.width(), double(stay.end - stay.first) * frame.x.slot(), 1e-6);
    EXPECT_NEAR(lane.body.bottom() - item.rect.bottom(), double(stay.offset) * perByte, 1e-6);
  }
}

TEST_F(ArenaChartTest, LanesDoNotOverlapAndFillThePlot) {
  show(largeMobilenetFile(), "nucleo-f429zi", ArenaMode::Memories);
  const ArenaGeometry geometry = m_chart->geometryFor(m_chart->size());
  const ChartFrame frame = m_chart->frameFor(m_chart->size());
  ASSERT_EQ(geometry.lanes.size(), m_snapshot->report.sram.regions.size());
  double y = frame.plot.top();
  for (const ArenaLaneGeometry& lane : geometry.lanes) {
    EXPECT_NEAR(lane.header.top(), y, 1e-6);
    EXPECT_NEAR(lane.body.top(), lane.header.bottom(), 1e-6);
    y = lane.body.bottom();
  }
  EXPECT_LE(y, frame.plot.bottom());
  EXPECT_GT(y, frame.plot.bottom() - 4);
}

TEST_F(ArenaChartTest, TheSelectedLayersBuffersStandOut) {
  show(mobilenetFile(), "nucleo-f767zi", ArenaMode::Memories);
  m_selection.select(10);
  const Scene scene = m_chart->sceneFor(m_chart->size());
  const ArenaGeometry geometry = m_chart->geometryFor(m_chart->size());
  std::size_t live = 0;
  for (const ArenaRect& item : geometry.rects) {
    const ArenaStay& stay = m_chart->map().stays[std::size_t(item.stay)];
    const bool alive = stay.first <= 10 && 10 < stay.end;
    live += alive ? 1 : 0;
    const auto drawn = std::ranges::find_if(scene.rects, [&](const SceneRect& r) {
      return r.pattern != Pattern::Dotted && r.rect.left() == item.rect.left() &&
             r.rect.bottom() == item.rect.bottom();
    });
    ASSERT_NE(drawn, scene.rects.end());
    EXPECT_EQ(drawn->opacity > 0.5F, alive) << stay.name;
  }
  EXPECT_GE(live, 2U);
  // Only they have an outline.
  EXPECT_EQ(std::ranges::count(scene.paths, Ink::Selected, &ScenePath::ink), std::ptrdiff_t(live));
}

TEST_F(ArenaChartTest, PaintsABufferInItsColourAndFreeBytesAsPaper) {
  show(mobilenetFile(), "nucleo-f767zi", ArenaMode::Arena);
  const QImage image = m_chart->grab().toImage();
  const ArenaGeometry geometry = m_chart->geometryFor(m_chart->size());
  int probed = 0;
  for (const ArenaRect& item : geometry.rects) {
    if (item.rect.height() < 8 || item.rect.width() < 8) continue;
    const QPoint at(int(item.rect.right() - 4), int(item.rect.bottom() - 3));
    EXPECT_NE(image.pixelColor(at).name(), Theme::light().color(Ink::Background).name());
    ++probed;
  }
  EXPECT_GT(probed, 20);
}

TEST_F(ArenaChartTest, TellsTheBufferUnderThePointer) {
  show(mobilenetFile(), "nucleo-f767zi", ArenaMode::Arena);
  const ArenaGeometry geometry = m_chart->geometryFor(m_chart->size());
  const ArenaRect& item = geometry.rects.front();
  EXPECT_EQ(m_chart->stayAt(item.rect.center()), item.stay);
  const ArenaStay& stay = m_chart->map().stays[std::size_t(item.stay)];
  EXPECT_TRUE(m_chart->stayText(item.stay).contains(exact(double(stay.size), Unit::Bytes)));
  EXPECT_TRUE(m_chart->itemText(stay.first).contains(m_chart->map().names[std::size_t(stay.name)]));
}

TEST(ArenaGeometry, AHundredThousandStaysBecomeNoMoreRectanglesThanPixels) {
  Selection selection;
  const ArenaChart chart(selection);
  constexpr int kLayers = 100'000;
  ArenaMap map;
  map.lanes.resize(1);
  map.lanes[0].name = QStringLiteral("sram");
  map.lanes[0].size = 1 << 20;
  for (int layer = 0; layer < kLayers; ++layer) {
    map.names.push_back(QStringLiteral("t"));
    map.stays.push_back(
        {0, layer, layer, std::min(layer + 2, kLayers), (layer % 7) * 4096, 4096, {}});
  }
  findHoles(map, kLayers);
  ChartFrame frame = chart.frameFor(QSizeF(1200, 600));
  frame.x.range = {0, double(kLayers)};
  const ArenaGeometry geometry = layOutArena(map, frame, 1);
  EXPECT_LE(geometry.rects.size(), std::size_t(frame.plot.width() * 8));
  EXPECT_GE(geometry.rects.size(), std::size_t(frame.plot.width()));
  // Zoomed in, each is told apart again.
  frame.x.range = {500, 600};
  EXPECT_EQ(layOutArena(map, frame, 1).rects.size(), 101U);
}

TEST(ArenaView, CsvOfTheArenaIsThatOfTheCli) {
  Session session;
  Selection selection;
  session.open(QString::fromStdString(largeMobilenetFile()));
  session.waitUntilIdle();
  ArenaView view({session, selection});
  view.refresh();
  EXPECT_TRUE(view.csv().starts_with("memory,kind,name,offset_bytes"));
  view.setMode(QStringLiteral("arena"));
  int status = -1;
  EXPECT_EQ(view.csv(), test::outputOf(MCUPROF_PROGRAM,
                                       {"arena", "--board", "nucleo-f767zi", "--format", "csv",
                                        largeMobilenetFile()},
                                       &status));
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(view.command().starts_with("mcuprof arena --board nucleo-f767zi"));
}

}  // namespace
}  // namespace mcuprof::gui
