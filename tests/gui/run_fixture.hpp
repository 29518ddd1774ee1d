#pragma once

#include <string>
#include <vector>

#include "db/run.hpp"
#include "gui/session/session.hpp"

namespace mcuprof::test {

/// A run of the snapshot's model on its board, with its predictions. Layer i (from 0) took
/// `factors[i % size]` times its predicted cycles, the inference the sum of the layers.
db::RunRecord runFor(const gui::Snapshot& snapshot, db::Provenance provenance,
                     const std::vector<double>& factors);

/// Stores the runs in a new database at `path`; their ids are 1, 2, ...
void storeRuns(const std::string& path, const std::vector<db::RunRecord>& runs);

/// Holds the run against the session's predictions, as run 1.
void attachRun(gui::Session& session, db::RunRecord run);

}  // namespace mcuprof::test
