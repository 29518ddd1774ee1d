#include "analyzer/analysis/placement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/analysis/memory_case.hpp"

namespace mcuprof {
namespace {

using test::GraphBuilder;
using test::MemoryCase;
using test::randomGraph;

/// 100 -> 300 -> 50, with weights of 1000 and 10 bytes.
Graph chain() {
  GraphBuilder b;
  const TensorId x = b.input({100});
  const TensorId y = b.op(OpKind::Conv2d, {x, b.constant({1000})}, {300});
  const TensorId z = b.op(OpKind::Conv2d, {y, b.constant({10})}, {50});
  return b.output(z).build();
}

std::vector<std::string> textsOf(const std::vector<Hint>& hints) {
  std::vector<std::string> texts;
  for (const Hint& hint : hints) texts.push_back(hint.text);
  return texts;
}

TEST(PlanMemory, PutsTheArenaIntoTheFastestRegionThatHoldsIt) {
  MemoryCase c(chain());
  c.memory("sram1", MemoryKind::Sram, 5000).memory("dtcm", MemoryKind::Tcm, 1500).flash(2000).run();
  EXPECT_EQ(c.plan.form, PlacementForm::OneArena);
  EXPECT_EQ(c.plan.arenaRegion, c.region("dtcm"));
  EXPECT_EQ(c.plan.verdict, Verdict::Fits);
  EXPECT_EQ(c.plan.reason,
            "the arena of 400 B lies in dtcm, 1,100 B are free there; the model is in flash");
  EXPECT_FALSE(c.plan.worstOp.valid());
}

TEST(PlanMemory, StreamsWeightsOfALayerWhoseWorkingSetExceedsRam) {
  MemoryCase c(chain());
  c.ram(400).flash(2000).run();
  EXPECT_EQ(c.plan.verdict, Verdict::Streams);
  EXPECT_EQ(c.plan.reason,
            "working set of layer 1 CONV_2D is 1,400 B, 1,000 B more than RAM takes; weights of 1 "
            "layer stream from flash");
  EXPECT_EQ(c.plan.worstOp, OpId(0));
  EXPECT_TRUE(c.plan.layers[OpId(0)].activationsFit);
  EXPECT_FALSE(c.plan.layers[OpId(0)].workingSetFits);
  EXPECT_EQ(c.plan.layers[OpId(0)].workingSetMissing, 1000_B);
  EXPECT_TRUE(c.plan.layers[OpId(1)].workingSetFits);
}

TEST(PlanMemory, PlacesBuffersOneByOneWhereNoRegionHoldsTheArena) {
  MemoryCase c(chain());
  c.memory("a", MemoryKind::Sram, 300).memory("b", MemoryKind::Sram, 150).flash(2000).run();
  EXPECT_EQ(c.plan.form, PlacementForm::ByBuffer);
  EXPECT_EQ(c.plan.verdict, Verdict::Blocks);
  EXPECT_EQ(c.plan.arenaMissing, 100_B);
  EXPECT_EQ(
      c.plan.reason,
      "the arena of 400 B exceeds a by 100 B; most is alive at layer 1 CONV_2D; its buffers fit "
      "when each is placed by itself");
  ASSERT_EQ(c.plan.places.size(), 3U);
  EXPECT_EQ(c.plan.places[0][0].region, c.region("b"));
  EXPECT_EQ(c.plan.places[1][0].region, c.region("a"));
}

TEST(PlanMemory, GivesScarceFastMemoryToWhatIsTouchedMost) {
  // t0 is read by three operators, t1 by one; dtcm holds one of them.
  GraphBuilder b;
  const TensorId often = b.input({100});
  const TensorId once = b.op(OpKind::Abs, {often}, {100});
  const TensorId again = b.op(OpKind::Add, {often, once}, {100});
  b.output(b.op(OpKind::Add, {often, again}, {10}));
  MemoryCase c(b.build());
  c.memory("sram1", MemoryKind::Sram, 210).memory("dtcm", MemoryKind::Tcm, 100).flash(100).run();
  ASSERT_EQ(c.plan.form, PlacementForm::ByBuffer);
  EXPECT_EQ(c.plan.places[0][0].region, c.region("dtcm"));
  EXPECT_EQ(c.plan.places[1][0].region, c.region("sram1"));
}

TEST(PlanMemory, SpillsToTheCardAndSaysWhatItCosts) {
  MemoryCase c(chain());
  c.ram(350).flash(2000).card(16).run();
  EXPECT_EQ(c.plan.form, PlacementForm::Spilled);
  EXPECT_EQ(c.plan.verdict, Verdict::Blocks);
  // The smaller of input and output leaves: written before layer 1, read back while it runs.
  ASSERT_EQ(c.plan.spills.size(), 2U);
  EXPECT_EQ(c.plan.spills[0].kind, SpillEvent::Kind::Write);
  EXPECT_EQ(c.plan.spills[0].tensor, TensorId(0));
  EXPECT_EQ(c.plan.spills[1].kind, SpillEvent::Kind::Read);
  EXPECT_EQ(c.plan.spills[1].op, OpId(0));
  EXPECT_EQ(c.plan.spillWritten, 100_B);
  EXPECT_EQ(c.plan.spillRead, 100_B);
  EXPECT_EQ(c.plan.streamBuffer, 16_B);
  EXPECT_TRUE(c.plan.spillsExact);
  EXPECT_EQ(
      c.plan.reason,
      "the arena of 400 B exceeds sram by 50 B; layer 1 CONV_2D alone lacks 50 B; spilling gets "
      "it through: 100 B written to sd, 100 B read back");
  EXPECT_EQ(c.plan.worstOp, OpId(0));
}

TEST(PlanMemory, SaysThatThereIsNoCard) {
  MemoryCase c(chain());
  c.ram(350).flash(2000).run();
  EXPECT_EQ(c.plan.form, PlacementForm::Impossible);
  EXPECT_EQ(
      c.plan.reason,
      "the arena of 400 B exceeds sram by 50 B; layer 1 CONV_2D alone lacks 50 B; there is no "
      "card to spill to");
}

TEST(PlanMemory, NamesTheLayerThatCannotRunWhateverIsSpilled) {
  MemoryCase c(chain());
  c.scratch(OpId(1), 340).ram(350).flash(2000).card(16).run();
  EXPECT_EQ(c.plan.form, PlacementForm::Impossible);
  EXPECT_EQ(c.plan.impossibleOp, OpId(1));
  EXPECT_EQ(c.plan.worstOp, OpId(1));
  EXPECT_EQ(
      c.plan.reason,
      "the arena of 690 B exceeds sram by 340 B; layer 2 CONV_2D alone lacks 340 B; spilling does "
      "not help: layer 2 CONV_2D needs 372 B at once, 22 B too many");
}

TEST(PlanMemory, SaysWhenTheRuntimeItselfExceedsRam) {
  MemoryCase c(chain());
  c.runtime.staticBytes.value = 600;
  c.runtime.stackBytes.value = 500;
  c.ram(1000).flash(2000).run();
  EXPECT_EQ(c.plan.verdict, Verdict::Blocks);
  EXPECT_EQ(
      c.plan.reason,
      "static data 600 B, stack 500 B, reserve 0 B exceed the RAM of 1,000 B by 100 B before any "
      "activation");
}

TEST(PlanMemory, PutsWeightsOnTheCardWhereTheFlashIsTooSmall) {
  MemoryCase c(chain());
  c.runtime.codeBytes = Sourced<std::int64_t>{500, Basis::Assumed, ""};
  c.ram(5000).flash(1400).card(16).run();  // the file has 1,010 bytes
  EXPECT_EQ(c.plan.weightsRegion, c.region("sd"));
  EXPECT_EQ(c.plan.weightsResidence, Residence::Storage);
  EXPECT_EQ(c.plan.flashNeeded, 1510_B);
  EXPECT_EQ(c.plan.flashMissing, 110_B);
  EXPECT_EQ(c.plan.streamBuffer, 16_B);
  EXPECT_EQ(c.plan.sram.streamBuffer, 16_B);
  EXPECT_EQ(c.plan.verdict, Verdict::Streams);
  EXPECT_EQ(c.plan.reason,
            "weights stream from sd: 1,010 B an inference, 1,000 B of them for layer 1 CONV_2D");
  EXPECT_EQ(c.plan.weights[TensorId(1)].region, c.region("sd"));
  EXPECT_FALSE(c.plan.weights[TensorId(0)].region.valid());
  EXPECT_THAT(textsOf(c.plan.hints),
              testing::Contains("a flash with 110 B more keeps the weights off the card"));
}

TEST(PlanMemory, SaysWhenThereIsNoPlaceForTheWeights) {
  MemoryCase c(chain());
  c.ram(5000).flash(1000).run();
  EXPECT_FALSE(c.plan.weightsRegion.valid());
  EXPECT_EQ(c.plan.verdict, Verdict::Blocks);
  EXPECT_EQ(
      c.plan.reason,
      "model and code of 1,010 B exceed the flash by 10 B and there is no card to stream from");
}

TEST(PlanMemory, PrefersOnChipFlashAndThenTheOneOutside) {
  MemoryCase c(chain());
  c.runtime.codeBytes = Sourced<std::int64_t>{500, Basis::Assumed, ""};
  c.memory("qspi", MemoryKind::Qspi, 10'000).ram(5000).flash(1400).run();
  EXPECT_EQ(c.plan.codeRegion, c.region("flash"));
  EXPECT_EQ(c.plan.weightsRegion, c.region("qspi"));
  EXPECT_EQ(c.plan.flashMissing, 0_B);
  EXPECT_EQ(c.plan.verdict, Verdict::Fits);
}

TEST(PlanMemory, PutsWeightsWhereTheUserSays) {
  MemoryCase c(chain());
  c.ram(5000).flash(2000).card(16);
  c.options.weights = "sd";
  c.run();
  EXPECT_EQ(c.plan.weightsResidence, Residence::Storage);
  EXPECT_THAT(
      textsOf(c.plan.hints),
      testing::Contains("the flash has room for model and code, 1,010 B of 2,000 B: keep the "
                        "weights there (--place weights=flash)"));
  c.options.weights = "sram";
  c.run();
  EXPECT_EQ(c.plan.weightsResidence, Residence::Ram);
  EXPECT_EQ(c.plan.sram.weights, 1010_B);
  EXPECT_EQ(c.plan.sram.usable, 3990_B);
  EXPECT_EQ(c.plan.verdict, Verdict::Fits);
}

TEST(Hints, OfferToJoinRegionsThatTouch) {
  MemoryCase c(chain());
  c.memory("a", MemoryKind::Sram, 300).memory("b", MemoryKind::Sram, 150, true).flash(2000).run();
  EXPECT_THAT(
      textsOf(c.plan.hints),
      testing::Contains("the addresses of a to b touch: as one RAM of 450 B in the linker script "
                        "they hold the arena with 50 B to spare (--join-adjacent)"));
  c.options.joinAdjacent = true;
  c.run();
  EXPECT_EQ(c.plan.form, PlacementForm::OneArena);
  EXPECT_EQ(c.plan.arenaRegion, c.region("a"));
}

TEST(Hints, OfferTwoArenasWhereThePersistentPartFitsElsewhere) {
  MemoryCase c(chain());
  c.tail = 60_B;
  c.memory("a", MemoryKind::Sram, 400).memory("b", MemoryKind::Sram, 100).flash(2000).run();
  EXPECT_THAT(
      textsOf(c.plan.hints),
      testing::Contains("two arenas fit: 400 B of buffers in a and the persistent 60 B in b"));
}

TEST(Hints, OfferFastMemoryThatIsLeft) {
  MemoryCase c(chain());
  c.tail = 60_B;
  c.memory("dtcm", MemoryKind::Tcm, 400).memory("sram1", MemoryKind::Sram, 2000).flash(2000).run();
  EXPECT_EQ(c.plan.verdict, Verdict::Fits);
  EXPECT_THAT(textsOf(c.plan.hints),
              testing::ElementsAre("dtcm is faster and holds all buffers, 400 B: two arenas, the "
                                   "persistent 60 B in sram1"));
  c.board.memories[c.region("dtcm")].size = 100_B;
  c.run();
  EXPECT_THAT(
      textsOf(c.plan.hints),
      testing::ElementsAre("dtcm is faster and has 100 B free: two arenas put the persistent "
                           "60 B there, which each layer reads"));
}

TEST(Hints, OfferToReduceTheReserve) {
  MemoryCase c(chain());
  c.options.reserve = 100_B;
  c.ram(450).flash(2000).run();
  EXPECT_THAT(textsOf(c.plan.hints),
              testing::Contains("the reserve takes 100 B of sram: 50 B less and the arena fits"));
}

/// PAD of 8x8 by one at the end of each axis, then a convolution with stride 2, filter 3x3.
Graph paddedConvolution(std::int32_t before, std::int32_t after) {
  GraphBuilder b;
  const TensorId x = b.input({1, 8, 8, 4});
  const std::int32_t side = 8 + before + after;
  const TensorId padded =
      b.op(OpKind::Pad, {x, b.constant({4, 2}, ElementType::Int32)}, {1, side, side, 4});
  ConvAttributes conv;
  conv.padding = Padding::Valid;
  conv.strideH = conv.strideW = 2;
  b.output(b.op(OpKind::Conv2d, {padded, b.constant({4, 3, 3, 4})}, {1, 4, 4, 4}, conv));
  Graph graph = b.build();
  auto amounts = std::make_shared<std::vector<std::byte>>(32);
  const std::int32_t padding[8] = {0, 0, before, after, before, after, 0, 0};
  std::memcpy(amounts->data(), padding, sizeof padding);
  graph.storage.push_back(amounts);
  graph.tensors[TensorId(1)].data = *amounts;
  return graph;
}

TEST(Hints, OfferToFuseAPadThatSamePaddingEquals) {
  // 256 in, 324 padded: 580 at the PAD; fused, 256 + 64.
  MemoryCase c(paddedConvolution(0, 1));
  c.ram(500).flash(2000).run();
  const auto fuse = testing::Field(
      &Hint::text,
      "fuse layer 1 PAD into layer 2 CONV_2D: SAME padding does the same without a copy of 324 B");
  EXPECT_THAT(c.plan.hints,
              testing::Contains(testing::AllOf(fuse, testing::Field(&Hint::saves, 260_B))));
  // SAME would put the extra column at the end, not at the start.
  MemoryCase other(paddedConvolution(1, 0));
  other.ram(500).flash(2000).run();
  EXPECT_THAT(textsOf(other.plan.hints),
              testing::Not(testing::Contains(testing::HasSubstr("fuse"))));
}

/// Every buffer that an operator needs is in RAM while it runs, in one region, and shares no byte.
void expectSoundPlaces(const MemoryCase& c) {
  std::vector<BufferPlace> stays;
  const auto places = c.plan.places.values();
  stays.insert(stays.end(), places.begin(), places.end());
  if (c.plan.tailPlace) stays.push_back(*c.plan.tailPlace);
  std::sort(stays.begin(), stays.end(),
            [](const BufferPlace& a, const BufferPlace& b) { return a.life.first < b.life.first; });
  for (std::size_t a = 0; a < stays.size(); ++a) {
    for (const RegionBudget& region : c.plan.sram.regions) {
      if (region.region != stays[a].region) continue;
      EXPECT_LE(stays[a].offset + stays[a].size, region.usable);
    }
    for (std::size_t b = a + 1; b < stays.size() && stays[b].life.first <= stays[a].life.last;
         ++b) {
      if (stays[a].region != stays[b].region) continue;
      EXPECT_FALSE(stays[a].offset < stays[b].offset + stays[b].size &&
                   stays[b].offset < stays[a].offset + stays[a].size);
    }
  }
  for (std::size_t i = 0; i < c.arena.buffers.size(); ++i) {
    const PlannedBuffer& buffer = c.arena.buffers[i];
    if (!buffer.tensor.valid()) continue;
    for (const OpId reader : c.graph.tensors[buffer.tensor].readers)
      EXPECT_NE(placeAt(c.plan, i, c.schedule.step[reader]), nullptr);
    const OpId producer = c.graph.tensors[buffer.tensor].producer;
    if (producer.valid()) {
      EXPECT_NE(placeAt(c.plan, i, c.schedule.step[producer]), nullptr);
    }
  }
}

/// Runs the case over growing RAM and calls `visit(bytes moved by the next smaller RAM)` where it
/// runs.
template <typename Visit>
void growRam(MemoryCase& c, unsigned seed, std::int64_t step, const Visit& visit) {
  std::optional<Bytes> before;
  for (std::int64_t sram = 40; sram <= 400; sram += step) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(sram) + " bytes");
    c.options.sram = Bytes(sram);
    c.run();
    if (c.plan.form == PlacementForm::Impossible) {
      EXPECT_FALSE(before);
      continue;
    }
    visit(before);
    if (c.plan.form == PlacementForm::Spilled || c.plan.form == PlacementForm::ByBuffer)
      expectSoundPlaces(c);
    before = c.plan.spillWritten + c.plan.spillRead;
  }
  EXPECT_EQ(before, 0_B) << "seed " << seed;
}

TEST(PlanMemory, MoreRamInOneRegionNeverMovesMore) {
  int spilled = 0;
  for (unsigned seed = 0; seed < 15; ++seed) {
    MemoryCase c(randomGraph(seed, 12, 60));
    c.scratch(OpId(3), 10);
    c.tail = 20_B;
    c.ram(400).flash(100'000).card(4);
    growRam(c, seed, 10, [&](std::optional<Bytes> before) {
      EXPECT_TRUE(!before || c.plan.spillWritten + c.plan.spillRead <= *before);
      if (c.plan.form == PlacementForm::Spilled) ++spilled;
    });
  }
  EXPECT_GT(spilled, 100);
}

// With several regions, sums that fit may not pack, and a plan that is then only known to be good
// is marked so.
TEST(PlanMemory, AnExactPlanNeverMovesMoreThanOneForLessRam) {
  int exact = 0;
  int byBuffer = 0;
  for (unsigned seed = 0; seed < 15; ++seed) {
    MemoryCase c(randomGraph(seed, 12, 60));
    c.tail = 20_B;
    c.memory("dtcm", MemoryKind::Tcm, 60).memory("sram1", MemoryKind::Sram, 200);
    c.memory("sram2", MemoryKind::Sram, 40).flash(100'000).card(4);
    growRam(c, seed, 20, [&](std::optional<Bytes> before) {
      if (c.plan.form == PlacementForm::ByBuffer) ++byBuffer;
      if (!c.plan.spillsExact) return;
      EXPECT_TRUE(!before || c.plan.spillWritten + c.plan.spillRead <= *before);
      if (c.plan.form == PlacementForm::Spilled) ++exact;
    });
  }
  EXPECT_GT(exact, 30);
  EXPECT_GT(byBuffer, 5);
}

TEST(PlanMemory, CopesWithBoardsThatLackEverything) {
  MemoryCase c(chain());
  c.run();
  EXPECT_EQ(c.plan.verdict, Verdict::Blocks);
  EXPECT_EQ(c.plan.reason, "bench has no RAM for the arena of 400 B");
  MemoryCase empty{GraphBuilder().build()};
  empty.ram(100).flash(100).run();
  EXPECT_EQ(empty.plan.verdict, Verdict::Fits);
  EXPECT_TRUE(empty.traffic.rows.empty());
}

}  // namespace
}  // namespace mcuprof
