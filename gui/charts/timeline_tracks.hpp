#pragma once

#include <optional>

#include "analyzer/report/report_diff.hpp"
#include "db/run.hpp"
#include "gui/charts/timeline_geometry.hpp"

namespace mcuprof::gui {

/// The layers of a run one after the other, in the order of the timeline, told by its provenance;
/// what the whole inference took beyond its layers comes last. Nothing where the run has no times.
std::optional<TimelineTrack> trackOfRun(const db::RunRecord& run, const Timeline& order);

/// The layers of the baseline as they were predicted: in their order, or in that of the timeline
/// where it groups operators, those that are removed last.
TimelineTrack trackOfBaseline(const ReportDiff& diff, const Timeline& order);

}  // namespace mcuprof::gui
