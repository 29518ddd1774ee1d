#include "db/merge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "db/json_lines.hpp"
#include "db/prune.hpp"
#include "db/tables.hpp"
#include "tests/db/database_folder.hpp"
#include "tests/db/sample_run.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::db {
namespace {

using test::sampleRun;
using testing::ElementsAre;
using testing::HasSubstr;

class TwoDesks : public test::DatabaseFolder {
 protected:
  /// Everything in it, without the numbers that hold in one file only.
  std::vector<RunRecord> runsOf(Database& database) {
    std::vector<RunRecord> runs;
    const auto list = listRuns(database);
    for (const RunSummary& summary : *list) {
      runs.push_back(**loadRun(database, summary.id));
      runs.back().id = 0;
    }
    std::ranges::sort(runs, {}, &RunRecord::uuid);
    return runs;
  }
};

TEST_F(TwoDesks, ShareTheirRunsOnce) {
  Database ours = open("ours.db");
  Database theirs = open("theirs.db");
  RunRecord other = sampleRun(4);
  other.model.sha256 = std::string(64, '9');
  other.board.sha256 = std::string(64, '8');
  other.provenance = Provenance::Measured;
  ASSERT_TRUE(insertRun(ours, sampleRun(3)));
  // Numbers differ from ours: another model and board come first.
  ASSERT_TRUE(insertRun(theirs, other));
  ASSERT_TRUE(insertRun(theirs, sampleRun(3)));
  ASSERT_TRUE(insertRun(theirs, sampleRun(3)));
  const auto first = mergeFile(ours, file("theirs.db"));
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->added, 3);
  EXPECT_EQ(first->present, 0);
  const std::vector<RunRecord> merged = runsOf(ours);
  ASSERT_EQ(merged.size(), 4U);
  for (const RunRecord& run : runsOf(theirs))
    EXPECT_TRUE(std::ranges::find(merged, run) != merged.end()) << run.uuid;

  const auto again = mergeFile(ours, file("theirs.db"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->added, 0);
  EXPECT_EQ(again->present, 3);
  EXPECT_EQ(runsOf(ours), merged);
  ASSERT_TRUE(mergeFile(theirs, file("ours.db")));
  EXPECT_EQ(runsOf(theirs), merged) << "both desks hold the same in the end";
  EXPECT_TRUE(ours.check());
}

TEST_F(TwoDesks, RefuseToMergeAFileIntoItself) {
  Database ours = open("ours.db");
  const auto merged = mergeFile(ours, file("./ours.db"));
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().what, "is the database that it would be merged into");
}

TEST_F(TwoDesks, TakeNothingFromAFileThatRefersToNothing) {
  Database ours = open("ours.db");
  ASSERT_TRUE(insertRun(ours, sampleRun(1)));
  {
    Database theirs = open("theirs.db");
    ASSERT_TRUE(insertRun(theirs, sampleRun(1)));
    ASSERT_TRUE(insertRun(theirs, sampleRun(2)));
    ASSERT_TRUE(theirs.connection().execute(
        "PRAGMA foreign_keys = OFF; UPDATE runs SET board_id = 77 WHERE id = 2"));
  }
  const auto merged = mergeFile(ours, file("theirs.db"));
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().text(),
            file("theirs.db") + ": is damaged: runs refer to a row of boards that is not there");
  EXPECT_EQ(runsOf(ours).size(), 1U) << "the first run was not kept either";
}

TEST_F(TwoDesks, HoldAllOrNothingAfterAKill) {
  {
    Database theirs = open("theirs.db");
    for (int i = 0; i < 60; ++i) ASSERT_TRUE(insertRun(theirs, sampleRun(40)));
  }
  for (int round = 0; round < 8; ++round) {
    const std::string name = "ours" + std::to_string(round) + ".db";
    { open(name); }
    const pid_t child = fork();
    if (child == 0) {
      Database ours = open(name);
      _exit(mergeFile(ours, file("theirs.db")) ? 0 : 1);
    }
    usleep(static_cast<useconds_t>(3'000 + round * 8'000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    Database ours = open(name);
    const std::size_t runs = listRuns(ours)->size();
    EXPECT_TRUE(runs == 0 || runs == 60) << runs;
    EXPECT_TRUE(ours.check());
    ASSERT_TRUE(mergeFile(ours, file("theirs.db")));
    EXPECT_EQ(listRuns(ours)->size(), 60U);
  }
}

TEST_F(TwoDesks, KnowEveryTableByItsContentOrItsOwner) {
  Database ours = open("ours.db");
  const auto tables = tablesOf(ours.connection());
  ASSERT_TRUE(tables);
  ASSERT_GE(tables->size(), 6U);
  for (const Table& table : *tables) {
    EXPECT_TRUE(table.key || table.owner)
        << table.name << ": its rows could be neither found nor be part of one that can";
  }
}

TEST_F(TwoDesks, CopyPartsOfPartsOfARun) {
  // Tables as a later version may have them: one row a run, rows of that row, and bytes.
  const char* tables =
      "CREATE TABLE traces (run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE, "
      "meter TEXT NOT NULL) STRICT;"
      "CREATE TABLE trace_parts (run_id INTEGER NOT NULL REFERENCES traces (run_id) ON DELETE "
      "CASCADE, number INTEGER NOT NULL, data BLOB, PRIMARY KEY (run_id, number)) STRICT";
  Database ours = open("ours.db");
  Database theirs = open("theirs.db");
  ASSERT_TRUE(ours.connection().execute(tables));
  ASSERT_TRUE(theirs.connection().execute(tables));
  ASSERT_TRUE(insertRun(ours, sampleRun(1)));
  ASSERT_TRUE(insertRun(theirs, sampleRun(1)));
  ASSERT_TRUE(theirs.connection().execute(
      "INSERT INTO traces VALUES (1, 'm'); INSERT INTO trace_parts VALUES (1, 7, x'00ff')"));
  for (int time = 0; time < 2; ++time) {
    const auto merged = mergeFile(ours, file("theirs.db"));
    ASSERT_TRUE(merged) << merged.error().text();
    EXPECT_EQ(*ours.connection().number("SELECT run_id FROM traces"), 2);
    EXPECT_EQ(*ours.connection().number("SELECT run_id FROM trace_parts WHERE number = 7 AND data "
                                        "= x'00ff'"),
              2);
  }
  EXPECT_EQ(*ours.connection().number("SELECT count(*) FROM trace_parts"), 1);
}

class Lines : public TwoDesks {
 protected:
  std::string exported(Database& database) {
    std::string text;
    EXPECT_TRUE(writeJsonLines(database.connection(), [&](std::string_view line) -> Result<void> {
      text += line;
      return {};
    }));
    return text;
  }
  std::string refused(const std::string& text) {
    const auto read = readJsonLines(text, "x.jsonl");
    return read ? "accepted" : read.error().text();
  }
  static std::string head() {
    return "{\"format\":\"mcuprof-database\",\"version\":" + std::to_string(newestVersion()) +
           "}\n";
  }
};

TEST_F(Lines, GiveBackWhatWasExported) {
  Database ours = open("ours.db");
  RunRecord odd = sampleRun(3);
  odd.model.name = "caf\xc3\xa9 \"quoted\"\n.tflite";
  odd.model.sha256 = std::string(64, '1');
  odd.probe = "not UTF-8: \xff\xfe";
  odd.predicted = Prediction{1e300, 0.1, 1.0 / 3};
  ASSERT_TRUE(insertRun(ours, sampleRun(66)));
  ASSERT_TRUE(insertRun(ours, odd));
  auto read = readJsonLines(exported(ours), "x.jsonl");
  ASSERT_TRUE(read) << read.error().text();
  Database theirs = open("theirs.db");
  const auto counts = mergeFrom(theirs, *read);
  ASSERT_TRUE(counts) << counts.error().text();
  EXPECT_EQ(counts->added, 2);
  EXPECT_EQ(runsOf(theirs), runsOf(ours));
  EXPECT_EQ(mergeFrom(theirs, *read)->added, 0);
}

TEST_F(Lines, AreRefusedWithTheirPlace) {
  EXPECT_EQ(refused(""), "x.jsonl: is empty; wanted lines of \"mcuprof db export\"");
  EXPECT_EQ(refused("[]\n"), "x.jsonl:1: is no JSON object");
  EXPECT_EQ(refused("{\"format\":\"other\",\"version\":1}\n"),
            "x.jsonl:1: wanted {\"format\":\"mcuprof-database\",\"version\":" +
                std::to_string(newestVersion()) + "}");
  EXPECT_EQ(
      refused("{\"format\":\"mcuprof-database\",\"version\":99}\n"),
      "x.jsonl:1: is of version 99; this program knows 1 to " + std::to_string(newestVersion()));
  EXPECT_EQ(refused(head()),
            "x.jsonl: ends early: the last line, with the number of rows, is missing");
  EXPECT_EQ(refused(head() + "{\"rows\":3}\n"), "x.jsonl:2: wanted \"rows\": 0, so many were read");
  EXPECT_EQ(refused(head() + "{\"rows\":0}\n{}\n"), "x.jsonl:3: stands behind the end");
  EXPECT_EQ(refused(head() + "{\"table\":\"x\",\"row\":{}}\n"),
            "x.jsonl:2: there is no table \"x\"");
  EXPECT_EQ(refused(head() + "{\"table\":\"runtimes\",\"row\":{\"id\":1}}\n"),
            "x.jsonl:2: runtimes lacks \"sha256\"");
  EXPECT_EQ(refused(head() + "{\"table\":\"runtimes\",\"row\":{\"id\":1,\"sha256\":[],\"name\":"
                             "\"\",\"version\":\"\"}}\n"),
            "x.jsonl:2: \"sha256\" is no value of a cell");
  EXPECT_THAT(
      refused(head() + "{\"table\":\"runtimes\",\"row\":{\"id\":1,\"sha256\":\"0\",\"name\":"
                       "\"\",\"version\":\"\"}}\n"),
      HasSubstr("x.jsonl:2: CHECK constraint failed"));
  EXPECT_THAT(refused(head() + "{\"table\":\"layers\",\"row\":{\"run_id\":1}}\n"),
              HasSubstr("x.jsonl:2: layers lacks \"number\""));
}

TEST_F(Lines, CutAnywhereAreRefused) {
  Database ours = open("ours.db");
  ASSERT_TRUE(insertRun(ours, sampleRun(2)));
  const std::string text = exported(ours);
  for (std::size_t size = 0; size + 1 < text.size(); size += 41)
    EXPECT_FALSE(readJsonLines(text.substr(0, size), "x.jsonl")) << size;
}

TEST_F(TwoDesks, CopyOneIntoAFileOfItsOwn) {
  Database ours = open("ours.db");
  ASSERT_TRUE(insertRun(ours, sampleRun(3)));
  ASSERT_TRUE(ours.copyTo(file("copy.db")));
  ASSERT_TRUE(insertRun(ours, sampleRun(3)));
  ASSERT_TRUE(ours.copyTo(file("copy.db"))) << "in place of the older copy";
  EXPECT_FALSE(std::filesystem::exists(file("copy.db.partial")));
  Database copy = open("copy.db");
  EXPECT_EQ(runsOf(copy), runsOf(ours));
  EXPECT_EQ(ours.copyTo(file("ours.db")).error().what,
            "is the database itself; nothing was changed");
  EXPECT_FALSE(ours.copyTo(file("no/such/folder.db")));
}

class Prune : public TwoDesks {};

TEST_F(Prune, DeletesWhatFitsEveryPart) {
  Database ours = open("ours.db");
  const auto add = [&](const std::string& started, const std::string& board, Provenance kind) {
    RunRecord run = sampleRun(3);
    run.started = started;
    run.board.name = board;
    run.board.sha256 = std::string(60, 'b') + board;
    run.provenance = kind;
    ASSERT_TRUE(insertRun(ours, run));
  };
  add("2026-01-01T00:00:00Z", "aaaa", Provenance::Virtual);
  add("2026-02-01T00:00:00Z", "aaaa", Provenance::Measured);
  add("2026-02-01T00:00:00Z", "bbbb", Provenance::Virtual);
  add("2026-03-01T00:00:00Z", "aaaa", Provenance::Virtual);
  EXPECT_THAT(*findRunsToPrune(ours, {.before = "2026-02-01", .board = "", .provenance = ""}),
              ElementsAre(1));
  EXPECT_THAT(*findRunsToPrune(ours, {.before = "2026-02-02", .board = "aaaa", .provenance = ""}),
              ElementsAre(1, 2));
  const PruneFilter filter{.before = "", .board = "", .provenance = "virtual"};
  EXPECT_THAT(*findRunsToPrune(ours, filter), ElementsAre(1, 3, 4));
  EXPECT_EQ(listRuns(ours)->size(), 4U) << "finding deletes nothing";
  EXPECT_EQ(*pruneRuns(ours, filter), 3);
  ASSERT_EQ(listRuns(ours)->size(), 1U);
  EXPECT_EQ(listRuns(ours)->front().id, 2);
  EXPECT_EQ(*ours.connection().number("SELECT count(*) FROM layers"), 3);
  EXPECT_EQ(*ours.connection().number("SELECT count(*) FROM boards"), 1);
  EXPECT_EQ(*pruneRuns(ours, filter), 0);
  EXPECT_TRUE(ours.check());
}

}  // namespace
}  // namespace mcuprof::db
