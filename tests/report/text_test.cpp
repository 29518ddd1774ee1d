#include "analyzer/report/text.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "analyzer/report/text_parts.hpp"

namespace mcuprof {
namespace {

TEST(Grouped, SeparatesThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(NumberText, RoundsWhenAskedTo) {
  EXPECT_EQ(numberText(1234567, Digits::Grouped), "1,234,567");
  EXPECT_EQ(numberText(1234567, Digits::Plain), "1234567");
  EXPECT_EQ(numberText(1234567, Digits::Rounded), "1.23M");
  EXPECT_EQ(numberText(999, Digits::Rounded), "999");
  EXPECT_EQ(numberText(999999, Digits::Rounded), "1M");
}

TEST(Printable, KeepsNothingThatMovesTheCursorOrChangesColours) {
  EXPECT_EQ(printable("conv\x1b[31m\n\t\x7f"), "conv?[31m???");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "??31m")
      << "C1 control sequence introducer";
  EXPECT_EQ(printable("\xe2\x80\xae"), "???") << "right-to-left override";
  EXPECT_EQ(printable("h\xc3\xb6he"), "h\xc3\xb6he");
  EXPECT_EQ(printable("\xff\xc3"), "??");
  EXPECT_EQ(printable("\xed\xa0\x80"), "???") << "a surrogate is no UTF-8";
}

TEST(Shortened, TakesTheMiddleOut) {
  EXPECT_EQ(shortened("block_13_project", 16), "block_13_project");
  EXPECT_EQ(shortened("block_13_project", 10), "bloc..ject");
  EXPECT_EQ(shortened("block_13_project", 3), "blo");
  EXPECT_EQ(columnsOf(shortened("h\xc3\xb6h\xc3\xb6h\xc3\xb6h\xc3\xb6", 6)), 6U);
}

TEST(Wrapped, BreaksAtSpacesAndIndents) {
  EXPECT_EQ(wrapped("why  ", "one two three four", 15), "why  one two\n     three four\n");
  EXPECT_EQ(wrapped("", "aaaaaaaaaaaaaaaaaaaaaaaa", 12), "aaaaa..aaaaa\n");
  EXPECT_EQ(wrapped("why  ", "", 20), "why\n");
}

TEST(TextTable, LinesUpColumnsAndShortensTheOneThatMay) {
  TextTable table({{"name", TextTable::Align::Left, 6}, {"bytes"}});
  table.addRow({"a_rather_long_name", "12"});
  table.addRule();
  table.addRow({"b", "1,234"});
  EXPECT_EQ(table.naturalWidth(), 24U);
  EXPECT_EQ(table.leastWidth(), 12U);
  EXPECT_EQ(table.render({12, false}),
            "name   bytes\n"
            "a_..me    12\n"
            "------------\n"
            "b      1,234\n");
}

TEST(TextTable, ColoursWholeLinesOnlyWhereThereIsColour) {
  TextTable table({{"a", TextTable::Align::Left}});
  table.addRow({"x"}, Tone::Bad);
  EXPECT_EQ(table.render({100, true}), "\x1b[1ma\x1b[0m\n\x1b[31mx\x1b[0m\n");
  EXPECT_EQ(table.render({100, false}), "a\nx\n");
}

}  // namespace
}  // namespace mcuprof
