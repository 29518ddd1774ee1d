#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "device-agent/emulation/engine.hpp"
#include "device-agent/virtual-board/block_timing.hpp"
#include "device-agent/virtual-board/core_debug.hpp"
#include "device-agent/virtual-board/core_time.hpp"
#include "device-agent/virtual-board/memory_map.hpp"
#include "device-agent/virtual-board/memory_timing.hpp"

namespace mcuprof::vboard {

/// How memory accesses of data are priced.
enum class TimingMode : std::uint8_t {
  Access,  ///< each by the caches and wait states of the address it touches
  Block,   ///< not: as if memory answered at once; only fetches are
};

/// Registers by the numbers of DCRSR.
enum CoreRegister : std::uint32_t {
  kRegSp = 13,
  kRegLr = 14,
  kRegPc = 15,
  kRegXpsr = 16,
  kRegMsp = 17,
  kRegPsp = 18,
  kRegSpecial = 20,  ///< CONTROL, FAULTMASK, BASEPRI, PRIMASK from the top byte down
  kRegFpscr = 33,
  kRegS0 = 64,
};

/// Where loads and stores of the core go that hit no memory, and stores to flash.
class CoreBus {
 public:
  virtual ~CoreBus() = default;
  virtual std::uint32_t coreRead(std::uint32_t address, std::uint32_t size) = 0;
  virtual void coreWrite(std::uint32_t address, std::uint32_t value, std::uint32_t size) = 0;
  virtual void coreWriteFlash(std::uint32_t address, std::uint32_t value, std::uint32_t size) = 0;
  /// A block has ended; only while Core::reportBlocks is on.
  virtual void coreBlockEnded() = 0;
};

/// Time that passes without instructions.
enum class Pause : std::uint8_t {
  Exception,  ///< entry or return
  Sleep,
  Bus,
};

enum class StopReason : std::uint8_t {
  Deadline,          ///< time is up, or an exception may be due; at the start of a block
  Breakpoint,        ///< in front of an instruction with a breakpoint
  Step,              ///< one instruction done
  BreakInstruction,  ///< BKPT, in front of it
  Supervisor,        ///< SVC, behind it
  ExceptionReturn,   ///< `faultAddress` holds the EXC_RETURN value
  Sleep,             ///< WFI, behind it
  Undefined,         ///< in front of an instruction that there is not
  DataFault,         ///< in front of an access to `faultAddress`
  FetchFault,        ///< nothing to fetch at the program counter
  Watchpoint,        ///< behind an instruction that touched a watched range
};

/// The processor: executes on Unicorn and counts time. It knows no exceptions and no debugger; it
/// stops and says why.
class Core {
 public:
  Core(const Chip& chip, MemoryMap& memory, BlockTiming& blocks, MemoryTiming& memoryTiming,
       CoreBus& bus, TimingMode mode);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  /// Runs until `deadline` or an earlier stop. The block in which time runs out is completed.
  StopReason run(Ticks deadline);
  /// Executes one instruction.
  StopReason step();
  /// Asks a run to end at the next block: an exception has become pending.
  void requestStop() { m_deadline = 0; }

  std::uint32_t faultAddress() const { return m_faultAddress; }
  bool faultIsWrite() const { return m_faultIsWrite; }

  std::uint32_t reg(std::uint32_t number) const;
  void setReg(std::uint32_t number, std::uint32_t value);
  /// Exact while stopped and during an access to the bus; else where the current block began.
  std::uint32_t pc() const { return m_pc; }
  void setPc(std::uint32_t pc);

  /// Virtual time, exact to the instruction.
  Ticks now() const;
  void advance(Ticks ticks, Pause pause);
  /// What all of now() went into.
  CoreTime time() const;
  /// Whether the bus is to be told of the end of each block.
  void reportBlocks(bool on) { m_reportBlocks = on; }
  /// Charges the part of the current block that was executed; what follows is a new block.
  void settle();
  std::uint64_t instructions() const { return time().instructions; }

  /// Code in [begin, end) was changed from outside.
  void codeChanged(std::uint32_t begin, std::uint32_t end);

  /// Breakpoints, watchpoints and steps make the core look at every instruction, at a third of the
  /// speed, until this is called.
  void dropInstrumentation();

  void setBreakpoints(std::vector<std::uint32_t> addresses);
  /// Effective with TimingMode::Access only: otherwise accesses are not seen.
  void setWatchpoints(std::vector<Watchpoint> ranges) { m_watchpoints = std::move(ranges); }

 private:
  struct Hooks;
  void onBlock(std::uint32_t address, std::uint32_t size);
  void onInstruction(std::uint32_t address);
  void onWatchedAccess(std::uint32_t address, std::uint32_t size, bool write);
  void enter(std::uint32_t address, bool sequential);
  void completeBlock(std::uint32_t next);
  void stop(StopReason reason);
  StopReason execute();
  void map();
  void instrument();
  void clearTranslations();
  void locate(std::uint32_t address, bool write);

  static constexpr std::uint32_t kNowhere = 1;

  MemoryMap* m_memory;
  BlockTiming* m_blocks;
  MemoryTiming* m_memoryTiming;
  CoreBus* m_bus;
  TimingMode m_mode;
  std::unique_ptr<Hooks> m_hooks;  ///< outlives the engine that calls them
  Engine m_engine;
  uc_struct* m_uc;  ///< of m_engine

  std::uint32_t m_pc = 0;
  std::uint32_t m_searchFrom = 0;  ///< no access after this place of the block was located yet
  CoreTime m_time;                 ///< up to m_block
  Ticks m_deadline = 0;
  TimedBlock* m_block = nullptr;           ///< being executed, not yet charged
  std::uint32_t m_blockEnd = kNowhere;     ///< of m_block
  std::uint32_t m_continuesAt = kNowhere;  ///< where m_block goes on after a pause
  bool m_reportBlocks = false;

  bool m_watching = false;  ///< breakpoints or a step: look at every instruction
  bool m_stepping = false;
  std::size_t m_instructionHook = 0;  ///< 0: not instrumented
  bool m_first = false;               ///< the first instruction of a run is never a breakpoint
  std::vector<std::uint32_t> m_breakpoints;
  std::vector<Watchpoint> m_watchpoints;

  bool m_stopped = false;
  StopReason m_reason = StopReason::Deadline;
  std::uint32_t m_faultAddress = 0;
  bool m_faultIsWrite = false;
};

}  // namespace mcuprof::vboard
