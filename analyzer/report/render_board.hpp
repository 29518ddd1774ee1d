#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/report/text.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// One line a board: names, chip, core, clock, on-chip RAM that may hold activations, flash that
/// may hold constants.
std::string renderBoardList(std::span<const Board> boards, const TextStyle& style);

/// One fact, or a remark, which has no basis.
struct FactRow {
  std::string group;  ///< "memory dtcm (tcm)"
  std::string name;   ///< "wait states"
  std::string value;  ///< with its unit; printable
  std::optional<Basis> basis;
  std::string source;  ///< printable
};

/// Every figure of a board and its core.
std::vector<FactRow> boardFacts(const Board& board, const Core& core);
/// The same as text, each with its basis and its source.
std::string renderBoard(const Board& board, const Core& core, const TextStyle& style);

}  // namespace mcuprof
