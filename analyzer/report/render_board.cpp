#include "analyzer/report/render_board.hpp"

#include <fmt/format.h>

#include <optional>

#include "analyzer/report/text_parts.hpp"

namespace mcuprof {
namespace {

std::string valueText(bool value) {
  return value ? "yes" : "no";
}
std::string valueText(int value) {
  return fmt::format("{}", value);
}
std::string valueText(std::int64_t value) {
  return grouped(value);
}
std::string valueText(double value) {
  return fmt::format("{:.6g}", value);
}
std::string valueText(const std::string& value) {
  return printable(value);
}

/// Rows under headings.
class FactLines {
 public:
  void heading(std::string text) { m_group = std::move(text); }
  template <typename T>
  void fact(std::string_view name, const Sourced<T>& fact, std::string_view unit = {}) {
    line(name, valueText(fact.value), unit, fact.basis, fact.source);
  }
  template <typename T>
  void fact(std::string_view name, const std::optional<Sourced<T>>& maybe,
            std::string_view unit = {}) {
    if (maybe) fact(name, *maybe, unit);
  }
  void line(std::string_view name, std::string value, std::string_view unit, Basis basis,
            std::string_view source) {
    if (!unit.empty()) value.append(" ").append(unit);
    m_out.push_back({m_group, std::string(name), std::move(value), basis, printable(source)});
  }
  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    m_out.push_back({m_group, std::string(name), printable(value), std::nullopt, {}});
  }
  std::vector<FactRow> take() { return std::move(m_out); }

 private:
  std::string m_group;
  std::vector<FactRow> m_out;
};

/// "512", "2.5"
std::string kibibytes(Bytes bytes) {
  return bytes.value % 1024 == 0 ? grouped(bytes.value / 1024)
                                 : fmt::format("{:.1f}", static_cast<double>(bytes.value) / 1024);
}

std::string useText(const MemoryUse& use) {
  std::string out;
  for (const auto& [used, name] :
       {std::pair(use.activations, "activations"), std::pair(use.weights, "weights"),
        std::pair(use.spill, "spills")}) {
    if (!used) continue;
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out.empty() ? "nothing" : out;
}

void addMemory(FactLines& out, const Memory& memory) {
  out.heading(fmt::format("memory {} ({})", memory.name, nameOf(memory.kind)));
  if (memory.base) {
    out.line("base", fmt::format("0x{:08x}", *memory.base), "", memory.basis, memory.source);
  }
  out.line("size", grouped(memory.size), "B", memory.basis, memory.source);
  out.text("holds", useText(memory.use));
  out.text("alias of", memory.aliasOf);
  out.fact("width", memory.widthBits, "bit");
  out.fact("wait states", memory.waitStates);
  out.fact("DMA reaches it", memory.dmaReach);
  if (memory.front) {
    out.text("in front", memory.front->name);
    out.fact("  data", memory.front->dataBytes, "B");
    out.fact("  instructions", memory.front->instructionBytes, "B");
    out.fact("  for both", memory.front->unifiedBytes, "B");
    out.fact("  line", memory.front->lineBytes, "B");
    out.fact("  data ways", memory.front->dataWays);
    out.fact("  instruction ways", memory.front->instructionWays);
    out.fact("  ways", memory.front->unifiedWays);
    out.text("  note", memory.front->note);
  }
  out.text("note", memory.note);
}

void addPower(FactLines& out, const Power& power) {
  if (!power.supplyVolts && power.run.empty() && power.sleep.empty()) return;
  out.heading("power");
  out.fact("supply", power.supplyVolts, "V");
  for (const RunCurrent& run : power.run) {
    std::string state = fmt::format("{}, {} MHz", run.state, megahertz(run.clockHz));
    if (run.supplyVolts) state += fmt::format(", {:.3g} V", *run.supplyVolts);
    out.text("running", state);
    out.fact("  current", run.milliamps, "mA");
  }
  for (const SleepCurrent& sleep : power.sleep) {
    out.text("asleep", sleep.state);
    out.fact("  current", sleep.milliamps, "mA");
  }
}

void addCore(FactLines& out, const Core& core) {
  out.heading(fmt::format("core {} ({}, {})", core.name, core.title, core.architecture));
  out.fact("DSP instructions", core.dsp);
  out.fact("Helium (MVE)", core.mve);
  out.fact("floating point", core.fpu);
  out.fact("hardware divide", core.hardwareDivide);
  out.fact("cycle counter", core.cycleCounter);
  out.fact("pointer", core.pointerBytes, "B");
  out.fact("issue width", core.issueWidth);
  out.fact("pipeline stages", core.pipelineStages);
  out.fact("taken branch", core.takenBranchCycles, "cycles");
  for (const std::string& line : core.notes) out.text("note", line);
}

bool onChip(MemoryKind kind) {
  return kind == MemoryKind::Tcm || kind == MemoryKind::Sram;
}

}  // namespace

std::string renderBoardList(std::span<const Board> boards, const TextStyle& style) {
  using Align = TextTable::Align;
  TextTable table({{"board", Align::Left},
                   {"also", Align::Left, 8},
                   {"chip", Align::Left, 8},
                   {"core", Align::Left},
                   {"MHz"},
                   {"RAM KiB"},
                   {"flash KiB"},
                   {"title", Align::Left, 8}});
  for (const Board& board : boards) {
    std::string aliases;
    for (const std::string& alias : board.aliases)
      aliases.append(aliases.empty() ? "" : ", ").append(alias);
    Bytes ram;
    Bytes flash;
    for (const Memory& memory : board.memories) {
      if (memory.use.activations && onChip(memory.kind)) ram += memory.size;
      if (memory.use.weights &&
          (memory.kind == MemoryKind::Flash || memory.kind == MemoryKind::Qspi)) {
        flash += memory.size;
      }
    }
    table.addRow({board.name, aliases, printable(board.chip.value), board.core,
                  megahertz(board.clockHz.value), kibibytes(ram), kibibytes(flash),
                  printable(board.title)});
  }
  return table.render(style);
}

std::vector<FactRow> boardFacts(const Board& board, const Core& core) {
  FactLines out;
  out.heading(fmt::format("{} ({})", board.name, board.title));
  std::string aliases;
  for (const std::string& alias : board.aliases)
    aliases.append(aliases.empty() ? "" : ", ").append(alias);
  out.text("also called", aliases);
  out.text("vendor", board.vendor);
  out.fact("chip", board.chip);
  out.line("clock", megahertz(board.clockHz.value), "MHz", board.clockHz.basis,
           board.clockHz.source);
  if (board.defaultClockHz) {
    const auto& clock = *board.defaultClockHz;
    out.line("clock unless changed", megahertz(clock.value), "MHz", clock.basis, clock.source);
  }
  out.fact("floating point", board.fpu);
  for (const std::string& note : board.notes) out.text("note", note);
  addCore(out, core);
  for (const Memory& memory : board.memories) addMemory(out, memory);
  if (board.flashTiming) {
    const FlashTiming& timing = *board.flashTiming;
    out.heading("flash wait states");
    out.text("holds for", timing.conditions);
    if (timing.clockDivider > 1) {
      out.text("clock", fmt::format("of the core divided by {}", timing.clockDivider));
    }
    for (const FlashLatency& step : timing.steps) {
      out.line(fmt::format("up to {} MHz", megahertz(step.maxHz)),
               fmt::format("{}", step.waitStates), "", timing.basis, timing.source);
    }
  }
  if (board.sd) {
    out.heading(board.sd->onBoard ? "card on SPI, on the board"
                                  : "card on SPI, attached by the user");
    out.fact("clock", board.sd->spiClockHz, "Hz");
    out.fact("block", board.sd->blockBytes, "B");
    out.fact("command overhead", board.sd->commandMicroseconds, "us a block");
    for (const SdPower& power : board.sd->power) {
      out.fact(fmt::format("power at {} MHz", megahertz(power.spiClockHz)), power.milliwatts, "mW");
    }
  }
  addPower(out, board.power);
  const Debug& debug = board.debug;
  if (!debug.openocdConfig.empty() || !debug.openocdTarget.empty() || !debug.probe.empty() ||
      debug.swo) {
    out.heading("debug");
    out.text("probe", debug.probe);
    out.text("OpenOCD board", debug.openocdConfig);
    out.text("OpenOCD target", debug.openocdTarget);
    out.fact("SWO", debug.swo);
    out.fact("SWO pin", debug.swoPin);
    out.fact("mark pin", debug.markPin);
    out.fact("layer pin", debug.layerPin);
  }
  return out.take();
}

std::string renderBoard(const Board& board, const Core& core, const TextStyle& style) {
  std::string out;
  const std::string* group = nullptr;
  // The source is on a line of its own where it is long.
  const std::vector<FactRow> rows = boardFacts(board, core);
  for (const FactRow& row : rows) {
    if (group == nullptr || *group != row.group) {
      if (!out.empty()) out += '\n';
      out += painted(style, Tone::Strong, row.group) + '\n';
      group = &row.group;
    }
    const std::string value =
        row.basis ? fmt::format("{}  [{}: {}]", row.value, nameOf(*row.basis), row.source)
                  : row.value;
    out += wrapped(fmt::format("  {:<22} ", row.name), value, style.width);
  }
  return out;
}

}  // namespace mcuprof
