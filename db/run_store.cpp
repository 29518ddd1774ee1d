#include "db/run_store.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <string_view>

#include "db/counter_store.hpp"
#include "db/energy_store.hpp"
#include "db/shared_rows.hpp"

namespace mcuprof::db {
namespace {

/// The id of the row with this sha256, which `insert` makes when there is none.
Result<std::int64_t> idOf(Connection& connection, Statement& insert, const char* table,
                          const std::string& sha256) {
  if (auto done = insert.run(); !done) return done.error();
  auto find = connection.prepare(fmt::format("SELECT id FROM {} WHERE sha256 = ?", table));
  if (!find) return find.error();
  const auto row = find->bind(sha256).step();
  if (!row) return row.error();
  return find->integer(0);
}

void bindPrediction(Statement& statement, const std::optional<Prediction>& predicted) {
  if (predicted) {
    statement.bind(predicted->value).bind(predicted->low).bind(predicted->high);
  } else {
    statement.bindNull().bindNull().bindNull();
  }
}

void bindCycles(Statement& statement, const CycleSummary& cycles) {
  statement.bind(cycles.runs);
  if (cycles.runs > 0) {
    statement.bind(cycles.minimum).bind(cycles.median).bind(cycles.maximum);
  } else {
    statement.bindNull().bindNull().bindNull();
  }
}

/// Reads what bindPrediction() wrote, from `column` on.
std::optional<Prediction> predictionAt(const Statement& row, int column) {
  const auto value = row.optionalReal(column);
  if (!value) return std::nullopt;
  return Prediction{*value, row.real(column + 1), row.real(column + 2)};
}

CycleSummary cyclesAt(const Statement& row, int column) {
  return {row.integer(column), row.integer(column + 1), row.integer(column + 2),
          row.integer(column + 3)};
}

std::string hashText(const std::vector<std::uint32_t>& hashes) {
  std::string text;
  for (const std::uint32_t hash : hashes) text += fmt::format("{:08x} ", hash);
  if (!text.empty()) text.pop_back();
  return text;
}

std::vector<std::uint32_t> hashesOf(std::string_view text) {
  std::vector<std::uint32_t> hashes;
  for (; text.size() >= 8; text.remove_prefix(std::min<std::size_t>(9, text.size()))) {
    std::uint32_t hash = 0;
    std::from_chars(text.data(), text.data() + 8, hash, 16);
    hashes.push_back(hash);
  }
  return hashes;
}

Provenance provenanceOf(const std::string& name) {
  for (const Provenance provenance :
       {Provenance::Measured, Provenance::Virtual, Provenance::Predicted}) {
    if (name == nameOf(provenance)) return provenance;
  }
  return Provenance::Imported;  // the schema lets no fifth word in
}

Result<void> insertMachine(Connection& connection, std::int64_t id, const RunRecord& run) {
  auto insert = connection.prepare(
      "INSERT INTO machine_states (run_id, position, key, value, expected, agrees) "
      "VALUES (?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  std::int64_t position = 0;
  for (const MachineFact& fact : run.machine) {
    insert->bind(id).bind(position++).bind(fact.key).bind(fact.value).bind(fact.expected);
    if (auto done = insert->bind(fact.agrees).run(); !done) return done;
  }
  return {};
}

Result<void> insertLayers(Connection& connection, std::int64_t id, const RunRecord& run) {
  auto insert = connection.prepare(
      "INSERT INTO layers (run_id, number, kind, name, kernel, shape, macs, predicted, "
      "predicted_low, predicted_high, predicted_basis, runs, cycles_min, cycles_median, "
      "cycles_max, output_hashes, reference_hashes, cause, trouble) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  for (const LayerResult& layer : run.layers) {
    insert->bind(id).bind(layer.number).bind(layer.kind).bind(layer.name).bind(layer.kernel);
    insert->bind(layer.shape).bind(layer.macs);
    bindPrediction(*insert, layer.predicted);
    insert->bind(layer.predictedBasis);
    bindCycles(*insert, layer.cycles);
    insert->bind(hashText(layer.outputHashes)).bind(hashText(layer.referenceHashes));
    if (auto done = insert->bind(layer.cause).bind(layer.trouble).run(); !done) return done;
  }
  return {};
}

}  // namespace

Result<std::int64_t> modelId(Connection& connection, const StoredModel& model) {
  auto insert = connection.prepare(
      "INSERT INTO models (sha256, name, bytes, operators, macs) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert->bind(model.sha256)
      .bind(model.name)
      .bind(model.bytes)
      .bind(model.operators)
      .bind(model.macs);
  return idOf(connection, *insert, "models", model.sha256);
}

Result<std::int64_t> boardId(Connection& connection, const StoredBoard& board) {
  auto insert = connection.prepare(
      "INSERT INTO boards (sha256, name, title, chip, core, clock_hz) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert->bind(board.sha256).bind(board.name).bind(board.title).bind(board.chip);
  insert->bind(board.core).bind(board.clockHz);
  return idOf(connection, *insert, "boards", board.sha256);
}

Result<std::int64_t> runtimeId(Connection& connection, const StoredRuntime& runtime) {
  auto insert = connection.prepare(
      "INSERT INTO runtimes (sha256, name, version) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert->bind(runtime.sha256).bind(runtime.name).bind(runtime.version);
  return idOf(connection, *insert, "runtimes", runtime.sha256);
}

Result<std::int64_t> insertRun(Database& database, const RunRecord& run) {
  Connection& connection = database.connection();
  auto transaction = Transaction::begin(connection);
  if (!transaction) return transaction.error();
  const auto model = modelId(connection, run.model);
  if (!model) return model.error();
  const auto board = boardId(connection, run.board);
  if (!board) return board.error();
  const auto runtime = runtimeId(connection, run.runtime);
  if (!runtime) return runtime.error();

  auto insert = connection.prepare(
      "INSERT INTO runs (uuid, started, provenance, source, model_id, board_id, runtime_id, "
      "tool_version, agent_version, agent_build, kernel_library, compiler, probe, calibration, "
      "input, warm_up, repeats, predicted, predicted_low, predicted_high, inference_runs, "
      "inference_min, "
      "inference_median, inference_max, swo_frames, swo_lost, unrepaired) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(run.uuid).bind(run.started).bind(std::string_view(nameOf(run.provenance)));
  insert->bind(run.source).bind(*model).bind(*board).bind(*runtime).bind(run.toolVersion);
  insert->bind(run.agentVersion).bind(run.agentBuild).bind(run.kernelLibrary);
  insert->bind(run.compiler)
      .bind(run.probe)
      .bind(run.calibration)
      .bind(run.input)
      .bind(run.warmUp)
      .bind(run.repeats);
  bindPrediction(*insert, run.predicted);
  bindCycles(*insert, run.inference);
  insert->bind(run.swoFrames).bind(run.swoLost).bind(run.unrepaired);
  if (auto done = insert->run(); !done) return done.error();
  const std::int64_t id = connection.lastRowId();
  if (auto done = insertMachine(connection, id, run); !done) return done.error();
  if (auto done = insertLayers(connection, id, run); !done) return done.error();
  if (auto done = insertCounters(connection, id, run.layers); !done) return done.error();
  if (run.energy) {
    if (auto done = insertEnergy(connection, id, *run.energy); !done) return done.error();
  }
  if (auto done = transaction->commit(); !done) return done.error();
  return id;
}

Result<std::vector<RunSummary>> listRuns(Database& database, const RunFilter& filter) {
  auto rows = database.connection().prepare(
      "SELECT runs.id, started, provenance, models.name, boards.name, runtimes.name, "
      "predicted, predicted_low, predicted_high, inference_runs, inference_min, inference_median, "
      "inference_max, clock_hz, "
      "(SELECT count(*) FROM layers WHERE run_id = runs.id), "
      "(SELECT count(*) FROM layers WHERE run_id = runs.id AND layers.runs = 0) "
      "FROM runs JOIN models ON models.id = model_id JOIN boards ON boards.id = board_id "
      "JOIN runtimes ON runtimes.id = runtime_id "
      "WHERE (?1 = '' OR instr(models.name, ?1) > 0 OR substr(models.sha256, 1, length(?1)) = ?1) "
      "AND (?2 = '' OR boards.name = ?2) ORDER BY runs.id DESC LIMIT ?3");
  if (!rows) return rows.error();
  rows->bind(filter.model).bind(filter.board).bind(filter.limit);
  std::vector<RunSummary> out;
  const auto read = rows->each([&] {
    out.push_back({rows->integer(0), rows->text(1), rows->text(2), rows->text(3), rows->text(4),
                   rows->text(5), predictionAt(*rows, 6), cyclesAt(*rows, 9), rows->integer(13),
                   rows->integer(14), rows->integer(15)});
  });
  if (!read) return read.error();
  return out;
}

Result<std::optional<RunRecord>> loadRun(Database& database, std::int64_t id) {
  Connection& connection = database.connection();
  const auto version = database.version();
  if (!version) return version.error();
  // A reader may have an older file, from before compilers were kept.
  const std::string compiler = *version >= 6 ? "compiler" : "''";
  auto row = connection.prepare(
      "SELECT runs.id, uuid, started, provenance, source, tool_version, agent_version, "
      "agent_build, kernel_library, probe, calibration, input, warm_up, repeats, "
      "predicted, predicted_low, predicted_high, inference_runs, inference_min, inference_median, "
      "inference_max, swo_frames, swo_lost, unrepaired, "
      "models.sha256, models.name, models.bytes, models.operators, models.macs, "
      "boards.sha256, boards.name, boards.title, boards.chip, boards.core, boards.clock_hz, "
      "runtimes.sha256, runtimes.name, runtimes.version, " +
      compiler +
      " FROM runs JOIN models ON models.id = model_id JOIN boards ON boards.id = board_id "
      "JOIN runtimes ON runtimes.id = runtime_id WHERE runs.id = ?");
  if (!row) return row.error();
  const auto found = row->bind(id).step();
  if (!found) return found.error();
  if (!*found) return std::optional<RunRecord>();
  RunRecord run;
  run.id = row->integer(0);
  run.uuid = row->text(1);
  run.started = row->text(2);
  run.provenance = provenanceOf(row->text(3));
  run.source = row->text(4);
  run.toolVersion = row->text(5);
  run.agentVersion = row->text(6);
  run.agentBuild = row->text(7);
  run.kernelLibrary = row->text(8);
  run.probe = row->text(9);
  run.calibration = row->text(10);
  run.input = row->text(11);
  run.warmUp = row->integer(12);
  run.repeats = row->integer(13);
  run.predicted = predictionAt(*row, 14);
  run.inference = cyclesAt(*row, 17);
  run.swoFrames = row->integer(21);
  run.swoLost = row->integer(22);
  run.unrepaired = row->integer(23);
  run.model = {row->text(24), row->text(25), row->integer(26), row->integer(27), row->integer(28)};
  run.board = {row->text(29), row->text(30), row->text(31),
               row->text(32), row->text(33), row->integer(34)};
  run.runtime = {row->text(35), row->text(36), row->text(37)};
  run.compiler = row->text(38);

  auto facts = connection.prepare(
      "SELECT key, value, expected, agrees FROM machine_states WHERE run_id = ? ORDER BY position");
  if (!facts) return facts.error();
  facts->bind(id);
  const auto readFacts = facts->each([&] {
    run.machine.push_back({facts->text(0), facts->text(1), facts->text(2), facts->integer(3) != 0});
  });
  if (!readFacts) return readFacts.error();

  auto layers = connection.prepare(
      "SELECT number, kind, name, kernel, shape, macs, predicted, predicted_low, predicted_high, "
      "predicted_basis, runs, cycles_min, cycles_median, cycles_max, output_hashes, "
      "reference_hashes, "
      "cause, trouble FROM layers WHERE run_id = ? ORDER BY number");
  if (!layers) return layers.error();
  layers->bind(id);
  const auto readLayers = layers->each([&] {
    LayerResult layer;
    layer.number = static_cast<std::int32_t>(layers->integer(0));
    layer.kind = layers->text(1);
    layer.name = layers->text(2);
    layer.kernel = layers->text(3);
    layer.shape = layers->text(4);
    layer.macs = layers->optionalInteger(5);
    layer.predicted = predictionAt(*layers, 6);
    layer.predictedBasis = layers->text(9);
    layer.cycles = cyclesAt(*layers, 10);
    layer.outputHashes = hashesOf(layers->text(14));
    layer.referenceHashes = hashesOf(layers->text(15));
    layer.cause = layers->text(16);
    layer.trouble = layers->text(17);
    run.layers.push_back(std::move(layer));
  });
  if (!readLayers) return readLayers.error();
  // A reader may have an older file, from before there were meters or counters.
  if (*version >= 2) {
    auto energy = loadEnergy(connection, id);
    if (!energy) return energy.error();
    run.energy = std::move(*energy);
  }
  if (*version >= 5) {
    if (auto done = loadCounters(connection, id, run.layers); !done) return done.error();
  }
  return std::optional<RunRecord>(std::move(run));
}

Result<bool> hasRun(Database& database, const std::string& uuid) {
  auto row = database.connection().prepare("SELECT 1 FROM runs WHERE uuid = ?");
  if (!row) return row.error();
  return row->bind(uuid).step();
}

std::string makeUuid() {
  std::array<unsigned char, 16> bytes{};
  // 16 bytes come at once and without a signal in between (getrandom(2)).
  [[maybe_unused]] const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string timeNow() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace mcuprof::db
