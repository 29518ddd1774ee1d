#pragma once

#include <cstddef>
#include <string>

#include "analyzer/report/arena_report.hpp"

namespace mcuprof {

/// The letter that stands for the buffer in the map; letters repeat after 62 buffers.
char arenaKey(std::size_t buffer);

/// The head of the arena as a drawing in ASCII: address upwards, steps to the right, one letter a
/// buffer (its position in `report.buffers`), '.' for free bytes. A cell shows the buffer at its
/// middle, else any that touches it, so that a lone
/// small buffer is seen. At most `width` columns and
/// `height` lines of cells; empty when nothing is planned.
std::string renderArenaMap(const ArenaReport& report, std::size_t width, std::size_t height);

/// The same as an SVG file to scale, with names, sizes and lifetimes as tooltips, and the tail
/// above the head.
std::string renderSvg(const ArenaReport& report);

}  // namespace mcuprof
