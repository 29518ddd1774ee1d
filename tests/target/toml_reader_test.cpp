#include "analyzer/target/toml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcuprof {
namespace {

using testing::ElementsAre;

TomlDocument parsed(std::string_view text) {
  Result<TomlDocument> document = TomlDocument::parse(text, "x.toml");
  EXPECT_TRUE(document) << document.error().text();
  return std::move(*document);
}

std::vector<std::string> problemsOf(const TomlDocument& document) {
  std::vector<std::string> texts;
  for (const Error& error : document.problems()) texts.push_back(error.text());
  return texts;
}

TEST(TomlReader, GivesTypedValues) {
  TomlDocument document = parsed(R"(
name = "f746"
count = 0x20
on = true
ratio = 0.5
whole = 3
size = "128 KiB"
list = ["a", "b"]
[part]
size = 12
[[row]]
n = 1
[[row]]
n = 2
)");
  TomlTable root = document.root();
  EXPECT_EQ(root.requireString("name"), "f746");
  EXPECT_EQ(root.requireInteger("count"), 32);
  EXPECT_TRUE(root.requireBoolean("on"));
  EXPECT_EQ(root.requireNumber("ratio"), 0.5);
  EXPECT_EQ(root.requireNumber("whole"), 3.0);
  EXPECT_EQ(root.requireSize("size"), 128_KiB);
  EXPECT_THAT(root.strings("list"), ElementsAre("a", "b"));
  EXPECT_EQ(root.requireTable("part")->requireSize("size"), 12_B);
  const std::vector<TomlTable> rows = root.tables("row");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].requireInteger("n"), 2);
  EXPECT_EQ(rows[0].requireInteger("n"), 1);
  EXPECT_FALSE(root.integer("absent"));
  EXPECT_TRUE(document.check());
}

TEST(TomlReader, NamesUnknownKeysAndWhatWasMeant) {
  TomlDocument document = parsed("size = 1\n[memory]\nwidht = 3\nfoo = 1\n[other]\nx = 1\n");
  TomlTable root = document.root();
  root.size("size");
  const auto memory = root.table("memory");
  memory->integer("width");
  EXPECT_THAT(problemsOf(document),
              ElementsAre("x.toml:3:1: unknown key \"widht\" (did you mean \"width\"?)",
                          "x.toml:4:1: unknown key \"foo\"", "x.toml:5:2: unknown key \"other\""));
}

TEST(TomlReader, LooksForUnknownKeysInTablesWithinArrays) {
  TomlDocument document = parsed("rows = [ { a = 1 }, { a = 2, b = 3 } ]\n");
  for (const TomlTable& row : document.root().tables("rows")) row.integer("a");
  EXPECT_THAT(problemsOf(document), ElementsAre("x.toml:1:30: unknown key \"b\""));
}

TEST(TomlReader, TellsWhatWasFoundAndWhatWasWanted) {
  TomlDocument document = parsed(R"(name = 3
count = "many"
small = 7
on = 1
ratio = nan
kind = "ram"
[part]
)");
  TomlTable root = document.root();
  root.string("name");
  root.integer("count");
  root.integer("small", 8, 64);
  root.boolean("on");
  root.number("ratio", 0, 1);
  constexpr std::string_view kKinds[] = {"sram", "flash"};
  root.word("kind", kKinds);
  root.table("part")->requireString("title");
  EXPECT_THAT(problemsOf(document),
              ElementsAre("x.toml:1:8: \"name\" is a whole number; wanted a string",
                          "x.toml:2:9: \"count\" is a string; wanted a whole number",
                          "x.toml:3:9: \"small\" is 7; wanted 8 to 64",
                          "x.toml:4:6: \"on\" is a whole number; wanted true or false",
                          "x.toml:5:9: \"ratio\" is nan; wanted 0 to 1",
                          "x.toml:6:8: \"kind\" is \"ram\"; wanted one of sram, flash",
                          "x.toml:7:1: key \"title\" is missing"));
}

TEST(TomlReader, ReadsSizesWithBinaryUnitsOnly) {
  const auto sizeOf = [](std::string_view text) {
    TomlDocument document = parsed("size = " + std::string(text));
    const auto size = document.root().size("size");
    return size ? std::to_string(size->value) : problemsOf(document).at(0);
  };
  EXPECT_EQ(sizeOf("\"0 B\""), "0");
  EXPECT_EQ(sizeOf("\"16KiB\""), "16384");
  EXPECT_EQ(sizeOf("\"2 MiB\""), "2097152");
  EXPECT_EQ(sizeOf("\"1 GiB\""), "1073741824");
  const std::string wanted =
      "; wanted a size such as \"128 KiB\" (B, KiB, MiB, GiB) or a number of bytes";
  EXPECT_EQ(sizeOf("\"128 KB\""), "x.toml:1:8: \"size\" is \"128 KB\"" + wanted);
  EXPECT_EQ(sizeOf("\"8589934592 GiB\""), "x.toml:1:8: \"size\" is \"8589934592 GiB\"" + wanted);
  EXPECT_EQ(sizeOf("\"99999999999999999999 B\""),
            "x.toml:1:8: \"size\" is \"99999999999999999999 B\"" + wanted);
  EXPECT_EQ(sizeOf("-1"), "x.toml:1:8: \"size\" is -1" + wanted);
  EXPECT_EQ(sizeOf("\"KiB\""), "x.toml:1:8: \"size\" is \"KiB\"" + wanted);
  EXPECT_EQ(sizeOf("1.5"),
            "x.toml:1:8: \"size\" is a fractional number; wanted a size such as \"128 KiB\"");
}

TEST(TomlReader, ReportsSyntaxErrorsWithTheirPlace) {
  const Result<TomlDocument> document = TomlDocument::parse("a = 1\nb = = 2\n", "x.toml");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().where, "x.toml:2:5");
  EXPECT_NE(document.error().what, "");
}

TEST(TomlReader, RefusesWhatIsNotText) {
  EXPECT_EQ(TomlDocument::parse(std::string_view("a\0b", 3), "x.toml").error().text(),
            "x.toml: not a text file: it holds a 0 byte");
  EXPECT_EQ(TomlDocument::load("/nowhere/x.toml").error().text(),
            "/nowhere/x.toml: cannot open the file");
  EXPECT_EQ(TomlDocument::load("/").error().text(), "/: cannot read the file");
}

TEST(TomlReader, SurvivesDeepNesting) {
  EXPECT_FALSE(TomlDocument::parse("a = " + std::string(100000, '['), "x.toml"));
}

// Both were found by fuzzing: toml++ stopped the process.
TEST(TomlReader, SurvivesWhatTomlPlusPlusCallsImpossible) {
  const Result<TomlDocument> brackets = TomlDocument::parse("[[[a]]]\n", "x.toml");
  ASSERT_FALSE(brackets);
  EXPECT_EQ(brackets.error().where, "x.toml:1:3");
  for (const char* text :
       {"\xC3\xBC = 1\n", "a = \xC3\xBC\n", "\xEF\xBB\x93 = 1\n", "a\xE3\x80\x81 = 1\n"})
    EXPECT_FALSE(TomlDocument::parse(text, "x.toml")) << text;
  TomlDocument fine = parsed("a = \"\xC3\xBC\" # \xC3\xBC\n");
  EXPECT_EQ(fine.root().requireString("a"), "\xC3\xBC");
}

}  // namespace
}  // namespace mcuprof
