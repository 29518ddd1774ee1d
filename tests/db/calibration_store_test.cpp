#include "db/calibration_store.hpp"

#include <gtest/gtest.h>

#include "db/merge.hpp"
#include "db/prune.hpp"
#include "tests/db/database_folder.hpp"
#include "tests/db/sample_run.hpp"

namespace mcuprof::db {
namespace {

StoredCalibration sample(const std::string& created) {
  StoredCalibration out;
  out.uuid = makeUuid();
  out.created = created;
  out.board = test::sampleRun(1).board;
  out.runtime = test::sampleRun(1).runtime;
  out.costsSha256 = std::string(64, '7');
  out.provenance = Provenance::Imported;
  out.toolVersion = "0.1.0";
  out.runs = 5;
  out.models = 3;
  out.errorBefore = 0.2;
  out.errorAfter = 0.03;
  out.boardBand = 0.1;
  out.layerBand = 0.2;
  out.parameters = {{"flash stalls", false, 1, 1, 1, 1, "too few"},
                    {"scale", true, 1, 1.2, 1.1, 1.3, ""}};
  out.inputs = {{makeUuid(), std::string(64, 'a'), "a.tflite", std::nullopt, 100, 80, 96, 1},
                {makeUuid(), std::string(64, 'a'), "a.tflite", 3, 50, 40, 48, 0.4}};
  out.power = {1.25,
               1.2,
               1.3,
               0.06,
               0.2,
               0.01,
               {{makeUuid(), std::string(64, 'a'), "a.tflite", std::nullopt, 0.05, 0.04, 0.05, 1}}};
  return out;
}

class CalibrationStore : public test::DatabaseFolder {
 protected:
  static CalibrationKey key() {
    return {std::string(64, 'b'), std::string(64, 'c'), std::string(64, '7')};
  }
};

TEST_F(CalibrationStore, GivesBackWhatWasStored) {
  Database database = open();
  StoredCalibration stored = sample("2026-03-01T00:00:00Z");
  const auto id = insertCalibration(database, stored);
  ASSERT_TRUE(id) << id.error().text();
  const auto loaded = loadCalibration(database, *id);
  ASSERT_TRUE(loaded && *loaded);
  stored.id = *id;
  EXPECT_EQ(**loaded, stored);
  EXPECT_FALSE(*loadCalibration(database, 77));
  StoredCalibration without = sample("2026-03-02T00:00:00Z");
  without.power.reset();
  const auto second = insertCalibration(database, without);
  ASSERT_TRUE(second);
  EXPECT_FALSE((*loadCalibration(database, *second))->power);
}

TEST_F(CalibrationStore, FindsTheNewestForTheVeryFiles) {
  Database database = open();
  EXPECT_FALSE(*findCalibration(database, key()));
  ASSERT_TRUE(insertCalibration(database, sample("2026-03-02T00:00:00Z")));
  ASSERT_TRUE(insertCalibration(database, sample("2026-03-01T00:00:00Z")));
  StoredCalibration edited = sample("2026-03-09T00:00:00Z");
  edited.costsSha256 = std::string(64, '8');
  ASSERT_TRUE(insertCalibration(database, edited));
  const auto found = findCalibration(database, key());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->created, "2026-03-02T00:00:00Z");
  EXPECT_EQ((*found)->parameters.size(), 2U);
  ASSERT_TRUE((*found)->power);
  EXPECT_EQ((*found)->power->value, 1.25);
  const auto byName = findCalibrationByName(database, "nucleo-f767zi", "mcuprof-agent");
  ASSERT_TRUE(byName && *byName);
  EXPECT_EQ((*byName)->created, "2026-03-09T00:00:00Z");
  EXPECT_FALSE(*findCalibrationByName(database, "nucleo-f767zi", "other"));
}

TEST_F(CalibrationStore, OutlivesTheRunsItWasMadeFrom) {
  Database database = open();
  ASSERT_TRUE(insertRun(database, test::sampleRun(2)));
  ASSERT_TRUE(insertCalibration(database, sample("2026-03-02T00:00:00Z")));
  ASSERT_EQ(*pruneRuns(database, {.before = "", .board = "", .provenance = "virtual"}), 1);
  const auto found = findCalibration(database, key());
  ASSERT_TRUE(found && *found) << "its board went with the run";
}

TEST_F(CalibrationStore, IsMergedOnce) {
  Database ours = open();
  {
    Database theirs = open("theirs.db");
    ASSERT_TRUE(insertCalibration(theirs, sample("2026-03-02T00:00:00Z")));
  }
  for (int time = 0; time < 2; ++time) ASSERT_TRUE(mergeFile(ours, file("theirs.db")));
  EXPECT_EQ(*ours.connection().number("SELECT count(*) FROM calibrations"), 1);
  EXPECT_EQ(*ours.connection().number("SELECT count(*) FROM calibration_inputs"), 2);
  EXPECT_EQ(*ours.connection().number("SELECT count(*) FROM power_calibration_inputs"), 1);
}

TEST_F(CalibrationStore, KnowsNoPowerInAFileThatIsOlderThanIt) {
  const std::string path = file("old.db");
  {
    Database database = open("old.db");
    ASSERT_TRUE(insertCalibration(database, sample("2026-03-02T00:00:00Z")));
    ASSERT_TRUE(database.connection().execute(
        "DROP TABLE power_calibration_inputs; DROP TABLE power_calibrations; PRAGMA user_version = "
        "3"));
  }
  auto reader = Database::open(path, Access::ReadOnly);
  ASSERT_TRUE(reader) << reader.error().text();
  const auto found = findCalibration(*reader, key());
  ASSERT_TRUE(found && *found);
  EXPECT_FALSE((*found)->power);
}

TEST_F(CalibrationStore, KnowsNoneInAnOlderFile) {
  const std::string path = file("old.db");
  {
    auto old = makeScratch(1, "x");
    ASSERT_TRUE(old);
    auto copy = old->prepare("VACUUM INTO ?");
    ASSERT_TRUE(copy && copy->bind(path).run());
  }
  auto reader = Database::open(path, Access::ReadOnly);
  ASSERT_TRUE(reader) << reader.error().text();
  EXPECT_FALSE(*findCalibration(*reader, key()));
  EXPECT_FALSE(*findCalibrationByName(*reader, "nucleo-f767zi", "mcuprof-agent"));
}

}  // namespace
}  // namespace mcuprof::db
