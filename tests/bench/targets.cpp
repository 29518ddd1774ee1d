#include "tests/bench/targets.hpp"

#include "analyzer/target/cost_tables.hpp"
#include "analyzer/target/runtime_file.hpp"
#include "tests/bench/expect.hpp"

namespace mcuprof::bench {

const Catalogue& catalogue() {
  static const Catalogue shipped(MCUPROF_SOURCE_DIR "/targets");
  return shipped;
}

Target targetWith(std::string_view board) {
  Target target;
  target.board = expect(catalogue().loadBoard(board));
  target.core = expect(catalogue().loadCore(target.board.core));
  target.runtime = expect(loadRuntime(expect(catalogue().runtimePath("tflm-cmsis-nn"))));
  target.costs =
      expect(loadCostTables(catalogue().folder(), target.runtime, target.core.name, "O2"));
  return target;
}

}  // namespace mcuprof::bench
