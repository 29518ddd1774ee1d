#include <fmt/format.h>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/report/memory_costs.hpp"
#include "analyzer/report/render_board.hpp"
#include "analyzer/target/target_file.hpp"

namespace mcuprof::cli {

int run(const BoardsListOptions& options) {
  auto catalogue = findCatalogue(options.target);
  if (!catalogue) return fail(catalogue.failure());
  auto boards = catalogue->listBoards();
  if (!boards) return fail(kBadInput, boards.error());
  if (auto done = writeOutput("", renderBoardList(*boards, styleOfStdout())); !done) {
    return fail(kUsage, done.error());
  }
  return kOk;
}

int run(const BoardsShowOptions& options) {
  auto catalogue = findCatalogue(options.target);
  if (!catalogue) return fail(catalogue.failure());
  const auto path = catalogue->boardPath(options.board);
  if (!path) return fail(kUsage, path.error());
  auto board = catalogue->loadBoard(*path);
  if (!board) return fail(kBadInput, board.error());
  auto core = catalogue->loadCore(board->core);
  if (!core) return fail(kBadInput, core.error());
  const TextStyle style = styleOfStdout();
  std::string text = renderBoard(*board, *core, style);
  text += '\n' + renderMemoryCosts(memoryCosts(*board, machineState(*board, {})), style);
  if (auto done = writeOutput("", text); !done) return fail(kUsage, done.error());
  return kOk;
}

int run(const BoardsValidateOptions& options) {
  auto catalogue = findCatalogue(options.target);
  if (!catalogue) return fail(catalogue.failure());
  int status = kOk;
  std::string good;
  for (const std::string& file : options.files) {
    const FileCheck check = validateFile(file, catalogue->coreNames());
    for (const Error& problem : check.problems) status = fail(kBadInput, problem);
    if (check.problems.empty() && check.kind) {
      good += fmt::format("{}: a valid {}\n", printable(file), nameOf(*check.kind));
    }
  }
  if (auto done = writeOutput("", good); !done) return fail(kUsage, done.error());
  return status;
}

}  // namespace mcuprof::cli
