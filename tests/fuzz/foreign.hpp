#pragma once

#include "db/import/foreign_run.hpp"
#include "db/run_store.hpp"

namespace mcuprof {

/// Stores what a reader gave, in a database in memory; ends the program when what should hold does
/// not.
inline int tryForeign(const Result<std::vector<db::ForeignRun>>& runs) {
  if (!runs) {
    if (runs.error().where.empty()) __builtin_trap();
    return 0;
  }
  db::ImportContext context;
  context.board.clockHz = 100'000'000;
  for (const db::ForeignRun& run : *runs) {
    const auto record = db::recordOf(run, context);
    if (!record) {
      if (record.error().where.empty()) __builtin_trap();
      continue;
    }
    if (record->provenance != db::Provenance::Imported || record->uuid.size() != 32)
      __builtin_trap();
    if (record->layers.size() != run.layers.size()) __builtin_trap();
    const auto again = db::recordOf(run, context);
    if (!again || again->uuid != record->uuid) __builtin_trap();
    for (const db::LayerResult& layer : record->layers) {
      if (layer.cycles.minimum > layer.cycles.median || layer.cycles.median > layer.cycles.maximum)
        __builtin_trap();
    }
  }
  return 0;
}

}  // namespace mcuprof
