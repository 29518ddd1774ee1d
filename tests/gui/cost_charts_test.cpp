// Data movement, time and energy: what is drawn against the report's numbers.
#include <gtest/gtest.h>

#include <QImage>
#include <QTest>

#include "gui/charts/bound_inks.hpp"
#include "gui/charts/chart_parts.hpp"
#include "gui/charts/cost_chart.hpp"
#include "gui/charts/movement_chart.hpp"
#include "gui/session/layer_filter.hpp"
#include "gui/views/movement_view.hpp"
#include "gui/views/time_view.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::setupFor;
using test::snapshotOf;

template <typename Chart>
class ChartOnBoard {
 public:
  explicit ChartOnBoard(const std::string& board, QSize size = {1200, 500})
      : snapshot(snapshotOf(setupFor(largeMobilenetFile(), board))) {
    selection.setReport(std::shared_ptr<const Report>(snapshot, &snapshot->report));
    chart = std::make_unique<Chart>(selection);
    chart->resize(size);
    chart->show();
  }
  SnapshotPtr snapshot;
  Selection selection;
  std::unique_ptr<Chart> chart;
};

/// With weights on the card, so that every part of the energy occurs.
constexpr const char* kBoard = "nucleo-f429zi";

TEST(MovementChart, PiecesAreAsHighAsTheirBytes) {
  ChartOnBoard<MovementChart> c(kBoard);
  c.chart->setMovement(movementOf(c.snapshot->analysis, c.snapshot->report));
  for (const MovementMode mode : {MovementMode::Purpose, MovementMode::Memory}) {
    c.chart->setMode(mode);
    const MovementGeometry geometry = c.chart->geometryFor(c.chart->size());
    const double perByte = (geometry.zero - geometry.up.top) / geometry.up.high;
    std::vector<double> read(c.snapshot->report.layers.size());
    std::vector<double> written(read.size());
    for (const MovementPiece& piece : geometry.pieces) {
      (piece.read ? read : written)[std::size_t(piece.layer)] += piece.rect.height();
      if (piece.read) {
        EXPECT_LE(piece.rect.bottom(), geometry.zero + 1e-9);
      } else {
        EXPECT_GE(piece.rect.top(), geometry.zero - 1e-9);
      }
    }
    for (std::size_t i = 0; i < read.size(); ++i) {
      const LayerRow& row = c.snapshot->report.layers[i];
      EXPECT_NEAR(read[i], double(row.read.value) * perByte, 1e-6);
      EXPECT_NEAR(written[i], double(row.written.value) * perByte, 1e-6);
    }
  }
}

TEST(MovementChart, WhatReachesBeyondThePlotIsSaidToBeCut) {
  ChartOnBoard<MovementChart> c("nucleo-f767zi");
  c.chart->setMovement(movementOf(c.snapshot->analysis, c.snapshot->report));
  const ChartFrame frame = c.chart->frameFor(c.chart->size());
  std::size_t cuts = 0;
  for (const MovementMode mode :
       {MovementMode::Purpose, MovementMode::Memory, MovementMode::Energy}) {
    c.chart->setMode(mode);
    const MovementGeometry geometry = c.chart->geometryFor(c.chart->size());
    const auto cut = [&](const MovementPiece& piece) {
      return std::ranges::any_of(geometry.cuts, [&](const MovementCut& of) {
        return of.read == piece.read && of.bar.left() == piece.rect.left();
      });
    };
    for (const MovementPiece& piece : geometry.pieces) {
      if (cut(piece)) continue;
      EXPECT_GE(piece.rect.top(), frame.plot.top() - 1e-6);
      EXPECT_LE(piece.rect.bottom(), frame.plot.bottom() + 1e-6);
    }
    cuts += geometry.cuts.size();
  }
  EXPECT_GT(cuts, 0U);
}

TEST(MovementChart, ValuesOfTowersSideBySideDoNotLieOnEachOther) {
  ChartOnBoard<MovementChart> c("nucleo-f767zi");
  const ChartFrame frame = c.chart->frameFor(c.chart->size());
  for (const bool atTop : {true, false}) {
    Scene scene;
    addCut(scene, frame, QRectF(100, 40, 10, 300), atTop, "192 KiB");
    addCut(scene, frame, QRectF(112, 40, 10, 300), atTop, "582 KiB");
    ASSERT_EQ(scene.texts.size(), 2U);
    EXPECT_FALSE(scene.texts[0].box.intersects(scene.texts[1].box));
  }
}

TEST(MovementChart, AFewTowersDoNotFlattenTheOthers) {
  EXPECT_DOUBLE_EQ(mostWithoutTowers({10, 12, 100, 9}), 12 * 1.15);
  EXPECT_DOUBLE_EQ(mostWithoutTowers({10, 100, 60, 9}), 10 * 1.15);
  EXPECT_DOUBLE_EQ(mostWithoutTowers({10, 12, 40, 9}), 40);
  EXPECT_DOUBLE_EQ(mostWithoutTowers({0, 0, 5}), 5);
  EXPECT_DOUBLE_EQ(mostWithoutTowers({}), 0);
}

TEST(MovementChart, WritingAndReadingSpillsLookDifferent) {
  ChartOnBoard<MovementChart> c(kBoard);
  c.chart->setMovement(movementOf(c.snapshot->analysis, c.snapshot->report));
  const int write = int(Purpose::SpillWrite);
  const int read = int(Purpose::SpillRead);
  EXPECT_NE(c.chart->inkOf(write), c.chart->inkOf(read));
  EXPECT_NE(c.chart->patternOf(write), c.chart->patternOf(read));
}

TEST(MovementChart, EnergyPartsAddUpToTheLayersEnergy) {
  ChartOnBoard<MovementChart> c(kBoard);
  const Movement data = movementOf(c.snapshot->analysis, c.snapshot->report);
  double moving = 0;
  double card = 0;
  for (const CostRow& row : c.snapshot->report.costs.layers) {
    if (!row.known) continue;
    const EnergyParts& parts = data.layers[std::size_t(row.number - 1)].energy;
    ASSERT_TRUE(row.millijoules);
    EXPECT_NEAR(parts.total(), row.millijoules->value, 1e-9 + 1e-9 * row.millijoules->value);
    EXPECT_GE(parts.computing, 0);
    moving += parts.movement();
    card += parts.card;
  }
  EXPECT_GT(card, 0);
  EXPECT_GT(moving, card);
}

TEST(MovementChart, PaintsReadsAboveTheLineInTheirColour) {
  ChartOnBoard<MovementChart> c("nucleo-f767zi");
  c.chart->setMovement(movementOf(c.snapshot->analysis, c.snapshot->report));
  const QImage image = c.chart->grab().toImage();
  const QRectF plot = c.chart->frameFor(c.chart->size()).plot;
  int probed = 0;
  for (const MovementPiece& piece : c.chart->geometryFor(c.chart->size()).pieces) {
    if (piece.rect.height() < 4 || piece.rect.width() < 4) continue;
    if (c.chart->patternOf(piece.kind) != Pattern::Solid || !plot.contains(piece.rect)) continue;
    EXPECT_EQ(image.pixelColor(piece.rect.center().toPoint()).name(),
              Theme::light().color(c.chart->inkOf(piece.kind)).name())
        << "layer " << piece.layer;
    ++probed;
  }
  EXPECT_GT(probed, 30);
}

TEST(MovementView, CsvAddsUpToTheReport) {
  Session session;
  Selection selection;
  session.open(QString::fromStdString(largeMobilenetFile()));
  session.waitUntilIdle();
  MovementView view({session, selection});
  view.refresh();
  const std::string csv = view.csv();
  // One line a row of the ledger, and the header.
  EXPECT_EQ(std::size_t(std::ranges::count(csv, '\n')),
            session.snapshot()->report.ledger.size() + 1);
  view.setMode(QStringLiteral("energy"));
  EXPECT_EQ(std::size_t(std::ranges::count(view.csv(), '\n')),
            session.snapshot()->report.layers.size() + 1);
}

TEST(CostChart, BarsAndWhiskersAreAtTheirValues) {
  ChartOnBoard<CostChart> c(kBoard);
  const auto rows = costsByLayer(c.snapshot->report);
  for (const CostMode mode :
       {CostMode::Milliseconds, CostMode::Cycles, CostMode::Millijoules, CostMode::CyclesPerMac}) {
    c.chart->setMode(mode);
    const CostGeometry geometry = c.chart->geometryFor(c.chart->size());
    const double scale = (geometry.axis.bottom - geometry.axis.top) / geometry.axis.high;
    int known = 0;
    for (const CostBar& bar : geometry.bars) {
      const auto cost = costOf(rows[std::size_t(bar.layer)], mode);
      EXPECT_EQ(bar.known, cost.has_value());
      if (!cost) continue;
      ++known;
      EXPECT_EQ(bar.cut, cost->value > geometry.axis.high);
      if (bar.cut) continue;
      EXPECT_NEAR(bar.bar.height(), cost->value * scale, 1e-6);
      EXPECT_NEAR(geometry.axis.bottom - bar.lowY, cost->low * scale, 1e-6);
      EXPECT_NEAR(geometry.axis.bottom - bar.highY, cost->high * scale, 1e-6);
      EXPECT_GE(bar.highY, geometry.axis.top - 1e-6);
    }
    EXPECT_GT(known, 30);
  }
}

TEST(CostChart, PaintsWhatBindsInItsColour) {
  ChartOnBoard<CostChart> c("nucleo-f767zi");
  const auto rows = costsByLayer(c.snapshot->report);
  const QImage image = c.chart->grab().toImage();
  int probed = 0;
  for (const CostBar& bar : c.chart->geometryFor(c.chart->size()).bars) {
    const CostRow* row = rows[std::size_t(bar.layer)];
    const BoundStyle style = styleOfBound(row->bound);
    if (bar.bar.height() < 6 || style.pattern != Pattern::Solid) continue;
    EXPECT_EQ(image.pixelColor(int(bar.bar.left()) + 1, int(bar.bar.bottom()) - 2).name(),
              Theme::light().color(style.ink).name())
        << "layer " << bar.layer;
    ++probed;
  }
  EXPECT_GT(probed, 10);
}

TEST(CostChart, TermsByBoundSumToTheCycles) {
  const SnapshotPtr snapshot = snapshotOf(setupFor(largeMobilenetFile(), kBoard));
  for (const CostRow& row : snapshot->report.costs.layers) {
    double sum = 0;
    for (const double part : cyclesByBound(row.terms)) sum += part;
    EXPECT_NEAR(sum, row.cycles.value, 1e-6 * row.cycles.value);
  }
}

TEST(CostChart, SaysEveryNumberOfALayer) {
  ChartOnBoard<CostChart> c(kBoard);
  const QString text = c.chart->itemText(0);
  EXPECT_TRUE(text.startsWith(QStringLiteral("Layer 1 CONV_2D: "))) << text.toStdString();
  for (const char* part : {"90 %", "cycles", "energy", "per MAC", "bound by"}) {
    EXPECT_TRUE(text.contains(QLatin1String(part))) << text.toStdString();
  }
}

TEST(TimeView, CsvIsThatOfTheCli) {
  Session session;
  Selection selection;
  session.open(QString::fromStdString(largeMobilenetFile()));
  session.waitUntilIdle();
  TimeView view({session, selection});
  view.refresh();
  EXPECT_EQ(view.csv(), test::outputOf(MCUPROF_PROGRAM, {"analyze", "--board", "nucleo-f767zi",
                                                         "--format", "csv", largeMobilenetFile()}));
}

}  // namespace
}  // namespace mcuprof::gui
