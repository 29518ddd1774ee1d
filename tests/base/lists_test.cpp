#include "analyzer/base/lists.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mcuprof {
namespace {

template <typename T>
std::vector<T> copied(std::span<const T> list) {
  return {list.begin(), list.end()};
}

TEST(Lists, AreFilledOneBehindTheOther) {
  Lists<std::string> lists;
  EXPECT_TRUE(lists.empty());
  lists.open();
  lists.add("a");
  lists.add("b");
  lists.open();
  lists.open();
  lists.add("c");
  lists.back() += "d";
  ASSERT_EQ(lists.size(), 3U);
  EXPECT_EQ(copied(lists[0]), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(lists[1].empty());
  EXPECT_EQ(copied(lists[2]), (std::vector<std::string>{"cd"}));
  EXPECT_EQ(copied(lists.values()), (std::vector<std::string>{"a", "b", "cd"}));
}

TEST(Lists, GroupedKeepTheOrderOfValuesOfOneList) {
  const std::vector<std::pair<std::size_t, int>> entries = {{2, 7}, {0, 5}, {2, 1}, {0, 9}, {3, 4}};
  const auto lists = Lists<int>::grouped(5, [&](const auto& visit) {
    for (const auto& [list, value] : entries) visit(list, value);
  });
  ASSERT_EQ(lists.size(), 5U);
  EXPECT_EQ(copied(lists[0]), (std::vector<int>{5, 9}));
  EXPECT_TRUE(lists[1].empty());
  EXPECT_EQ(copied(lists[2]), (std::vector<int>{7, 1}));
  EXPECT_EQ(copied(lists[3]), (std::vector<int>{4}));
  EXPECT_TRUE(lists[4].empty());
}

}  // namespace
}  // namespace mcuprof
