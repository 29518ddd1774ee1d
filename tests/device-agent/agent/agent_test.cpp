#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "analyzer/target/catalogue.hpp"
#include "tests/device-agent/agent/copy_program.hpp"
#include "tests/device-agent/agent/emulated_agent.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using Words = std::vector<std::uint32_t>;

template <typename T>
std::vector<T> only(const std::optional<std::vector<Message>>& messages) {
  std::vector<T> wanted;
  if (!messages) return wanted;
  for (const Message& message : *messages) {
    if (const T* value = std::get_if<T>(&message)) wanted.push_back(*value);
  }
  return wanted;
}

std::int32_t statusOf(const std::optional<std::vector<Message>>& messages) {
  const auto done = only<mcuprof_done>(messages);
  return done.size() == 1 ? done[0].status : 99;
}

class Agent : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { start(GetParam()); }

  void start(const std::string& board) {
    m_agent = std::make_unique<EmulatedAgent>(board);
    m_small = board == "f091rc";
    for (int i = 0; i < 200 && agent().mailbox().magic != MCUPROF_MAILBOX_MAGIC; ++i) {
      agent().run(100'000);
    }
    ASSERT_EQ(agent().mailbox().magic, MCUPROF_MAILBOX_MAGIC);
    ASSERT_EQ(agent().mailbox().state, MCUPROF_IDLE);
  }

  EmulatedAgent& agent() { return *m_agent; }
  bool small() const { return m_small; }

  /// Puts the program at the start of free RAM, or of free flash, and the arena into RAM behind it.
  void load(const std::vector<std::uint8_t>& program, bool inFlash = false) {
    const std::uint32_t ram = (agent().header().ram[0].base + 15) / 16 * 16;
    const auto bytes = static_cast<std::uint32_t>(program.size());
    m_program = inFlash ? agent().header().model.base : ram;
    m_arena = inFlash ? ram : ram + bytes;
    agent().write(m_program, program);
    std::uint32_t arenaBytes = 0;
    std::memcpy(&arenaBytes, program.data() + offsetof(mcuprof_program_header, arena_bytes), 4);
    const auto messages =
        agent().command(MCUPROF_CHECK_PROGRAM, {m_program, bytes, m_arena, arenaBytes});
    ASSERT_EQ(statusOf(messages), MCUPROF_OK) << only<mcuprof_program_report>(messages)[0].code;
    const auto input = agent().command(MCUPROF_SET_INPUT, {MCUPROF_INPUT_XORSHIFT, 1});
    ASSERT_EQ(statusOf(input), MCUPROF_OK);
  }
  void loadCopies(std::uint32_t layers, std::vector<std::uint32_t> unsupported = {}) {
    load(copyProgram(agent().header().kernel_library, layers, 256, std::move(unsupported)));
  }

  std::uint32_t m_program = 0;
  std::uint32_t m_arena = 0;

 private:
  std::unique_ptr<EmulatedAgent> m_agent;
  bool m_small = false;
};

TEST_P(Agent, SaysWhatItIsAndWhatItRunsOn) {
  const auto messages = agent().command(MCUPROF_HELLO, {});
  ASSERT_EQ(only<mcuprof_hello>(messages).size(), 1U);
  const mcuprof_hello hello = only<mcuprof_hello>(messages)[0];
  const std::string image = test::contentOf(std::string(MCUPROF_BINARY_DIR) +
                                            "/device-agent/firmware/" + GetParam() + "/agent.bin");
  EXPECT_EQ(hello.protocol, MCUPROF_PROTOCOL);
  EXPECT_EQ(hello.kernel_library, agent().header().kernel_library);
  EXPECT_EQ(hello.image_bytes, image.size());
  EXPECT_EQ(hello.image_crc32,
            mcuprof_crc32(0, image.data(), static_cast<std::uint32_t>(image.size())));

  const auto catalogue = Catalogue::find(test::sourceFolder() / "targets");
  const auto board = catalogue->loadBoard(GetParam());
  ASSERT_EQ(only<mcuprof_machine>(messages).size(), 1U);
  const mcuprof_machine machine = only<mcuprof_machine>(messages)[0];
  EXPECT_EQ(machine.core_hz, board->clockHz.value);
  EXPECT_NEAR(machine.core_hz_measured, static_cast<double>(board->clockHz.value),
              0.01 * static_cast<double>(board->clockHz.value));
  EXPECT_EQ(machine.clock_source, MCUPROF_CLOCK_PLL_HSE);
  EXPECT_EQ(machine.source_hz, 8'000'000U);
  EXPECT_EQ(machine.ahb_divider, 1U);
  for (const Memory& memory : board->memories) {
    if (memory.name == "flash") {
      EXPECT_EQ(static_cast<int>(machine.flash_wait_states), memory.waitStates->value);
    }
  }
  EXPECT_TRUE(machine.features & MCUPROF_PREFETCH);
  EXPECT_EQ((machine.features & MCUPROF_CYCLE_COUNTER) != 0, !small());
  EXPECT_EQ((machine.features & MCUPROF_L1_DATA) != 0, board->core == "cortex-m7");
  EXPECT_EQ((machine.features & MCUPROF_FPU) != 0,
            board->core == "cortex-m7" || board->core == "cortex-m4");
  EXPECT_EQ((machine.features & MCUPROF_OVERDRIVE) != 0, board->clockHz.value >= 180'000'000);
  EXPECT_GT(machine.overhead, 0U);
  EXPECT_LT(machine.overhead, 200U);
  EXPECT_STREQ(agent().header().board, board->name.c_str());
}

TEST_P(Agent, TimesEachLayerAndHashesItsOutputs) {
  loadCopies(3);
  const auto messages = agent().command(MCUPROF_RUN_LAYERS, {0, 2, 1, 5, MCUPROF_RUN_HASH});
  ASSERT_TRUE(messages);
  EXPECT_EQ(statusOf(messages), MCUPROF_OK);
  std::vector<std::uint8_t> input(256);
  std::uint32_t x = 1;
  for (std::uint8_t& byte : input) byte = static_cast<std::uint8_t>(x = mcuprof_xorshift(x));
  const auto reports = only<mcuprof_layer_report>(messages);
  const auto outputs = only<mcuprof_output>(messages);
  ASSERT_EQ(reports.size(), 3U);
  ASSERT_EQ(outputs.size(), 3U);
  for (std::uint16_t i = 0; i < 3; ++i) {
    EXPECT_EQ(reports[i].layer, i);
    EXPECT_EQ(reports[i].runs, 5);
    EXPECT_LE(valueOf(reports[i].minimum), valueOf(reports[i].median));
    EXPECT_LE(valueOf(reports[i].median), valueOf(reports[i].maximum));
    EXPECT_GT(valueOf(reports[i].minimum), 64U);  // 64 words are copied
    EXPECT_LT(valueOf(reports[i].maximum), 5000U);
    EXPECT_EQ(outputs[i].layer, i);
    EXPECT_EQ(outputs[i].bytes, 256U);
    EXPECT_EQ(outputs[i].fnv1a, mcuprof_fnv1a(MCUPROF_FNV_START, input.data(), 256));
  }
  EXPECT_EQ(agent().mailbox().beat, 18U);
}

TEST_P(Agent, TimesTheInferenceAsTheSumOfItsLayersAndLittleMore) {
  loadCopies(8);
  const auto layers = agent().command(MCUPROF_RUN_LAYERS, {0, 7, 1, 3, 0});
  std::uint64_t sum = 0;
  for (const auto& report : only<mcuprof_layer_report>(layers)) sum += valueOf(report.median);
  const auto whole = only<mcuprof_inference>(agent().command(MCUPROF_RUN_INFERENCE, {1, 4, 0}));
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].layers, 8);
  EXPECT_EQ(whole[0].runs, 4);
  EXPECT_GE(valueOf(whole[0].minimum), sum);
  EXPECT_LE(valueOf(whole[0].maximum), sum + 8 * 100);

  const auto timed =
      agent().command(MCUPROF_RUN_INFERENCE, {0, 2, MCUPROF_RUN_TIMES | MCUPROF_RUN_HASH});
  const auto times = only<mcuprof_layer_time>(timed);
  ASSERT_EQ(times.size(), 16U);
  EXPECT_EQ(only<mcuprof_output>(timed).size(), 8U);
  EXPECT_EQ(times[8].pass, 1);
  EXPECT_EQ(times[8].layer, 0);
  std::uint64_t total = 0;
  for (std::size_t i = 8; i < 16; ++i) {
    total += valueOf(times[i].cycles);
    if (i > 8) {
      EXPECT_GE(valueOf(times[i].start),
                valueOf(times[i - 1].start) + valueOf(times[i - 1].cycles));
    }
  }
  EXPECT_EQ(total, valueOf(only<mcuprof_inference>(timed)[0].maximum));
}

TEST_P(Agent, GoesOnBehindALayerThatItsKernelsLack) {
  loadCopies(3, {1});
  const auto layers = agent().command(MCUPROF_RUN_LAYERS, {0, 2, 1, 2, 0});
  EXPECT_EQ(statusOf(layers), MCUPROF_INCOMPLETE);
  EXPECT_EQ(only<mcuprof_layer_report>(layers).size(), 2U);
  const auto skipped = only<mcuprof_skipped>(layers);
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_EQ(skipped[0].layer, 1);
  EXPECT_EQ(skipped[0].code, MCUPROF_PROGRAM_NOT_SUPPORTED);

  const auto hashed = agent().command(MCUPROF_RUN_INFERENCE, {0, 3, MCUPROF_RUN_HASH});
  EXPECT_EQ(statusOf(hashed), MCUPROF_INCOMPLETE);
  EXPECT_EQ(only<mcuprof_output>(hashed).size(), 2U);
  EXPECT_EQ(only<mcuprof_inference>(hashed)[0].runs, 0);

  const auto plain = agent().command(MCUPROF_RUN_INFERENCE, {0, 3, 0});
  EXPECT_EQ(statusOf(plain), MCUPROF_INCOMPLETE);
  ASSERT_EQ(only<mcuprof_skipped>(plain).size(), 1U);
  EXPECT_EQ(only<mcuprof_skipped>(plain)[0].layer, 1);
}

TEST_P(Agent, ReportsAFaultWithItsLayerAndGoesOn) {
  loadCopies(3);
  agent().write32(m_program + offsetOfTensor(2), 0x50000000);  // far outside of any memory
  const auto messages = agent().command(MCUPROF_RUN_LAYERS, {0, 2, 0, 2, 0});
  ASSERT_TRUE(messages);
  EXPECT_EQ(statusOf(messages), MCUPROF_INCOMPLETE);
  const auto faults = only<mcuprof_fault>(messages);
  ASSERT_EQ(faults.size(), 2U);  // layer 1 writes there, layer 2 reads there
  for (const mcuprof_fault& fault : faults) {
    EXPECT_EQ(fault.kind, small() ? MCUPROF_FAULT_HARD : MCUPROF_FAULT_BUS);
    EXPECT_EQ(fault.frame_valid, 1);
    EXPECT_GE(fault.pc, agent().header().image.base);
    EXPECT_LT(fault.pc, agent().header().image.base + agent().header().image.bytes);
    EXPECT_GT(fault.sp, agent().header().stack.base);
    EXPECT_LE(fault.sp, agent().header().stack.base + agent().header().stack.bytes);
    EXPECT_EQ(fault.cfsr != 0, !small());
  }
  EXPECT_EQ(faults[0].layer, 1);
  EXPECT_EQ(faults[1].layer, 2);
  EXPECT_EQ(only<mcuprof_layer_report>(messages).size(), 1U);

  const auto plain = agent().command(MCUPROF_RUN_INFERENCE, {0, 1, 0});
  EXPECT_EQ(statusOf(plain), MCUPROF_INCOMPLETE);
  ASSERT_EQ(only<mcuprof_fault>(plain).size(), 1U);
  EXPECT_EQ(only<mcuprof_fault>(plain)[0].layer, 1);
  EXPECT_EQ(statusOf(agent().command(MCUPROF_RUN_LAYERS, {0, 0, 0, 1, 0})), MCUPROF_OK);
}

TEST_P(Agent, EndsALayerThatHangsWhenTheHostRaisesTheNmi) {
  loadCopies(3);
  agent().give(MCUPROF_RUN_LAYERS, {0, 2, 60'000, 1, 0}, MCUPROF_OPTION_WAIT);
  agent().run(200'000);
  ASSERT_EQ(agent().mailbox().state, MCUPROF_RUNNING);
  ASSERT_EQ(agent().mailbox().layer, 0U);
  std::vector<Message> messages;
  for (int i = 0; i < 100 && messages.empty(); ++i) {
    agent().raiseNmi();
    agent().run(1000);
    messages = agent().drain();
  }
  const auto faults = only<mcuprof_fault>(messages);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].kind, MCUPROF_FAULT_ABORTED);
  EXPECT_EQ(faults[0].layer, 0);
  agent().run(100'000);
  EXPECT_EQ(agent().mailbox().layer, 1U);
  agent().write32(agent().header().mailbox + offsetof(mcuprof_mailbox, stop), 1);
  agent().run(100'000);
  EXPECT_EQ(agent().mailbox().status, MCUPROF_STOPPED);
  EXPECT_EQ(agent().mailbox().state, MCUPROF_IDLE);
}

TEST_P(Agent, ReportsAStackThatRanOver) {
  loadCopies(1);
  agent().give(MCUPROF_RUN_LAYERS, {0, 0, 60'000, 1, 0}, MCUPROF_OPTION_WAIT);
  agent().run(200'000);
  ASSERT_EQ(agent().mailbox().layer, 0U);
  agent().setStackPointer(agent().header().stack.base + 8);
  agent().run(200'000);
  const auto messages = agent().drain();
  const auto faults = only<mcuprof_fault>(messages);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].kind, MCUPROF_FAULT_STACK);
  EXPECT_EQ(agent().mailbox().status, MCUPROF_INCOMPLETE);
  EXPECT_EQ(statusOf(agent().command(MCUPROF_RUN_LAYERS, {0, 0, 0, 1, 0})), MCUPROF_OK);
}

TEST_P(Agent, SendsTheSameFramesToTheItm) {
  agent().enableItm();
  const std::uint32_t tail = agent().read32(agent().header().ring + 8);
  const auto messages = agent().command(MCUPROF_HELLO, {}, 0);
  const std::uint32_t head = agent().read32(agent().header().ring + 8);
  const auto ring =
      readRing(agent().read(agent().header().ring + 16, MCUPROF_RING_BYTES), tail, head);
  const std::vector<std::uint8_t> itm = agent().takeItm();
  EXPECT_EQ(itm, small() ? std::vector<std::uint8_t>() : ring.bytes);
  EXPECT_EQ(FrameReader().add(ring.bytes).size(), 3U);
  ASSERT_TRUE(agent().command(MCUPROF_HELLO, {}, MCUPROF_OPTION_NO_ITM));
  EXPECT_TRUE(agent().takeItm().empty());
}

TEST_P(Agent, WaitsForTheHostToDrainTheRingWhenAskedTo) {
  loadCopies(40);
  agent().give(MCUPROF_RUN_LAYERS, {0, 39, 0, 1, 0}, MCUPROF_OPTION_WAIT);
  agent().run(1'000'000);
  EXPECT_EQ(agent().mailbox().state, MCUPROF_WAITING);
  std::size_t reports = 0;
  for (int i = 0; i < 100; ++i) {
    const auto messages = agent().drain();
    reports += only<mcuprof_layer_report>(messages).size();
    agent().run(10'000);
  }
  EXPECT_EQ(reports, 40U);
  EXPECT_EQ(agent().mailbox().state, MCUPROF_IDLE);
}

TEST_P(Agent, OverwritesTheOldestFramesWhenNotAskedToWait) {
  loadCopies(40);
  agent().give(MCUPROF_RUN_LAYERS, {0, 39, 0, 1, 0}, 0);
  agent().run(1'000'000);
  EXPECT_EQ(agent().mailbox().state, MCUPROF_IDLE);
  const auto messages = agent().drain();
  EXPECT_LT(only<mcuprof_layer_report>(messages).size(), 40U);
  EXPECT_GT(only<mcuprof_layer_report>(messages).size(), 10U);
  ASSERT_EQ(only<mcuprof_done>(messages).size(), 1U);
  EXPECT_EQ(only<mcuprof_done>(messages)[0].frames, 41U);
}

TEST_P(Agent, RefusesWhatItCannotDo) {
  const auto status = [&](std::uint32_t number, const Words& arguments) {
    return statusOf(agent().command(number, arguments));
  };
  EXPECT_EQ(status(99, {}), MCUPROF_BAD_COMMAND);
  EXPECT_EQ(status(MCUPROF_RUN_LAYERS, {0, 0, 0, 1, 0}), MCUPROF_NO_PROGRAM);
  EXPECT_EQ(status(MCUPROF_RUN_INFERENCE, {0, 1, 0}), MCUPROF_NO_PROGRAM);
  EXPECT_EQ(status(MCUPROF_SET_INPUT, {0, 0}), MCUPROF_NO_PROGRAM);
  loadCopies(2);
  EXPECT_EQ(status(MCUPROF_RUN_LAYERS, {0, 2, 0, 1, 0}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_RUN_LAYERS, {1, 0, 0, 1, 0}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_RUN_LAYERS, {0, 1, 0, 0, 0}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_RUN_LAYERS, {0, 1, 0, 33, 0}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_RUN_INFERENCE, {70'000, 1, 0}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_SET_INPUT, {3, 0}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_SET_INPUT, {MCUPROF_INPUT_XORSHIFT, 0}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_HASH_MEMORY, {0x20000000, 4}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_HASH_MEMORY, {0xE0000000, 4}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_HASH_MEMORY, {m_arena, 0xFFFFFFFF}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_CHECK_PROGRAM, {m_program + 4, 96, m_arena, 512}), MCUPROF_BAD_ARGUMENT);
  EXPECT_EQ(status(MCUPROF_CHECK_PROGRAM, {m_program, 96, 0x20000000, 512}), MCUPROF_BAD_ARGUMENT);
  // What was accepted before still holds after a refused argument, and no more after a bad program.
  EXPECT_EQ(status(MCUPROF_RUN_LAYERS, {0, 1, 0, 1, 0}), MCUPROF_OK);
  agent().write32(m_program + offsetOfTensor(0), 8);
  const auto bad = agent().command(MCUPROF_CHECK_PROGRAM, {m_program, 512, m_arena, 512});
  EXPECT_EQ(statusOf(bad), MCUPROF_BAD_PROGRAM);
  ASSERT_EQ(only<mcuprof_program_report>(bad).size(), 1U);
  EXPECT_EQ(only<mcuprof_program_report>(bad)[0].code, MCUPROF_PROGRAM_BAD_CRC);
  EXPECT_EQ(status(MCUPROF_RUN_LAYERS, {0, 1, 0, 1, 0}), MCUPROF_NO_PROGRAM);
}

TEST_P(Agent, HashesMemoryAsTheHostDoes) {
  std::vector<std::uint8_t> bytes(1000);
  std::uint32_t x = 7;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(x = mcuprof_xorshift(x));
  const std::uint32_t model = agent().header().model.base;
  agent().write(model, bytes);
  const auto memory = only<mcuprof_memory>(agent().command(MCUPROF_HASH_MEMORY, {model, 1000}));
  ASSERT_EQ(memory.size(), 1U);
  EXPECT_EQ(memory[0].crc32, mcuprof_crc32(0, bytes.data(), 1000));
  EXPECT_EQ(memory[0].fnv1a, mcuprof_fnv1a(MCUPROF_FNV_START, bytes.data(), 1000));
}

TEST_P(Agent, CountsBeyondTheWidthOfItsCounter) {
  // SysTick has 24 bits, so the pass takes longer than that; CYCCNT is brought to its wrap instead.
  const std::uint32_t library = agent().header().kernel_library;
  load(small() ? copyProgram(library, 1900, 12'288) : copyProgram(library, 200, 8192), true);
  ASSERT_EQ(statusOf(agent().command(MCUPROF_SET_INPUT, {MCUPROF_INPUT_KEEP})), MCUPROF_OK);
  agent().wrapCycleCounterIn(small() ? 0 : 500'000);
  agent().give(MCUPROF_RUN_INFERENCE, {0, 1, 0}, MCUPROF_OPTION_WAIT);
  while (agent().mailbox().state == MCUPROF_IDLE) agent().run(100);
  const std::uint64_t start = agent().cycles();
  while (agent().mailbox().state != MCUPROF_IDLE) agent().run(5000);
  const auto elapsed = static_cast<double>(agent().cycles() - start);
  const auto messages = agent().drain();
  const auto reports = only<mcuprof_inference>(messages);
  ASSERT_EQ(reports.size(), 1U);
  ASSERT_EQ(reports[0].runs, 1);
  EXPECT_NEAR(static_cast<double>(valueOf(reports[0].minimum)), elapsed, 0.01 * elapsed);
  EXPECT_GT(elapsed, small() ? 1 << 24 : 500'000);
}

TEST_P(Agent, RunsFromTheInternalOscillatorWhenTheBoardGivesNoClock) {
  EmulatedAgent broken(GetParam());
  broken.breakHse();
  broken.run(10'000'000);
  const auto machines = only<mcuprof_machine>(broken.command(MCUPROF_HELLO, {}));
  ASSERT_EQ(machines.size(), 1U);
  EXPECT_EQ(machines[0].clock_source, MCUPROF_CLOCK_PLL_HSI);
  EXPECT_EQ(machines[0].core_hz, broken.header().core_hz);
}

TEST_P(Agent, CostsAtMost2KilobytesOfRamBesidesArenaAndStack) {
  const mcuprof_image_header& header = agent().header();
  for (std::uint32_t i = 0; i < header.ram_ranges; ++i) {
    if (header.ram[i].base >> 16 != header.stack.base >> 16) continue;
    EXPECT_LE(header.ram[i].base - header.stack.base - header.stack.bytes, 2048U);
    EXPECT_GT(header.ram[i].base, header.stack.base + header.stack.bytes + MCUPROF_RING_BYTES);
  }
  EXPECT_LE(header.image.bytes, 64U * 1024);
  EXPECT_EQ(header.model.base, 0x08010000U);
}

INSTANTIATE_TEST_SUITE_P(Boards, Agent,
                         testing::Values("f767zi", "f746zg", "f429zi", "f207zg", "f091rc"),
                         [](const auto& board) { return std::string(board.param); });

}  // namespace
}  // namespace mcuprof
