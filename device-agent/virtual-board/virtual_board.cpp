#include "device-agent/virtual-board/virtual_board.hpp"

#include <algorithm>
#include <utility>

#include "device-agent/virtual-board/bytes.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kUndefinedInstruction = 1u << 16;    // CFSR.UNDEFINSTR
constexpr std::uint32_t kFetchBusError = 1u << 8;            // CFSR.IBUSERR
constexpr std::uint32_t kDataBusError = 1u << 9 | 1u << 15;  // CFSR.PRECISERR, BFARVALID

}  // namespace

Result<std::unique_ptr<VirtualBoard>> VirtualBoard::make(const Catalogue& catalogue,
                                                         std::string_view name, TimingMode mode,
                                                         const Faults& faults) {
  auto board = catalogue.loadBoard(name);
  if (!board) return board.error();
  const auto chip = findChip(board->name);
  if (!chip) return chip.error();
  const auto pricing = findPricingCore((*chip)->pricingCore);
  if (!pricing) return pricing.error();
  return std::unique_ptr<VirtualBoard>(
      new VirtualBoard(*std::move(board), **chip, **pricing, mode, faults));
}

VirtualBoard::VirtualBoard(Board board, const Chip& chip, const PricingCore& pricing,
                           TimingMode mode, const Faults& faults)
    : m_board(std::move(board)),
      m_chip(&chip),
      m_faults(faults),
      m_memory(m_board, chip),
      m_blocks(pricing, m_memory),
      m_memoryTiming(m_board, chip),
      m_soc(makeSoc(chip, m_memory)),
      m_core(std::make_unique<Core>(chip, m_memory, m_blocks, m_memoryTiming, *this, mode)),
      m_exceptions(std::make_unique<Exceptions>(chip, m_memory, *m_core)),
      m_debug(chip) {
  std::uint32_t offset = 0;
  if (m_faults.flashErrorAt && m_memory.flashOffset(*m_faults.flashErrorAt, offset)) {
    m_soc->flash().failAt(offset);
  }
  systemReset();
}

void VirtualBoard::systemReset() {
  m_core->settle();
  noteActivity();
  m_core->dropInstrumentation();
  m_soc->reset();
  m_exceptions->reset();
  m_lockedUp = m_sleeping = m_halted = false;
  m_resetSeen = true;
  for (std::uint32_t i = 0; i <= 12; ++i) m_core->setReg(i, 0);
  m_core->setReg(kRegSpecial, 0);
  m_core->setReg(kRegXpsr, 1u << 24);
  m_core->setReg(kRegLr, 0xffffffff);
  m_core->setReg(kRegFpscr, 0);
  const auto vectors = std::as_const(m_memory).bytesAt(m_exceptions->vectorTable(), 8);
  m_core->setReg(kRegSp, vectors.empty() ? 0 : read32(vectors, 0) & ~3u);
  m_core->setReg(kRegPsp, 0);
  m_core->setPc(vectors.empty() ? 0 : read32(vectors, 4));
  m_memoryTiming.invalidateL1Data();
  m_memoryTiming.invalidateL1Instructions();
  m_memoryTiming.invalidateAccelerator();
  settingsChanged();
  lookAtPins();
  if (m_debug.catchesReset()) halt(kVectorCatch);
}

void VirtualBoard::settingsChanged() {
  MemorySettings settings;
  m_soc->applyTo(settings);
  const std::uint32_t control = m_exceptions->cacheControl();
  settings.l1Data = (control & 1u << 16) != 0;
  settings.l1Instructions = (control & 1u << 17) != 0;
  m_memoryTiming.configure(settings);
  const std::uint32_t maintenance = m_exceptions->takeMaintenance();
  if ((maintenance & 1) != 0) m_memoryTiming.invalidateL1Instructions();
  if ((maintenance & 2) != 0) m_memoryTiming.invalidateL1Data();
  if (m_soc->takeAcceleratorReset()) m_memoryTiming.invalidateAccelerator();
  m_trace.setEnabled(m_debug.traceEnabled(), m_soc->tracePinEnabled());
}

void VirtualBoard::setResetPin(bool low) {
  if (low == m_inReset) return;
  m_inReset = low;
  // Debug registers answer while the pin is low; what they ask for holds when it rises.
  systemReset();
  if (low) m_halted = false;
}

void VirtualBoard::halt(std::uint32_t event) {
  m_debug.dfsr |= event;
  m_halted = true;
  m_sleeping = false;
}

void VirtualBoard::injectFaults() {
  const std::uint64_t now = cycles();
  if (m_faults.hangAt && now >= *m_faults.hangAt) m_hung = true;
  if (m_faults.faultAt && now >= *m_faults.faultAt) {
    m_faults.faultAt.reset();
    m_core->settle();
    if (!m_exceptions->fault(kBusFault, kDataBusError, 0xfa017000)) m_lockedUp = true;
  }
}

bool VirtualBoard::run(std::uint64_t cycleCount) {
  if (m_halted || m_inReset) return false;
  const Ticks end = m_core->now() + ticksOfCycles(cycleCount);
  bool busy = false;
  m_exceptions->catchHardFault = m_debug.catchesHardFault();
  while (!m_halted && !m_lockedUp && m_core->now() < end) {
    if (m_faults.hangAt || m_faults.faultAt) injectFaults();
    if (m_hung) return false;
    if (m_sleeping) {
      if (!m_exceptions->wakes()) {
        const Ticks next = m_exceptions->nextEvent();
        if (next == ~Ticks{0}) return busy;
        m_core->settle();
        noteActivity();
        m_core->advance(std::max(next, m_core->now()) - m_core->now(), Pause::Sleep);
        reportOverflows();
        noteActivity(true);
        busy = true;
        continue;
      }
      m_sleeping = false;
    }
    if (!m_exceptions->poll(m_debug.interruptsMasked())) {
      m_lockedUp = true;
      break;
    }
    if (m_exceptions->takeCaught()) {
      halt(kVectorCatch);
      break;
    }
    Ticks deadline = std::min(end, m_exceptions->nextEvent());
    if (m_faults.faultAt) deadline = std::min(deadline, ticksOfCycles(*m_faults.faultAt));
    if (m_faults.hangAt) deadline = std::min(deadline, ticksOfCycles(*m_faults.hangAt));
    // Something waits behind a mask, which any instruction may lift: look again at each block.
    if (m_exceptions->anyPending()) deadline = m_core->now() + 1;
    deadline = std::max(deadline, m_core->now() + 1);
    busy = true;
    handle(m_core->run(deadline));
  }
  return busy;
}

void VirtualBoard::handle(StopReason reason) {
  bool fine = true;
  switch (reason) {
    case StopReason::Deadline:
    case StopReason::Step:
      break;
    case StopReason::Breakpoint:
      halt(kBreakpointEvent);
      break;
    case StopReason::Watchpoint:
      halt(kWatchpointEvent);
      break;
    case StopReason::BreakInstruction:
      if (m_debug.debugEnabled()) {
        halt(kBreakpointEvent);
      } else {
        fine = m_exceptions->raise(kHardFault);
      }
      break;
    case StopReason::Supervisor:
      fine = m_exceptions->raise(kSvCall);
      break;
    case StopReason::ExceptionReturn:
      fine = m_exceptions->returnFrom(m_core->faultAddress());
      break;
    case StopReason::Sleep:
      m_sleeping = true;
      break;
    case StopReason::Undefined:
      fine = m_exceptions->fault(kUsageFault, kUndefinedInstruction, std::nullopt);
      break;
    case StopReason::DataFault:
      fine = m_exceptions->fault(kBusFault, kDataBusError, m_core->faultAddress());
      break;
    case StopReason::FetchFault:
      fine = m_exceptions->fault(kBusFault, kFetchBusError, std::nullopt);
      break;
  }
  if (!fine) m_lockedUp = true;
  if (m_exceptions->resetRequested()) systemReset();
}

void VirtualBoard::stepOnce() {
  m_halted = false;
  if (m_lockedUp || m_inReset || m_hung) return;
  m_exceptions->catchHardFault = m_debug.catchesHardFault();
  if (!m_exceptions->poll(m_debug.interruptsMasked())) m_lockedUp = true;
  const StopReason reason = m_core->step();
  handle(reason);
  m_sleeping = false;  // a debugger's step wakes a core that sleeps
  if (!m_halted) halt(kHaltRequest);
}

void VirtualBoard::noteActivity(bool asleep) {
  if (m_activity) m_activity->note(m_core->now(), m_soc->coreHz(), asleep);
}

void VirtualBoard::lookAtPins() {
  if (!m_activity) return;
  const auto level = [this](const std::optional<Sourced<std::string>>& pin) {
    return pin && m_soc->pinLevel(pin->value);
  };
  m_activity->setPins(static_cast<std::uint8_t>((level(m_board.debug.markPin) ? kMarkPin : 0) |
                                                (level(m_board.debug.layerPin) ? kLayerPin : 0)));
}

std::vector<Activity> VirtualBoard::takeActivity() {
  if (!m_activity) return {};
  noteActivity();
  return m_activity->take();
}

FlashAccess VirtualBoard::access(bool debugger) const {
  return {m_core->now(), m_soc->coreHz(), debugger};
}

void VirtualBoard::flashChanged(const std::optional<FlashChange>& change) {
  if (!change) return;
  for (const MappedRegion& region : m_memory.regions()) {
    if (region.storage != Storage::Flash) continue;
    m_core->codeChanged(region.base + change->begin, region.base + change->end);
  }
}

void VirtualBoard::programFlash(std::uint32_t offset, std::uint32_t value, std::uint32_t size,
                                bool debugger) {
  flashChanged(m_soc->flash().program(offset, value, size, access(debugger)));
}

std::uint32_t VirtualBoard::coreRead(std::uint32_t address, std::uint32_t size) {
  const std::uint32_t value = readDevice(address, size, false);
  if (m_soc->isFlashRegister(address & ~3u)) passFlashWait();
  return value;
}

void VirtualBoard::passFlashWait() {
  // Programming a word takes microseconds, in which firmware does nothing but ask. Longer waits are
  // left to run, so that timer interrupts come in between.
  const Ticks longest = ticksOfCycles(m_soc->coreHz() / 10'000);
  const Ticks now = m_core->now();
  const Ticks until = m_soc->flash().busyUntil();
  if (until <= now || until - now > longest) return;
  // Whole cycles: the counters keep their phase.
  m_core->advance(ticksOfCycles(cyclesOf(until - now + ticksOfCycles(1) - 1)), Pause::Bus);
}

void VirtualBoard::reportOverflows() {
  const CoreTime time = m_core->time();
  while (const std::uint8_t bits = m_counters.takeOverflow(time)) {
    m_trace.sendCounterEvent(bits, time.total);
  }
}

void VirtualBoard::coreWrite(std::uint32_t address, std::uint32_t value, std::uint32_t size) {
  writeDevice(address, value, size, false);
}
void VirtualBoard::coreWriteFlash(std::uint32_t address, std::uint32_t value, std::uint32_t size) {
  std::uint32_t offset = 0;
  if (m_memory.flashOffset(address, offset)) programFlash(offset, value, size, false);
}

}  // namespace mcuprof::vboard
