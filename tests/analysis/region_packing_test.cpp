#include "analyzer/analysis/region_packing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace mcuprof {
namespace {

TEST(PackIntoRegions, GivesTheFastestRegionToWhatIsTouchedMostPerByte) {
  const std::vector<PackItem> items{{100_B, {0, 1}, 100}, {100_B, {0, 1}, 900}};
  const std::vector<Bytes> capacities{100_B, 100_B};
  const auto places = packIntoRegions(items, capacities);
  ASSERT_TRUE(places);
  EXPECT_EQ((*places)[0].region, 1U);
  EXPECT_EQ((*places)[1].region, 0U);
}

TEST(PackIntoRegions, ReusesBytesOfBuffersThatNeverMeet) {
  const std::vector<PackItem> items{{60_B, {0, 1}, 1}, {60_B, {2, 3}, 1}, {40_B, {0, 3}, 1}};
  EXPECT_TRUE(packIntoRegions(items, std::vector{100_B}));
  EXPECT_FALSE(packIntoRegions(items, std::vector{99_B}));
}

TEST(PackIntoRegions, LeavesOutBuffersThatNobodyUses) {
  const std::vector<PackItem> items{{500_B, {-1, -1}, 0}, {10_B, {0, 0}, 1}};
  EXPECT_TRUE(packIntoRegions(items, std::vector{10_B}));
  EXPECT_TRUE(packIntoRegions(std::vector<PackItem>{}, std::vector<Bytes>{}));
  EXPECT_FALSE(packIntoRegions(items, std::vector<Bytes>{}));
}

TEST(PackIntoRegions, SearchesWhereEverySimpleOrderFails) {
  // 7 regions' worth of parts that only fit as 6+4, 5+5 and 3+3+4.
  const std::vector<PackItem> items{{6_B, {0, 0}, 1}, {5_B, {0, 0}, 1}, {5_B, {0, 0}, 1},
                                    {4_B, {0, 0}, 1}, {4_B, {0, 0}, 1}, {3_B, {0, 0}, 1},
                                    {3_B, {0, 0}, 1}};
  EXPECT_TRUE(packIntoRegions(items, std::vector{10_B, 10_B, 10_B}));
}

TEST(PackIntoRegions, NoTwoLiveBuffersShareAByte) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<PackItem> items(1 + random() % 25);
    for (PackItem& item : items) {
      const auto first = static_cast<std::int32_t>(random() % 10);
      item = {Bytes(1 + static_cast<std::int64_t>(random() % 50)),
              {first, first + static_cast<std::int32_t>(random() % 4)},
              static_cast<std::int64_t>(random() % 100)};
    }
    const std::vector<Bytes> capacities{80_B, 150_B, 40_B};
    const auto places = packIntoRegions(items, capacities);
    if (!places) continue;
    for (std::size_t a = 0; a < items.size(); ++a) {
      const PackPlace& pa = (*places)[a];
      EXPECT_LE(pa.offset + items[a].size, capacities[pa.region]);
      for (std::size_t b = 0; b < a; ++b) {
        const PackPlace& pb = (*places)[b];
        const bool meet =
            items[a].life.first <= items[b].life.last && items[b].life.first <= items[a].life.last;
        const bool share = pa.region == pb.region && pa.offset < pb.offset + items[b].size &&
                           pb.offset < pa.offset + items[a].size;
        EXPECT_FALSE(meet && share) << "seed " << seed;
      }
    }
  }
}

TEST(MissingFor, IsWhatTheLargestRegionLacks) {
  // The padded layer of MobileNetV2 0.35 at 128 on 128 + 368 + 16 KiB.
  const std::vector<Bytes> regions{128_KiB, 368_KiB, 16_KiB};
  EXPECT_EQ(missingFor(std::vector{196608_B, 202800_B}, regions), 22576_B);
  EXPECT_EQ(missingFor(std::vector{196608_B, 100000_B}, regions), 0_B);
  EXPECT_EQ(missingFor(std::vector{368_KiB, 128_KiB, 16_KiB}, regions), 0_B);
  EXPECT_EQ(missingFor(std::vector{5_B}, std::vector<Bytes>{}), 5_B);
}

TEST(MissingFor, FindsTheBestSplit) {
  // Others hold 10: 6 + 4 is better than 7.
  EXPECT_EQ(missingFor(std::vector{20_B, 7_B, 6_B, 4_B}, std::vector{20_B, 10_B}), 7_B);
}

TEST(MissingFor, IsTheSmallestGrowthThatFits) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    std::vector<Bytes> parts(1 + random() % 6);
    for (Bytes& part : parts) part = Bytes(1 + static_cast<std::int64_t>(random() % 30));
    std::vector<Bytes> regions(1 + random() % 3);
    for (Bytes& region : regions) region = Bytes(1 + static_cast<std::int64_t>(random() % 40));
    // Every assignment of parts to regions.
    const auto largest = static_cast<std::size_t>(std::max_element(regions.begin(), regions.end()) -
                                                  regions.begin());
    Bytes best(1 << 20);
    std::size_t ways = 1;
    for (std::size_t i = 0; i < parts.size(); ++i) ways *= regions.size();
    for (std::size_t way = 0; way < ways; ++way) {
      std::vector<Bytes> load(regions.size());
      std::size_t rest = way;
      for (const Bytes part : parts) {
        load[rest % regions.size()] += part;
        rest /= regions.size();
      }
      bool fits = true;
      for (std::size_t r = 0; r < regions.size(); ++r)
        if (r != largest && load[r] > regions[r]) fits = false;
      if (fits) best = std::min(best, std::max(0_B, load[largest] - regions[largest]));
    }
    EXPECT_EQ(missingFor(parts, regions), best) << "seed " << seed;
  }
}

}  // namespace
}  // namespace mcuprof
