#include "device-agent/virtual-board/exceptions.hpp"

#include <algorithm>
#include <bit>

#include "device-agent/virtual-board/bytes.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kFrameBytes = 32;
constexpr std::uint32_t kFloatFrameBytes = 104;
constexpr std::uint32_t kPaddedBit = 1u << 9;
constexpr std::uint32_t kControlFpca = 4;
constexpr std::uint32_t kForcedHardFault = 1u << 30;

// Cycles from the exception to its first instruction, and back: the Cortex-M0 and Cortex-M4 TRMs
// give 16 and 12 with memory that answers at once; recalled. The Cortex-M7 is taken as the M4.
constexpr std::uint64_t entryCycles(Family family) {
  return family == Family::F0 ? 16 : 12;
}

}  // namespace

Exceptions::Exceptions(const Chip& chip, MemoryMap& memory, Core& core)
    : m_chip(&chip), m_memory(&memory), m_core(&core) {
  reset();
}

void Exceptions::reset() {
  m_systick.reset();
  m_pending.fill(false);
  m_active.fill(false);
  m_enabled.fill(false);
  m_priority.fill(0);
  m_pendingCount = 0;
  m_vtor = m_chip->bootAddress;
  m_prigroup = m_scr = m_shcsr = m_cfsr = m_hfsr = m_faultAddress = m_cpacr = m_csselr = 0;
  m_ccr = m_chip->family == Family::F7 ? 0x00040200 : m_chip->family == Family::F0 ? 0x208 : 0x200;
  m_fpccr = 0xc0000000;
  m_fpcar = 0;
  m_maintenance = 3;
}

int Exceptions::priorityOf(std::uint32_t number) const {
  switch (number) {
    case 1:
      return -3;
    case kNmi:
      return -2;
    case kHardFault:
      return -1;
    default:
      return m_priority[number];
  }
}

int Exceptions::groupPriority(int priority) const {
  if (priority < 0) return priority;
  return priority >> (m_prigroup + 1) << (m_prigroup + 1);
}

int Exceptions::executionPriority() const {
  int priority = kThreadPriority;
  for (std::uint32_t number = 2; number < kMost; ++number) {
    if (m_active[number]) priority = std::min(priority, groupPriority(priorityOf(number)));
  }
  const std::uint32_t special = m_core->reg(kRegSpecial);
  const int basepri = static_cast<int>(special >> 8 & 0xff);
  if (basepri != 0) priority = std::min(priority, groupPriority(basepri));
  if ((special & 1) != 0) priority = std::min(priority, 0);
  if ((special >> 16 & 1) != 0) priority = std::min(priority, -1);
  return priority;
}

bool Exceptions::enabled(std::uint32_t number) const {
  switch (number) {
    case kMemManage:
      return (m_shcsr & 1u << 16) != 0;
    case kBusFault:
      return (m_shcsr & 1u << 17) != 0;
    case kUsageFault:
      return (m_shcsr & 1u << 18) != 0;
    default:
      return number < kFirstInterrupt || m_enabled[number];
  }
}

std::uint32_t Exceptions::highestPending(int below) const {
  std::uint32_t best = 0;
  int bestPriority = kThreadPriority + 1;
  for (std::uint32_t number = 2; number < kMost; ++number) {
    if (!m_pending[number] || !enabled(number)) continue;
    if (priorityOf(number) < bestPriority) {
      bestPriority = priorityOf(number);
      best = number;
    }
  }
  return best != 0 && groupPriority(bestPriority) < below ? best : 0;
}

void Exceptions::setPending(std::uint32_t number, bool on) {
  if (m_pending[number] == on) return;
  m_pending[number] = on;
  m_pendingCount += on ? 1 : ~0u;
  if (on) m_core->requestStop();
}

void Exceptions::pend(std::uint32_t number) {
  if (number < kMost) setPending(number, true);
}

Ticks Exceptions::nextEvent() const {
  const std::uint64_t next = m_systick.nextInterrupt();
  return next == SysTick::kNever ? ~Ticks{0} : ticksOfCycles(next);
}

bool Exceptions::poll(bool interruptsMasked) {
  if (m_systick.takeInterrupt(cyclesOf(m_core->now()))) setPending(kSysTickException, true);
  if (m_pendingCount == 0) return true;
  const std::uint32_t number = highestPending(executionPriority());
  if (number == 0) return true;
  const bool maskable = number == kPendSv || number >= kSysTickException;
  if (interruptsMasked && maskable) return true;
  return enter(number);
}

bool Exceptions::wakes() {
  if (m_systick.takeInterrupt(cyclesOf(m_core->now()))) setPending(kSysTickException, true);
  for (std::uint32_t number = 2; number < kMost; ++number) {
    if (m_pending[number] && enabled(number)) return true;
  }
  return false;
}

bool Exceptions::raise(std::uint32_t number) {
  if (groupPriority(priorityOf(number)) < executionPriority()) return enter(number);
  if (number == kHardFault || executionPriority() <= -1) return false;
  m_hfsr |= kForcedHardFault;
  return raise(kHardFault);
}

bool Exceptions::fault(std::uint32_t number, std::uint32_t cfsrBits,
                       std::optional<std::uint32_t> address) {
  if (m_chip->family != Family::F0) {
    m_cfsr |= cfsrBits;
    if (address) m_faultAddress = *address;
    if (enabled(number) && groupPriority(priorityOf(number)) < executionPriority()) {
      return enter(number);
    }
    m_hfsr |= kForcedHardFault;
  }
  return raise(kHardFault);
}

bool Exceptions::push(std::uint32_t returnAddress, std::uint32_t& excReturn) {
  const bool thread = (m_core->reg(kRegXpsr) & 0x1ff) == 0;
  const std::uint32_t special = m_core->reg(kRegSpecial);
  const bool process = thread && (special >> 24 & 2) != 0;
  const bool floats = (special >> 24 & kControlFpca) != 0;
  const std::uint32_t size = floats ? kFloatFrameBytes : kFrameBytes;
  const std::uint32_t sp = m_core->reg(kRegSp);
  const bool padded = (sp & 4) != 0;
  const std::uint32_t frame = (sp - size) & ~7u;
  const auto bytes = m_memory->bytesAt(frame, size);
  const MappedRegion* region = m_memory->find(frame, size);
  if (bytes.empty() || region->storage != Storage::Ram) return false;
  for (std::uint32_t i = 0; i < 4; ++i) write32(bytes, 4 * i, m_core->reg(i));
  write32(bytes, 16, m_core->reg(12));
  write32(bytes, 20, m_core->reg(kRegLr));
  write32(bytes, 24, returnAddress);
  write32(bytes, 28, (m_core->reg(kRegXpsr) & ~kPaddedBit) | 1u << 24 | (padded ? kPaddedBit : 0));
  if (floats) {
    for (std::uint32_t i = 0; i < 16; ++i) write32(bytes, 32 + 4 * i, m_core->reg(kRegS0 + i));
    write32(bytes, 96, m_core->reg(kRegFpscr));
  }
  m_core->setReg(kRegSp, frame);
  excReturn = 0xffffffe1u | (floats ? 0 : 0x10u) | (thread ? 8u : 0) | (process ? 4u : 0);
  return true;
}

bool Exceptions::enter(std::uint32_t number) {
  m_core->settle();
  setPending(number, false);
  std::uint32_t excReturn = 0;
  if (!push(m_core->pc(), excReturn)) {
    m_hfsr |= kForcedHardFault;
    m_cfsr |= 1u << 12;  // STKERR
    return false;
  }
  const auto vector = std::as_const(*m_memory).bytesAt(m_vtor + 4 * number, 4);
  if (vector.empty()) return false;
  const std::uint32_t handler = read32(vector, 0);
  m_active[number] = true;
  // Handler mode first: it decides which stack pointer CONTROL selects.
  m_core->setReg(kRegXpsr, (m_core->reg(kRegXpsr) & 0xf80f0000) | 1u << 24 | number);
  const std::uint32_t special = m_core->reg(kRegSpecial);
  m_core->setReg(kRegSpecial, special & ~((kControlFpca | 2u) << 24));
  m_core->setReg(kRegLr, excReturn);
  m_core->setPc(handler);
  m_core->advance(ticksOfCycles(entryCycles(m_chip->family)), Pause::Exception);
  if (number == kHardFault && catchHardFault) m_caught = true;
  return (handler & 1) != 0 || number != kHardFault;
}

bool Exceptions::returnFrom(std::uint32_t excReturn) {
  m_core->settle();
  const std::uint32_t number = m_core->reg(kRegXpsr) & 0x1ff;
  if (number >= kMost || !m_active[number]) return fault(kUsageFault, 1u << 18, std::nullopt);
  m_active[number] = false;
  const bool process = (excReturn & 4) != 0;
  const bool thread = (excReturn & 8) != 0;
  const bool floats = (excReturn & 0x10) == 0;
  const std::uint32_t size = floats ? kFloatFrameBytes : kFrameBytes;
  const std::uint32_t frame = m_core->reg(process ? kRegPsp : kRegSp);
  const auto bytes = std::as_const(*m_memory).bytesAt(frame, size);
  if (bytes.empty()) return fault(kBusFault, 1u << 11, std::nullopt);
  const std::uint32_t xpsr = read32(bytes, 28);
  const std::uint32_t sp = frame + size + ((xpsr & kPaddedBit) != 0 ? 4 : 0);
  std::uint32_t special = m_core->reg(kRegSpecial);
  if (number != kNmi) special &= ~(1u << 16);  // FAULTMASK
  // The main stack is current while in handler mode; move it before anything switches stacks.
  if (!process) m_core->setReg(kRegSp, sp);
  m_core->setReg(kRegXpsr, (xpsr & ~kPaddedBit) | 1u << 24);
  special = (special & ~((kControlFpca | 2u) << 24)) | (process && thread ? 2u << 24 : 0) |
            (floats ? kControlFpca << 24 : 0);
  m_core->setReg(kRegSpecial, special);
  if (process) m_core->setReg(kRegPsp, sp);
  for (std::uint32_t i = 0; i < 4; ++i) m_core->setReg(i, read32(bytes, 4 * i));
  m_core->setReg(12, read32(bytes, 16));
  m_core->setReg(kRegLr, read32(bytes, 20));
  if (floats) {
    for (std::uint32_t i = 0; i < 16; ++i) m_core->setReg(kRegS0 + i, read32(bytes, 32 + 4 * i));
    m_core->setReg(kRegFpscr, read32(bytes, 96));
  }
  m_core->setPc(read32(bytes, 24));
  m_core->advance(ticksOfCycles(entryCycles(m_chip->family)), Pause::Exception);
  return true;
}

bool Exceptions::resetRequested() {
  return std::exchange(m_resetRequested, false);
}

}  // namespace mcuprof::vboard
