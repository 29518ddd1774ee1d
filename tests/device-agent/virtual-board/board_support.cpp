#include "tests/device-agent/virtual-board/board_support.hpp"

#include <array>
#include <cstring>

#include <gtest/gtest.h>

#include "device-agent/virtual-board/bytes.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::vboard::test {

std::vector<std::string> boardNames() {
  std::vector<std::string> names;
  for (const Chip& chip : chips()) names.emplace_back(chip.board);
  return names;
}

std::unique_ptr<VirtualBoard> makeBoard(const std::string& name, TimingMode mode,
                                        const Faults& faults) {
  const auto catalogue = Catalogue::find(MCUPROF_SOURCE_DIR "/targets");
  EXPECT_TRUE(catalogue);
  auto board = VirtualBoard::make(*catalogue, name, mode, faults);
  EXPECT_TRUE(board) << board.error().text();
  return board ? *std::move(board) : nullptr;
}

std::uint32_t peek(VirtualBoard& board, std::uint32_t address) {
  std::array<std::byte, 4> bytes{};
  EXPECT_TRUE(board.debugRead(address, bytes, 4)) << std::hex << address;
  return read32(bytes, 0);
}

void poke(VirtualBoard& board, std::uint32_t address, std::uint32_t value) {
  std::array<std::byte, 4> bytes{};
  write32(bytes, 0, value);
  EXPECT_TRUE(board.debugWrite(address, bytes, 4)) << std::hex << address;
}

void programFlash(VirtualBoard& board, std::uint32_t address, const std::string& bytes) {
  const bool small = board.chip().family == Family::F0;
  const std::uint32_t base = small ? 0x40022000 : 0x40023c00;
  poke(board, base + 0x04, 0x45670123);
  poke(board, base + 0x04, 0xcdef89ab);
  poke(board, base + 0x10, small ? 1 : 0x101);  // PG, half-words
  std::string padded = bytes;
  if (padded.size() % 2 != 0) padded += '\xff';
  ASSERT_TRUE(board.debugWrite(address, std::as_bytes(std::span(padded)), 2));
  poke(board, base + 0x10, small ? 0x80 : 0x80000000);  // lock
}

std::unique_ptr<VirtualBoard> bootedBoard(const std::string& name, TimingMode mode,
                                          const Faults& faults) {
  auto board = makeBoard(name, mode, faults);
  if (!board) return nullptr;
  programFlash(*board, kFlash,
               mcuprof::test::contentOf(std::string(MCUPROF_FIRMWARE_DIR "/") + name + ".bin"));
  board->setResetPin(true);
  board->setResetPin(false);
  for (int i = 0; i < 1000 && mailboxOf(*board).ready != TEST_READY; ++i) board->run(1000);
  EXPECT_EQ(mailboxOf(*board).ready, TEST_READY);
  return board;
}

void giveCommand(VirtualBoard& board, std::uint32_t code, std::uint32_t argument) {
  poke(board, kRam + offsetof(test_mailbox, argument), argument);
  poke(board, kRam + offsetof(test_mailbox, command), code);
}

bool waitDone(VirtualBoard& board, std::uint32_t done) {
  for (int i = 0; i < 20'000; ++i) {
    if (mailboxOf(board).done == done) return true;
    board.run(1000);
  }
  return false;
}

void command(VirtualBoard& board, std::uint32_t code, std::uint32_t argument) {
  const std::uint32_t done = mailboxOf(board).done;
  giveCommand(board, code, argument);
  EXPECT_TRUE(waitDone(board, done + 1)) << "command " << code << " did not end";
}

test_mailbox mailboxOf(VirtualBoard& board) {
  test_mailbox mailbox{};
  EXPECT_TRUE(board.debugRead(kRam, std::as_writable_bytes(std::span(&mailbox, 1)), 4));
  return mailbox;
}

void halt(VirtualBoard& board) {
  poke(board, 0xe000edf0, 0xa05f0003);
}
void resume(VirtualBoard& board) {
  poke(board, 0xe000edf0, 0xa05f0001);
}
void step(VirtualBoard& board) {
  poke(board, 0xe000edf0, 0xa05f0005);
}

}  // namespace mcuprof::vboard::test
