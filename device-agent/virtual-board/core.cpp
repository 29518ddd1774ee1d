#include "device-agent/virtual-board/core.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <unicorn/unicorn.h>

#include "device-agent/emulation/hook.hpp"
#include "device-agent/virtual-board/bytes.hpp"
#include "device-agent/virtual-board/memory_operand.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kPeripherals = 0x40000000;
constexpr std::uint32_t kPeripheralsBytes = 0x20000000;
constexpr std::uint32_t kPrivateBus = 0xe0000000;
constexpr std::uint32_t kPrivateBusBytes = 0x00100000;

// Numbers that Unicorn's interrupt hook gives.
constexpr std::uint32_t kIntrSupervisor = 2;
constexpr std::uint32_t kIntrPrefetchAbort = 3;
constexpr std::uint32_t kIntrBreak = 7;
constexpr std::uint32_t kIntrExceptionReturn = 8;

int unicornRegister(std::uint32_t number) {
  if (number <= 12) return UC_ARM_REG_R0 + static_cast<int>(number);
  if (number >= kRegS0 && number < kRegS0 + 32) {
    return UC_ARM_REG_S0 + static_cast<int>(number - kRegS0);
  }
  switch (number) {
    case kRegSp:
      return UC_ARM_REG_SP;
    case kRegLr:
      return UC_ARM_REG_LR;
    case kRegXpsr:
      return UC_ARM_REG_XPSR;
    case kRegMsp:
      return UC_ARM_REG_MSP;
    case kRegPsp:
      return UC_ARM_REG_PSP;
    case kRegFpscr:
      return UC_ARM_REG_FPSCR;
    default:
      return UC_ARM_REG_INVALID;
  }
}

std::uint32_t readRegister(uc_engine* uc, int id) {
  std::uint32_t value = 0;
  uc_reg_read(uc, id, &value);
  return value;
}

void chargeBefore(CoreTime& time, const TimedBlock& block, std::uint32_t pc) {
  const Ticks ticks = BlockTiming::ticksBefore(block, pc);
  const std::size_t instructions = BlockTiming::instructionsBefore(block, pc);
  time.total += ticks;
  time.instructions += instructions;
  time.saved += BlockTiming::savedBy(instructions, ticks);
}

}  // namespace

/// The functions that Unicorn calls.
struct Core::Hooks {
  static void block(uc_engine*, std::uint64_t address, std::uint32_t size, void* user) {
    static_cast<Core*>(user)->onBlock(static_cast<std::uint32_t>(address), size);
  }
  static void code(uc_engine*, std::uint64_t address, std::uint32_t, void* user) {
    static_cast<Core*>(user)->onInstruction(static_cast<std::uint32_t>(address));
  }
  static void access(uc_engine*, uc_mem_type type, std::uint64_t where, int size, std::int64_t,
                     void* user) {
    Core& core = *static_cast<Core*>(user);
    const auto address = static_cast<std::uint32_t>(where);
    const bool write = type == UC_MEM_WRITE;
    const Ticks waits = core.m_memoryTiming->access(address, write);
    core.m_time.total += waits;
    core.m_time.dataWaits += waits;
    if (!core.m_watchpoints.empty()) {
      core.onWatchedAccess(address, static_cast<std::uint32_t>(size), write);
    }
  }
  static void translated(uc_engine*, uc_tb* made, uc_tb*, void* user) {
    Core& core = *static_cast<Core*>(user);
    const auto begin = static_cast<std::uint32_t>(made->pc);
    const std::uint32_t end = begin + std::max<std::uint32_t>(made->size, 2);
    // Code in RAM that the core itself has overwritten comes this way; its old price is void.
    const MappedRegion* region = core.m_memory->find(begin, 2);
    if (region != nullptr && region->storage == Storage::Ram) {
      if (core.m_block != nullptr && core.m_block->start < end && core.m_block->end > begin) return;
      core.m_blocks->forgetChanged(begin, end);
    }
  }
  static bool protectedWrite(uc_engine*, uc_mem_type, std::uint64_t address, int size,
                             std::int64_t value, void* user) {
    Core& core = *static_cast<Core*>(user);
    core.locate(static_cast<std::uint32_t>(address), true);
    core.m_bus->coreWriteFlash(static_cast<std::uint32_t>(address),
                               static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(size));
    return true;
  }
  static bool unmapped(uc_engine*, uc_mem_type type, std::uint64_t address, int, std::int64_t,
                       void* user) {
    Core& core = *static_cast<Core*>(user);
    core.m_faultAddress = static_cast<std::uint32_t>(address);
    core.m_faultIsWrite = type == UC_MEM_WRITE_UNMAPPED || type == UC_MEM_WRITE_PROT;
    const bool fetch = type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT;
    if (fetch) {
      core.m_pc = core.m_faultAddress;
    } else {
      core.locate(core.m_faultAddress, core.m_faultIsWrite);
    }
    core.stop(fetch ? StopReason::FetchFault : StopReason::DataFault);
    return false;
  }
  static void interrupt(uc_engine* uc, std::uint32_t number, void* user) {
    Core& core = *static_cast<Core*>(user);
    const std::uint32_t pc = readRegister(uc, UC_ARM_REG_PC);
    switch (number) {
      case kIntrSupervisor:
        core.m_pc = pc;
        core.stop(StopReason::Supervisor);
        break;
      case kIntrBreak:
        core.m_pc = pc;
        core.stop(StopReason::BreakInstruction);
        break;
      case kIntrExceptionReturn:
        core.m_faultAddress = pc | 1;
        core.stop(StopReason::ExceptionReturn);
        break;
      case kIntrPrefetchAbort:
        core.stop(StopReason::FetchFault);
        break;
      default:
        core.stop(StopReason::Undefined);
        break;
    }
  }
  static std::uint64_t read(uc_engine*, std::uint64_t offset, unsigned size, void* user) {
    const auto* window = static_cast<const Window*>(user);
    const std::uint32_t address = window->base + static_cast<std::uint32_t>(offset);
    window->core->locate(address, false);
    return window->core->m_bus->coreRead(address, size);
  }
  static void write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                    void* user) {
    const auto* window = static_cast<const Window*>(user);
    const std::uint32_t address = window->base + static_cast<std::uint32_t>(offset);
    window->core->locate(address, true);
    window->core->m_bus->coreWrite(address, static_cast<std::uint32_t>(value), size);
  }

  struct Window {
    Core* core;
    std::uint32_t base;
  };
  std::array<Window, 2> windows;
};

Core::Core(const Chip& chip, MemoryMap& memory, BlockTiming& blocks, MemoryTiming& memoryTiming,
           CoreBus& bus, TimingMode mode)
    : m_memory(&memory),
      m_blocks(&blocks),
      m_memoryTiming(&memoryTiming),
      m_bus(&bus),
      m_mode(mode),
      m_engine(makeEngine(chip.pricingCore)),
      m_uc(m_engine.get()) {
  assert(m_uc != nullptr);
  map();
}

Core::~Core() = default;

void Core::map() {
  m_hooks.reset(new Hooks{{{{this, kPeripherals}, {this, kPrivateBus}}}});
  for (const MappedRegion& region : m_memory->regions()) {
    const std::uint32_t protection =
        region.storage == Storage::Ram ? UC_PROT_ALL : UC_PROT_READ | UC_PROT_EXEC;
    [[maybe_unused]] const uc_err error =
        uc_mem_map_ptr(m_uc, region.base, region.size, protection, region.bytes);
    assert(error == UC_ERR_OK);
  }
  uc_mmio_map(m_uc, kPeripherals, kPeripheralsBytes, &Hooks::read, &m_hooks->windows[0],
              &Hooks::write, &m_hooks->windows[0]);
  uc_mmio_map(m_uc, kPrivateBus, kPrivateBusBytes, &Hooks::read, &m_hooks->windows[1],
              &Hooks::write, &m_hooks->windows[1]);
  const auto add = [&](int type, auto* function) {
    [[maybe_unused]] const uc_hook hook = addHook(m_uc, type, function, this);
    assert(hook != 0);
  };
  add(UC_HOOK_BLOCK, &Hooks::block);
  if (m_mode == TimingMode::Access) {
    add(UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, &Hooks::access);
  }
  add(UC_HOOK_EDGE_GENERATED, &Hooks::translated);
  add(UC_HOOK_MEM_WRITE_PROT, &Hooks::protectedWrite);
  add(UC_HOOK_MEM_UNMAPPED | UC_HOOK_MEM_FETCH_PROT | UC_HOOK_MEM_READ_PROT, &Hooks::unmapped);
  add(UC_HOOK_INTR, &Hooks::interrupt);
}

void Core::stop(StopReason reason) {
  if (m_stopped) return;
  m_stopped = true;
  m_reason = reason;
  uc_emu_stop(m_uc);
}

inline void Core::enter(std::uint32_t address, bool sequential) {
  m_block = &m_blocks->at(address);
  m_blockEnd = m_block->end;
  m_time.total += m_memoryTiming->fetch(*m_block, sequential);
}

inline void Core::completeBlock(std::uint32_t next) {
  m_time.total += m_block->ticks;
  m_time.instructions += m_block->instructions.size();
  m_time.saved += m_block->saved;
  if (next != m_blockEnd) m_time.total += m_block->takenTicks;
  m_block = nullptr;
  if (m_reportBlocks) m_bus->coreBlockEnded();
}

void Core::onWatchedAccess(std::uint32_t address, std::uint32_t size, bool write) {
  for (const Watchpoint& range : m_watchpoints) {
    if ((write ? range.writes : range.reads) && address < range.end &&
        address + size > range.begin) {
      stop(StopReason::Watchpoint);
    }
  }
}

void Core::onBlock(std::uint32_t address, std::uint32_t size) {
  if (m_stopped) {
    // The instruction before this one was to be the last.
    if (m_reason == StopReason::Watchpoint) m_pc = address;
    return;
  }
  m_pc = m_searchFrom = address;
  bool sequential = false;
  if (m_block != nullptr) {
    // The emulator may split what is one block here; only a branch ends one.
    if (address == m_continuesAt && address != m_blockEnd && address >= m_block->start &&
        address < m_blockEnd) {
      m_continuesAt = size == 0 ? kNowhere : address + size;
      return;
    }
    sequential = address == m_blockEnd;
    completeBlock(address);
  }
  if (m_time.total >= m_deadline) {
    stop(StopReason::Deadline);
    return;
  }
  enter(address, sequential);
  m_continuesAt = size == 0 ? kNowhere : address + size;
}

void Core::onInstruction(std::uint32_t address) {
  if (m_stopped) {
    if (m_reason == StopReason::Watchpoint) m_pc = address;
    return;
  }
  m_pc = address;
  if (!m_watching) return;
  if (std::exchange(m_first, false)) return;
  // Unicorn executes a conditional instruction in front of which it was stopped, and forgets the
  // condition of those behind it. So an IT and what belongs to it is one step, and a breakpoint
  // inside takes effect in front of the IT.
  std::uint32_t end = address + 1;
  for (const ConditionalRun& run : m_block->conditional) {
    if (address >= run.begin && address < run.end) return;
    if (address == run.it) end = run.end;
  }
  const auto inside = [&](std::uint32_t breakpoint) {
    return breakpoint >= address && breakpoint < end;
  };
  if (m_stepping) {
    stop(StopReason::Step);
  } else if (std::any_of(m_breakpoints.begin(), m_breakpoints.end(), inside)) {
    stop(StopReason::Breakpoint);
  }
}

void Core::locate(std::uint32_t address, bool write) {
  // An instrumented core knows. Otherwise registers are up to date during an access, the program
  // counter is not: look for the instruction of the block that makes this access.
  if (m_instructionHook != 0 || m_block == nullptr) return;
  const auto reg = [this](unsigned number) { return readRegister(m_uc, unicornRegister(number)); };
  const auto& instructions = m_block->instructions;
  auto at = std::lower_bound(instructions.begin(), instructions.end(), m_searchFrom);
  for (; at != instructions.end(); ++at) {
    const std::uint32_t next = at + 1 == instructions.end() ? m_block->end : *(at + 1);
    const std::size_t offset = *at - m_block->start;
    const std::uint32_t encoding = readLittle(m_block->code, offset, next - *at);
    const auto operand = memoryOperand(encoding, *at, reg);
    if (!operand || !operand->covers(address, write)) continue;
    m_pc = *at;
    m_searchFrom = operand->bytes > 4 ? *at : next;
    return;
  }
}

void Core::clearTranslations() {
  for (const MappedRegion& region : m_memory->regions()) {
    uc_ctl_remove_cache(m_uc, std::uint64_t{region.base}, std::uint64_t{region.base} + region.size);
  }
}

void Core::instrument() {
  if (m_instructionHook != 0) return;
  m_instructionHook = addHook(m_uc, UC_HOOK_CODE, &Hooks::code, this);
  clearTranslations();
}

void Core::dropInstrumentation() {
  if (m_instructionHook == 0) return;
  uc_hook_del(m_uc, m_instructionHook);
  m_instructionHook = 0;
  clearTranslations();
}

StopReason Core::execute() {
  for (;;) {
    m_stopped = false;
    if (m_block != nullptr && m_continuesAt != m_pc) settle();
    // The hook on translation does not tell of the block that a run begins with.
    if (m_block == nullptr) m_blocks->forgetChanged(m_pc, m_pc + 2);
    const uc_err error = uc_emu_start(m_uc, m_pc | 1, 0xffffffffu, 0, 0);
    if (!m_stopped) {
      m_stopped = true;
      if (error == UC_ERR_OK) {
        m_pc = readRegister(m_uc, UC_ARM_REG_PC) & ~1u;
        m_reason = StopReason::Sleep;
      } else if (error == UC_ERR_INSN_INVALID) {
        m_pc = readRegister(m_uc, UC_ARM_REG_PC) & ~1u;
        // Unicorn knows WFI of the hints only; the others (WFE, SEV, YIELD) do nothing here.
        const auto code = std::as_const(*m_memory).bytesAt(m_pc, 2);
        if (code.size() == 2 && (read16(code, 0) & 0xff0f) == 0xbf00) {
          m_pc += 2;
          m_continuesAt = m_pc;
          if (!m_stepping) continue;
          m_reason = StopReason::Step;
        } else {
          m_reason = StopReason::Undefined;
        }
      } else {
        m_faultAddress = m_pc;
        m_reason = error == UC_ERR_FETCH_UNMAPPED || error == UC_ERR_FETCH_PROT
                       ? StopReason::FetchFault
                       : StopReason::DataFault;
      }
    }
    // All that ran of the block lies before m_pc, unless control has left it.
    const bool left = m_reason == StopReason::ExceptionReturn || m_reason == StopReason::FetchFault;
    m_continuesAt = left ? m_blockEnd : m_pc;
    return m_reason;
  }
}

StopReason Core::run(Ticks deadline) {
  m_deadline = deadline;
  m_watching = !m_breakpoints.empty();
  if (m_watching || !m_watchpoints.empty()) instrument();
  m_stepping = false;
  m_first = true;
  return execute();
}

StopReason Core::step() {
  m_deadline = ~Ticks{0};
  m_watching = true;
  m_stepping = true;
  instrument();
  m_first = true;
  const StopReason reason = execute();
  m_stepping = false;
  return reason;
}

Ticks Core::now() const {
  if (m_block == nullptr) return m_time.total;
  return m_time.total + BlockTiming::ticksBefore(*m_block, m_pc);
}

CoreTime Core::time() const {
  CoreTime time = m_time;
  if (m_block != nullptr) chargeBefore(time, *m_block, m_pc);
  return time;
}

void Core::settle() {
  if (m_block == nullptr) return;
  chargeBefore(m_time, *m_block, m_continuesAt);
  m_block = nullptr;
}

void Core::advance(Ticks ticks, Pause pause) {
  m_time.total += ticks;
  switch (pause) {
    case Pause::Exception:
      m_time.exceptions += ticks;
      break;
    case Pause::Sleep:
      m_time.sleep += ticks;
      break;
    case Pause::Bus:
      break;
  }
}

void Core::codeChanged(std::uint32_t begin, std::uint32_t end) {
  if (!m_blocks->holdsCode(begin, end)) return;
  if (m_block != nullptr && m_block->start < end && m_block->end > begin) settle();
  m_blocks->forget(begin, end);
  uc_ctl_remove_cache(m_uc, begin, end);
}

void Core::setBreakpoints(std::vector<std::uint32_t> addresses) {
  m_breakpoints = std::move(addresses);
}

std::uint32_t Core::reg(std::uint32_t number) const {
  if (number == kRegPc) return m_pc;
  if (number == kRegSpecial) {
    const auto byteOf = [&](int id) { return readRegister(m_uc, id) & 0xff; };
    return byteOf(UC_ARM_REG_PRIMASK) | byteOf(UC_ARM_REG_BASEPRI) << 8 |
           byteOf(UC_ARM_REG_FAULTMASK) << 16 | byteOf(UC_ARM_REG_CONTROL) << 24;
  }
  const int id = unicornRegister(number);
  return id == UC_ARM_REG_INVALID ? 0 : readRegister(m_uc, id);
}

void Core::setReg(std::uint32_t number, std::uint32_t value) {
  if (number == kRegPc) {
    setPc(value);
    return;
  }
  const auto set = [&](int id, std::uint32_t v) { uc_reg_write(m_uc, id, &v); };
  if (number == kRegSpecial) {
    set(UC_ARM_REG_PRIMASK, value & 1);
    set(UC_ARM_REG_BASEPRI, value >> 8 & 0xff);
    set(UC_ARM_REG_FAULTMASK, value >> 16 & 1);
    set(UC_ARM_REG_CONTROL, value >> 24 & 7);
    return;
  }
  const int id = unicornRegister(number);
  if (id != UC_ARM_REG_INVALID) set(id, value);
}

void Core::setPc(std::uint32_t pc) {
  m_pc = pc & ~1u;
}

}  // namespace mcuprof::vboard
