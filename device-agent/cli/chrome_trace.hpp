#pragma once

#include <string>
#include <vector>

#include "db/run.hpp"
#include "device-agent/host/session.hpp"

namespace mcuprof::cli {

/// The layers of each timed pass as a JSON trace that Perfetto and chrome://tracing open: one track
/// a pass, times in microseconds of the board's clock.
std::string renderChromeTrace(const db::RunRecord& run, const std::vector<TimelineEntry>& timeline);

}  // namespace mcuprof::cli
