#include "tests/gui/run_fixture.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "db/run_store.hpp"
#include "gui/measure/measurements.hpp"

namespace mcuprof::test {

db::RunRecord runFor(const gui::Snapshot& snapshot, db::Provenance provenance,
                     const std::vector<double>& factors) {
  const Report& report = snapshot.report;
  const InputFile& model = report.provenance.model();
  db::RunRecord run;
  run.uuid = db::makeUuid();
  run.started = "2026-03-01T12:34:56Z";
  run.provenance = provenance;
  if (provenance == db::Provenance::Imported) run.source = "other-tool.csv";
  run.model = {model.sha256, model.name, model.size.value, std::int64_t(report.operators),
               report.totals.macs.value};
  run.board = {std::string(64, 'b'), report.boardName, report.boardTitle,
               report.chip,          report.coreName,  report.clockHz.value};
  run.runtime = {std::string(64, 'c'), report.runtimeName, report.runtimeVersion};
  run.toolVersion = "0";
  run.input = "xorshift 1";
  run.repeats = 3;
  const Estimate& whole = report.costs.cycles;
  run.predicted = db::Prediction{whole.value, whole.low, whole.high};
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < report.costs.layers.size(); ++i) {
    const CostRow& cost = report.costs.layers[i];
    db::LayerResult layer;
    layer.number = cost.number;
    layer.kind = cost.kind;
    layer.name = cost.name;
    layer.kernel = cost.kernel;
    layer.predicted = db::Prediction{cost.cycles.value, cost.cycles.low, cost.cycles.high};
    layer.predictedBasis = "fitted";
    const auto median = std::int64_t(std::llround(cost.cycles.value * factors[i % factors.size()]));
    layer.cycles = {3, median, median, median};
    sum += median;
    run.layers.push_back(std::move(layer));
  }
  run.inference = {3, sum, sum, sum};
  return run;
}

void storeRuns(const std::string& path, const std::vector<db::RunRecord>& runs) {
  auto database = db::Database::open(path, db::Access::ReadWrite);
  ASSERT_TRUE(database) << database.error().text();
  for (const db::RunRecord& run : runs) {
    const auto id = db::insertRun(*database, run);
    ASSERT_TRUE(id) << id.error().text();
  }
}

void attachRun(gui::Session& session, db::RunRecord run) {
  run.id = 1;
  gui::Measurements::of(session).setRun(std::make_shared<const db::RunRecord>(std::move(run)));
}

}  // namespace mcuprof::test
