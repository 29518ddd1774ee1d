#pragma once

#include <string_view>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/target/catalogue.hpp"

namespace mcuprof::bench {

/// The target files of this source tree.
const Catalogue& catalogue();

/// A board with the default runtime and its cost tables; ends the program when a file is wrong.
Target targetWith(std::string_view board);

/// The paper's board, NUCLEO-F767ZI.
inline Target paperTarget() {
  return targetWith("f767zi");
}

}  // namespace mcuprof::bench
