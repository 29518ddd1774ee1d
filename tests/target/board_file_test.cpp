#include "analyzer/target/board_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/target/core_file.hpp"

namespace mcuprof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kCores = {"cortex-m4", "cortex-m7"};

// Nine lines; what a test appends begins at line 10.
constexpr std::string_view kHead = R"(title = "T"
vendor = "V"
chip = ["C", "m"]
core = "cortex-m4"
clock_hz = [100_000_000, "m"]
[sources.datasheet]
ds = "a datasheet"
[sources.assumed]
m = "made for a test"
)";

// Six lines.
constexpr std::string_view kRam = R"([[memory]]
name = "sram"
kind = "sram"
use = ["activations"]
base = 0x2000_0000
size = "64 KiB"
source = "ds"
)";

struct Outcome {
  Board board;
  std::vector<std::string> problems;
};

Outcome read(const std::string& text) {
  Result<TomlDocument> document = TomlDocument::parse(text, "x.toml");
  EXPECT_TRUE(document) << document.error().text();
  Outcome outcome{readBoard(*document, "x", kCores), {}};
  for (const Error& error : document->problems()) outcome.problems.push_back(error.text());
  return outcome;
}

std::string headAnd(std::string_view more) {
  return std::string(kHead) + std::string(more);
}
std::string ramAnd(std::string_view more) {
  return headAnd(kRam) + std::string(more);
}

TEST(ReadBoard, GivesWhatTheFileSays) {
  const Outcome outcome = read(ramAnd(R"(width_bits = [32, "m"]
front = "l1"
[[memory]]
name = "flash"
kind = "flash"
use = ["weights"]
base = 0x0800_0000
size = "1 MiB"
source = "ds"
wait_states = [3, "ds"]
[front.l1]
data = ["16 KiB", "ds"]
line_bytes = [32, "m"]
[flash_latency]
source = "ds"
conditions = "2.7 to 3.6 V"
steps = [[30_000_000, 0], [60_000_000, 1], [90_000_000, 2], [100_000_000, 3]]
[sd]
on_board = false
capacity = ["1 GiB", "m"]
spi_clock_hz = [1_000_000, "m"]
block = ["16 KiB", "m"]
power = [
  { spi_clock_hz = 100_000, milliwatts = [460, "m"] },
  { spi_clock_hz = 25_000_000, milliwatts = [590, "m"] },
]
[power]
supply_volts = [3.3, "m"]
run = [{ state = "from flash", clock_hz = 100_000_000, milliamps = [12.5, "ds"], volts = 3.0 }]
sleep = [{ state = "stop", milliamps = [0.4, "ds"] }]
[debug]
probe = "P"
openocd_config = "board/x.cfg"
openocd_target = "target/x.cfg"
swo = [true, "m"]
swo_pin = ["PB3", "m"]
mark_pin = ["PF13", "m"]
)"));
  ASSERT_THAT(outcome.problems, IsEmpty());
  const Board& board = outcome.board;
  EXPECT_EQ(board.name, "x");
  EXPECT_EQ(board.clockHz, (Sourced<std::int64_t>{100'000'000, Basis::Assumed, "made for a test"}));
  ASSERT_EQ(board.memories.size(), 3U);
  const Memory& ram = board.memories[RegionId(0)];
  EXPECT_EQ(ram.size, 64_KiB);
  EXPECT_EQ(ram.base, 0x20000000U);
  EXPECT_EQ(ram.basis, Basis::Datasheet);
  EXPECT_EQ(ram.source, "a datasheet");
  EXPECT_TRUE(ram.use.activations);
  EXPECT_FALSE(ram.use.weights);
  EXPECT_EQ(ram.front->name, "l1");
  EXPECT_EQ(ram.front->dataBytes->value, 16 * 1024);
  EXPECT_EQ(board.memories[RegionId(1)].kind, MemoryKind::Flash);
  EXPECT_EQ(board.flashTiming->steps.size(), 4U);
  const Memory& card = board.memories[RegionId(2)];
  EXPECT_EQ(card.kind, MemoryKind::Sd);
  EXPECT_FALSE(card.base);
  EXPECT_TRUE(card.use.spill);
  EXPECT_EQ(board.sd->power.size(), 2U);
  EXPECT_EQ(board.sd->power[1].milliwatts.value, 590);
  EXPECT_EQ(board.power.run.at(0).milliamps.value, 12.5);
  EXPECT_EQ(board.power.run.at(0).supplyVolts, 3.0);
  EXPECT_EQ(board.power.sleep.at(0).state, "stop");
  EXPECT_EQ(board.debug.swoPin->value, "PB3");
  EXPECT_EQ(board.debug.markPin->value, "PF13");
  EXPECT_FALSE(board.debug.layerPin);
}

TEST(ReadBoard, NamesKeysThatAreMissing) {
  EXPECT_THAT(
      read("").problems,
      ElementsAre("x.toml:1:1: key \"title\" is missing", "x.toml:1:1: key \"vendor\" is missing",
                  "x.toml:1:1: key \"chip\" is missing", "x.toml:1:1: key \"core\" is missing",
                  "x.toml:1:1: key \"clock_hz\" is missing",
                  "x.toml:1:1: no memory holds activations; wanted at least one [[memory]] with "
                  "use = [\"activations\"]"));
  EXPECT_THAT(
      read(ramAnd("[[memory]]\n")).problems,
      ElementsAre("x.toml:17:1: key \"name\" is missing", "x.toml:17:1: key \"kind\" is missing",
                  "x.toml:17:1: key \"base\" is missing", "x.toml:17:1: key \"size\" is missing",
                  "x.toml:17:1: key \"source\" is missing"));
}

TEST(ReadBoard, RefusesUnknownKeysAndWords) {
  EXPECT_THAT(read(ramAnd("widht_bits = [32, \"m\"]\nfront = \"l2\"\n")).problems,
              ElementsAre("x.toml:17:1: unknown key \"widht_bits\" (did you mean \"width_bits\"?)",
                          "x.toml:18:9: no table [front.l2] in this file"));
  EXPECT_THAT(
      read(ramAnd("[[memory]]\nname = \"f\"\nkind = \"rom\"\nuse = [\"code\"]\nbase = 0\nsize = 1\n"
                  "source = \"ds\"\n"))
          .problems,
      ElementsAre("x.toml:19:8: \"kind\" is \"rom\"; wanted one of tcm, sram, flash, qspi, sdram, "
                  "psram, sd",
                  "x.toml:20:8: \"use\" has \"code\"; wanted activations, weights or spill"));
}

TEST(ReadBoard, RefusesRegionsThatOverlap) {
  EXPECT_THAT(read(ramAnd("[[memory]]\nname = \"sram2\"\nkind = \"sram\"\nbase = 0x2000_F000\n"
                          "size = \"64 KiB\"\nsource = \"ds\"\n"))
                  .problems,
              ElementsAre("x.toml:20:8: memory \"sram2\" overlaps \"sram\" by 4096 bytes"));
  EXPECT_THAT(read(ramAnd("[[memory]]\nname = \"sram2\"\nkind = \"sram\"\nbase = 0x2001_0000\n"
                          "size = \"64 KiB\"\nsource = \"ds\"\n"))
                  .problems,
              IsEmpty());
}

TEST(ReadBoard, KnowsAliases) {
  const std::string alias =
      "[[memory]]\nname = \"a\"\nkind = \"sram\"\nbase = 0\nsize = 4\nsource = \"ds\"\n";
  EXPECT_THAT(read(ramAnd(alias + "alias_of = \"sram\"\n")).problems, IsEmpty());
  EXPECT_THAT(read(ramAnd(alias + "alias_of = \"ram\"\n")).problems,
              ElementsAre("x.toml:23:12: no other memory is named \"ram\""));
  EXPECT_THAT(read(ramAnd(alias + "alias_of = \"sram\"\nuse = [\"weights\"]\n")).problems,
              ElementsAre("x.toml:24:7: \"a\" is an alias; its bytes are used through \"sram\""));
}

TEST(ReadBoard, RefusesNamesThatStandTwice) {
  EXPECT_THAT(read(ramAnd("[[memory]]\nname = \"sram\"\nkind = \"sram\"\nbase = 0\nsize = "
                          "4\nsource = \"ds\"\n"))
                  .problems,
              ElementsAre("x.toml:18:8: memory \"sram\" stands twice"));
  EXPECT_THAT(
      read("aliases = [\"y\", \"x\", \"Y\"]\n" + ramAnd("")).problems,
      ElementsAre("x.toml:1:11: alias \"x\" stands twice",
                  "x.toml:1:11: alias \"Y\"; wanted lower-case letters, digits, '-', '_', '.'"));
}

TEST(ReadBoard, RefusesSizesAndAddressesThatNoMemoryHas) {
  EXPECT_THAT(
      read(ramAnd(
               "[[memory]]\nname = \"a\"\nkind = \"sram\"\nbase = -1\nsize = 0\nsource = \"ds\"\n"))
          .problems,
      ElementsAre("x.toml:20:8: \"base\" is -1; wanted 0 to 281474976710655",
                  "x.toml:21:8: memory \"a\" has no bytes"));
  EXPECT_THAT(
      read(
          ramAnd("[[memory]]\nname = \"a\"\nkind = \"sram\"\nbase = 0\nsize = 9223372036854775807\n"
                 "source = \"ds\"\n"))
          .problems,
      ElementsAre(
          "x.toml:21:8: \"size\" is 9223372036854775807; wanted at most 1099511627776 bytes",
          "x.toml:21:8: memory \"a\" has no bytes"));
}

TEST(ReadBoard, WantsACoreThatExists) {
  std::string text = ramAnd("");
  text.replace(text.find("cortex-m4"), 9, "cortex-m5");
  EXPECT_THAT(read(text).problems,
              ElementsAre("x.toml:4:8: unknown core \"cortex-m5\" (did you mean \"cortex-m4\"?)"));
}

TEST(ReadBoard, WantsALatencyTableThatCoversTheClock) {
  const auto table = [](std::string_view steps) {
    return read(ramAnd("[flash_latency]\nsource = \"ds\"\nsteps = " + std::string(steps) + "\n"))
        .problems;
  };
  EXPECT_THAT(table("[[100_000_000, 3]]"), IsEmpty());
  EXPECT_THAT(
      table("[[99_000_000, 3]]"),
      ElementsAre(
          "x.toml:19:9: the table ends at 99000000 Hz; the rated clock needs 100000000 Hz"));
  EXPECT_THAT(table("[[60_000_000, 1], [50_000_000, 2]]"),
              ElementsAre("x.toml:19:9: step 2 does not rise in both clock and wait states"));
  EXPECT_THAT(table("[]"),
              ElementsAre("x.toml:19:9: \"steps\" is empty; wanted [[up to this clock in Hz, wait "
                          "states], ...]"));
  EXPECT_THAT(
      table("[[1]]"),
      ElementsAre(
          "x.toml:19:9: \"steps\" is empty; wanted [[up to this clock in Hz, wait states], ...]",
          "x.toml:19:10: a step is a pair; wanted [up to this clock in Hz, wait states]"));
}

TEST(ReadBoard, WantsWaitStatesThatAgreeWithTheTable) {
  const std::string flash =
      "[[memory]]\nname = \"flash\"\nkind = \"flash\"\nbase = 0\nsize = 4\nsource = \"ds\"\n"
      "wait_states = [1, \"ds\"]\n[flash_latency]\nsource = \"ds\"\n";
  EXPECT_THAT(
      read(ramAnd(flash + "steps = [[60_000_000, 1], [100_000_000, 2]]\n")).problems,
      ElementsAre("x.toml:23:15: memory \"flash\" has 1 wait states; [flash_latency] says 2 at "
                  "100000000 Hz"));
  EXPECT_THAT(
      read(ramAnd(flash + "clock_divider = 2\nsteps = [[60_000_000, 1], [100_000_000, 2]]\n"))
          .problems,
      IsEmpty());
}

TEST(ReadBoard, WantsASourceForEveryNumber) {
  std::string text = ramAnd("");
  text.replace(text.find("[100_000_000, \"m\"]"), 18, "100_000_000");
  EXPECT_THAT(read(text).problems,
              ElementsAre("x.toml:5:12: \"clock_hz\" has no source; wanted [value, \"source\"]"));
}

TEST(ReadCore, WantsWhatEveryCoreStates) {
  Result<TomlDocument> document = TomlDocument::parse(
      "title = \"T\"\nfpu = [\"quad\", \"m\"]\n[sources.assumed]\n"
      "m = \"made for a test\"\n",
      "c.toml");
  ASSERT_TRUE(document);
  readCore(*document, "c");
  std::vector<std::string> problems;
  for (const Error& error : document->problems()) problems.push_back(error.text());
  EXPECT_THAT(
      problems,
      ElementsAre("c.toml:1:1: key \"architecture\" is missing",
                  "c.toml:1:1: key \"dsp\" is missing", "c.toml:1:1: key \"mve\" is missing",
                  "c.toml:1:1: key \"hardware_divide\" is missing",
                  "c.toml:1:1: key \"cycle_counter\" is missing",
                  "c.toml:1:1: key \"pointer_bytes\" is missing",
                  "c.toml:2:7: \"fpu\" is \"quad\"; wanted none, single or double"));
}

}  // namespace
}  // namespace mcuprof
