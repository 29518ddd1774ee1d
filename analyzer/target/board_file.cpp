#include "analyzer/target/board_file.hpp"

#include <fmt/core.h>

#include <map>
#include <utility>

#include "analyzer/target/facts.hpp"
#include "analyzer/target/target_file.hpp"
#include "analyzer/target/validate.hpp"

namespace mcuprof {
namespace {

constexpr Bytes kLargestMemory = Bytes(std::int64_t{1} << 40);
constexpr std::int64_t kHighestAddress = (std::int64_t{1} << 48) - 1;
constexpr std::int64_t kSlowestClockHz = 1'000;
constexpr std::int64_t kFastestClockHz = 100'000'000'000;
constexpr double kMostMilliamps = 100'000;

constexpr std::string_view kKinds[] = {"tcm", "sram", "flash", "qspi", "sdram", "psram", "sd"};
static_assert(kKinds[static_cast<std::size_t>(MemoryKind::Sd)] == nameOf(MemoryKind::Sd));

MemoryFront readFront(const TomlTable& table, std::string name, FactReader& facts) {
  MemoryFront front;
  front.name = std::move(name);
  front.dataBytes = facts.bytes(table, "data", kLargestMemory);
  front.instructionBytes = facts.bytes(table, "instructions", kLargestMemory);
  front.unifiedBytes = facts.bytes(table, "unified", kLargestMemory);
  front.lineBytes = facts.smallInteger(table, "line_bytes", 1, 4096);
  front.dataWays = facts.smallInteger(table, "data_ways", 1, 1024);
  front.instructionWays = facts.smallInteger(table, "instruction_ways", 1, 1024);
  front.unifiedWays = facts.smallInteger(table, "unified_ways", 1, 1024);
  front.note = table.string("note").value_or("");
  return front;
}

MemoryUse readUse(const TomlTable& table) {
  MemoryUse use;
  for (const TomlValue& element : table.array("use")) {
    const auto word = element.string();
    if (!word) continue;
    if (*word == "activations")
      use.activations = true;
    else if (*word == "weights")
      use.weights = true;
    else if (*word == "spill")
      use.spill = true;
    else
      element.problem(
          fmt::format("\"use\" has \"{}\"; wanted activations, weights or spill", *word));
  }
  return use;
}

Memory readMemory(const TomlTable& table, const std::map<std::string, MemoryFront>& fronts,
                  FactReader& facts) {
  Memory memory;
  memory.name = table.requireString("name");
  memory.kind = static_cast<MemoryKind>(table.requireWord("kind", kKinds));
  memory.use = readUse(table);
  memory.base = static_cast<std::uint64_t>(table.requireInteger("base", 0, kHighestAddress));
  memory.size = table.requireSize("size", kLargestMemory);
  FactReader::Citation citation = facts.citation(table, "source");
  memory.basis = citation.basis;
  memory.source = std::move(citation.text);
  memory.widthBits = facts.smallInteger(table, "width_bits", 1, 1024);
  memory.waitStates = facts.smallInteger(table, "wait_states", 0, 1000);
  memory.dmaReach = facts.boolean(table, "dma");
  memory.aliasOf = table.string("alias_of").value_or("");
  memory.note = table.string("note").value_or("");
  if (const auto name = table.string("front")) {
    if (const auto front = fronts.find(*name); front != fronts.end())
      memory.front = front->second;
    else
      table.problemAt("front", fmt::format("no table [front.{}] in this file", *name));
  }
  return memory;
}

FlashTiming readFlashTiming(const TomlTable& table, FactReader& facts) {
  FlashTiming timing;
  FactReader::Citation citation = facts.citation(table, "source");
  timing.basis = citation.basis;
  timing.source = std::move(citation.text);
  timing.conditions = table.string("conditions").value_or("");
  timing.clockDivider = static_cast<int>(table.integer("clock_divider", 1, 64).value_or(1));
  const auto steps = table.requireValue("steps");
  for (const TomlValue& step : steps ? steps->elements() : std::vector<TomlValue>()) {
    const auto pair = step.isArray() ? step.elements() : std::vector<TomlValue>();
    if (pair.size() != 2) {
      step.problem("a step is a pair; wanted [up to this clock in Hz, wait states]");
      continue;
    }
    const auto hz = pair[0].integer(kSlowestClockHz, kFastestClockHz);
    const auto waitStates = pair[1].integer(0, 1000);
    if (hz && waitStates) timing.steps.push_back({*hz, static_cast<int>(*waitStates)});
  }
  return timing;
}

// The card is a memory too, so that placement can name it.
Memory cardMemory(const TomlTable& table, FactReader& facts) {
  const auto capacity = required(table, "capacity", facts.bytes(table, "capacity", kLargestMemory));
  Memory memory;
  memory.name = "sd";
  memory.kind = MemoryKind::Sd;
  memory.use.weights = true;
  memory.use.spill = true;
  memory.size = Bytes(capacity.value);
  memory.basis = capacity.basis;
  memory.source = capacity.source;
  memory.note = table.string("note").value_or("");
  return memory;
}

SdCard readCard(const TomlTable& table, FactReader& facts) {
  constexpr double kMostMilliwatts = 100'000;
  SdCard card;
  card.onBoard = table.requireBoolean("on_board");
  card.spiClockHz =
      required(table, "spi_clock_hz",
               facts.integer(table, "spi_clock_hz", kSlowestClockHz, kFastestClockHz));
  card.blockBytes = required(table, "block", facts.bytes(table, "block", kLargestMemory));
  card.commandMicroseconds = facts.number(table, "command_us", 0, 1e9);
  for (const TomlTable& row : table.tables("power")) {
    SdPower power;
    power.spiClockHz = row.requireInteger("spi_clock_hz", kSlowestClockHz, kFastestClockHz);
    power.milliwatts =
        required(row, "milliwatts", facts.number(row, "milliwatts", 0, kMostMilliwatts));
    if (!card.power.empty() && power.spiClockHz <= card.power.back().spiClockHz)
      row.problemAt("spi_clock_hz", "power figures do not rise in their clocks");
    card.power.push_back(std::move(power));
  }
  return card;
}

Power readPower(const TomlTable& table, FactReader& facts) {
  Power power;
  power.supplyVolts = facts.number(table, "supply_volts", 0, 100);
  for (const TomlTable& row : table.tables("run")) {
    RunCurrent run;
    run.state = row.requireString("state");
    run.clockHz = row.requireInteger("clock_hz", kSlowestClockHz, kFastestClockHz);
    run.milliamps = required(row, "milliamps", facts.number(row, "milliamps", 0, kMostMilliamps));
    run.supplyVolts = row.number("volts", 0, 100);
    run.cachesOff = row.boolean("caches_off").value_or(false);
    power.run.push_back(std::move(run));
  }
  for (const TomlTable& row : table.tables("sleep")) {
    SleepCurrent sleep;
    sleep.state = row.requireString("state");
    sleep.milliamps = required(row, "milliamps", facts.number(row, "milliamps", 0, kMostMilliamps));
    power.sleep.push_back(std::move(sleep));
  }
  return power;
}

Debug readDebug(const TomlTable& table, FactReader& facts) {
  Debug debug;
  debug.openocdConfig = table.string("openocd_config").value_or("");
  debug.openocdTarget = table.string("openocd_target").value_or("");
  debug.probe = table.string("probe").value_or("");
  debug.swo = facts.boolean(table, "swo");
  debug.swoPin = facts.string(table, "swo_pin");
  debug.markPin = facts.string(table, "mark_pin");
  debug.layerPin = facts.string(table, "layer_pin");
  return debug;
}

}  // namespace

Board readBoard(TomlDocument& document, std::string name, std::span<const std::string> cores) {
  const TomlTable root = document.root();
  FactReader facts(root);
  Board board;
  board.name = std::move(name);
  board.title = root.requireString("title");
  board.vendor = root.requireString("vendor");
  board.aliases = root.strings("aliases");
  board.chip = required(root, "chip", facts.string(root, "chip"));
  board.core = root.requireString("core");
  board.fpu = facts.string(root, "fpu");
  board.clockHz =
      required(root, "clock_hz", facts.integer(root, "clock_hz", kSlowestClockHz, kFastestClockHz));
  board.defaultClockHz = facts.integer(root, "default_clock_hz", kSlowestClockHz, kFastestClockHz);
  board.notes = root.strings("notes");

  std::map<std::string, MemoryFront> fronts;
  if (const auto table = root.table("front"))
    for (const std::string& key : table->keys())
      if (const auto front = table->table(key)) fronts.emplace(key, readFront(*front, key, facts));

  BoardPlaces places{root, root.tables("memory"), std::nullopt};
  for (const TomlTable& table : places.memories)
    board.memories.add(readMemory(table, fronts, facts));

  if (const auto table = root.table("flash_latency")) {
    board.flashTiming = readFlashTiming(*table, facts);
    places.flashLatency = *table;
  }
  if (const auto table = root.table("sd")) {
    board.sd = readCard(*table, facts);
    board.memories.add(cardMemory(*table, facts));
    places.memories.push_back(*table);
  }
  if (const auto table = root.table("power")) board.power = readPower(*table, facts);
  if (const auto table = root.table("debug")) board.debug = readDebug(*table, facts);
  facts.noteUnusedSources();
  validateBoard(board, places, cores);
  return board;
}

Result<Board> loadBoard(const std::string& path, std::span<const std::string> cores) {
  Result<TomlDocument> document = TomlDocument::load(path);
  if (!document) return document.error();
  Board board = readBoard(*document, nameFromPath(path), cores);
  if (const auto ok = document->check(); !ok) return ok.error();
  return board;
}

}  // namespace mcuprof
