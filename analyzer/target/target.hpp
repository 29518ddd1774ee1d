#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// What a core is, once for all boards that carry it (targets/cores/). Issue-time costs live with
/// the kernel tables, not here.
struct Core {
  std::string name;          ///< "cortex-m7", as in the file name
  std::string title;         ///< "Arm Cortex-M7"
  std::string architecture;  ///< "armv7e-m", "rv32imc", "xtensa-lx6", "avr"
  Sourced<bool> dsp;         ///< SIMD within 32-bit registers (Arm DSP extension)
  Sourced<bool> mve;         ///< Arm Helium
  /// "none", "single", "double"; where it is an option, the most there is (the board says what its
  /// chip has).
  Sourced<std::string> fpu;
  Sourced<bool> hardwareDivide;
  Sourced<bool> cycleCounter;  ///< DWT CYCCNT or its like
  Sourced<int> pointerBytes;
  std::optional<Sourced<int>> issueWidth;
  std::optional<Sourced<int>> pipelineStages;
  /// Taken-branch refill in cycles where a source tells.
  std::optional<Sourced<int>> takenBranchCycles;
  /// Cycles of an average instruction, for kernels of which only instructions are known.
  std::optional<Sourced<double>> instructionRate;
  /// Measured over modelled cycles of instructions and branches: what the cost model leaves out
  /// (docs/cost-model.md). Absent: 1.
  std::optional<Sourced<double>> unmodelled;
  /// Relative half widths of a 90 % interval without calibration: what all layers on one board
  /// share, and what each layer has for itself.
  double boardBand = 0.3;
  double layerBand = 0.3;
  std::string llvmCpu;  ///< name of LLVM's scheduling model, empty where there is none
  std::vector<std::string> notes;
};

enum class MemoryKind : std::uint8_t { Tcm, Sram, Flash, Qspi, Sdram, Psram, Sd };

constexpr std::string_view nameOf(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::Tcm:
      return "tcm";
    case MemoryKind::Sram:
      return "sram";
    case MemoryKind::Flash:
      return "flash";
    case MemoryKind::Qspi:
      return "qspi";
    case MemoryKind::Sdram:
      return "sdram";
    case MemoryKind::Psram:
      return "psram";
    case MemoryKind::Sd:
      return "sd";
  }
  return "";
}

/// What a region holds by default. A region that is an alias of another, or too slow or too small
/// to be of use (backup SRAM), holds nothing and is listed for completeness.
struct MemoryUse {
  bool activations =
      false;  ///< arena, and static data, stack; constant data too where one puts it there
  bool weights =
      false;           ///< constant data where a linker puts it without being asked, read in place
  bool spill = false;  ///< backing storage: written and read in blocks

  bool any() const { return activations || weights || spill; }
};

/// What stands between the core and a memory. Capacities are apart where data and instructions have
/// buffers of their own; a shared one is `unified`.
struct MemoryFront {
  std::string name;  ///< "l1", "art", "icache", "prefetch", "xip-cache"
  std::optional<Sourced<std::int64_t>> dataBytes;
  std::optional<Sourced<std::int64_t>> instructionBytes;
  std::optional<Sourced<std::int64_t>> unifiedBytes;
  std::optional<Sourced<int>> lineBytes;
  std::optional<Sourced<int>> dataWays;
  std::optional<Sourced<int>> instructionWays;
  std::optional<Sourced<int>> unifiedWays;
  std::string note;
};

/// One range of addresses, or a card. A buffer lies in one region: neighbouring banks that are
/// alike and that a linker script takes for one RAM are one region here.
struct Memory {
  std::string name;  ///< "dtcm", "sram1", "flash", "sd"
  MemoryKind kind = MemoryKind::Sram;
  MemoryUse use;
  std::optional<std::uint64_t> base;  ///< none for a card
  Bytes size;
  Basis basis = Basis::Assumed;  ///< of base and size
  std::string source;
  std::optional<Sourced<int>> widthBits;
  std::optional<Sourced<int>> waitStates;  ///< at the rated clock
  std::optional<MemoryFront> front;
  std::optional<Sourced<bool>> dmaReach;
  std::string aliasOf;  ///< the region whose bytes these are
  std::string note;
};

/// Current while running, in one named state: a figure without its state is of no use.
struct RunCurrent {
  std::string state;  ///< "flash, caches on, peripherals off"
  std::int64_t clockHz = 0;
  Sourced<double> milliamps;
  std::optional<double> supplyVolts;  ///< at which the figure holds
  bool cachesOff = false;             ///< measured with caches and flash accelerator switched off
};

struct SleepCurrent {
  std::string state;  ///< "sleep", "stop", "standby"
  Sourced<double> milliamps;
};

struct Power {
  std::optional<Sourced<double>> supplyVolts;
  std::vector<RunCurrent> run;
  std::vector<SleepCurrent> sleep;
};

/// Wait states a flash needs up to a clock, both in rising order.
struct FlashLatency {
  std::int64_t maxHz = 0;
  int waitStates = 0;
};

/// The flash latency table of a board, which decides what a slower clock saves.
struct FlashTiming {
  std::vector<FlashLatency> steps;
  /// The table is against the core's clock over this: 2 where flash hangs on a bus of half the
  /// clock.
  int clockDivider = 1;
  std::string conditions;  ///< "2.7 to 3.6 V"
  Basis basis = Basis::Assumed;
  std::string source;
};

/// Power while a card transfers at one SPI clock; reading and writing are alike.
struct SdPower {
  std::int64_t spiClockHz = 0;
  Sourced<double> milliwatts;
};

/// A card on SPI: in the board's slot, or one that the user attaches to its pins. The board's
/// memories have a region of kind Sd for it.
struct SdCard {
  bool onBoard = false;  ///< false: attached by the user
  Sourced<std::int64_t> spiClockHz;
  Sourced<std::int64_t> blockBytes;
  std::optional<Sourced<double>> commandMicroseconds;  ///< overhead a block
  std::vector<SdPower> power;                          ///< in rising order of the SPI clock
};

/// How OpenOCD and the trace port reach the board.
struct Debug {
  std::string openocdConfig;  ///< "board/st_nucleo_f7.cfg"; empty where OpenOCD 0.12 has none
  std::string openocdTarget;  ///< "target/stm32f7x.cfg"; empty where OpenOCD 0.12 has none
  std::string probe;          ///< "ST-LINK on board"
  std::optional<Sourced<bool>> swo;
  std::optional<Sourced<std::string>> swoPin;
  /// Pins that the device agent drives for a power meter's logic inputs (docs/protocol.md), as
  /// "PF13".
  std::optional<Sourced<std::string>> markPin;
  std::optional<Sourced<std::string>> layerPin;
};

/// A board: which core, at which clock, with which memories (targets/boards/).
struct Board {
  std::string name;                  ///< "nucleo-f767zi", as in the file name
  std::vector<std::string> aliases;  ///< "f767zi"
  std::string title;                 ///< "ST NUCLEO-F767ZI"
  std::string vendor;
  Sourced<std::string> chip;
  std::string core;               ///< name of a Core
  Sourced<std::int64_t> clockHz;  ///< rated
  /// What the vendor's software runs at unless told otherwise, where that is not the rated clock.
  std::optional<Sourced<std::int64_t>> defaultClockHz;
  std::optional<Sourced<std::string>> fpu;  ///< where the core leaves it open
  Table<RegionId, Memory> memories;
  std::optional<FlashTiming> flashTiming;
  std::optional<SdCard> sd;
  Power power;
  Debug debug;
  std::vector<std::string> notes;
};

}  // namespace mcuprof
