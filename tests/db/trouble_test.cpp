// What a store meets in the world: disks without room, files that somebody damaged, readers beside
// writers.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include "db/json_lines.hpp"
#include "db/merge.hpp"
#include "db/prune.hpp"
#include "tests/db/sample_run.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::db {
namespace {

using test::sampleRun;

class Trouble : public testing::Test {
 protected:
  std::string file(const std::string& name = "runs.db") const {
    return (m_folder.path() / name).string();
  }
  Result<Database> open(Access access = Access::ReadWrite) {
    return Database::open(file(), access);
  }
  void store(int runs, int layers = 3) {
    auto database = open();
    ASSERT_TRUE(database) << database.error().text();
    for (int i = 0; i < runs; ++i) ASSERT_TRUE(insertRun(*database, sampleRun(layers)));
  }
  std::size_t stored() {
    auto database = open();
    EXPECT_TRUE(database && database->check());
    return database ? listRuns(*database)->size() : 0;
  }
  test::TemporaryFolder m_folder;
};

TEST_F(Trouble, AFileThatMayNotGrowKeepsWhatItHolds) {
  store(3);
  auto database = open();
  // The file may take two pages more, as on a disk with so much room.
  const auto pages = database->connection().number("PRAGMA page_count");
  ASSERT_TRUE(
      database->connection().execute(fmt::format("PRAGMA max_page_count = {}", *pages + 2)));
  std::size_t count = 3;
  for (;; ++count) {
    const auto id = insertRun(*database, sampleRun(40));
    if (id) continue;
    EXPECT_EQ(id.error().text(), file() + ": the disk is full; nothing was changed");
    break;
  }
  EXPECT_EQ(stored(), count);
  // Once there is room again the same connection goes on.
  ASSERT_TRUE(database->connection().execute("PRAGMA max_page_count = 100000"));
  EXPECT_TRUE(insertRun(*database, sampleRun(40)));
}

TEST_F(Trouble, ALimitOnTheSizeOfFilesIsSaidAndCostsNothing) {
  store(3);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{256 * 1024, 256 * 1024};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto database = open();
    if (!database) _exit(1);
    for (int i = 0; i < 1000; ++i) {
      const auto id = insertRun(*database, sampleRun(60));
      if (id) continue;
      const bool said = id.error().text().starts_with(file() + ": cannot be read or written: ") &&
                        id.error().text().ends_with("; nothing was changed");
      _exit(said && i > 0 ? 0 : 2);
    }
    _exit(3);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_GT(stored(), 3U);
}

TEST_F(Trouble, AFullDiskLosesNothingOfAMergeOrAPrune) {
  store(3);
  {
    auto theirs = Database::open(file("theirs.db"), Access::ReadWrite);
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(insertRun(*theirs, sampleRun(60)));
  }
  auto database = open();
  const auto pages = database->connection().number("PRAGMA page_count");
  ASSERT_TRUE(
      database->connection().execute(fmt::format("PRAGMA max_page_count = {}", *pages + 2)));
  const auto merged = mergeFile(*database, file("theirs.db"));
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().text(), file() + ": the disk is full; nothing was changed");
  EXPECT_EQ(stored(), 3U);
  EXPECT_EQ(*pruneRuns(*database, {.before = "", .board = "", .provenance = "virtual"}), 3);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(Trouble, AReaderSeesWholeRunsWhileAnotherProgramWrites) {
  store(1, 20);
  const pid_t child = fork();
  if (child == 0) {
    auto database = open();
    for (int i = 0; i < 60; ++i)
      if (!database || !insertRun(*database, sampleRun(20))) _exit(1);
    _exit(0);
  }
  std::size_t seen = 0;
  while (seen < 61) {
    auto reader = open(Access::ReadOnly);
    ASSERT_TRUE(reader) << reader.error().text();
    const auto runs = listRuns(*reader);
    ASSERT_TRUE(runs);
    EXPECT_GE(runs->size(), seen);
    seen = runs->size();
    for (const RunSummary& run : *runs) ASSERT_EQ(run.layers, 20);
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) {
      ASSERT_EQ(status, 0);
      break;
    }
  }
  EXPECT_EQ(stored(), 61U);
}

TEST_F(Trouble, BytesThatWereFlippedAreMetWithoutHarm) {
  store(12, 12);
  const std::string sound = test::contentOf(file());
  std::mt19937 random(20260301);
  int refused = 0;
  for (int round = 0; round < 150; ++round) {
    std::string bytes = sound;
    for (int flips = 0; flips < 12; ++flips)
      bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
    const std::string path = file("flipped.db");
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    // Every way through the file either gives something or says one line.
    auto database = Database::open(path, Access::ReadOnly);
    if (!database) {
      ++refused;
      EXPECT_TRUE(database.error().text().starts_with(path + ": ")) << database.error().text();
    } else {
      const auto runs = listRuns(*database);
      for (std::int64_t id = 1; id <= 12; ++id) static_cast<void>(loadRun(*database, id));
      if (!database->check() || !runs) ++refused;
      static_cast<void>(writeJsonLines(database->connection(),
                                       [](std::string_view) -> Result<void> { return {}; }));
    }
    EXPECT_EQ(test::contentOf(path), bytes) << "a reader changed the file";
    {
      auto writer = Database::open(path, Access::ReadWrite);
      if (writer) static_cast<void>(insertRun(*writer, sampleRun(5)));
    }
    for (const char* rest : {"", "-wal", "-shm"}) std::filesystem::remove(path + rest);
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace mcuprof::db
