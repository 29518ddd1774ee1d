#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/progress_line.hpp"
#include "analyzer/cli/stored_calibration.hpp"
#include "analyzer/whatif/cliffs.hpp"

namespace mcuprof::cli {

int run(const SweepOptions& options) {
  auto target = loadTargetFiles(options.board, options.target, options.base.machine.opt);
  if (!target) return fail(target.failure());
  // Tables of another optimisation level are other files.
  TargetsByLevel targets(target->target);
  std::vector<TargetInput> all = {*target};
  for (const SweepAxis& axis : options.axes) {
    if (axis.name != "opt") continue;
    for (OptLevel level : {OptLevel::O2, OptLevel::O3, OptLevel::Os}) {
      auto counted = loadTargetFiles(options.board, options.target, level);
      if (!counted) return fail(counted.failure());
      targets.set(level, counted->target);
      all.push_back(*std::move(counted));
    }
  }
  if (auto ok = checkPlacement(options.base.placement, target->target->board); !ok)
    return fail(kUsage, ok.error());
  for (const SweepAxis& axis : options.axes) {
    if (axis.name != "place.weights") continue;
    for (const std::string& value : axis.values) {
      PlacementOptions placement;
      placement.weights = value;
      if (auto ok = checkPlacement(placement, target->target->board); !ok)
        return fail(kUsage, ok.error());
    }
  }
  auto model = loadModel(options.model);
  if (!model) return fail(model.failure());
  auto calibration = findCommonCalibration({options.calibrate, options.database}, all);
  if (!calibration) return fail(calibration.failure());
  Variant base = options.base;
  base.calibration = *std::move(calibration);
  std::size_t count = 1;
  for (const SweepAxis& axis : options.axes) count *= axis.values.size();
  std::optional<ProgressLine> progress(std::in_place, "analyzing variant", count);
  const auto points =
      sweep(model->graph, targets, base, options.axes, options.threads, [&] { progress->step(); });
  progress.reset();
  if (!points) return fail(kUsage, points.error());
  if (auto done = writeOutput(options.output.file, renderSweepCsv(options.axes, *points)); !done)
    return fail(kUsage, done.error());
  // Neighbours on a grid of several variables differ in more than one.
  if (options.axes.size() == 1) {
    for (const Cliff& cliff : findCliffs(*points))
      note(fmt::format("cliff at {}={}: {}", options.axes.front().name,
                       (*points)[cliff.point].values.front(), fmt::join(cliff.what, ", ")));
  }
  const auto refused = std::count_if(points->begin(), points->end(),
                                     [](const SweepPoint& p) { return !p.refused.empty(); });
  if (refused > 0)
    note(std::to_string(refused) + " of " + std::to_string(points->size()) +
         " points are refused; the last column says why");
  return kOk;
}

}  // namespace mcuprof::cli
