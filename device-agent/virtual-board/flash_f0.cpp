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
constexpr std::uint32_t kAr = 0x14;
constexpr std::uint32_t kObr = 0x1c;
constexpr std::uint32_t kWrpr = 0x20;

constexpr std::uint32_t kKey1 = 0x45670123;
constexpr std::uint32_t kKey2 = 0xcdef89ab;

constexpr std::uint32_t kCrPg = 1u << 0;
constexpr std::uint32_t kCrPer = 1u << 1;
constexpr std::uint32_t kCrMer = 1u << 2;
constexpr std::uint32_t kCrStrt = 1u << 6;
constexpr std::uint32_t kCrLock = 1u << 7;
constexpr std::uint32_t kCrOptionWrite = 1u << 9;
constexpr std::uint32_t kSrBusy = 1u << 0;
constexpr std::uint32_t kSrProgramError = 1u << 2;
constexpr std::uint32_t kSrEop = 1u << 5;
constexpr std::uint32_t kFlashBase = 0x08000000;

// Recalled from datasheets of the F0 family, typical.
constexpr std::uint64_t kProgramNanoseconds = 53'500;
constexpr std::uint64_t kEraseNanoseconds = 30'000'000;

}  // namespace

FlashControllerF0::FlashControllerF0(const Chip& chip, std::span<std::byte> flash)
    : m_flash(flash), m_pageBytes(chip.sectors.front().bytes) {}

void FlashControllerF0::reset() {
  m_acr = 0;
  m_cr = kCrLock;
  m_sr = m_ar = 0;
  m_keyStep = m_optionKeyStep = 0;
}

std::uint32_t FlashControllerF0::read(std::uint32_t offset, const FlashAccess& access) {
  switch (offset) {
    case kAcr:  // PRFTBS tells that the prefetch buffer is on
      return m_acr | ((m_acr & 0x10) != 0 ? 0x20 : 0);
    case kSr:
      return m_sr | (look(access) ? kSrBusy : 0);
    case kCr:
      return m_cr;
    case kAr:
      return m_ar;
    case kObr:
      return 0x03fffffc & ~6u;  // factory option bytes, no read protection
    case kWrpr:
      return 0xffffffff;
    default:
      return 0;
  }
}

std::optional<FlashChange> FlashControllerF0::write(std::uint32_t offset, std::uint32_t value,
                                                    const FlashAccess& access) {
  switch (offset) {
    case kAcr:
      m_acr = value & 0x17;
      break;
    case kKeyr:
      m_keyStep = nextKeyStep(m_keyStep, value, kKey1, kKey2);
      if (m_keyStep == 2) m_cr &= ~kCrLock;
      break;
    case kOptkeyr:
      m_optionKeyStep = nextKeyStep(m_optionKeyStep, value, kKey1, kKey2);
      if (m_optionKeyStep == 2) m_cr |= kCrOptionWrite;
      break;
    case kSr:
      m_sr &= ~(value & 0x34);
      break;
    case kAr:
      m_ar = value;
      break;
    case kCr: {
      if ((m_cr & kCrLock) != 0) break;
      const std::uint32_t optionWrite = m_cr & value & kCrOptionWrite;
      m_cr = (value & 0x37 & ~kCrStrt) | (value & kCrLock) | optionWrite;
      if ((m_cr & kCrLock) != 0) m_keyStep = 0;
      if ((value & kCrStrt) == 0 || (m_cr & (kCrPer | kCrMer)) == 0) break;
      FlashChange range{0, static_cast<std::uint32_t>(m_flash.size())};
      if ((m_cr & kCrPer) != 0) {
        const std::uint32_t page = (m_ar - kFlashBase) / m_pageBytes * m_pageBytes;
        if (page >= m_flash.size()) {
          m_sr |= kSrProgramError;
          break;
        }
        range = {page, page + m_pageBytes};
      }
      if (fails(range.begin, range.end - range.begin)) {
        m_sr |= kSrProgramError;
        break;
      }
      std::fill(m_flash.begin() + range.begin, m_flash.begin() + range.end, std::byte{0xff});
      m_sr |= kSrEop;
      begin(kEraseNanoseconds, access);
      return range;
    }
    default:
      break;
  }
  return std::nullopt;
}

std::optional<FlashChange> FlashControllerF0::program(std::uint32_t offset, std::uint32_t value,
                                                      std::uint32_t size,
                                                      const FlashAccess& access) {
  const bool fits = size == 2 && offset % 2 == 0 && offset + 2 <= m_flash.size();
  // Zero may be written over anything, all else onto erased cells.
  const bool erased = fits && (readLittle(m_flash, offset, 2) == 0xffff || (value & 0xffff) == 0);
  if ((m_cr & kCrPg) == 0 || (m_cr & kCrLock) != 0 || !erased || fails(offset, size)) {
    m_sr |= kSrProgramError;
    return std::nullopt;
  }
  write16(m_flash, offset, value);
  m_sr |= kSrEop;
  begin(kProgramNanoseconds, access);
  return FlashChange{offset, offset + 2};
}

}  // namespace mcuprof::vboard
