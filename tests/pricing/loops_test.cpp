#include "analyzer/pricing/loops.hpp"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcuprof {
namespace {

using ::testing::ElementsAre;

constexpr std::uint32_t kNone = BasicBlock::kNone;

/// Numbers below a bound, the same on every machine.
class Random {
 public:
  explicit Random(unsigned seed) : m_engine(seed) {}
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(m_engine() % bound);
  }

 private:
  std::mt19937 m_engine;
};

ControlFlow graph(std::vector<std::vector<std::uint32_t>> successors) {
  ControlFlow flow;
  for (auto& each : successors) {
    BasicBlock block;
    block.successors = std::move(each);
    flow.blocks.push_back(std::move(block));
  }
  return flow;
}

TEST(FindDominators, IsTheLastBlockOnEveryWay) {
  // 0 -> {1, 2} -> 3 -> 4, and 5 is not reachable
  const ControlFlow flow = graph({{1, 2}, {3}, {3}, {4}, {}, {4}});
  EXPECT_THAT(findDominators(flow.blocks, {0}), ElementsAre(kNone, 0u, 0u, 0u, 3u, kNone));
}

/// By the definition: a dominates b when no way from the entry reaches b without a.
std::vector<std::uint32_t> slowDominators(const std::vector<BasicBlock>& blocks,
                                          std::uint32_t entry) {
  const std::size_t n = blocks.size();
  const auto reach = [&](std::uint32_t without) {
    std::vector<char> seen(n, 0);
    std::vector<std::uint32_t> open;
    if (entry != without) open.push_back(entry);
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (seen[at] != 0) continue;
      seen[at] = 1;
      for (const std::uint32_t next : blocks[at].successors) {
        if (next != without) open.push_back(next);
      }
    }
    return seen;
  };
  const std::vector<char> all = reach(kNone);
  std::vector<std::vector<char>> dominates(n);
  for (std::uint32_t a = 0; a < n; ++a) {
    const std::vector<char> left = reach(a);
    dominates[a].resize(n);
    for (std::uint32_t b = 0; b < n; ++b) dominates[a][b] = all[b] != 0 && left[b] == 0 ? 1 : 0;
  }
  std::vector<std::uint32_t> idom(n, kNone);
  for (std::uint32_t b = 0; b < n; ++b) {
    if (all[b] == 0 || b == entry) continue;
    for (std::uint32_t a = 0; a < n; ++a) {
      if (a == b || dominates[a][b] == 0) continue;
      // The nearest is dominated by all others.
      if (idom[b] == kNone || dominates[idom[b]][a] != 0) idom[b] = a;
    }
  }
  return idom;
}

TEST(FindDominators, AgreesWithTheDefinitionOnRandomGraphs) {
  Random random(7);
  for (int round = 0; round < 500; ++round) {
    const std::uint32_t n = 2 + random.below(14);
    std::vector<std::vector<std::uint32_t>> successors(n);
    for (auto& each : successors) {
      for (std::uint32_t i = random.below(3); i > 0; --i) each.push_back(random.below(n));
      std::sort(each.begin(), each.end());
      each.erase(std::unique(each.begin(), each.end()), each.end());
    }
    const ControlFlow flow = graph(successors);
    EXPECT_EQ(findDominators(flow.blocks, {0}), slowDominators(flow.blocks, 0)) << round;
  }
}

TEST(FindLoops, NestsALoopInALoop) {
  // 0 -> 1 -> 2 -> 3 -> 2 (inner), 3 -> 4 -> 1 (outer), 4 -> 5
  ControlFlow flow = graph({{1}, {2}, {3}, {2, 4}, {1, 5}, {}});
  findLoops(flow, {0});
  ASSERT_EQ(flow.loops.size(), 2u);
  EXPECT_EQ(flow.loops[0].header, 2u);
  EXPECT_EQ(flow.loops[0].depth, 2u);
  EXPECT_THAT(flow.loops[0].blocks, ElementsAre(2u, 3u));
  EXPECT_EQ(flow.loops[0].parent, 1u);
  EXPECT_EQ(flow.loops[1].header, 1u);
  EXPECT_THAT(flow.loops[1].blocks, ElementsAre(1u, 4u));
  EXPECT_THAT(flow.loops[1].inner, ElementsAre(0u));
  EXPECT_FALSE(flow.loops[1].innermost);
  EXPECT_THAT(flow.loopOf, ElementsAre(kNone, 1u, 0u, 0u, 1u, kNone));
}

TEST(FindLoops, JoinsTheBranchesBackToOneHeader) {
  // a loop with a "continue": 1 -> 2 -> 1 and 2 -> 3 -> 1
  ControlFlow flow = graph({{1}, {2, 4}, {1, 3}, {1}, {}});
  findLoops(flow, {0});
  ASSERT_EQ(flow.loops.size(), 1u);
  EXPECT_THAT(flow.loops[0].blocks, ElementsAre(1u, 2u, 3u));
  EXPECT_THAT(flow.loops[0].latches, ::testing::UnorderedElementsAre(2u, 3u));
}

TEST(FindLoops, FindsABlockThatLeadsToItself) {
  ControlFlow flow = graph({{0, 1}, {}});
  findLoops(flow, {0});
  ASSERT_EQ(flow.loops.size(), 1u);
  EXPECT_THAT(flow.loops[0].blocks, ElementsAre(0u));
}

TEST(FindLoops, TakesACycleWithTwoEntriesForNoLoop) {
  ControlFlow flow = graph({{1, 2}, {2}, {1}});
  findLoops(flow, {0});
  EXPECT_TRUE(flow.loops.empty());
}

TEST(FindLoops, HoldsEveryBlockInAtMostOneLoopOfItsOwn) {
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t n = 2 + random.below(30);
    std::vector<std::vector<std::uint32_t>> successors(n);
    for (auto& each : successors) {
      for (std::uint32_t i = random.below(3); i > 0; --i) each.push_back(random.below(n));
    }
    ControlFlow flow = graph(successors);
    findLoops(flow, {0, n / 2});
    std::vector<int> held(n, 0);
    for (std::uint32_t l = 0; l < flow.loops.size(); ++l) {
      for (const std::uint32_t block : flow.loops[l].blocks) {
        ++held[block];
        EXPECT_EQ(flow.loopOf[block], l);
      }
      EXPECT_EQ(flow.loops[l].innermost, flow.loops[l].inner.empty());
      if (flow.loops[l].parent != kNone) {
        EXPECT_GT(flow.loops[l].parent, l);
      }
    }
    for (const int times : held) EXPECT_LE(times, 1);
  }
}

TEST(FindLoops, EndsOnAChainOfTenThousandNestedLoops) {
  constexpr std::uint32_t kDepth = 10000;
  std::vector<std::vector<std::uint32_t>> successors(2 * kDepth + 1);
  for (std::uint32_t i = 0; i < kDepth; ++i) {
    successors[i] = {i + 1};
    successors[kDepth + i] = {kDepth - 1 - i, kDepth + i + 1};
  }
  ControlFlow flow = graph(std::move(successors));
  findLoops(flow, {0});
  EXPECT_EQ(flow.loops.size(), kDepth);
  EXPECT_EQ(flow.loops.front().depth, kDepth);
}

}  // namespace
}  // namespace mcuprof
