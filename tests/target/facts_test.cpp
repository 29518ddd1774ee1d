#include "analyzer/target/facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcuprof {
namespace {

using testing::ElementsAre;

std::vector<std::string> problemsOf(const TomlDocument& document) {
  std::vector<std::string> texts;
  for (const Error& error : document.problems()) texts.push_back(error.text());
  return texts;
}

TEST(FactReader, GivesAFactTheTextAndBasisOfItsSource) {
  auto document = TomlDocument::parse(R"(clock_hz = [216_000_000, "zep"]
line = [32, "recalled"]
[sources.datasheet]
zep = "Zephyr nucleo_f767zi.dts"
[sources.assumed]
recalled = "recalled"
)",
                                      "x.toml");
  ASSERT_TRUE(document);
  const TomlTable root = document->root();
  FactReader facts(root);
  EXPECT_EQ(facts.integer(root, "clock_hz", 1, 1'000'000'000),
            (Sourced<std::int64_t>{216'000'000, Basis::Datasheet, "Zephyr nucleo_f767zi.dts"}));
  EXPECT_EQ(facts.smallInteger(root, "line", 1, 1024),
            (Sourced<int>{32, Basis::Assumed, "recalled"}));
  EXPECT_EQ(facts.boolean(root, "absent"), std::nullopt);
  facts.noteUnusedSources();
  EXPECT_TRUE(document->check());
}

TEST(FactReader, WantsASourceForEveryFact) {
  auto document = TomlDocument::parse(R"(a = 1
b = [1, "zepp"]
c = [1]
d = [1, 2]
e = [true, "zep"]
[sources.datasheet]
zep = "Zephyr"
other = ""
[sources.assumed]
zep = "again"
[sources.guessed]
)",
                                      "x.toml");
  ASSERT_TRUE(document);
  const TomlTable root = document->root();
  FactReader facts(root);
  for (const char* key : {"a", "b", "c", "d", "e"}) facts.integer(root, key, 0, 9);
  facts.noteUnusedSources();
  EXPECT_THAT(problemsOf(*document),
              ElementsAre("x.toml:1:5: \"a\" has no source; wanted [value, \"source\"]",
                          "x.toml:2:9: unknown source \"zepp\" (did you mean \"zep\"?)",
                          "x.toml:3:5: \"c\" has no source; wanted [value, \"source\"]",
                          "x.toml:4:9: \"d\" is a whole number; wanted a string",
                          "x.toml:5:6: \"e\" is a boolean; wanted a whole number",
                          "x.toml:8:9: source \"other\" says nothing",
                          "x.toml:8:9: no fact names the source \"other\"",
                          "x.toml:10:7: source \"zep\" is declared twice",
                          "x.toml:11:10: unknown key \"guessed\""));
}

}  // namespace
}  // namespace mcuprof
