#pragma once

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/target/catalogue.hpp"

namespace mcuprof::bench {

/// The target files of this source tree.
const Catalogue& catalogue();

/// The paper's board, NUCLEO-F767ZI, with the default runtime; ends the program when a file is
/// wrong.
Target paperTarget();

}  // namespace mcuprof::bench
