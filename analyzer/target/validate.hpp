#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/target/target.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {

/// Where the parts of a board stand in its file, so that a contradiction is reported at its place.
struct BoardPlaces {
  TomlTable root;
  std::vector<TomlTable> memories;  ///< parallel to Board::memories
  std::optional<TomlTable> flashLatency;
};

/// What the values of one key cannot say alone: names are unique, regions meet only where one is an
/// alias, the core exists, the latency table covers the clock and agrees with the wait states.
/// Contradictions are noted in the document. Runs once, at load; nobody checks again.
void validateBoard(const Board& board, const BoardPlaces& places,
                   std::span<const std::string> cores);
void validateCore(const Core& core, const TomlTable& root);

}  // namespace mcuprof
