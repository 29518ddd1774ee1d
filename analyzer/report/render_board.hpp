#pragma once

#include <span>
#include <string>

#include "analyzer/report/text.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// One line a board: names, chip, core, clock, on-chip RAM that may hold activations, flash that
/// may hold constants.
std::string renderBoardList(std::span<const Board> boards, const TextStyle& style);

/// Every figure of a board and its core, each with its basis and its source.
std::string renderBoard(const Board& board, const Core& core, const TextStyle& style);

}  // namespace mcuprof
