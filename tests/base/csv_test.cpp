#include "analyzer/base/csv.hpp"

#include <gtest/gtest.h>

namespace mcuprof {
namespace {

using Fields = std::vector<std::string>;

TEST(ReadCsv, KeepsQuotedCommasQuotesAndLineBreaks) {
  const Result<CsvTable> table = readCsv("a,b\r\n\"1,5\",\"say \"\"hi\"\"\nnow\"\n", "t.csv");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->header, (Fields{"a", "b"}));
  ASSERT_EQ(table->records.size(), 1U);
  EXPECT_EQ(table->records[0].fields, (Fields{"1,5", "say \"hi\"\nnow"}));
}

TEST(ReadCsv, CountsLinesThroughQuotedLineBreaksAndBlankLines) {
  const Result<CsvTable> table = readCsv("a,b\n\"x\ny\",1\n\n2,3", "t.csv");
  ASSERT_TRUE(table) << table.error().text();
  ASSERT_EQ(table->records.size(), 2U);
  EXPECT_EQ(table->records[0].line, 2U);
  EXPECT_EQ(table->records[1].line, 5U);
  EXPECT_EQ(table->records[1].fields, (Fields{"2", "3"}));
}

TEST(ReadCsv, KeepsEmptyFieldsAndFindsColumns) {
  const Result<CsvTable> table = readCsv(
      "\xEF\xBB\xBF"
      "a,b,c\n,,\n",
      "t.csv");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->records[0].fields, (Fields{"", "", ""}));
  EXPECT_EQ(table->column("c"), 2U);
  EXPECT_EQ(table->column("d"), CsvTable::npos);
}

TEST(ReadCsv, NamesTheLineOfWhatIsWrong) {
  EXPECT_EQ(readCsv("", "t.csv").error().text(),
            "t.csv: empty; wanted a CSV file with a header line");
  EXPECT_EQ(readCsv("a,b\n1\n", "t.csv").error().text(), "t.csv:2: 1 fields; the header has 2");
  EXPECT_EQ(readCsv("a,b\n1,\"2", "t.csv").error().text(),
            "t.csv:2: a quoted field has no closing quote");
  EXPECT_EQ(readCsv("a,b\n\"1\"2,3\n", "t.csv").error().text(),
            "t.csv:2: text behind a closing quote; wanted a comma or the end of the line");
  EXPECT_EQ(readCsv("a,a\n", "t.csv").error().text(), "t.csv:1: column \"a\" is there twice");
}

}  // namespace
}  // namespace mcuprof
