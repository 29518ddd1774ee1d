#include "gui/charts/timeline_tracks.hpp"

#include <algorithm>

#include "gui/measure/provenance.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

void append(TimelineTrack& track, int layer, double milliseconds) {
  track.spans.push_back({layer, track.total, track.total + milliseconds});
  track.total += milliseconds;
}

double baseMilliseconds(const LayerDifference& layer) {
  return layer.milliseconds.base ? layer.milliseconds.base->value : 0;
}

}  // namespace

std::optional<TimelineTrack> trackOfRun(const db::RunRecord& run, const Timeline& order) {
  if (run.board.clockHz <= 0) return std::nullopt;
  const double perMs = static_cast<double>(run.board.clockHz) / 1e3;
  const ProvenanceMark mark = markOf(run.provenance);
  TimelineTrack track;
  track.title = QLatin1String(mark.word);
  track.name = QStringLiteral("run %1, %2").arg(run.id).arg(track.title);
  track.glyph = mark.glyph;
  track.ink = mark.ink;
  for (const TimelineSpan& span : order.spans) {
    const auto found = std::ranges::find(run.layers, span.layer + 1, &db::LayerResult::number);
    if (found == run.layers.end() || found->cycles.runs == 0) continue;
    append(track, span.layer, static_cast<double>(found->cycles.median) / perMs);
  }
  if (run.inference.runs > 0) {
    const double whole = static_cast<double>(run.inference.median) / perMs;
    if (whole > track.total) append(track, -1, whole - track.total);
  }
  return track.spans.empty() ? std::nullopt : std::optional(std::move(track));
}

TimelineTrack trackOfBaseline(const ReportDiff& diff, const Timeline& order) {
  TimelineTrack track;
  track.title = QStringLiteral("baseline");
  track.name =
      QStringLiteral("baseline %1 on %2").arg(toQt(diff.base.model), toQt(diff.base.board));
  track.ink = Ink::Unknown;
  if (order.groups.empty()) {
    for (const LayerDifference& layer : diff.layers) {
      if (layer.baseNumber)
        append(track, layer.freshNumber.value_or(0) - 1, baseMilliseconds(layer));
    }
    return track;
  }
  for (const TimelineSpan& span : order.spans) {
    const auto found = std::ranges::find(diff.layers, std::optional(span.layer + 1),
                                         &LayerDifference::freshNumber);
    if (found != diff.layers.end() && found->baseNumber)
      append(track, span.layer, baseMilliseconds(*found));
  }
  for (const LayerDifference& layer : diff.layers) {
    if (!layer.freshNumber) append(track, -1, baseMilliseconds(layer));
  }
  return track;
}

}  // namespace mcuprof::gui
