// Files of every version that was ever written are brought forward with all they hold.
#include "db/migrations.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "db/database.hpp"
#include "db/merge.hpp"
#include "tests/db/sample_run.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::db {
namespace {

/// A file as the program that knew `version` and no more left it, with two models, two runs and
/// their layers; written with SQL, since insertRun() writes the newest tables.
void writeOld(const std::string& path, std::int64_t version) {
  auto file = Connection::open(path, Access::ReadWrite);
  ASSERT_TRUE(file) << file.error().text();
  std::string sql = "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; BEGIN;";
  sql += migrations()[0];
  sql += fmt::format(
      "INSERT INTO models VALUES (1, '{:a>64}', 'one.tflite', 10, 2, 30);"
      "INSERT INTO models VALUES (2, '{:b>64}', 'two.tflite', 20, 1, 40);"
      "INSERT INTO boards VALUES (1, '{:c>64}', 'f767zi', 'ST', 'STM32', 'cortex-m7', 216000000);"
      "INSERT INTO runtimes VALUES (1, '{:d>64}', 'tflm-cmsis-nn', '1.0');",
      "", "", "", "");
  for (int run = 1; run <= 2; ++run) {
    sql += fmt::format(
        "INSERT INTO runs VALUES ({0}, '{0:0>32}', '2026-03-01T12:34:56Z', 'measured', '', {0}, 1, "
        "1, '0.1.0', '1', 'build', 'cmsis-nn', 'STLINK', 'none', 'zeros', 1, 3, 100.5, 90, 110, 3, "
        "99, 100, 101, 5, 0, 0);"
        "INSERT INTO machine_states VALUES ({0}, 0, 'clock Hz', '216000000', '216000000', 1);"
        "INSERT INTO layers VALUES ({0}, 1, 'CONV_2D', 'c', 'conv_s8', '1x2', 30, 50, 40, 60, "
        "'fitted', 3, 48, 49, 50, 'fedcba98', 'fedcba98', '', '');"
        "INSERT INTO layers VALUES ({0}, 2, 'ADD', 'a', '', '1x2', NULL, NULL, NULL, NULL, '', 0, "
        "NULL, NULL, NULL, '', '', '', 'not asked for');",
        run);
  }
  for (std::int64_t i = 1; i < version; ++i) sql += migrations()[static_cast<std::size_t>(i)];
  sql += fmt::format("PRAGMA application_id = 0x6d637570; PRAGMA user_version = {};", version);
  const auto done = file->execute(sql + "COMMIT");
  ASSERT_TRUE(done) << done.error().text();
}

void expectWhole(Database& database) {
  const auto runs = listRuns(database);
  ASSERT_TRUE(runs) << runs.error().text();
  ASSERT_EQ(runs->size(), 2U);
  const auto run = loadRun(database, 2);
  ASSERT_TRUE(run && *run);
  EXPECT_EQ((*run)->model.name, "two.tflite");
  EXPECT_EQ((*run)->board.clockHz, 216'000'000);
  EXPECT_EQ((*run)->inference.median, 100);
  EXPECT_EQ((*run)->predicted->value, 100.5);
  ASSERT_EQ((*run)->layers.size(), 2U);
  EXPECT_EQ((*run)->layers[0].outputHashes.at(0), 0xfedcba98U);
  EXPECT_EQ((*run)->layers[1].trouble, "not asked for");
  EXPECT_EQ((*run)->machine.size(), 1U);
  EXPECT_TRUE(database.check());
}

class EveryVersion : public testing::TestWithParam<std::int64_t> {
 protected:
  std::string file(const char* name) const { return (m_folder.path() / name).string(); }
  test::TemporaryFolder m_folder;
};

TEST_P(EveryVersion, IsReadAndBroughtForward) {
  writeOld(file("old.db"), GetParam());
  {
    auto reader = Database::open(file("old.db"), Access::ReadOnly);
    ASSERT_TRUE(reader) << reader.error().text();
    EXPECT_EQ(*reader->version(), GetParam());
    expectWhole(*reader);
  }
  auto writer = Database::open(file("old.db"), Access::ReadWrite);
  ASSERT_TRUE(writer) << writer.error().text();
  EXPECT_EQ(*writer->version(), newestVersion());
  expectWhole(*writer);
  EXPECT_TRUE(insertRun(*writer, test::sampleRun(3)));
}

TEST_P(EveryVersion, HasTheTablesOfANewFileInTheEnd) {
  writeOld(file("old.db"), GetParam());
  const auto schemaOf = [](Connection& connection) {
    std::string text;
    auto rows = connection.prepare("SELECT sql FROM sqlite_schema ORDER BY name");
    while (rows && *rows->step()) text += rows->text(0) + ";\n";
    return text;
  };
  auto old = Database::open(file("old.db"), Access::ReadWrite);
  auto fresh = Database::open(file("new.db"), Access::ReadWrite);
  ASSERT_TRUE(old && fresh);
  EXPECT_EQ(schemaOf(old->connection()), schemaOf(fresh->connection()));
}

TEST_P(EveryVersion, IsMergedWithoutBeingChanged) {
  writeOld(file("old.db"), GetParam());
  auto ours = Database::open(file("ours.db"), Access::ReadWrite);
  ASSERT_TRUE(ours);
  const auto counts = mergeFile(*ours, file("old.db"));
  ASSERT_TRUE(counts) << counts.error().text();
  EXPECT_EQ(counts->added, 2);
  expectWhole(*ours);
  EXPECT_EQ(*Database::open(file("old.db"), Access::ReadOnly)->version(), GetParam());
}

TEST_P(EveryVersion, IsOldOrNewAfterAKillWhileItIsBroughtForward) {
  for (int round = 0; round < 6; ++round) {
    const std::string path = file(("old" + std::to_string(round) + ".db").c_str());
    writeOld(path, GetParam());
    const pid_t child = fork();
    if (child == 0) _exit(Database::open(path, Access::ReadWrite) ? 0 : 1);
    usleep(static_cast<useconds_t>(round * 400));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    auto reader = Database::open(path, Access::ReadOnly);
    ASSERT_TRUE(reader) << reader.error().text();
    const std::int64_t version = *reader->version();
    EXPECT_TRUE(version == GetParam() || version == newestVersion()) << version;
    expectWhole(*reader);
  }
}

INSTANTIATE_TEST_SUITE_P(, EveryVersion, testing::Range<std::int64_t>(1, newestVersion() + 1));

}  // namespace
}  // namespace mcuprof::db
