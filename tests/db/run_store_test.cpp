#include "db/run_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/db/database_folder.hpp"
#include "tests/db/sample_run.hpp"

namespace mcuprof::db {
namespace {

using test::sampleRun;

class RunStore : public test::DatabaseFolder {};

TEST_F(RunStore, GivesBackWhatWasStored) {
  Database database = open();
  RunRecord run = sampleRun(7);
  const auto id = insertRun(database, run);
  ASSERT_TRUE(id) << id.error().text();
  const auto loaded = loadRun(database, *id);
  ASSERT_TRUE(loaded && *loaded);
  run.id = *id;
  EXPECT_EQ(**loaded, run);
}

TEST_F(RunStore, KeepsRunsWhenTheFileIsOpenedAgain) {
  {
    Database database = open();
    ASSERT_TRUE(insertRun(database, sampleRun(2)));
  }
  Database database = open();
  const auto runs = listRuns(database);
  ASSERT_TRUE(runs);
  EXPECT_EQ(runs->size(), 1U);
}

TEST_F(RunStore, StoresModelsAndBoardsOnce) {
  Database database = open();
  ASSERT_TRUE(insertRun(database, sampleRun(1)));
  ASSERT_TRUE(insertRun(database, sampleRun(1)));
  RunRecord edited = sampleRun(1);
  edited.board.sha256 = std::string(64, 'e');
  edited.board.clockHz = 100'000'000;
  ASSERT_TRUE(insertRun(database, edited));
  EXPECT_EQ(*database.connection().number("SELECT count(*) FROM models"), 1);
  EXPECT_EQ(*database.connection().number("SELECT count(*) FROM boards"), 2);
  EXPECT_EQ((*loadRun(database, 1))->board.clockHz, 216'000'000);
  EXPECT_EQ((*loadRun(database, 3))->board.clockHz, 100'000'000);
}

TEST_F(RunStore, ListsTheNewestFirst) {
  Database database = open();
  for (int layers = 1; layers <= 3; ++layers) ASSERT_TRUE(insertRun(database, sampleRun(layers)));
  const auto runs = listRuns(database);
  ASSERT_TRUE(runs);
  ASSERT_EQ(runs->size(), 3U);
  EXPECT_EQ((*runs)[0].id, 3);
  EXPECT_EQ((*runs)[0].layers, 3);
  EXPECT_EQ((*runs)[0].notMeasured, 1);
  EXPECT_EQ((*runs)[0].provenance, "virtual");
  EXPECT_EQ((*runs)[0].inference.median, 1000);
  EXPECT_EQ((*runs)[2].id, 1);
}

TEST_F(RunStore, ListsWhatTheFilterAsksFor) {
  Database database = open();
  RunRecord other = sampleRun(1);
  other.model.sha256 = "0123" + std::string(60, 'f');
  other.model.name = "other.tflite";
  ASSERT_TRUE(insertRun(database, sampleRun(1)));
  ASSERT_TRUE(insertRun(database, other));
  EXPECT_EQ(listRuns(database, {.model = "other", .board = ""})->size(), 1U);
  EXPECT_EQ(listRuns(database, {.model = "0123", .board = ""})->size(), 1U);
  EXPECT_EQ(listRuns(database, {.model = "tflite", .board = ""})->size(), 2U);
  EXPECT_EQ(listRuns(database, {.model = "", .board = "nucleo-f767zi"})->size(), 2U);
  EXPECT_EQ(listRuns(database, {.model = "", .board = "nucleo"})->size(), 0U);
  EXPECT_EQ(listRuns(database, {.model = "", .board = "", .limit = 1})->size(), 1U);
}

TEST_F(RunStore, HasNoRunThatWasNeverStored) {
  Database database = open();
  const auto run = loadRun(database, 4711);
  ASSERT_TRUE(run);
  EXPECT_FALSE(*run);
}

TEST_F(RunStore, StoresNothingOfARunThatBreaksARule) {
  Database database = open();
  RunRecord run = sampleRun(4);
  run.layers[3].number = run.layers[1].number;
  EXPECT_FALSE(insertRun(database, run));
  for (const char* table : {"runs", "layers", "machine_states", "models", "boards", "runtimes"}) {
    EXPECT_EQ(*database.connection().number(std::string("SELECT count(*) FROM ") + table), 0)
        << table;
  }
  EXPECT_TRUE(insertRun(database, sampleRun(4))) << "the connection is usable after it";
}

TEST_F(RunStore, DropsCountersWithTheirRunAndRefusesHalfOfThem) {
  Database database = open();
  ASSERT_TRUE(insertRun(database, sampleRun(3)));
  Connection& connection = database.connection();
  EXPECT_EQ(*connection.number("SELECT count(*) FROM layer_counters"), 2);
  EXPECT_FALSE(connection.execute("UPDATE layer_counters SET exc = NULL WHERE number = 1"));
  EXPECT_TRUE(connection.execute("UPDATE layer_counters SET exc = 7 WHERE number = 1"));
  ASSERT_TRUE(connection.execute("DELETE FROM runs"));
  EXPECT_EQ(*connection.number("SELECT count(*) FROM layer_counters"), 0);
}

TEST_F(RunStore, TakesARunOnce) {
  Database database = open();
  const RunRecord run = sampleRun(1);
  ASSERT_TRUE(insertRun(database, run));
  EXPECT_FALSE(insertRun(database, run));
}

TEST_F(RunStore, GivesUuidsThatDiffer) {
  EXPECT_EQ(makeUuid().size(), 32U);
  EXPECT_NE(makeUuid(), makeUuid());
  EXPECT_THAT(timeNow(), testing::MatchesRegex("[0-9-]+T[0-9:]+Z"));
}

}  // namespace
}  // namespace mcuprof::db
