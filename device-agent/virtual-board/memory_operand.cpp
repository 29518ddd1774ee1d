// ARMv7-M Architecture Reference Manual, A5: encodings of loads and stores.

#include "device-agent/virtual-board/memory_operand.hpp"

#include <bit>

namespace mcuprof::vboard {
namespace {

using Registers = std::function<std::uint32_t(unsigned)>;

constexpr unsigned kSp = 13;
constexpr unsigned kPc = 15;

constexpr std::uint32_t literalBase(std::uint32_t pc) {
  return (pc + 4) & ~3u;
}

constexpr std::uint32_t bits(std::uint32_t value, unsigned at, unsigned count) {
  return value >> at & ((1u << count) - 1);
}

std::optional<MemoryOperand> narrow(std::uint32_t code, std::uint32_t pc, const Registers& reg) {
  const unsigned low = bits(code, 3, 3);
  switch (code >> 12) {
    case 0x4:
      if ((code & 0x0800) == 0) return std::nullopt;
      return MemoryOperand{literalBase(pc) + 4 * bits(code, 0, 8), 4, false};
    case 0x5: {
      constexpr std::uint32_t kBytes[] = {4, 2, 1, 1, 4, 2, 1, 2};
      const unsigned op = bits(code, 9, 3);
      return MemoryOperand{reg(low) + reg(bits(code, 6, 3)), kBytes[op], op < 3};
    }
    case 0x6:
      return MemoryOperand{reg(low) + 4 * bits(code, 6, 5), 4, (code & 0x0800) == 0};
    case 0x7:
      return MemoryOperand{reg(low) + bits(code, 6, 5), 1, (code & 0x0800) == 0};
    case 0x8:
      return MemoryOperand{reg(low) + 2 * bits(code, 6, 5), 2, (code & 0x0800) == 0};
    case 0x9:
      return MemoryOperand{reg(kSp) + 4 * bits(code, 0, 8), 4, (code & 0x0800) == 0};
    case 0xb: {
      const auto count = static_cast<std::uint32_t>(std::popcount(code & 0x1ff));
      if ((code & 0x0e00) == 0x0400) return MemoryOperand{reg(kSp) - 4 * count, 4 * count, true};
      if ((code & 0x0e00) == 0x0c00) return MemoryOperand{reg(kSp), 4 * count, false};
      return std::nullopt;
    }
    case 0xc:
      return MemoryOperand{reg(bits(code, 8, 3)),
                           4 * static_cast<std::uint32_t>(std::popcount(code & 0xff)),
                           (code & 0x0800) == 0};
    default:
      return std::nullopt;
  }
}

std::optional<MemoryOperand> multipleOrDual(std::uint32_t first, std::uint32_t second,
                                            const Registers& reg) {
  const bool write = bits(first, 4, 1) == 0;
  const std::uint32_t base = reg(bits(first, 0, 4));
  if (bits(first, 6, 1) == 0) {
    const std::uint32_t bytes = 4 * static_cast<std::uint32_t>(std::popcount(second));
    return MemoryOperand{bits(first, 8, 1) != 0 ? base - bytes : base, bytes, write};
  }
  const std::uint32_t offset = 4 * bits(second, 0, 8);
  if (bits(first, 8, 1) != 0 || bits(first, 5, 1) != 0) {
    const bool indexed = bits(first, 8, 1) != 0;
    const std::uint32_t moved = bits(first, 7, 1) != 0 ? base + offset : base - offset;
    return MemoryOperand{indexed ? moved : base, 8, write};
  }
  // Exclusives; table branches read code and are of no interest here.
  if (bits(first, 7, 1) == 0) return MemoryOperand{base + offset, 4, write};
  return MemoryOperand{base, bits(second, 4, 4) == 5 ? 2u : 1u, write};
}

std::optional<MemoryOperand> single(std::uint32_t first, std::uint32_t second, std::uint32_t pc,
                                    const Registers& reg) {
  const std::uint32_t bytes = 1u << bits(first, 5, 2);
  if (bytes == 8) return std::nullopt;
  const bool write = bits(first, 4, 1) == 0;
  const unsigned n = bits(first, 0, 4);
  const bool up = bits(first, 7, 1) != 0;
  if (n == kPc) {
    const std::uint32_t offset = bits(second, 0, 12);
    const std::uint32_t base = literalBase(pc);
    return MemoryOperand{up ? base + offset : base - offset, bytes, write};
  }
  const std::uint32_t base = reg(n);
  if (up) return MemoryOperand{base + bits(second, 0, 12), bytes, write};
  if (bits(second, 11, 1) == 0) {
    return MemoryOperand{base + (reg(bits(second, 0, 4)) << bits(second, 4, 2)), bytes, write};
  }
  const std::uint32_t offset = bits(second, 0, 8);
  if (bits(second, 10, 1) == 0) return MemoryOperand{base, bytes, write};
  return MemoryOperand{bits(second, 9, 1) != 0 ? base + offset : base - offset, bytes, write};
}

std::optional<MemoryOperand> floating(std::uint32_t first, std::uint32_t second, std::uint32_t pc,
                                      const Registers& reg) {
  if (bits(second, 9, 3) != 5) return std::nullopt;
  const bool write = bits(first, 4, 1) == 0;
  const unsigned n = bits(first, 0, 4);
  const std::uint32_t base = n == kPc ? literalBase(pc) : reg(n);
  const std::uint32_t offset = 4 * bits(second, 0, 8);
  const bool up = bits(first, 7, 1) != 0;
  if (bits(first, 8, 1) != 0 && bits(first, 5, 1) == 0) {
    return MemoryOperand{up ? base + offset : base - offset, bits(second, 8, 1) != 0 ? 8u : 4u,
                         write};
  }
  return MemoryOperand{up ? base : base - offset, offset, write};
}

}  // namespace

std::optional<MemoryOperand> memoryOperand(std::uint32_t encoding, std::uint32_t pc,
                                           const Registers& reg) {
  const std::uint32_t first = encoding & 0xffff;
  const std::uint32_t second = encoding >> 16;
  if (first < 0xe800) return narrow(first, pc, reg);
  switch (first & 0xfe00) {
    case 0xe800:
      return multipleOrDual(first, second, reg);
    case 0xf800:
      return single(first, second, pc, reg);
    case 0xec00:
      return floating(first, second, pc, reg);
    default:
      return std::nullopt;
  }
}

}  // namespace mcuprof::vboard
