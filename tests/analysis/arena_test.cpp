#include "analyzer/analysis/arena.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <numeric>
#include <random>

#include "analyzer/target/runtime_file.hpp"
#include "tests/support/files.hpp"
#include "tests/support/graph_builder.hpp"

namespace mcuprof {
namespace {

using test::GraphBuilder;

/// The planner word for word as it is described, with a list of all placed buffers in order of
/// offset.
std::vector<std::int64_t> placedByWalking(const std::vector<BufferRequest>& requests) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (requests[i].fixedOffset) order.push_back(i);
  }
  std::vector<std::size_t> free;
  for (std::size_t i = requests.size(); i-- > 0;) {
    if (!requests[i].fixedOffset) free.push_back(i);
  }
  std::stable_sort(free.begin(), free.end(), [&](std::size_t a, std::size_t b) {
    return requests[a].size > requests[b].size;
  });
  order.insert(order.end(), free.begin(), free.end());
  std::vector<std::int64_t> offsets(requests.size());
  std::vector<std::size_t> placed;
  for (const std::size_t index : order) {
    const BufferRequest& wanted = requests[index];
    std::int64_t candidate = 0;
    if (wanted.fixedOffset) {
      candidate = wanted.fixedOffset->value;
    } else {
      for (const std::size_t other : placed) {
        const BufferRequest& have = requests[other];
        if (have.life.first > wanted.life.last || wanted.life.first > have.life.last) continue;
        if (offsets[other] - candidate >= wanted.size.value) break;
        candidate = std::max(candidate, offsets[other] + have.size.value);
      }
    }
    offsets[index] = candidate;
    const auto at = std::find_if(placed.begin(), placed.end(),
                                 [&](std::size_t other) { return offsets[other] > candidate; });
    placed.insert(at, index);
  }
  return offsets;
}

std::vector<std::int64_t> placed(const std::vector<BufferRequest>& requests) {
  std::vector<std::int64_t> offsets;
  for (const Bytes offset : placeGreedily(requests)) offsets.push_back(offset.value);
  return offsets;
}

BufferRequest request(std::int64_t size, std::int32_t first, std::int32_t last) {
  return {Bytes(size), {first, last}, std::nullopt};
}

TEST(PlaceGreedily, ReusesMemoryOfBuffersThatNeverMeet) {
  EXPECT_EQ(placed({request(32, 0, 1), request(64, 1, 2), request(32, 2, 3)}),
            (std::vector<std::int64_t>{64, 0, 64}));
}

TEST(PlaceGreedily, PlacesTheLaterOfEqualSizesFirst) {
  EXPECT_EQ(placed({request(16, 0, 0), request(16, 0, 0)}), (std::vector<std::int64_t>{16, 0}));
}

TEST(PlaceGreedily, TakesTheFirstGapThatFits) {
  // 64 at 0, then 48 at 64 while 32 at 0 ends before it.
  EXPECT_EQ(placed({request(64, 0, 1), request(48, 1, 3), request(32, 2, 3)}),
            (std::vector<std::int64_t>{0, 64, 0}));
}

TEST(PlaceGreedily, PlacesOthersAroundFixedOffsets) {
  std::vector<BufferRequest> requests = {request(16, 0, 2), request(64, 0, 2), request(16, 0, 2)};
  requests[2].fixedOffset = Bytes(32);
  EXPECT_EQ(placed(requests), (std::vector<std::int64_t>{0, 48, 32}));
}

/// Random buffers: mostly short lives, some long, sizes that repeat, some empty, some fixed.
std::vector<BufferRequest> randomRequests(std::mt19937& random, std::size_t count) {
  const auto pick = [&](unsigned below) { return static_cast<std::int32_t>(random() % below); };
  const bool withFixed = pick(3) == 0;
  std::vector<BufferRequest> requests;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t first = pick(static_cast<unsigned>(count)) - 1;
    const std::int32_t length = pick(8) == 0 ? pick(static_cast<unsigned>(count)) : pick(4);
    BufferRequest r = request(16 * pick(12), first, first + length);
    if (withFixed && pick(8) == 0) r.fixedOffset = Bytes(16 * pick(40));
    requests.push_back(r);
  }
  return requests;
}

TEST(PlaceGreedily, GivesTheOffsetsOfTheWalkForAnyBuffers) {
  std::mt19937 random(7);
  for (int i = 0; i < 150; ++i) {
    const std::size_t count = i % 10 == 0 ? 200 + random() % 200 : 1 + random() % 60;
    const std::vector<BufferRequest> requests = randomRequests(random, count);
    ASSERT_EQ(placed(requests), placedByWalking(requests)) << "round " << i;
  }
}

TEST(PlaceGreedily, LetsNoTwoBuffersShareAByteWhileBothAreAlive) {
  std::mt19937 random(8);
  std::vector<BufferRequest> requests = randomRequests(random, 600);
  for (BufferRequest& r : requests) r.fixedOffset.reset();
  const std::vector<std::int64_t> offsets = placed(requests);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool together = requests[i].life.first <= requests[j].life.last &&
                            requests[j].life.first <= requests[i].life.last;
      const bool apart = offsets[i] + requests[i].size.value <= offsets[j] ||
                         offsets[j] + requests[j].size.value <= offsets[i];
      ASSERT_TRUE(!together || apart) << i << " and " << j;
    }
  }
}

TEST(PlaceGreedily, DoesNotSlowDownWithTheSquareOfALongChain) {
  const auto secondsFor = [](std::int32_t count) {
    std::mt19937 random(9);
    std::vector<BufferRequest> requests;
    for (std::int32_t i = 0; i < count; ++i) {
      requests.push_back(request(16 * static_cast<std::int64_t>(1 + random() % 1000), i, i + 1));
    }
    requests.push_back(request(4096, 0, count));
    for (std::int32_t i = 0; i < count; ++i) requests.push_back(request(64, -1, -1));
    const std::clock_t start = std::clock();
    static_cast<void>(placeGreedily(requests));
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  const double few = std::max(secondsFor(1000), 1e-4);
  EXPECT_LT(secondsFor(16000) / few, 160.0) << "sixteen times the buffers";
}

const Runtime& cmsis() {
  static const Runtime kRuntime = [] {
    auto runtime =
        loadRuntime((test::sourceFolder() / "targets/runtimes/tflm-cmsis-nn.toml").string());
    EXPECT_TRUE(runtime) << runtime.error().text();
    return std::move(*runtime);
  }();
  return kRuntime;
}

ArenaPlan planned(const Graph& graph) {
  const KernelPlan kernels = selectKernels(graph, Core{}, cmsis());
  return planArena(graph, kernels, makeSchedule(graph), cmsis());
}

TEST(PlanArena, AddsHeadAndTail) {
  GraphBuilder b;
  const TensorId x = b.input({20});
  const Graph graph = b.output(b.op(OpKind::Neg, {x}, {20})).build();
  const ArenaPlan plan = planned(graph);
  // Two tensors of 20 bytes, each on 32, alive together.
  EXPECT_EQ(plan.head, Bytes(64));
  // 116 + 8 + 8 + 2*12 + 32 = 188; a pointer on 16: 192, a tensor: 224; for the output 240, 272.
  EXPECT_EQ(plan.tailBytes, Bytes(272));
  EXPECT_EQ(plan.used, Bytes(336));
  EXPECT_EQ(plan.live[OpId(0)], Bytes(64));
  EXPECT_EQ(plan.peakOp, OpId(0));
  EXPECT_EQ(plan.basis, Basis::Counted);
  // While it plans: 12*12 + 4 + 24*2 = 196 on 16 is 208; two buffers of 40: 288; the tail so far
  // 192.
  EXPECT_EQ(plan.smallest, Bytes(480));
}

TEST(PlanArena, KeepsVariablesInTheTail) {
  GraphBuilder b;
  const TensorId x = b.input({16});
  const TensorId state = b.variable({100});
  const Graph graph = b.output(b.op(OpKind::Add, {x, state}, {16}, ArithmeticAttributes{})).build();
  const ArenaPlan plan = planned(graph);
  EXPECT_EQ(plan.buffers.size(), 2U);
  const auto variable =
      std::ranges::find(plan.tail, TailAllocation::Phase::Variables, &TailAllocation::phase);
  ASSERT_NE(variable, plan.tail.end());
  EXPECT_EQ(variable->size, Bytes(100));
  EXPECT_EQ(variable->tensor, state);
}

std::vector<std::byte> words(std::initializer_list<std::int32_t> values) {
  std::vector<std::byte> bytes;
  for (const std::int32_t value : values) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<std::byte>(static_cast<std::uint32_t>(value) >> shift));
    }
  }
  return bytes;
}

/// Three tensors of 16 bytes in a chain, with offsets chosen before.
ArenaPlan chainWithMetadata(std::vector<std::byte> metadata) {
  GraphBuilder b;
  const TensorId x = b.input({16});
  const TensorId y = b.op(OpKind::Neg, {x}, {16});
  b.output(b.op(OpKind::Neg, {y}, {16}));
  b.metadata("OfflineMemoryAllocation", std::move(metadata));
  const Graph graph = b.build();
  return planned(graph);
}

TEST(PlanArena, HonoursOffsetsThatWereChosenBefore) {
  const ArenaPlan plan = chainWithMetadata(words({1, 0, 3, 64, -1, 16}));
  ASSERT_EQ(plan.buffers.size(), 3U);
  EXPECT_EQ(plan.buffers[0].offset, Bytes(64));
  EXPECT_TRUE(plan.buffers[0].offline);
  EXPECT_EQ(plan.buffers[1].offset, Bytes(0));
  EXPECT_FALSE(plan.buffers[1].offline);
  EXPECT_EQ(plan.buffers[2].offset, Bytes(16));
  EXPECT_EQ(plan.head, Bytes(80));
  EXPECT_EQ(plan.basis, Basis::Datasheet);
  EXPECT_TRUE(plan.refusals.empty());
}

TEST(PlanArena, SaysWhyOffsetsThatWereChosenBeforeAreRefused) {
  EXPECT_EQ(chainWithMetadata(words({1, 0})).refusals.at(0),
            "metadata OfflineMemoryAllocation has 8 bytes, fewer than its header of 12");
  EXPECT_EQ(chainWithMetadata(words({1, 0, 4, 0, 0, 0, 0})).refusals.at(0),
            "metadata OfflineMemoryAllocation is for 4 tensors, the model has 3");
  EXPECT_EQ(chainWithMetadata(words({1, 0, 3, 0})).refusals.at(0),
            "metadata OfflineMemoryAllocation has 16 bytes, fewer than 3 tensors need");
}

TEST(PlanArena, PutsAVariableWithAnOffsetIntoTheHead) {
  GraphBuilder b;
  const TensorId x = b.input({16});
  const TensorId state = b.variable({16});
  b.output(b.op(OpKind::Add, {x, state}, {16}, ArithmeticAttributes{}));
  b.metadata("OfflineMemoryAllocation", words({1, 0, 3, -1, 128, -1}));
  const Graph graph = b.build();
  const ArenaPlan plan = planned(graph);
  ASSERT_EQ(plan.buffers.size(), 3U);
  EXPECT_EQ(plan.buffers[1].tensor, state);
  EXPECT_EQ(plan.buffers[1].life, (Lifetime{-1, 1}));
  EXPECT_EQ(plan.head, Bytes(144));
}

TEST(PlanArena, AllocatesAResourceVariableOnceAndPlansNoHandle) {
  GraphBuilder b;
  const TensorId x = b.input({40});
  const TensorId first =
      b.op(OpKind::VarHandle, {}, {1}, VariableAttributes{"", "v"}, ElementType::Resource);
  const TensorId second =
      b.op(OpKind::VarHandle, {}, {1}, VariableAttributes{"", "v"}, ElementType::Resource);
  b.opWithOutputs(OpKind::AssignVariable, {first, x}, {});
  b.opWithOutputs(OpKind::AssignVariable, {second, x}, {});
  b.output(b.op(OpKind::ReadVariable, {second}, {40}));
  const Graph graph = b.build();
  const ArenaPlan plan = planned(graph);
  EXPECT_EQ(plan.buffers.size(), 2U);
  std::vector<std::int64_t> kept;
  for (const TailAllocation& allocation : plan.tail) {
    if (allocation.phase == TailAllocation::Phase::Prepare) kept.push_back(allocation.size.value);
  }
  EXPECT_EQ(kept, (std::vector<std::int64_t>{40}));
  EXPECT_EQ(plan.tail[3].size, Bytes(12));
  EXPECT_EQ(plan.tail[4].size, Bytes(20));
  EXPECT_EQ(plan.basis, Basis::Datasheet);
}

TEST(PlanArena, SaysWhatItDoesNotKnow) {
  GraphBuilder b;
  const TensorId x = b.input({16});
  TensorId y = b.op(OpKind::Custom, {x}, {16});
  b.customName("Mine");
  y = b.op(OpKind::Custom, {y}, {16});
  b.customName("Mine");
  b.output(b.op(OpKind::Rank, {y}, {1}));
  const Graph graph = b.build();
  const ArenaPlan plan = planned(graph);
  EXPECT_EQ(plan.lowerBoundReasons,
            (std::vector<std::string>{
                "Mine (layer 1 and 1 more): tflm-cmsis-nn does not say what it needs",
                "RANK (layer 3): tflm-cmsis-nn does not say what it needs"}));
  EXPECT_EQ(plan.refusals,
            (std::vector<std::string>{"RANK (layer 3): the runtime has no such operator"}));
  EXPECT_EQ(plan.basis, Basis::Assumed);
}

TEST(PlanArena, ListsOnlySoManyReasons) {
  GraphBuilder b;
  TensorId x = b.input({16});
  for (int i = 0; i < 40; ++i) {
    x = b.op(OpKind::Custom, {x}, {16});
    b.customName("Mine" + std::to_string(i));
  }
  const Graph graph = b.output(x).build();
  const ArenaPlan plan = planned(graph);
  ASSERT_EQ(plan.lowerBoundReasons.size(), 33U);
  EXPECT_EQ(plan.lowerBoundReasons.back(), "and 8 more layers with reasons of their own");
}

TEST(PlanArena, GivesElementsOfLessThanAByteAByte) {
  GraphBuilder b;
  const TensorId x = b.input({32}, ElementType::Int4);
  const Graph graph =
      b.output(b.op(OpKind::Reshape, {x}, {32}, DimensionsAttributes{}, ElementType::Int4)).build();
  EXPECT_EQ(planned(graph).head, Bytes(64));
}

}  // namespace
}  // namespace mcuprof
