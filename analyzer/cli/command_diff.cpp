#include <fmt/format.h>

#include <charconv>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/stored_calibration.hpp"
#include "analyzer/cli/stored_runs.hpp"
#include "analyzer/report/figures_json.hpp"
#include "analyzer/report/render_diff.hpp"

namespace mcuprof::cli {
namespace {

std::string_view textOf(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

bool isJson(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

/// A report; of a check with several analyses the one of the board and runtime that were asked for.
Loaded<ModelFigures> readReport(const MappedFile& file, const DiffInput& input) {
  auto figures = readFigures(textOf(file), file.name());
  if (!figures) return Failure{kBadInput, figures.error()};
  std::vector<ModelFigures> fitting;
  for (ModelFigures& candidate : *figures) {
    const bool board = input.board.empty() || candidate.board == input.board ||
                       candidate.board == "nucleo-" + input.board;
    if (board) fitting.push_back(std::move(candidate));
  }
  if (fitting.size() == 1) return std::move(fitting.front());
  if (fitting.empty())
    return Failure{kUsage, {file.name(), fmt::format("has no analysis on \"{}\"", input.board)}};
  return Failure{kUsage, {file.name(), fmt::format("has {} analyses; wanted one", fitting.size())}};
}

Loaded<ModelFigures> readModelFile(const DiffInput& input, const DiffOptions& options) {
  if (input.board.empty()) {
    return Failure{kUsage,
                   {input.file, "needs a board: --board NAME (\"mcuprof boards\" lists them)"}};
  }
  auto target = loadTargetFiles(input.board, TargetOptions{input.runtime, options.folder});
  if (!target) return target.failure();
  auto model = loadModel(input.file);
  if (!model) return model.failure();
  auto calibration = findCalibrationFor({options.calibrate, options.database}, *target);
  if (!calibration) return calibration.failure();
  noteCalibration(*target, *calibration);
  const Analysis analysis = analyze(model->graph, target->target, {}, {}, *calibration);
  const Report report = buildReport(analysis, provenanceOf(model->file, target->files));
  return figuresOf(report, target->target->board);
}

Loaded<ModelFigures> loadSide(const DiffInput& input, const DiffOptions& options) {
  if (input.file.starts_with("run:")) {
    std::int64_t id = 0;
    const char* const end = input.file.data() + input.file.size();
    const auto [at, code] = std::from_chars(input.file.data() + 4, end, id);
    if (code != std::errc() || at != end || id <= 0)
      return Failure{kUsage, {"", fmt::format("\"{}\" is no run; write run:12", input.file)}};
    auto run = figuresOfRun(options.database, id);
    if (!run) return Failure{kBadInput, run.error()};
    return *std::move(run);
  }
  // What the bytes are decides; standard input can be read only once.
  if (input.file != "-") {
    const auto file = MappedFile::open(input.file);
    if (!file) return Failure{kBadInput, file.error()};
    if (isJson(textOf(**file))) return readReport(**file, input);
  }
  return readModelFile(input, options);
}

}  // namespace

int run(const DiffOptions& options) {
  if (options.fresh.file == "-" && options.base.file == "-")
    return fail(kUsage, "standard input can be read only once");
  auto fresh = loadSide(options.fresh, options);
  if (!fresh) return fail(fresh.failure());
  auto base = loadSide(options.base, options);
  if (!base) return fail(base.failure());
  ReportDiff diff = diffFigures(*fresh, *base);
  diff.toolVersion = MCUPROF_VERSION;
  std::string text;
  switch (options.format) {
    case DiffFormat::Text:
      text = renderDiffText(diff, styleFor(options.file));
      break;
    case DiffFormat::Json:
      text = renderDiffJson(diff);
      break;
    case DiffFormat::Csv:
      text = renderDiffCsv(diff);
      break;
    case DiffFormat::Markdown:
      text = renderDiffMarkdown(diff);
      break;
  }
  if (auto done = writeOutput(options.file, text); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
