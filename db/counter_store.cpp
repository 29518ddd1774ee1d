#include "db/counter_store.hpp"

#include <algorithm>

namespace mcuprof::db {

Result<void> insertCounters(Connection& connection, std::int64_t run,
                            const std::vector<LayerResult>& layers) {
  auto insert = connection.prepare(
      "INSERT INTO layer_counters (run_id, number, cycles, cpi, exc, sleep, lsu, fold) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  for (const LayerResult& layer : layers) {
    if (!layer.counters) continue;
    insert->bind(run).bind(layer.number).bind(layer.counters->cycles);
    if (const auto& counts = layer.counters->counts) {
      insert->bind(counts->cpi).bind(counts->exc).bind(counts->sleep);
      insert->bind(counts->lsu).bind(counts->fold);
    } else {
      insert->bindNull().bindNull().bindNull().bindNull().bindNull();
    }
    if (auto done = insert->run(); !done) return done;
  }
  return {};
}

Result<void> loadCounters(Connection& connection, std::int64_t run,
                          std::vector<LayerResult>& layers) {
  auto rows = connection.prepare(
      "SELECT number, cycles, cpi, exc, sleep, lsu, fold FROM layer_counters WHERE run_id = ?");
  if (!rows) return rows.error();
  rows->bind(run);
  return rows->each([&] {
    const auto layer = std::ranges::lower_bound(layers, rows->integer(0), {}, &LayerResult::number);
    if (layer == layers.end() || layer->number != rows->integer(0)) return;
    layer->counters = LayerCounters{rows->integer(1), {}};
    if (!rows->optionalInteger(2)) return;
    layer->counters->counts = {rows->integer(2), rows->integer(3), rows->integer(4),
                               rows->integer(5), rows->integer(6)};
  });
}

}  // namespace mcuprof::db
