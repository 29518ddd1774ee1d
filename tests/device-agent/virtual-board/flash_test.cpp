#include <gtest/gtest.h>

#include "device-agent/virtual-board/bytes.hpp"
#include "tests/device-agent/virtual-board/board_support.hpp"

namespace mcuprof::vboard {
namespace {

using namespace mcuprof::vboard::test;

constexpr std::uint32_t kKeyr = 0x04, kSr = 0x0c, kCr = 0x10, kAr = 0x14;
constexpr std::uint32_t kBusy = 1u << 16;

struct Controller {
  VirtualBoard& board;
  std::uint32_t base;

  std::uint32_t get(std::uint32_t offset) { return peek(board, base + offset); }
  void set(std::uint32_t offset, std::uint32_t value) { poke(board, base + offset, value); }
  void unlock() {
    set(kKeyr, 0x45670123);
    set(kKeyr, 0xcdef89ab);
  }
};

TEST(FlashF2, StaysLockedWithoutItsKeys) {
  const auto board = makeBoard("nucleo-f767zi");
  Controller flash{*board, 0x40023c00};
  flash.set(kCr, 0x201);
  EXPECT_EQ(flash.get(kCr), 0x80000000u);
  flash.set(kKeyr, 1);
  flash.unlock();
  EXPECT_EQ(flash.get(kCr), 0x80000000u) << "a wrong key locks until reset";
  board->setResetPin(true);
  board->setResetPin(false);
  flash.unlock();
  EXPECT_EQ(flash.get(kCr), 0u);
}

TEST(FlashF2, ProgrammingClearsBitsOnly) {
  const auto board = makeBoard("nucleo-f767zi");
  Controller flash{*board, 0x40023c00};
  flash.unlock();
  flash.set(kCr, 0x201);  // PG, words
  poke(*board, kFlash, 0xffff00f0);
  EXPECT_EQ(flash.get(kSr) & kBusy, kBusy) << "busy at the first look";
  EXPECT_EQ(flash.get(kSr) & kBusy, 0u);
  poke(*board, kFlash, 0x0f0fffff);
  EXPECT_EQ(peek(*board, kFlash), 0x0f0f00f0u);
  EXPECT_EQ(peek(*board, 0x00200000), 0x0f0f00f0u) << "the same bytes over ITCM";
}

TEST(FlashF2, ErrorsAreInTheStatus) {
  const auto board = makeBoard("nucleo-f429zi");
  Controller flash{*board, 0x40023c00};
  flash.unlock();
  poke(*board, kFlash, 0);
  EXPECT_EQ(flash.get(kSr) & 0x80, 0x80u) << "without PG: sequence error";
  flash.set(kSr, 0xf2);
  flash.set(kCr, 0x101);
  poke(*board, kFlash, 0);
  EXPECT_EQ(flash.get(kSr) & 0xf0, 0x40u) << "a word at half-word parallelism";
  EXPECT_EQ(peek(*board, kFlash), 0xffffffffu);
}

TEST(FlashF2, ErasesTheSectorNamed) {
  // The F429's sector 12 is the first of its second bank and has number 16.
  const auto board = makeBoard("nucleo-f429zi");
  Controller flash{*board, 0x40023c00};
  flash.unlock();
  flash.set(kCr, 0x201);
  for (const std::uint32_t offset : {0x0fffcu, 0x100000u, 0x103ffcu, 0x104000u}) {
    poke(*board, kFlash + offset, 0x12345678);
  }
  flash.set(kCr, 0x10202 | 16u << 3);
  EXPECT_EQ(peek(*board, kFlash + 0x0fffc), 0x12345678u);
  EXPECT_EQ(peek(*board, kFlash + 0x100000), 0xffffffffu);
  EXPECT_EQ(peek(*board, kFlash + 0x103ffc), 0xffffffffu);
  EXPECT_EQ(peek(*board, kFlash + 0x104000), 0x12345678u);
  flash.set(kCr, 0x10202 | 15u << 3);
  EXPECT_NE(flash.get(kSr) & 0x80, 0u) << "there is no number 15";
}

TEST(FlashF0, ProgramsHalfWordsOntoErasedCells) {
  const auto board = makeBoard("nucleo-f091rc");
  Controller flash{*board, 0x40022000};
  flash.unlock();
  flash.set(kCr, 1);
  const auto program = [&](std::uint32_t value) {
    std::array<std::byte, 2> bytes{};
    write16(bytes, 0, value);
    EXPECT_TRUE(board->debugWrite(kFlash + 0x800, bytes, 2));
  };
  program(0x1234);
  EXPECT_EQ(peek(*board, kFlash + 0x800), 0xffff1234u);
  program(0x0234);
  EXPECT_NE(flash.get(kSr) & 4, 0u) << "PGERR";
  EXPECT_EQ(peek(*board, kFlash + 0x800), 0xffff1234u);
  flash.set(kSr, 4);
  program(0);
  EXPECT_EQ(peek(*board, kFlash + 0x800), 0xffff0000u) << "zero goes onto anything";
  flash.set(kCr, 2);
  flash.set(kAr, kFlash + 0x812);
  flash.set(kCr, 0x42);
  EXPECT_EQ(peek(*board, kFlash + 0x800), 0xffffffffu) << "the page was erased";
}

TEST(Flash, AWornPlaceFailsAndTheRestDoesNot) {
  Faults faults;
  faults.flashErrorAt = kFlash + 0x11;
  const auto board = makeBoard("nucleo-f767zi", TimingMode::Block, faults);
  Controller flash{*board, 0x40023c00};
  flash.unlock();
  flash.set(kCr, 0x201);
  poke(*board, kFlash + 0x0c, 0);
  EXPECT_EQ(flash.get(kSr) & 2, 0u);
  poke(*board, kFlash + 0x10, 0);
  EXPECT_EQ(flash.get(kSr) & 2, 2u) << "OPERR";
  EXPECT_EQ(peek(*board, kFlash + 0x10), 0xffffffffu);
}

}  // namespace
}  // namespace mcuprof::vboard
