#include "db/calibration_store.hpp"

#include <fmt/format.h>

#include "db/shared_rows.hpp"

namespace mcuprof::db {
namespace {

constexpr const char* kColumns =
    "SELECT calibrations.id, uuid, created, boards.sha256, boards.name, boards.title, boards.chip, "
    "boards.core, boards.clock_hz, runtimes.sha256, runtimes.name, runtimes.version, costs_sha256, "
    "provenance, tool_version, runs, models, error_before, error_after, board_band, layer_band "
    "FROM calibrations JOIN boards ON boards.id = board_id JOIN runtimes ON runtimes.id = "
    "runtime_id";

Result<void> insertParameters(Connection& connection, std::int64_t id,
                              const StoredCalibration& calibration) {
  auto insert = connection.prepare(
      "INSERT INTO calibration_parameters (calibration_id, name, fitted, uncalibrated, value, low, "
      "high, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  for (const StoredParameter& p : calibration.parameters) {
    insert->bind(id).bind(p.name).bind(p.fitted).bind(p.uncalibrated).bind(p.value);
    if (auto done = insert->bind(p.low).bind(p.high).bind(p.why).run(); !done) return done;
  }
  return {};
}

Result<void> insertInputs(Connection& connection, std::int64_t id,
                          const StoredCalibration& calibration) {
  auto insert = connection.prepare(
      "INSERT INTO calibration_inputs (calibration_id, position, run_uuid, model_sha256, model, "
      "layer, measured, before, after, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  std::int64_t position = 0;
  for (const CalibrationInput& input : calibration.inputs) {
    insert->bind(id).bind(position++).bind(input.runUuid).bind(input.modelSha256);
    insert->bind(input.model).bind(input.layer).bind(input.measured).bind(input.before);
    if (auto done = insert->bind(input.after).bind(input.weight).run(); !done) return done;
  }
  return {};
}

Result<void> insertPower(Connection& connection, std::int64_t id,
                         const StoredPowerCalibration& power) {
  auto row = connection.prepare(
      "INSERT INTO power_calibrations (calibration_id, value, low, high, band, error_before, "
      "error_after) VALUES (?, ?, ?, ?, ?, ?, ?)");
  if (!row) return row.error();
  row->bind(id).bind(power.value).bind(power.low).bind(power.high).bind(power.band);
  if (auto done = row->bind(power.errorBefore).bind(power.errorAfter).run(); !done) return done;
  auto insert = connection.prepare(
      "INSERT INTO power_calibration_inputs (calibration_id, position, run_uuid, model_sha256, "
      "model, measured, before, after, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  std::int64_t position = 0;
  for (const CalibrationInput& input : power.inputs) {
    insert->bind(id).bind(position++).bind(input.runUuid).bind(input.modelSha256);
    insert->bind(input.model).bind(input.measured).bind(input.before);
    if (auto done = insert->bind(input.after).bind(input.weight).run(); !done) return done;
  }
  return {};
}

Result<bool> hasTable(Connection& connection, std::string_view name) {
  auto rows = connection.prepare("SELECT count(*) FROM sqlite_schema WHERE name = ?");
  if (!rows) return rows.error();
  rows->bind(name);
  const auto found = rows->step();
  if (!found) return found.error();
  return *found && rows->integer(0) != 0;
}

/// Without its inputs. Nothing when energies taught none, and in a file that is older than that.
Result<std::optional<StoredPowerCalibration>> readPower(Connection& connection, std::int64_t id) {
  std::optional<StoredPowerCalibration> out;
  const auto known = hasTable(connection, "power_calibrations");
  if (!known) return known.error();
  if (!*known) return out;
  auto row = connection.prepare(
      "SELECT value, low, high, band, error_before, error_after FROM power_calibrations WHERE "
      "calibration_id = ?");
  if (!row) return row.error();
  row->bind(id);
  const auto found = row->step();
  if (!found) return found.error();
  if (*found) {
    out = StoredPowerCalibration{
        row->real(0), row->real(1), row->real(2), row->real(3), row->real(4), row->real(5), {}};
  }
  return out;
}

/// Inputs by a statement of run, SHA-256, model, layer, measured, before, after and weight.
Result<std::vector<CalibrationInput>> readInputs(Connection& connection, std::int64_t id,
                                                 const char* sql) {
  auto rows = connection.prepare(sql);
  if (!rows) return rows.error();
  rows->bind(id);
  std::vector<CalibrationInput> out;
  const auto read = rows->each([&] {
    out.push_back({rows->text(0), rows->text(1), rows->text(2), rows->optionalInteger(3),
                   rows->real(4), rows->real(5), rows->real(6), rows->real(7)});
  });
  if (!read) return read.error();
  return out;
}

/// The calibration of the row that `rows` stands on.
Result<StoredCalibration> readRow(Connection& connection, const Statement& row) {
  StoredCalibration out;
  out.id = row.integer(0);
  out.uuid = row.text(1);
  out.created = row.text(2);
  out.board = {row.text(3), row.text(4), row.text(5), row.text(6), row.text(7), row.integer(8)};
  out.runtime = {row.text(9), row.text(10), row.text(11)};
  out.costsSha256 = row.text(12);
  out.provenance =
      row.text(13) == nameOf(Provenance::Imported) ? Provenance::Imported : Provenance::Measured;
  out.toolVersion = row.text(14);
  out.runs = row.integer(15);
  out.models = row.integer(16);
  out.errorBefore = row.real(17);
  out.errorAfter = row.real(18);
  out.boardBand = row.real(19);
  out.layerBand = row.real(20);
  auto rows = connection.prepare(
      "SELECT name, fitted, uncalibrated, value, low, high, why FROM calibration_parameters "
      "WHERE calibration_id = ? ORDER BY name");
  if (!rows) return rows.error();
  rows->bind(out.id);
  const auto read = rows->each([&] {
    out.parameters.push_back({rows->text(0), rows->integer(1) != 0, rows->real(2), rows->real(3),
                              rows->real(4), rows->real(5), rows->text(6)});
  });
  if (!read) return read.error();
  auto power = readPower(connection, out.id);
  if (!power) return power.error();
  out.power = *std::move(power);
  return out;
}

Result<std::optional<StoredCalibration>> first(Connection& connection, Statement& rows) {
  const auto found = rows.step();
  if (!found) return found.error();
  if (!*found) return std::optional<StoredCalibration>();
  auto out = readRow(connection, rows);
  if (!out) return out.error();
  return std::optional(*std::move(out));
}

}  // namespace

Result<std::int64_t> insertCalibration(Database& database, const StoredCalibration& calibration) {
  Connection& connection = database.connection();
  auto transaction = Transaction::begin(connection);
  if (!transaction) return transaction.error();
  const auto board = boardId(connection, calibration.board);
  if (!board) return board.error();
  const auto runtime = runtimeId(connection, calibration.runtime);
  if (!runtime) return runtime.error();
  auto insert = connection.prepare(
      "INSERT INTO calibrations (uuid, created, board_id, runtime_id, costs_sha256, provenance, "
      "tool_version, runs, models, error_before, error_after, board_band, layer_band) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(calibration.uuid).bind(calibration.created).bind(*board).bind(*runtime);
  insert->bind(calibration.costsSha256).bind(std::string_view(nameOf(calibration.provenance)));
  insert->bind(calibration.toolVersion).bind(calibration.runs).bind(calibration.models);
  insert->bind(calibration.errorBefore).bind(calibration.errorAfter);
  insert->bind(calibration.boardBand).bind(calibration.layerBand);
  if (auto done = insert->run(); !done) return done.error();
  const std::int64_t id = connection.lastRowId();
  if (auto done = insertParameters(connection, id, calibration); !done) return done.error();
  if (auto done = insertInputs(connection, id, calibration); !done) return done.error();
  if (calibration.power) {
    if (auto done = insertPower(connection, id, *calibration.power); !done) return done.error();
  }
  if (auto done = transaction->commit(); !done) return done.error();
  return id;
}

Result<std::optional<StoredCalibration>> findCalibration(Database& database,
                                                         const CalibrationKey& key) {
  Connection& connection = database.connection();
  const auto any = hasTable(connection, "calibrations");
  if (!any) return any.error();
  if (!*any) return std::optional<StoredCalibration>();
  auto rows = connection.prepare(
      fmt::format("{} WHERE boards.sha256 = ? AND runtimes.sha256 = ? AND costs_sha256 = ? "
                  "ORDER BY created DESC, calibrations.id DESC LIMIT 1",
                  kColumns));
  if (!rows) return rows.error();
  rows->bind(key.board).bind(key.runtime).bind(key.costs);
  return first(connection, *rows);
}

Result<std::optional<StoredCalibration>> findCalibrationByName(Database& database,
                                                               const std::string& board,
                                                               const std::string& runtime) {
  Connection& connection = database.connection();
  const auto any = hasTable(connection, "calibrations");
  if (!any) return any.error();
  if (!*any) return std::optional<StoredCalibration>();
  auto rows = connection.prepare(fmt::format(
      "{} WHERE boards.name = ? AND runtimes.name = ? ORDER BY created DESC, calibrations.id DESC "
      "LIMIT 1",
      kColumns));
  if (!rows) return rows.error();
  rows->bind(board).bind(runtime);
  return first(connection, *rows);
}

Result<std::optional<StoredCalibration>> loadCalibration(Database& database, std::int64_t id) {
  Connection& connection = database.connection();
  const auto any = hasTable(connection, "calibrations");
  if (!any) return any.error();
  if (!*any) return std::optional<StoredCalibration>();
  auto row = connection.prepare(fmt::format("{} WHERE calibrations.id = ?", kColumns));
  if (!row) return row.error();
  row->bind(id);
  auto out = first(connection, *row);
  if (!out || !*out) return out;
  auto inputs =
      readInputs(connection, id,
                 "SELECT run_uuid, model_sha256, model, layer, measured, before, after, weight "
                 "FROM calibration_inputs WHERE calibration_id = ? ORDER BY position");
  if (!inputs) return inputs.error();
  (*out)->inputs = *std::move(inputs);
  if (!(*out)->power) return out;
  auto powers =
      readInputs(connection, id,
                 "SELECT run_uuid, model_sha256, model, NULL, measured, before, after, weight "
                 "FROM power_calibration_inputs WHERE calibration_id = ? ORDER BY position");
  if (!powers) return powers.error();
  (*out)->power->inputs = *std::move(powers);
  return out;
}

}  // namespace mcuprof::db
