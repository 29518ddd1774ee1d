#include <gtest/gtest.h>

#include "gui/charts/axis.hpp"

namespace mcuprof::gui {
namespace {

TEST(Human, WritesNumbersAsPeopleReadThem) {
  EXPECT_EQ(human(0, Unit::Bytes), QStringLiteral("0 B"));
  EXPECT_EQ(human(399'440, Unit::Bytes), QStringLiteral("390 KiB"));
  EXPECT_EQ(human(1'286'280, Unit::Bytes), QStringLiteral("1.23 MiB"));
  EXPECT_EQ(human(34.42, Unit::Milliseconds), QStringLiteral("34.4 ms"));
  EXPECT_EQ(human(3453, Unit::Milliseconds), QStringLiteral("3.45 s"));
  EXPECT_EQ(human(0.0204, Unit::Milliseconds), QStringLiteral("20.4 µs"));
  EXPECT_EQ(human(2643, Unit::Millijoules), QStringLiteral("2.64 J"));
  EXPECT_EQ(human(1'769'472, Unit::Count), QStringLiteral("1.77 M"));
  EXPECT_EQ(human(999.7, Unit::Count), QStringLiteral("1 k"));
}

TEST(Exact, LosesNoDigit) {
  EXPECT_EQ(exact(1'286'280, Unit::Bytes), QStringLiteral("1,286,280 B"));
}

TEST(ValueAxis, MapsThereAndBack) {
  for (const ValueAxis& axis : {ValueAxis::linear(1000, Unit::Bytes, 10, 210),
                                ValueAxis::logarithmic(10, 1e6, Unit::Bytes, 10, 210)}) {
    for (const double value : {20.0, 100.0, 777.0}) {
      EXPECT_NEAR(axis.valueAt(axis.y(value)), value, value * 1e-9);
    }
  }
}

TEST(ValueAxis, PutsTicksOfSizesAtPowersOfTwo) {
  const auto ticks = ValueAxis::linear(400 * 1024, Unit::Bytes, 0, 200).ticks(44);
  ASSERT_EQ(ticks.size(), 4U);
  EXPECT_EQ(ticks[1].value, 128 * 1024);
  EXPECT_EQ(ticks[1].text, QStringLiteral("128 KiB"));
}

TEST(LayerAxis, LabelsDoNotTouch) {
  const LayerAxis axis{{0, 100}, 0, 1000};
  const auto labels = axis.labelled(100, 25);
  ASSERT_GT(labels.size(), 5U);
  for (std::size_t i = 1; i < labels.size(); ++i) {
    EXPECT_GE(axis.x(labels[i]) - axis.x(labels[i - 1]), 25);
  }
  EXPECT_EQ((labels[1] + 1) % 5, 0);  // round numbers
}

}  // namespace
}  // namespace mcuprof::gui
