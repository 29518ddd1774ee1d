#include "db/energy_store.hpp"

namespace mcuprof::db {
namespace {

constexpr std::int64_t kWholeInference = 0;

Result<void> insertBlock(Statement& insert, std::int64_t run, std::int64_t number,
                         const BlockEnergy& block) {
  insert.bind(run).bind(number).bind(block.executions).bind(block.samples).bind(block.seconds);
  insert.bind(block.joules).bind(block.joulesLow).bind(block.joulesHigh);
  return insert.bind(block.averageWatts).bind(block.peakWatts).run();
}

BlockEnergy blockAt(const Statement& row) {
  return {row.integer(1), row.integer(2), row.real(3), row.real(4),
          row.real(5),    row.real(6),    row.real(7), row.real(8)};
}

}  // namespace

Result<void> insertEnergy(Connection& connection, std::int64_t run, const RunEnergy& energy) {
  auto insert = connection.prepare(
      "INSERT INTO energies (run_id, meter, meter_detail, supply_volts, supply_source, sample_hz, "
      "samples, missing, overloads, alignment, alignment_quality, alignment_seconds, drift_ppm, "
      "idle_before_watts, idle_after_watts, findings, trouble) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(run).bind(energy.meter).bind(energy.meterDetail).bind(energy.supplyVolts);
  insert->bind(energy.supplySource).bind(energy.sampleHz).bind(energy.samples);
  insert->bind(energy.missing).bind(energy.overloads).bind(energy.alignment);
  insert->bind(energy.alignmentQuality).bind(energy.alignmentSeconds).bind(energy.driftPpm);
  insert->bind(energy.idleBeforeWatts).bind(energy.idleAfterWatts).bind(energy.findings);
  if (auto done = insert->bind(energy.trouble).run(); !done) return done;

  auto block = connection.prepare(
      "INSERT INTO layer_energies (run_id, number, executions, samples, seconds, joules, "
      "joules_low, joules_high, average_watts, peak_watts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!block) return block.error();
  if (energy.inference) {
    if (auto done = insertBlock(*block, run, kWholeInference, *energy.inference); !done) {
      return done;
    }
  }
  for (const LayerEnergy& layer : energy.layers) {
    if (auto done = insertBlock(*block, run, layer.number, layer.block); !done) return done;
  }
  if (energy.trace.empty()) return {};
  auto trace = connection.prepare("INSERT INTO energy_traces (run_id, data) VALUES (?, ?)");
  if (!trace) return trace.error();
  return trace->bind(run).bindBlob(energy.trace).run();
}

Result<std::optional<RunEnergy>> loadEnergy(Connection& connection, std::int64_t run) {
  auto row = connection.prepare(
      "SELECT meter, meter_detail, supply_volts, supply_source, sample_hz, samples, missing, "
      "overloads, alignment, alignment_quality, alignment_seconds, drift_ppm, idle_before_watts, "
      "idle_after_watts, findings, trouble FROM energies WHERE run_id = ?");
  if (!row) return row.error();
  const auto found = row->bind(run).step();
  if (!found) return found.error();
  if (!*found) return std::optional<RunEnergy>();
  RunEnergy energy;
  energy.meter = row->text(0);
  energy.meterDetail = row->text(1);
  energy.supplyVolts = row->real(2);
  energy.supplySource = row->text(3);
  energy.sampleHz = row->real(4);
  energy.samples = row->integer(5);
  energy.missing = row->integer(6);
  energy.overloads = row->integer(7);
  energy.alignment = row->text(8);
  energy.alignmentQuality = row->real(9);
  energy.alignmentSeconds = row->real(10);
  energy.driftPpm = row->real(11);
  energy.idleBeforeWatts = row->optionalReal(12);
  energy.idleAfterWatts = row->optionalReal(13);
  energy.findings = row->text(14);
  energy.trouble = row->text(15);
  auto blocks = connection.prepare(
      "SELECT number, executions, samples, seconds, joules, joules_low, joules_high, "
      "average_watts, peak_watts FROM layer_energies WHERE run_id = ? ORDER BY number");
  if (!blocks) return blocks.error();
  blocks->bind(run);
  const auto readBlocks = blocks->each([&] {
    const std::int64_t number = blocks->integer(0);
    if (number == kWholeInference) {
      energy.inference = blockAt(*blocks);
    } else {
      energy.layers.push_back({static_cast<std::int32_t>(number), blockAt(*blocks)});
    }
  });
  if (!readBlocks) return readBlocks.error();
  return std::optional<RunEnergy>(std::move(energy));
}

Result<std::vector<std::byte>> loadTrace(Connection& connection, std::int64_t run) {
  auto row = connection.prepare("SELECT data FROM energy_traces WHERE run_id = ?");
  if (!row) return row.error();
  const auto found = row->bind(run).step();
  if (!found) return found.error();
  if (!*found) return std::vector<std::byte>();
  return row->blob(0);
}

}  // namespace mcuprof::db
