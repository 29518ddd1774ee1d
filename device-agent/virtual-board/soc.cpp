#include "device-agent/virtual-board/soc.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kTraceIoEnable = 1u << 5;
constexpr std::uint32_t kAcceleratorReset = 3u << 11;

bool isDebugSupport(const Chip& chip, std::uint32_t address) {
  return address - chip.idcodeAddress < 0x10;
}

// GPIO ports: 1 KiB each from here on (ST's CMSIS headers).
constexpr std::uint32_t kPorts = 11;
constexpr std::uint32_t kPortBytes = 0x400;
constexpr std::uint32_t kOutputData = 0x14;
constexpr std::uint32_t kSetReset = 0x18;
constexpr std::uint32_t kReset = 0x28;  // F0 only; elsewhere reserved
constexpr std::uint32_t kOutputMode = 1;

constexpr std::uint32_t portsBase(Family family) {
  return family == Family::F0 ? 0x48000000 : 0x40020000;
}

}  // namespace

bool SlowClockCapture::flag(bool running, const FlashAccess& access) {
  constexpr std::uint32_t kPrescaler = 8;
  if (!running) {
    m_last = access.now;
    return m_flag;
  }
  const Ticks period = ticksOfCycles(access.clockHz * kPrescaler / m_slowHz);
  if (const Ticks periods = (access.now - m_last) / period; periods != 0) {
    m_last += periods * period;
    m_flag = true;
  }
  return m_flag;
}

void Soc::reset() {
  m_registers.clear();
  m_flash->reset();
}

std::uint64_t Soc::afterPrescaler(std::uint64_t hz, std::uint32_t cfgr) {
  constexpr std::array<unsigned, 8> kShift = {1, 2, 3, 4, 6, 7, 8, 9};
  const std::uint32_t hpre = cfgr >> 4 & 0xf;
  return std::max<std::uint64_t>(hpre < 8 ? hz : hz >> kShift[hpre - 8], 1);
}

std::uint32_t Soc::stored(std::uint32_t address) const {
  const auto found = m_registers.find(address);
  return found == m_registers.end() ? 0 : found->second;
}

std::uint32_t Soc::read(std::uint32_t address, const FlashAccess& access) {
  if (isFlashRegister(address)) return m_flash->read(address - m_flashBase, access);
  if (address == m_chip->idcodeAddress) return m_chip->idcode;
  if (isDebugSupport(*m_chip, address)) {
    const auto found = m_debugRegisters.find(address);
    return found == m_debugRegisters.end() ? 0 : found->second;
  }
  const std::uint32_t value = stored(address);
  return readSpecial(address, value, access).value_or(value);
}

std::optional<FlashChange> Soc::write(std::uint32_t address, std::uint32_t value,
                                      std::uint32_t mask, const FlashAccess& access) {
  if (isFlashRegister(address)) {
    if (address == m_flashBase && (value & kAcceleratorReset) != 0) m_acceleratorReset = true;
    return m_flash->write(address - m_flashBase, value, access);
  }
  if (writePort(address, value & mask)) return std::nullopt;
  auto& registers = isDebugSupport(*m_chip, address) ? m_debugRegisters : m_registers;
  std::uint32_t& kept = registers[address];
  kept = (kept & ~mask) | (value & mask);
  return std::nullopt;
}

bool Soc::writePort(std::uint32_t address, std::uint32_t value) {
  const std::uint32_t offset = address - portsBase(m_chip->family);
  if (offset >= kPorts * kPortBytes) return false;
  const std::uint32_t reg = offset % kPortBytes;
  if (reg != kSetReset && reg != kReset) return false;
  std::uint32_t& output = m_registers[address - reg + kOutputData];
  // Where a pin is to be set and reset at once, it is set.
  output = reg == kSetReset ? (output & ~(value >> 16)) | (value & 0xffff) : output & ~value;
  return true;
}

bool Soc::pinLevel(std::string_view pin) const {
  if (pin.size() < 3 || pin[0] != 'P' || pin[1] < 'A' || pin[1] >= char('A' + kPorts)) return false;
  std::uint32_t number = 0;
  for (const char digit : pin.substr(2)) {
    number = 10 * number + static_cast<std::uint32_t>(digit - '0');
  }
  const std::uint32_t port =
      portsBase(m_chip->family) + kPortBytes * static_cast<std::uint32_t>(pin[1] - 'A');
  if (number > 15 || (stored(port) >> (2 * number) & 3) != kOutputMode) return false;
  return (stored(port + kOutputData) >> number & 1) != 0;
}

bool Soc::tracePinEnabled() const {
  const auto found = m_debugRegisters.find(m_chip->idcodeAddress + 4);
  return found != m_debugRegisters.end() && (found->second & kTraceIoEnable) != 0;
}

bool Soc::takeAcceleratorReset() {
  return std::exchange(m_acceleratorReset, false);
}

std::unique_ptr<Soc> makeSoc(const Chip& chip, MemoryMap& memory) {
  switch (chip.family) {
    case Family::F0:
      return makeSocF0(chip, memory);
    case Family::F2:
    case Family::F4:
    case Family::F7:
      return makeSocF2(chip, memory);
  }
  return nullptr;
}

}  // namespace mcuprof::vboard
