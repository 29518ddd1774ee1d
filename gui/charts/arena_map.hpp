#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/report/arena_report.hpp"

namespace mcuprof::gui {

/// Bytes of a memory, [offset, offset + size), that one buffer takes in neighbouring layers.
struct ArenaStay {
  enum class Kind : std::uint8_t {
    Tensor,
    Scratch,
    Block,  ///< a block buffer, through which a tensor on the card passes
  };
  std::int32_t lane = 0;
  std::int32_t name = 0;   ///< index into ArenaMap::names
  std::int32_t first = 0;  ///< layers [first, end), positions in Report::layers
  std::int32_t end = 0;
  std::int64_t offset = 0;
  std::int64_t size = 0;
  Kind kind = Kind::Tensor;
};

/// Free bytes below the highest buffer that is alive in the same layers.
struct ArenaHole {
  std::int32_t lane = 0;
  std::int32_t first = 0;  ///< layers [first, end)
  std::int32_t end = 0;
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

/// Bytes that are taken all the time.
struct ArenaFixed {
  QString text;  ///< "persistent", "static, stack"
  std::int64_t offset = 0;
  std::int64_t size = 0;
  bool arena = true;  ///< of the runtime's arena; false: taken from the memory before it
};

/// One memory, addresses counted from its start.
struct ArenaLane {
  QString name;                     ///< "sram1"
  std::int64_t size = 0;            ///< of the memory, or of the arena where no memory holds it
  std::int64_t limit = 0;           ///< bytes that may be used; 0: all
  QString limitText;                ///< what the limit is
  std::int64_t head = 0;            ///< high water of the planned buffers
  std::vector<std::int64_t> water;  ///< by layer: end of the highest buffer alive
  std::vector<ArenaFixed> fixed;
};

/// Who lies where in RAM while each layer runs. Stays of one lane never share a byte in one layer.
struct ArenaMap {
  std::vector<ArenaLane> lanes;
  std::vector<ArenaStay> stays;
  std::vector<ArenaHole> holes;
  std::vector<QString> names;
};

enum class ArenaMode : std::uint8_t {
  Memories,  ///< what lies in which region of the board
  Arena,     ///< the one arena that the runtime plans, whether a region holds it or not
};

/// A buffer that lives in no layer's step (an input that nobody reads) has no stay.
ArenaMap mapOfArena(const Analysis& analysis, ArenaMode mode);

/// Fills `water`, `head` and `holes` from stays and the number of layers. Part of mapOfArena().
void findHoles(ArenaMap& map, int layers);

}  // namespace mcuprof::gui
