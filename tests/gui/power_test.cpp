// The power trace: that no peak is lost however many samples share a pixel.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QTest>
#include <algorithm>
#include <numeric>
#include <random>

#include "db/energy_trace.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/views/power_view.hpp"
#include "gui/views/runs_view.hpp"
#include "tests/gui/fixture.hpp"
#include "tests/gui/run_fixture.hpp"

namespace mcuprof::gui {
namespace {

using testing::HasSubstr;

/// 7.8125 mW, 250 mW while the trigger input is on, which is twice; one sample of 875 mW: powers
/// that the stored trace keeps exactly.
db::EnergyTrace twoBlocks() {
  db::EnergyTrace trace;
  trace.sampleHz = 10'000;
  trace.watts.assign(40'000, 0.0078125F);
  trace.marks.assign(40'000, false);
  for (const std::size_t from : {10'000U, 25'000U}) {
    std::fill_n(trace.watts.begin() + long(from), 5000, 0.25F);
    std::fill_n(trace.marks.begin() + long(from), 5000, true);
  }
  trace.watts[12'345] = 0.875F;
  return trace;
}

TEST(PowerLevels, BandsAndSumsAreThoseOfTheirSamples) {
  std::mt19937 random(7);
  for (const std::size_t count : {1U, 7U, 8U, 9U, 64U, 1000U, 4097U}) {
    std::vector<float> samples(count);
    for (float& sample : samples) sample = float(random() % 10'000);
    const PowerLevels levels(samples);
    for (int i = 0; i < 200; ++i) {
      const std::size_t first = random() % count;
      const std::size_t last = first + 1 + random() % (count - first);
      const auto from = samples.begin() + long(first);
      const auto to = samples.begin() + long(last);
      EXPECT_EQ(levels.band(first, last),
                (PowerLevels::Band{*std::min_element(from, to), *std::max_element(from, to)}))
          << first << " to " << last << " of " << count;
      EXPECT_DOUBLE_EQ(levels.sum(first, last), std::accumulate(from, to, 0.0));
    }
  }
}

class PowerChartTest : public testing::Test {
 protected:
  PowerChartTest() : m_chart(m_selection) {
    m_chart.resize(900, 400);
    m_chart.setTrace(std::make_shared<const PowerTrace>(twoBlocks()));
  }
  Selection m_selection;
  PowerChart m_chart;
};

TEST_F(PowerChartTest, ShowsTheOneSampleThatIsAPeak) {
  const PowerGeometry geometry = m_chart.geometryFor(m_chart.size());
  ASSERT_LT(geometry.columns.size(), 1000U);
  const auto highest = std::ranges::min_element(geometry.columns, {}, &PowerColumn::top);
  EXPECT_NEAR(highest->top, geometry.axis.y(875), 1e-3);
  const ChartFrame frame = m_chart.frameFor(m_chart.size());
  EXPECT_NEAR(frame.x.layerAt(highest->x), 1234.5, 4000.0 / 800 * 2);
}

TEST_F(PowerChartTest, SaysEveryBlocksEnergy) {
  ASSERT_EQ(m_chart.itemCount(), 2);
  EXPECT_THAT(m_chart.itemText(1).toStdString(),
              HasSubstr("Block 2 of 2, from 2.5 s to 3 s: 500 ms, 125 mJ, 250 mW on average, at "
                        "most 250 mW"));
  const ChartFrame frame = m_chart.frameFor(m_chart.size());
  EXPECT_EQ(m_chart.itemAt(QPointF(frame.x.x(2700), frame.plot.center().y()), frame), 1);
  EXPECT_EQ(m_chart.itemAt(QPointF(frame.x.x(2000), frame.plot.center().y()), frame), -1);
}

TEST_F(PowerChartTest, ZoomsDownToSamples) {
  m_chart.setCurrentRange({1234.0, 1235.0}, Selection::Step::New);
  const PowerGeometry geometry = m_chart.geometryFor(m_chart.size());
  EXPECT_EQ(geometry.last - geometry.first, 11U);
  EXPECT_EQ(geometry.columns.size(), 11U);
}

class PowerViewTest : public testing::Test {
 protected:
  void attach(std::optional<db::RunEnergy> energy) {
    db::RunRecord run = test::runFor(*test::snapshotOf(test::setupFor(test::mobilenetFile())),
                                     db::Provenance::Virtual, {1.0});
    run.energy = std::move(energy);
    const std::string path = (m_folder.path() / (run.uuid + ".db")).string();
    test::storeRuns(path, {run});
    Measurements::of(m_session).setDatabase(path);
    if (run.energy) run.energy->trace.clear();
    test::attachRun(m_session, std::move(run));
  }
  test::TemporaryFolder m_folder;
  Session m_session;
  Selection m_selection;
};

TEST_F(PowerViewTest, ShowsTheTraceOfTheChosenRun) {
  PowerView view({m_session, m_selection});
  view.settle();
  EXPECT_EQ(view.csv(), "");
  db::RunEnergy energy;
  energy.meter = "csv";
  energy.sampleHz = 10'000;
  energy.supplyVolts = 3.3;
  energy.alignment = "trigger";
  energy.missing = 3;
  energy.trace = db::packTrace(twoBlocks());
  attach(energy);
  view.settle();
  EXPECT_EQ(view.chart()->itemCount(), 2);
  EXPECT_THAT(view.summary().toStdString(), HasSubstr("3 samples MISSING"));
  EXPECT_THAT(view.csv(), HasSubstr("\r\n2,2500,3000,125,250,250,"));
}

TEST_F(PowerViewTest, BlocksAreLinkedWithTheirLayers) {
  m_session.open(QString::fromStdString(test::mobilenetFile()));
  m_session.waitUntilIdle();
  const SnapshotPtr& now = m_session.snapshot();
  m_selection.setReport(std::shared_ptr<const Report>(now, &now->report));
  PowerView view({m_session, m_selection});
  view.resize(900, 400);
  view.setVisible(true);
  db::RunEnergy energy;
  energy.sampleHz = 10'000;
  energy.trace = db::packTrace(twoBlocks());
  energy.inference = db::BlockEnergy{2, 5000, 0.5, 0.0625, 0.06, 0.07, 0.25, 0.875};
  energy.layers.push_back({3, {5, 5000, 0.5, 0.025, 0.024, 0.026, 0.25, 0.25}});
  attach(energy);
  view.settle();
  const ChartBase& chart = *view.chart();
  EXPECT_EQ(chart.layerOf(0), -1);
  EXPECT_EQ(chart.layerOf(1), 2);
  const LayerRow& third = now->report.layers[2];
  EXPECT_THAT(chart.itemText(1).toStdString(),
              HasSubstr("Block 2 of 2, layer 3 " + third.kind + " " + third.name +
                        ", each execution 25 mJ (90 %: -4.0/+4.0 %) at 250 mW, from 2.5 s"));
  EXPECT_THAT(chart.itemText(0).toStdString(), HasSubstr("whole inferences, each 62.5 mJ"));
  EXPECT_THAT(view.csv(), HasSubstr("\r\n1,1000,1500,125.062,250.125,875,all,,,2,62.5\r\n"));
  EXPECT_THAT(view.csv(), HasSubstr("\r\n2,2500,3000,125,250,250,3," + third.kind + "," +
                                    third.name + ",5,25\r\n"));

  auto* widget = view.findChild<PowerChart*>();
  const ChartFrame frame = widget->frameFor(widget->size());
  const QPoint inBlock(int(frame.x.x(2700)), int(frame.plot.center().y()));
  QTest::mouseClick(widget, Qt::LeftButton, {}, inBlock);
  EXPECT_EQ(m_selection.layer(), 2);
  EXPECT_EQ(chart.selectedItem(), 1);
  // The block of a layer that is selected elsewhere comes into sight.
  m_selection.select(0);
  widget->setCurrentRange({0, 500}, Selection::Step::New);
  m_selection.select(2);
  EXPECT_FALSE(widget->itemRect(1, widget->frameFor(widget->size())).isEmpty());
  m_selection.select(-1);
  QTest::keyClick(widget, Qt::Key_Right);
  EXPECT_EQ(m_selection.layer(), 2) << "the first block is no layer's";
}

TEST_F(PowerViewTest, BlocksThatAreOffAreNotGuessed) {
  PowerView view({m_session, m_selection});
  db::RunEnergy energy;
  energy.sampleHz = 10'000;
  energy.trace = db::packTrace(twoBlocks());
  energy.layers.push_back({3, {5, 5000, 0.5, 0.025, 0.024, 0.026, 0.25, 0.25}});
  attach(energy);
  view.settle();
  EXPECT_THAT(view.summary().toStdString(), HasSubstr("which block is of which layer cannot be"));
  EXPECT_THAT(view.csv(), HasSubstr("\r\n2,2500,3000,125,250,250,,,,,\r\n"));
}

TEST_F(PowerViewTest, SaysWhyThereIsNothingToShow) {
  PowerView view({m_session, m_selection});
  attach(std::nullopt);
  view.settle();
  EXPECT_EQ(view.chart()->itemCount(), 0);
  EXPECT_FALSE(view.grab().isNull());
  db::RunEnergy energy;
  energy.meter = "ppk2";
  energy.trouble = "the meter was unplugged";
  attach(energy);
  view.settle();
  EXPECT_THAT(view.summary().toStdString(), HasSubstr("the meter was unplugged"));
  EXPECT_EQ(view.chart()->itemCount(), 0);
}

}  // namespace
}  // namespace mcuprof::gui
