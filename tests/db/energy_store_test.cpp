#include "db/energy_store.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "db/energy_trace.hpp"
#include "db/migrations.hpp"
#include "tests/db/database_folder.hpp"
#include "tests/db/sample_run.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::db {
namespace {

using test::sampleRun;

EnergyTrace sampleTrace(std::size_t samples) {
  EnergyTrace trace;
  trace.sampleHz = 100'000;
  for (std::size_t i = 0; i < samples; ++i) {
    trace.watts.push_back(static_cast<float>(0.3 + 0.01 * std::sin(static_cast<double>(i))));
    trace.marks.push_back(i / 100 % 3 == 1);
  }
  return trace;
}

RunEnergy sampleEnergy() {
  RunEnergy energy;
  energy.meter = "ppk2";
  energy.meterDetail = "HW 9173";
  energy.supplyVolts = 3.3;
  energy.supplySource = "board file";
  energy.sampleHz = 100'000;
  energy.samples = 1234;
  energy.missing = 5;
  energy.overloads = 1;
  energy.alignment = "trigger";
  energy.alignmentQuality = 0.99;
  energy.alignmentSeconds = 4e-6;
  energy.driftPpm = 12.5;
  energy.idleBeforeWatts = 0.079;
  energy.findings = "5 samples are missing";
  energy.inference = BlockEnergy{40, 90'000, 1.01, 0.0075, 0.0074, 0.0076, 0.29, 0.31};
  energy.layers = {{1, {7, 22, 3e-4, 1e-5, 9e-6, 1.1e-5, 0.3, 0.31}},
                   {4, {1, 800, 9e-3, 2e-3, 1.9e-3, 2.1e-3, 0.28, 0.3}}};
  return energy;
}

class EnergyStore : public test::DatabaseFolder {};

TEST_F(EnergyStore, GivesBackWhatWasStored) {
  Database database = open();
  RunRecord run = sampleRun(5);
  run.energy = sampleEnergy();
  const auto id = insertRun(database, run);
  ASSERT_TRUE(id) << id.error().text();
  const auto loaded = loadRun(database, *id);
  ASSERT_TRUE(loaded && *loaded);
  run.id = *id;
  EXPECT_EQ(**loaded, run);
  EXPECT_TRUE(loadTrace(database.connection(), *id)->empty());
}

TEST_F(EnergyStore, KeepsTheTraceAndWhyThereAreNoFigures) {
  Database database = open();
  RunRecord run = sampleRun(1);
  run.energy = RunEnergy{};
  run.energy->trouble = "the meter was unplugged";
  run.energy->trace = packTrace(sampleTrace(1000));
  const auto id = insertRun(database, run);
  ASSERT_TRUE(id) << id.error().text();
  const auto trace = loadTrace(database.connection(), *id);
  ASSERT_TRUE(trace);
  EXPECT_EQ(*trace, run.energy->trace);
  const auto loaded = loadEnergy(database.connection(), *id);
  ASSERT_TRUE(loaded && *loaded);
  EXPECT_EQ((*loaded)->trouble, "the meter was unplugged");
  EXPECT_FALSE((*loaded)->inference);
}

TEST_F(EnergyStore, LeavesWithItsRun) {
  Database database = open();
  RunRecord run = sampleRun(1);
  run.energy = sampleEnergy();
  run.energy->trace = packTrace(sampleTrace(10));
  ASSERT_TRUE(insertRun(database, run));
  ASSERT_TRUE(database.connection().execute("DELETE FROM runs"));
  for (const char* table : {"energies", "layer_energies", "energy_traces"}) {
    EXPECT_EQ(*database.connection().number(std::string("SELECT count(*) FROM ") + table), 0);
  }
}

TEST_F(EnergyStore, ComesToADatabaseOfTheFirstVersionWithoutLoss) {
  const std::string path = (m_folder.path() / "old.db").string();
  {
    auto old = Connection::open(path, Access::ReadWrite);
    ASSERT_TRUE(old);
    ASSERT_TRUE(old->execute(migrations()[0]));
    ASSERT_TRUE(old->execute("PRAGMA application_id = 0x6d637570; PRAGMA user_version = 1"));
    ASSERT_TRUE(old->execute(
        "INSERT INTO models (sha256, name, bytes, operators, macs) VALUES "
        "('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'old', 1, 2, 3)"));
  }
  auto database = Database::open(path, Access::ReadWrite);
  ASSERT_TRUE(database) << database.error().text();
  EXPECT_EQ(*database->connection().number("SELECT count(*) FROM models"), 1);
  RunRecord run = sampleRun(1);
  run.energy = sampleEnergy();
  EXPECT_TRUE(insertRun(*database, run));
}

TEST(EnergyTraceTest, KeepsMarksAndFourteenBitsOfEachValue) {
  const EnergyTrace trace = sampleTrace(10'001);
  const auto bytes = packTrace(trace);
  EXPECT_LT(bytes.size(), 10'001U * 4);
  const auto back = unpackTrace(bytes);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->sampleHz, trace.sampleHz);
  EXPECT_EQ(back->marks, trace.marks);
  ASSERT_EQ(back->watts.size(), trace.watts.size());
  for (std::size_t i = 0; i < trace.watts.size(); ++i) {
    ASSERT_NEAR(back->watts[i], trace.watts[i], trace.watts[i] * 3.1e-5);
  }
}

TEST(EnergyTraceTest, OfASteadyPowerTakesNextToNothing) {
  EnergyTrace trace;
  trace.sampleHz = 100'000;
  trace.watts.assign(1'000'000, 0.297F);
  trace.marks.assign(1'000'000, true);
  EXPECT_LT(packTrace(trace).size(), 10'000U);
}

TEST(EnergyTraceTest, RefusesWhatIsNone) {
  const auto bytes = packTrace(sampleTrace(100));
  const auto textOf = [](std::vector<std::byte> data) { return unpackTrace(data).error().text(); };
  EXPECT_EQ(textOf({}), "energy trace: is no trace of mcuprof");
  auto newer = bytes;
  newer[4] = std::byte{2};
  EXPECT_EQ(textOf(newer), "energy trace: was written by a newer mcuprof");
  auto cut = bytes;
  cut.resize(cut.size() - 5);
  EXPECT_EQ(textOf(cut), "energy trace: is damaged");
  auto longer = bytes;
  longer[17] = std::byte{1};  // 256 samples more
  EXPECT_EQ(textOf(longer), "energy trace: is damaged");
  auto huge = bytes;
  huge[20] = std::byte{0xff};
  EXPECT_EQ(textOf(huge), "energy trace: is damaged");
}

}  // namespace
}  // namespace mcuprof::db
