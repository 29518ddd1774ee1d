// RUN_ENERGY on an emulated core: blocks, what the pins show, sleep between them.
#include <gtest/gtest.h>

#include <cstring>

#include "tests/device-agent/agent/copy_program.hpp"
#include "tests/device-agent/agent/emulated_agent.hpp"

namespace mcuprof {
namespace {

/// What the agent's pins did: BSRR of port F (Nucleo-144) or A (Nucleo-64).
struct Edge {
  bool mark = false;  ///< of the mark pin, D7; else of the layer pin, D8
  bool high = false;
  std::uint64_t cycle = 0;
};

class Energy : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    m_agent = std::make_unique<EmulatedAgent>(GetParam());
    for (int i = 0; i < 200 && agent().mailbox().magic != MCUPROF_MAILBOX_MAGIC; ++i) {
      agent().run(100'000);
    }
    ASSERT_EQ(agent().mailbox().state, MCUPROF_IDLE);
    const bool small = std::string(GetParam()) == "f091rc";
    const std::uint32_t setReset = small ? 0x48000018 : 0x40021418;
    const unsigned mark = small ? 8 : 13;
    const unsigned layer = small ? 9 : 12;
    agent().onWrite = [=, this](std::uint32_t address, std::uint32_t value) {
      if (address != setReset) return;
      for (const unsigned pin : {mark, layer}) {
        if ((value & 1U << pin) != 0) m_edges.push_back({pin == mark, true, agent().cycles()});
        if ((value & 1U << (pin + 16)) != 0)
          m_edges.push_back({pin == mark, false, agent().cycles()});
      }
    };
  }

  EmulatedAgent& agent() { return *m_agent; }

  void load(std::uint32_t layers, std::vector<std::uint32_t> unsupported = {}) {
    const auto program =
        copyProgram(agent().header().kernel_library, layers, 256, std::move(unsupported));
    const std::uint32_t ram = (agent().header().ram[0].base + 15) / 16 * 16;
    const auto bytes = static_cast<std::uint32_t>(program.size());
    agent().write(ram, program);
    std::uint32_t arena = 0;
    std::memcpy(&arena, program.data() + offsetof(mcuprof_program_header, arena_bytes), 4);
    ASSERT_EQ(statusOf(agent().command(MCUPROF_CHECK_PROGRAM, {ram, bytes, ram + bytes, arena})),
              MCUPROF_OK);
  }

  static std::int32_t statusOf(const std::optional<std::vector<Message>>& messages) {
    if (!messages || messages->empty()) return 99;
    const auto* done = std::get_if<mcuprof_done>(&messages->back());
    return done == nullptr ? 99 : done->status;
  }

  static std::vector<mcuprof_block> blocksOf(const std::vector<Message>& messages) {
    std::vector<mcuprof_block> blocks;
    for (const Message& message : messages) {
      if (const auto* block = std::get_if<mcuprof_block>(&message)) blocks.push_back(*block);
    }
    return blocks;
  }

  /// When the mark pin rose and fell, in turn.
  std::vector<std::uint64_t> marks() const {
    std::vector<std::uint64_t> out;
    bool high = false;
    for (const Edge& edge : m_edges) {
      if (!edge.mark || edge.high == high) continue;
      high = edge.high;
      out.push_back(edge.cycle);
    }
    return out;
  }

  std::vector<Edge> m_edges;

 private:
  std::unique_ptr<EmulatedAgent> m_agent;
};

constexpr std::uint32_t kGap = 20'000;
constexpr std::uint32_t kLead = 50'000;

TEST_P(Energy, MarksTheWholeInferenceAndThenEachLayerUntilTheTimeIsUp) {
  load(3);
  m_edges.clear();
  const auto messages = agent().command(MCUPROF_RUN_ENERGY, {0, 2, 10'000, 40'000, kGap, kLead});
  ASSERT_TRUE(messages);
  EXPECT_EQ(statusOf(messages), MCUPROF_OK);
  const auto blocks = blocksOf(*messages);
  ASSERT_EQ(blocks.size(), 4U);
  const auto edges = marks();
  ASSERT_EQ(edges.size(), 8U);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(blocks[i].layer, i == 0 ? 0xFFFF : i - 1);
    EXPECT_GT(blocks[i].executions, 1U);
    EXPECT_GE(valueOf(blocks[i].cycles), i == 0 ? 40'000U : 10'000U);
    const std::uint64_t seen = edges[2 * i + 1] - edges[2 * i];
    EXPECT_NEAR(static_cast<double>(seen), static_cast<double>(valueOf(blocks[i].cycles)), 100);
    if (i == 0) continue;
    // From the end of one block to the next: what is awake, and the gap, so that the host knows
    // where each block lies in time.
    const auto pause = static_cast<double>(edges[2 * i] - edges[2 * i - 1]);
    EXPECT_NEAR(pause, static_cast<double>(valueOf(blocks[i].awake) + kGap), 800);
  }
}

TEST_P(Energy, TellsNeighbouringLayersApartByTheSecondPin) {
  load(3);
  m_edges.clear();
  ASSERT_EQ(statusOf(agent().command(MCUPROF_RUN_ENERGY, {0, 2, 10'000, 0, kGap, kLead})),
            MCUPROF_OK);
  // What the layer pin shows when the mark rises: low for even layers, high for odd ones.
  std::vector<bool> parity;
  bool layer = false;
  for (const Edge& edge : m_edges) {
    if (!edge.mark) layer = edge.high;
    if (edge.mark && edge.high) parity.push_back(layer);
  }
  EXPECT_EQ(parity, (std::vector<bool>{false, true, false}));
}

TEST_P(Energy, SleepsForTheLeadAtBothEnds) {
  load(1);
  m_edges.clear();
  const std::uint64_t before = agent().cycles();
  ASSERT_EQ(statusOf(agent().command(MCUPROF_RUN_ENERGY, {0, 0, 10'000, 0, kGap, 400'000})),
            MCUPROF_OK);
  const auto edges = marks();
  ASSERT_EQ(edges.size(), 2U);
  EXPECT_GE(edges[0] - before, 400'000U + kGap);
  EXPECT_GE(agent().cycles() - edges[1], 400'000U);
}

TEST_P(Energy, GoesOnBehindALayerThatTheKernelsRefuse) {
  load(3, {1});
  m_edges.clear();
  const auto messages = agent().command(MCUPROF_RUN_ENERGY, {0, 2, 10'000, 40'000, kGap, kLead});
  ASSERT_TRUE(messages);
  EXPECT_EQ(statusOf(messages), MCUPROF_INCOMPLETE);
  const auto blocks = blocksOf(*messages);
  ASSERT_EQ(blocks.size(), 2U);  // no whole inference either
  EXPECT_EQ(blocks[0].layer, 0U);
  EXPECT_EQ(blocks[1].layer, 2U);
  EXPECT_EQ(marks().size(), 4U);
}

TEST_P(Energy, CyclesAreCountedOnAfterwards) {
  load(1);
  const auto time = [&] {
    const auto messages = agent().command(MCUPROF_RUN_LAYERS, {0, 0, 1, 1, 0});
    for (const Message& message : *messages) {
      if (const auto* layer = std::get_if<mcuprof_layer_report>(&message)) {
        return valueOf(layer->median);
      }
    }
    return std::uint64_t{0};
  };
  const std::uint64_t before = time();
  ASSERT_EQ(statusOf(agent().command(MCUPROF_RUN_ENERGY, {0, 0, 10'000, 0, kGap, kLead})),
            MCUPROF_OK);
  EXPECT_EQ(time(), before);
}

TEST_P(Energy, RefusesArgumentsOutOfRange) {
  load(2);
  const auto status = [&](std::vector<std::uint32_t> arguments) {
    return statusOf(agent().command(MCUPROF_RUN_ENERGY, std::move(arguments)));
  };
  EXPECT_EQ(status({1, 0, 1, 1, kGap, kLead}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status({0, 2, 1, 1, kGap, kLead}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status({0, 1, 1, 1, 1000, kLead}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status({0, 1, 1, 1, kGap, 0}), MCUPROF_BAD_ARGUMENT);
}

INSTANTIATE_TEST_SUITE_P(Boards, Energy,
                         testing::Values("f767zi", "f746zg", "f429zi", "f207zg", "f091rc"),
                         [](const auto& board) { return std::string(board.param); });

}  // namespace
}  // namespace mcuprof
