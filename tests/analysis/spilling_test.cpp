#include "analyzer/analysis/spilling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace mcuprof {
namespace {

SpillItem item(std::int64_t size, Lifetime life, std::vector<std::int32_t> reads) {
  return {Bytes(size), Bytes(size), life, std::move(reads), false};
}

SpillLimits oneRegion(std::int64_t bytes, std::int64_t block) {
  return {{Bytes(bytes)}, Bytes(bytes), Bytes(block)};
}

/// A residual block: a (100) is read at once and, over b and c, again at step 4.
std::vector<SpillItem> residual() {
  return {item(100, {0, 4}, {1, 4}), item(200, {1, 2}, {2}), item(200, {2, 3}, {3}),
          item(50, {3, 4}, {4})};
}

TEST(PlanSpills, MovesNothingWhereAllFits) {
  const auto plan = planSpills(residual(), 4, oneRegion(500, 10));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->moved(), 0_B);
  EXPECT_TRUE(plan->moves.empty());
  EXPECT_EQ(plan->peak, 500_B);
  EXPECT_TRUE(plan->exact);
}

TEST(PlanSpills, SendsTheTensorThatWaitsToTheCardAndBack) {
  // At step 2 there are 100 + 200 + 200. One byte less and a leaves once and comes back once.
  const auto plan = planSpills(residual(), 4, oneRegion(499, 10));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->written, 100_B);
  EXPECT_EQ(plan->read, 100_B);
  ASSERT_EQ(plan->moves.size(), 2U);
  EXPECT_TRUE(plan->moves[0].write);
  EXPECT_EQ(plan->moves[0].step, 2);
  EXPECT_FALSE(plan->moves[1].write);
  EXPECT_EQ(plan->moves[1].step, 4);
  // It is read back into RAM, since there is room for it at step 4.
  ASSERT_EQ(plan->stays[0].size(), 2U);
  EXPECT_EQ(plan->stays[0][0].life, (Lifetime{0, 1}));
  EXPECT_EQ(plan->stays[0][1].life, (Lifetime{4, 4}));
  EXPECT_FALSE(plan->stays[0][1].streamed);
}

TEST(PlanSpills, PaysForTheWriteOnceHoweverOftenATensorLeaves) {
  // a waits below two peaks and is read in between and after: written once, read back twice.
  const std::vector<SpillItem> items{item(100, {0, 5}, {1, 3, 5}), item(300, {2, 2}, {}),
                                     item(300, {4, 4}, {})};
  const auto plan = planSpills(items, 5, oneRegion(300, 10));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->written, 100_B);
  EXPECT_EQ(plan->read, 200_B);
}

TEST(PlanSpills, StreamsAnOutputThatDoesNotFitBesideItsInput) {
  // 100 in, 300 out, 20 after it, 350 bytes of RAM: the smaller one passes through blocks.
  const std::vector<SpillItem> items{item(100, {0, 1}, {1}), item(300, {1, 2}, {2}),
                                     item(20, {2, 2}, {})};
  const auto plan = planSpills(items, 2, oneRegion(350, 16));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->written, 100_B);
  EXPECT_EQ(plan->read, 100_B);
  EXPECT_EQ(plan->stays[0].back().life, (Lifetime{1, 1}));
  EXPECT_TRUE(plan->stays[0].back().streamed);
  EXPECT_EQ(plan->peak, 320_B);
}

TEST(PlanSpills, KeepsOneBufferInOneRegion) {
  // 60 + 60 are 120 of 160 bytes, but two regions of 80 hold one each and 100 lies in neither.
  const std::vector<SpillItem> items{item(60, {0, 1}, {1}), item(60, {1, 2}, {2})};
  EXPECT_EQ(planSpills(items, 2, {{80_B, 80_B}, 160_B, 8_B})->moved(), 0_B);
  const std::vector<SpillItem> large{item(100, {0, 1}, {1}), item(20, {1, 1}, {})};
  EXPECT_EQ(planSpills(large, 1, {{80_B, 80_B}, 160_B, 8_B})->moved(), 200_B);
}

TEST(PlanSpills, FindsNoPlanWhereAnOperatorCannotEvenStream) {
  std::vector<SpillItem> items{item(100, {0, 1}, {1}), item(100, {1, 1}, {})};
  items.push_back({50_B, 50_B, {1, 1}, {}, true});  // scratch
  EXPECT_TRUE(planSpills(items, 1, oneRegion(66, 8)));
  EXPECT_FALSE(planSpills(items, 1, oneRegion(65, 8)));
  EXPECT_FALSE(findImpossibleStep(items, 1, oneRegion(66, 8)));
  const auto impossible = findImpossibleStep(items, 1, oneRegion(60, 8));
  ASSERT_TRUE(impossible);
  EXPECT_EQ(impossible->step, 1);
  EXPECT_EQ(impossible->needed, 66_B);
  EXPECT_EQ(impossible->missing, 6_B);
}

/// A random graph as items: each step computes one tensor from one to three earlier ones.
std::vector<SpillItem> randomItems(std::mt19937& random, std::int32_t steps, int mostReads) {
  std::vector<SpillItem> items{item(1 + static_cast<std::int64_t>(random() % 40), {0, 0}, {})};
  for (std::int32_t step = 1; step <= steps; ++step) {
    const int reads = 1 + static_cast<int>(random() % static_cast<unsigned>(mostReads));
    for (int r = 0; r < reads; ++r) {
      const std::size_t back = r == 0 ? 0 : random() % std::min<std::size_t>(items.size(), 4);
      SpillItem& source = items[items.size() - 1 - back];
      if (!source.reads.empty() && source.reads.back() == step) continue;
      source.reads.push_back(step);
      source.life.last = step;
    }
    items.push_back(item(1 + static_cast<std::int64_t>(random() % 40), {step, step}, {}));
  }
  if (random() % 2 == 0)  // an operator's scratch
    items.push_back({Bytes(static_cast<std::int64_t>(random() % 10)), 0_B, {1, 1}, {}, true});
  return items;
}

/// Every choice at every step, wasteful ones too: writing ahead, dropping early, fetching early.
class BruteForce {
 public:
  BruteForce(const std::vector<SpillItem>& items, std::int32_t lastStep, std::int64_t capacity,
             std::int64_t block)
      : m_items(items), m_lastStep(lastStep), m_capacity(capacity), m_block(block) {}

  std::optional<std::int64_t> best() {
    descend(0, std::vector<int>(m_items.size(), 0), 0);
    return m_best == kNone ? std::nullopt : std::optional(m_best);
  }

 private:
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

  // 0 not yet or gone, 1 RAM only, 2 RAM and card, 3 card only
  void descend(std::int32_t step, const std::vector<int>& before, std::int64_t cost) {
    if (cost >= m_best) return;
    if (step > m_lastStep) {
      m_best = cost;
      return;
    }
    atStep(step, 0, before, before, cost, 0);
  }

  void atStep(std::int32_t step, std::size_t at, const std::vector<int>& before,
              std::vector<int> now, std::int64_t cost, std::int64_t used) {
    if (used > m_capacity || cost >= m_best) return;
    if (at == m_items.size()) {
      for (std::size_t i = 0; i < now.size(); ++i)
        if (m_items[i].life.last == step) now[i] = 0;
      descend(step + 1, now, cost);
      return;
    }
    const SpillItem& item = m_items[at];
    const bool alive = item.life.first <= step && step <= item.life.last;
    if (!alive) return atStep(step, at + 1, before, now, cost, used);
    const std::int64_t size = item.size.value;
    if (item.pinned) return atStep(step, at + 1, before, now, cost, used + size);
    const bool isRead = std::count(item.reads.begin(), item.reads.end(), step) > 0;
    const bool begins = item.life.first == step;
    for (int to = 1; to <= 3; ++to) {
      const int from = begins ? 0 : before[at];
      std::int64_t more = 0;
      if (from == 3 && to == 1) more += size;                 // fetched, card's copy forgotten
      if (from == 3 && to == 2) more += size;                 // fetched
      if ((from == 0 || from == 1) && to != 1) more += size;  // written
      if (to == 3 && isRead) more += size;                    // streamed in
      const bool buffer = to == 3 && (isRead || begins);
      now[at] = to;
      atStep(step, at + 1, before, now, cost + more,
             used + (to != 3  ? size
                     : buffer ? std::min(size, m_block)
                              : 0));
    }
  }

  const std::vector<SpillItem>& m_items;
  std::int32_t m_lastStep;
  std::int64_t m_capacity;
  std::int64_t m_block;
  std::int64_t m_best = kNone;
};

TEST(PlanSpills, MovesAsFewBytesAsTryingEverythingFinds) {
  int spilling = 0;
  for (unsigned seed = 0; seed < 250; ++seed) {
    std::mt19937 random(seed);
    const std::int32_t steps = 2 + static_cast<std::int32_t>(random() % 3);
    const auto items = randomItems(random, steps, 3);
    const auto capacity = static_cast<std::int64_t>(10 + random() % 100);
    const auto block = static_cast<std::int64_t>(1 + random() % 8);
    const auto expected = BruteForce(items, steps, capacity, block).best();
    const auto plan = planSpills(items, steps, oneRegion(capacity, block));
    ASSERT_EQ(plan.has_value(), expected.has_value()) << "seed " << seed;
    if (!plan) continue;
    ASSERT_TRUE(plan->exact);
    ASSERT_EQ(plan->moved().value, *expected) << "seed " << seed;
    if (*expected > 0) ++spilling;
  }
  EXPECT_GT(spilling, 50);
}

TEST(PlanSpills, NeverMovesMoreWithMoreRam) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    const auto items = randomItems(random, 20, 3);
    std::optional<Bytes> smaller;
    for (std::int64_t capacity = 5; capacity <= 250; capacity += 7) {
      const auto plan = planSpills(items, 20, oneRegion(capacity, 4));
      if (!plan) {
        EXPECT_FALSE(smaller) << "seed " << seed << ", capacity " << capacity;
        continue;
      }
      EXPECT_TRUE(!smaller || plan->moved() <= *smaller) << "seed " << seed;
      EXPECT_LE(plan->peak.value, capacity);
      smaller = plan->moved();
    }
    EXPECT_EQ(smaller, 0_B) << "seed " << seed;
  }
}

/// The plan's rows, followed step by step: no read of what was never written, no step above the
/// limit.
TEST(PlanSpills, MovesAgreeWithStays) {
  for (unsigned seed = 100; seed < 160; ++seed) {
    std::mt19937 random(seed);
    const auto items = randomItems(random, 30, 3);
    const auto plan = planSpills(items, 30, oneRegion(70, 4));
    if (!plan) continue;
    Bytes written;
    Bytes read;
    std::vector<bool> onCard(items.size());
    for (const SpillMove& move : plan->moves) {
      const SpillItem& moved = items[move.item];
      (move.write ? written : read) += moved.moved;
      EXPECT_NE(onCard[move.item], move.write) << "seed " << seed;
      onCard[move.item] = true;
    }
    EXPECT_EQ(plan->written, written);
    EXPECT_EQ(plan->read, read);
    for (std::size_t i = 0; i < items.size(); ++i)
      for (const std::int32_t s : items[i].reads)
        EXPECT_TRUE(std::any_of(
            plan->stays[i].begin(), plan->stays[i].end(),
            [s](const SpillStay& stay) { return stay.life.first <= s && s <= stay.life.last; }))
            << "seed " << seed << ": a read at step " << s << " meets no bytes";
  }
}

TEST(PlanSpills, StaysBoundedWhereManyTensorsWait) {
  // 60 tensors computed one after another and all read at the end: far more than can be tried.
  std::vector<SpillItem> items;
  for (std::int32_t i = 0; i < 60; ++i) items.push_back(item(100 + i, {i, 60}, {60}));
  const auto plan = planSpills(items, 60, oneRegion(5600, 4));
  ASSERT_TRUE(plan);
  EXPECT_FALSE(plan->exact);
  EXPECT_LE(plan->peak, 5600_B);
  EXPECT_GT(plan->moved(), 0_B);
}

}  // namespace
}  // namespace mcuprof
