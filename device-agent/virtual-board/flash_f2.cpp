#include <algorithm>

#include "device-agent/virtual-board/bytes.hpp"
#include "device-agent/virtual-board/flash_controller.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kAcr = 0x00;
constexpr std::uint32_t kKeyr = 0x04;
constexpr std::uint32_t kOptkeyr = 0x08;
constexpr std::uint32_t kSr = 0x0c;
constexpr std::uint32_t kCr = 0x10;
constexpr std::uint32_t kOptcr = 0x14;
constexpr std::uint32_t kOptcr1 = 0x18;

constexpr std::uint32_t kKey1 = 0x45670123;
constexpr std::uint32_t kKey2 = 0xcdef89ab;
constexpr std::uint32_t kOptionKey1 = 0x08192a3b;
constexpr std::uint32_t kOptionKey2 = 0x4c5d6e7f;

constexpr std::uint32_t kCrPg = 1u << 0;
constexpr std::uint32_t kCrSer = 1u << 1;
constexpr std::uint32_t kCrMer = 1u << 2;
constexpr std::uint32_t kCrMer2 = 1u << 15;
constexpr std::uint32_t kCrStrt = 1u << 16;
constexpr std::uint32_t kCrLock = 1u << 31;
constexpr std::uint32_t kSrEop = 1u << 0;
constexpr std::uint32_t kSrOperation = 1u << 1;
constexpr std::uint32_t kSrAlignment = 1u << 5;
constexpr std::uint32_t kSrParallelism = 1u << 6;
constexpr std::uint32_t kSrSequence = 1u << 7;
constexpr std::uint32_t kSrBusy = 1u << 16;
constexpr std::uint32_t kOptcrLock = 1u << 0;

// DS9405 tables 47 and 48, typical: 16 us a word; erasing 250, 550 and 1000 ms for 16, 64 and 128
// KiB. Larger sectors are taken in proportion.
constexpr std::uint64_t kProgramNanoseconds = 16'000;
constexpr std::uint64_t eraseNanoseconds(std::uint32_t bytes) {
  return 125'000'000 + std::uint64_t{bytes} / 1024 * 7'000'000;
}

}  // namespace

FlashControllerF2::FlashControllerF2(const Chip& chip, std::span<std::byte> flash)
    : m_chip(&chip), m_flash(flash) {
  // Factory option bytes: no protection; F7: one bank, boot from flash over ITCM.
  m_optcr = chip.family == Family::F7 ? 0xffffaafd : 0x0fffaaed;
  m_optcr1 = chip.family == Family::F7 ? 0x00400080 : 0x0fff0000;
  reset();
}

void FlashControllerF2::reset() {
  m_acr = 0;
  m_cr = kCrLock;
  m_sr = 0;
  m_optcr |= kOptcrLock;
  m_keyStep = m_optionKeyStep = 0;
}

std::uint32_t FlashControllerF2::read(std::uint32_t offset, const FlashAccess& access) {
  switch (offset) {
    case kAcr:
      return m_acr;
    case kSr:
      return m_sr | (look(access) ? kSrBusy : 0);
    case kCr:
      return m_cr;
    case kOptcr:
      return m_optcr;
    case kOptcr1:
      return m_optcr1;
    default:
      return 0;
  }
}

std::optional<FlashChange> FlashControllerF2::write(std::uint32_t offset, std::uint32_t value,
                                                    const FlashAccess& access) {
  switch (offset) {
    case kAcr:
      m_acr = value & (m_chip->family == Family::F7 ? 0xb0fu : 0x1f0fu);
      break;
    case kKeyr:
      m_keyStep = nextKeyStep(m_keyStep, value, kKey1, kKey2);
      if (m_keyStep == 2) m_cr &= ~kCrLock;
      break;
    case kOptkeyr:
      m_optionKeyStep = nextKeyStep(m_optionKeyStep, value, kOptionKey1, kOptionKey2);
      if (m_optionKeyStep == 2) m_optcr &= ~kOptcrLock;
      break;
    case kSr:
      m_sr &= ~(value & 0x1f3);
      break;
    case kCr:
      if ((m_cr & kCrLock) != 0) break;
      m_cr = value & 0x8301ffff;
      if ((m_cr & kCrLock) != 0) m_keyStep = 0;
      if ((m_cr & kCrStrt) != 0) {
        m_cr &= ~kCrStrt;
        return erase(access);
      }
      break;
    case kOptcr:
    case kOptcr1:
      // Option bytes change what the chip is after the next reset; here they only read back.
      if ((m_optcr & kOptcrLock) != 0) break;
      (offset == kOptcr ? m_optcr : m_optcr1) = value & ~(offset == kOptcr ? 2u : 0u);
      if (offset == kOptcr && (value & kOptcrLock) != 0) m_optionKeyStep = 0;
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<FlashChange> FlashControllerF2::sectorRange(std::uint32_t number) const {
  // The second bank of the F42x counts from 16.
  std::uint32_t index = number;
  if (m_chip->family == Family::F4 && number >= 12) {
    if (number < 16) return std::nullopt;
    index = number - 4;
  }
  std::uint32_t at = 0;
  for (const SectorRun& run : m_chip->sectors) {
    if (index < run.count) return FlashChange{at + index * run.bytes, at + (index + 1) * run.bytes};
    index -= run.count;
    at += run.count * run.bytes;
  }
  return std::nullopt;
}

std::optional<FlashChange> FlashControllerF2::erase(const FlashAccess& access) {
  FlashChange range{0, static_cast<std::uint32_t>(m_flash.size())};
  if ((m_cr & kCrSer) != 0) {
    const auto sector = sectorRange(m_cr >> 3 & 0x1f);
    if (!sector || sector->end > m_flash.size()) {
      m_sr |= kSrSequence;
      return std::nullopt;
    }
    range = *sector;
  } else if ((m_cr & (kCrMer | kCrMer2)) == 0) {
    m_sr |= kSrSequence;
    return std::nullopt;
  } else if (m_chip->family == Family::F4 && (m_cr & (kCrMer | kCrMer2)) != (kCrMer | kCrMer2)) {
    const std::uint32_t half = range.end / 2;
    range = (m_cr & kCrMer) != 0 ? FlashChange{0, half} : FlashChange{half, range.end};
  }
  if (fails(range.begin, range.end - range.begin)) {
    m_sr |= kSrOperation;
    return std::nullopt;
  }
  std::fill(m_flash.begin() + range.begin, m_flash.begin() + range.end, std::byte{0xff});
  m_sr |= kSrEop;
  begin(eraseNanoseconds(range.end - range.begin), access);
  return range;
}

std::optional<FlashChange> FlashControllerF2::program(std::uint32_t offset, std::uint32_t value,
                                                      std::uint32_t size,
                                                      const FlashAccess& access) {
  if ((m_cr & kCrPg) == 0 || (m_cr & kCrLock) != 0) {
    m_sr |= kSrSequence;
    return std::nullopt;
  }
  if (size != 1u << (m_cr >> 8 & 3)) {
    m_sr |= kSrParallelism;
    return std::nullopt;
  }
  if (offset % size != 0 || offset + size > m_flash.size()) {
    m_sr |= kSrAlignment;
    return std::nullopt;
  }
  if (fails(offset, size)) {
    m_sr |= kSrOperation;
    return std::nullopt;
  }
  writeLittle(m_flash, offset, readLittle(m_flash, offset, size) & value, size);
  m_sr |= kSrEop;
  begin(kProgramNanoseconds, access);
  return FlashChange{offset, offset + size};
}

}  // namespace mcuprof::vboard
