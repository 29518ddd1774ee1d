// mcuprof db, from the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "db/run_store.hpp"
#include "tests/cli/program.hpp"
#include "tests/db/sample_run.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DatabaseCommand : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return (m_folder.path() / name).string(); }
  void store(const std::string& name, int runs) {
    auto database = db::Database::open(file(name), db::Access::ReadWrite);
    ASSERT_TRUE(database) << database.error().text();
    for (int i = 0; i < runs; ++i) ASSERT_TRUE(db::insertRun(*database, sampleRun(3)));
  }
  ProgramRun run(std::vector<std::string> words, const std::string& input = {}) const {
    words.insert(words.begin(), "db");
    words.insert(words.end(), {"--db", file("ours.db")});
    return runProgram(words, input);
  }
  TemporaryFolder m_folder;
};

TEST_F(DatabaseCommand, TellsThePlaceAndWhatIsInIt) {
  EXPECT_EQ(run({"path"}).out, file("ours.db") + "\n");
  EXPECT_EQ(run({"check"}).status, 3);
  store("ours.db", 2);
  const ProgramRun check = run({"check"});
  EXPECT_EQ(check.status, 0) << check.err;
  EXPECT_THAT(check.out, HasSubstr(file("ours.db") + ": sound, version "));
  EXPECT_THAT(check.out, HasSubstr("  virtual      2 runs\n"));
  EXPECT_THAT(check.out, HasSubstr("  measured     0 runs\n"));
  std::ofstream(file("ours.db"), std::ios::in | std::ios::out | std::ios::binary).seekp(8192)
      << std::string(8192, 'Z');
  const ProgramRun damaged = run({"check"});
  EXPECT_EQ(damaged.status, 1) << damaged.out;
  EXPECT_THAT(damaged.err, HasSubstr("ours.db: is damaged"));
}

TEST_F(DatabaseCommand, ExportsAndTakesOverOnce) {
  store("ours.db", 2);
  ASSERT_EQ(run({"export", file("all.jsonl")}).status, 0);
  ASSERT_EQ(run({"export", file("copy.db")}).status, 0);
  EXPECT_EQ(run({"export"}).out, contentOf(file("all.jsonl")));
  store("theirs.db", 1);
  const auto into = [&](std::vector<std::string> words, const std::string& input = {}) {
    words.insert(words.begin(), "db");
    words.insert(words.end(), {"--db", file("theirs.db")});
    const ProgramRun done = runProgram(words, input);
    return std::pair(done.status, done.out + done.err);
  };
  EXPECT_THAT(into({"import", "-"}, contentOf(file("all.jsonl"))).second,
              HasSubstr("2 runs added, 0 there already"));
  EXPECT_EQ(into({"merge", file("copy.db")}).second,
            file("copy.db") + ": 0 runs added, 2 there already\n");
  EXPECT_EQ(into({"merge", file("none.db")}).first, 3);
  EXPECT_EQ(into({"import", file("copy.db")}).first, 3) << "a database is not lines of JSON";
}

TEST_F(DatabaseCommand, PrunesWhatItListedBefore) {
  store("ours.db", 2);
  EXPECT_EQ(run({"prune", "--provenance", "virtual", "--before", "2026-03-02", "--dry-run"}).out,
            "2 runs would be deleted: 1, 2\n");
  EXPECT_EQ(run({"prune", "--board", "other"}).out, "0 runs deleted\n");
  EXPECT_EQ(run({"prune", "--before", "2026-03-01"}).out, "0 runs deleted\n");
  EXPECT_EQ(run({"prune", "--provenance", "virtual"}).out, "2 runs deleted\n");
  EXPECT_EQ(run({"prune", "--older-than", "1h"}).out, "0 runs deleted\n");
}

TEST_F(DatabaseCommand, SaysWhatIsWrongWithItsArguments) {
  const auto complaint = [&](std::vector<std::string> words) {
    const ProgramRun done = run(words);
    EXPECT_EQ(done.status, 2);
    return done.err;
  };
  EXPECT_EQ(complaint({}),
            "mcuprof: error: db needs one of: path, check, export, import, merge, prune\n");
  EXPECT_EQ(complaint({"prune"}),
            "mcuprof: error: db prune needs --older-than, --before, --board or --provenance\n");
  EXPECT_EQ(complaint({"prune", "--older-than", "3x"}),
            "mcuprof: error: --older-than: \"3x\" is no age; write 90d or 12h\n");
  EXPECT_EQ(complaint({"prune", "--before", "March"}),
            "mcuprof: error: --before: \"March\" is no date; write 2026-03-01 or "
            "2026-03-01T12:00:00Z\n");
  EXPECT_EQ(complaint({"prune", "--provenance", "real"}),
            "mcuprof: error: --provenance: \"real\" is not known; write measured, virtual, "
            "predicted or imported\n");
  EXPECT_EQ(complaint({"merge"}), "mcuprof: error: db merge needs a file\n");
}

TEST_F(DatabaseCommand, IsCompletedWithItsParts) {
  const auto completed = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"__complete", "--"});
    return linesOf(runProgram(words).out);
  };
  EXPECT_THAT(completed({"db", "pr"}), ElementsAre("prune"));
  EXPECT_THAT(completed({"db", "prune", "--o"}), ElementsAre("--older-than"));
  EXPECT_THAT(completed({"db", "prune", "--d"}), ElementsAre("--db", "--dry-run"));
  EXPECT_THAT(completed({"db", "prune", "--provenance", "v"}), ElementsAre("virtual"));
  EXPECT_THAT(completed({"db", "merge", ""}), ElementsAre(":files"));
}

}  // namespace
}  // namespace mcuprof::test
