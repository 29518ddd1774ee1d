#include <gtest/gtest.h>

#include "gui/session/selection.hpp"

namespace mcuprof::gui {
namespace {

LayerRow layer(const char* kind, std::int64_t input, bool fits = true) {
  LayerRow out;
  out.kind = kind;
  out.name = std::string("net/") + kind;
  out.parts.input = Bytes(input);
  out.fit.activationsFit = fits;
  return out;
}

std::shared_ptr<const Report> reportOf(std::vector<LayerRow> layers) {
  auto out = std::make_shared<Report>();
  for (LayerRow& row : layers) {
    row.number = static_cast<std::int32_t>(out->layers.size()) + 1;
    out->layers.push_back(std::move(row));
  }
  return out;
}

TEST(Selection, ZoomKeepsTheLayerUnderThePointerInPlace) {
  Selection selection;
  selection.setReport(reportOf(std::vector<LayerRow>(100)));
  selection.zoom(0.5, 40);
  EXPECT_EQ(selection.range(), (LayerRange{20, 70}));
}

TEST(Selection, NeverShowsLessThanALayerOrMoreThanAll) {
  Selection selection;
  selection.setReport(reportOf(std::vector<LayerRow>(10)));
  selection.setRange({4, 4.1});
  EXPECT_DOUBLE_EQ(selection.range().span(), 1);
  selection.setRange({-50, 70});
  EXPECT_EQ(selection.range(), (LayerRange{0, 10}));
  selection.setRange({-3, 2});
  EXPECT_EQ(selection.range(), (LayerRange{0, 5}));
}

TEST(Selection, UndoesZoomAndFilterInTheirOrder) {
  Selection selection;
  selection.setReport(reportOf({layer("CONV_2D", 1), layer("PAD", 2), layer("ADD", 3)}));
  selection.setRange({0, 2});
  ASSERT_TRUE(selection.setFilter(QStringLiteral("op:pad")));
  EXPECT_EQ(selection.matchCount(), 1);
  EXPECT_EQ(selection.trail(), QStringLiteral("all › op:pad › layers 1 to 2"));
  selection.undo();
  EXPECT_EQ(selection.matchCount(), 3);
  EXPECT_EQ(selection.range(), (LayerRange{0, 2}));
  selection.undo();
  EXPECT_TRUE(selection.showsAll());
  EXPECT_FALSE(selection.canUndo());
  selection.redo();
  selection.redo();
  EXPECT_EQ(selection.filterText(), QStringLiteral("op:pad"));
}

TEST(Selection, ContinuedStepsAreOneStepOfUndo) {
  Selection selection;
  selection.setReport(reportOf(std::vector<LayerRow>(100)));
  selection.zoom(0.5, 50, Selection::Step::New);
  selection.zoom(0.5, 50, Selection::Step::Continued);
  selection.zoom(0.5, 50, Selection::Step::Continued);
  selection.undo();
  EXPECT_TRUE(selection.showsAll());
}

TEST(Selection, GoesRoundTheViolations) {
  Selection selection;
  selection.setReport(
      reportOf({layer("A", 1), layer("B", 1, false), layer("C", 1), layer("D", 1, false)}));
  EXPECT_TRUE(selection.selectViolation(1));
  EXPECT_EQ(selection.layer(), 1);
  EXPECT_TRUE(selection.selectViolation(1));
  EXPECT_EQ(selection.layer(), 3);
  EXPECT_TRUE(selection.selectViolation(1));
  EXPECT_EQ(selection.layer(), 1);
  EXPECT_TRUE(selection.selectViolation(-1));
  EXPECT_EQ(selection.layer(), 3);
  selection.setReport(reportOf({layer("A", 1)}));
  EXPECT_FALSE(selection.selectViolation(1));
}

TEST(LayerFilter, ComparesSizesAndFindsTexts) {
  const LayerRow conv = layer("CONV_2D", 300 * 1024);
  const LayerRow pad = layer("PAD", 100 * 1024);
  const auto matches = [](const char* text, const LayerRow& row) {
    const auto filter = parseLayerFilter(text);
    EXPECT_TRUE(filter) << text;
    return filter && filter->matches(row, nullptr);
  };
  EXPECT_TRUE(matches("op:conv ws>200K", conv));
  EXPECT_FALSE(matches("op:conv ws>200K", pad));
  EXPECT_FALSE(matches("op:conv ws>400K", conv));
  EXPECT_TRUE(matches("-op:conv", pad));
  EXPECT_TRUE(matches("net/pad", pad));
  EXPECT_TRUE(matches("in>=100K in<=100K in=100K", pad));
  EXPECT_FALSE(matches("ms>0", conv));  // unknown matches no comparison
  EXPECT_TRUE(matches("", conv));
  EXPECT_FALSE(matches("is:over", conv));
}

TEST(LayerFilter, TellsWhatWasWrongWithATerm) {
  const auto error = [](const char* text) { return parseLayerFilter(text).error().text(); };
  EXPECT_EQ(error("ws>lots"), "ws>lots: \"lots\" is no size; wanted for instance 200K");
  EXPECT_EQ(error("kernl:conv"), "kernl:conv: no column \"kernl\"; did you mean \"kernel\"?");
  EXPECT_EQ(error("is:bad"), "is:bad: no state \"bad\"; there are over streams unknown spilling");
  EXPECT_EQ(error("macs>x"), "macs>x: \"x\" is no number; wanted for instance 1.5M");
}

}  // namespace
}  // namespace mcuprof::gui
