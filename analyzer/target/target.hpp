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

/// What a core is, once for all boards that carry it (targets/cores/). Issue-time costs live with the
/// kernel tables, not here.
struct Core {
  std::string name;          ///< "cortex-m7", as in the file name
  std::string title;         ///< "Arm Cortex-M7"
  std::string architecture;  ///< "armv7e-m", "rv32imc", "xtensa-lx6", "avr"
  Sourced<bool> dsp;         ///< SIMD within 32-bit registers (Arm DSP extension)
  Sourced<bool> mve;         ///< Arm Helium
  Sourced<std::string> fpu;  ///< "none", "single", "double"
  Sourced<bool> hardwareDivide;
  Sourced<bool> cycleCounter;  ///< DWT CYCCNT or its like
  Sourced<int> pointerBytes;
  std::optional<Sourced<int>> issueWidth;
  std::optional<Sourced<int>> pipelineStages;
  /// Taken-branch refill in cycles where a source tells.
  std::optional<Sourced<int>> takenBranchCycles;
  std::string llvmCpu;  ///< LLVM's scheduling model, empty where there is none
};

enum class MemoryKind : std::uint8_t { Tcm, Sram, Flash, Qspi, Sdram, Psram, Sd };
std::string_view nameOf(MemoryKind kind);

/// What a region may hold. A region that is an alias of another, or too slow or too small to be of use
/// (backup SRAM), holds nothing and is listed for completeness.
struct MemoryUse {
  bool activations = false;  ///< arena, and static data, stack
  bool weights = false;      ///< constant data, read in place
  bool spill = false;        ///< backing storage: written and read in blocks
};

/// What stands between the core and a memory.
struct MemoryFront {
  std::string kind;  ///< "l1", "art", "icache", "prefetch", "xip-cache"
  std::optional<Sourced<std::int64_t>> dataBytes;         ///< capacity for data
  std::optional<Sourced<std::int64_t>> instructionBytes;  ///< capacity for instructions
  std::optional<Sourced<int>> lineBytes;
  std::optional<Sourced<int>> dataWays;
  std::optional<Sourced<int>> instructionWays;
};

/// One range of addresses, or a card. A buffer lies in one region.
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
  std::string aliasOf;
  std::string note;
};

/// Current while running, in one named state: a figure without its state is of no use.
struct RunCurrent {
  std::string state;  ///< "flash, caches on, peripherals off"
  std::int64_t clockHz = 0;
  Sourced<double> milliamps;
  std::optional<double> supplyVolts;  ///< at which the figure holds
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

/// Wait states a flash needs up to a clock, in rising order.
struct FlashLatency {
  std::int64_t maxHz = 0;
  int waitStates = 0;
};

/// A card on SPI.
struct SdCard {
  Sourced<std::int64_t> spiClockHz;
  Sourced<std::int64_t> blockBytes;
  std::optional<Sourced<double>> commandMicroseconds;  ///< overhead a block
  std::optional<Sourced<double>> readMilliwatts;
  std::optional<Sourced<double>> writeMilliwatts;
};

/// How OpenOCD and the trace port reach the board.
struct Debug {
  std::string openocdConfig;
  std::string openocdTarget;
  std::optional<Sourced<bool>> swo;
  std::string swoPin;
};

/// A board: which core, at which clock, with which memories (targets/boards/).
struct Board {
  std::string name;                  ///< "nucleo-f767zi", as in the file name
  std::vector<std::string> aliases;  ///< "f767zi"
  std::string title;                 ///< "ST NUCLEO-F767ZI"
  std::string vendor;
  Sourced<std::string> chip;
  std::string core;
  Sourced<std::int64_t> clockHz;  ///< rated
  Table<RegionId, Memory> memories;
  std::vector<FlashLatency> flashLatency;
  std::string flashLatencySource;
  std::optional<SdCard> sd;
  Power power;
  Debug debug;
  std::vector<std::string> notes;
};

}  // namespace mcuprof
