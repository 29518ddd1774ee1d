#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "device-agent/virtual-board/virtual_board.hpp"
#include "tests/device-agent/virtual-board/firmware/mailbox.h"

namespace mcuprof::vboard::test {

constexpr std::uint32_t kFlash = 0x08000000;
constexpr std::uint32_t kRam = 0x20000000;

/// Every board there is.
std::vector<std::string> boardNames();

/// A board fresh from the factory. Fails the test when there is none.
std::unique_ptr<VirtualBoard> makeBoard(const std::string& name,
                                        TimingMode mode = TimingMode::Access,
                                        const Faults& faults = {});

std::uint32_t peek(VirtualBoard& board, std::uint32_t address);
void poke(VirtualBoard& board, std::uint32_t address, std::uint32_t value);

/// Erases nothing, unlocks the flash and programs bytes as a debugger without a loader would.
void programFlash(VirtualBoard& board, std::uint32_t address, const std::string& bytes);

/// A board with the test firmware in its flash, reset and running, its mailbox ready.
std::unique_ptr<VirtualBoard> bootedBoard(const std::string& name,
                                          TimingMode mode = TimingMode::Access,
                                          const Faults& faults = {});

/// Lets the board run until the mailbox counts another command, or fails the test.
void command(VirtualBoard& board, std::uint32_t command, std::uint32_t argument = 0);
/// Gives the command without waiting.
void giveCommand(VirtualBoard& board, std::uint32_t command, std::uint32_t argument = 0);
bool waitDone(VirtualBoard& board, std::uint32_t done);

test_mailbox mailboxOf(VirtualBoard& board);

/// What OpenOCD writes to halt, resume and step.
void halt(VirtualBoard& board);
void resume(VirtualBoard& board);
void step(VirtualBoard& board);

}  // namespace mcuprof::vboard::test
