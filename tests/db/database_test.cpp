#include "db/database.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "db/migrations.hpp"
#include "tests/db/sample_run.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::db {
namespace {

using test::sampleRun;
using testing::HasSubstr;

class DatabaseFile : public testing::Test {
 protected:
  std::string file() const { return (m_folder.path() / "runs.db").string(); }
  Result<Database> open(Access access = Access::ReadWrite) {
    return Database::open(file(), access);
  }
  std::size_t stored() {
    auto database = open();
    if (!database) return 0;
    EXPECT_TRUE(database->check());
    return listRuns(*database)->size();
  }
  void store(int runs) {
    auto database = open();
    ASSERT_TRUE(database) << database.error().text();
    for (int i = 0; i < runs; ++i) ASSERT_TRUE(insertRun(*database, sampleRun(3)));
  }

  test::TemporaryFolder m_folder;
};

/// Runs `work` in a process of its own; the status it returns, or 128 + a signal.
template <typename Work>
int inProcess(Work work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Gives this process mounts of its own; as anyone but root, in a name space where it is root.
bool hasOwnMounts() {
  const uid_t user = getuid();
  const gid_t group = getgid();
  if (unshare(CLONE_NEWNS) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  }
  return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

TEST_F(DatabaseFile, IsMadeWithItsFolders) {
  const std::string path = (m_folder.path() / "a/b/runs.db").string();
  auto database = Database::open(path, Access::ReadWrite);
  ASSERT_TRUE(database) << database.error().text();
  EXPECT_EQ(*database->connection().number("PRAGMA user_version"),
            static_cast<std::int64_t>(migrations().size()));
  EXPECT_EQ(*database->connection().number("PRAGMA foreign_keys"), 1);
  EXPECT_TRUE(database->check());
}

TEST_F(DatabaseFile, IsNotMadeByAReader) {
  const auto database = open(Access::ReadOnly);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().text(),
            file() + ": there is no database yet; \"mcuprof run\" makes it");
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(DatabaseFile, OfANewerVersionIsRefusedAndLeftAlone) {
  store(1);
  ASSERT_TRUE(open()->connection().execute("PRAGMA user_version = 99"));
  const std::string before = test::contentOf(file());
  for (const Access access : {Access::ReadWrite, Access::ReadOnly}) {
    const auto database = open(access);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().text(),
              file() +
                  ": was written by a newer mcuprof (version 99 of the database, this program "
                  "knows up to " +
                  std::to_string(newestVersion()) + "); nothing was changed");
  }
  EXPECT_EQ(test::contentOf(file()), before);
}

TEST_F(DatabaseFile, OfAnotherProgramIsRefusedAndLeftAlone) {
  {
    auto other = Connection::open(file(), Access::ReadWrite);
    ASSERT_TRUE(other);
    ASSERT_TRUE(other->execute("CREATE TABLE bookmarks (url TEXT)"));
  }
  const std::string before = test::contentOf(file());
  const auto database = open();
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().text(),
            file() + ": is a database of another program; nothing was changed");
  EXPECT_EQ(test::contentOf(file()), before);
}

TEST_F(DatabaseFile, ThatIsNoneIsRefusedAndLeftAlone) {
  std::ofstream(file()) << std::string(5000, 'x');
  for (const Access access : {Access::ReadWrite, Access::ReadOnly}) {
    const auto database = open(access);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().text(), file() + ": is not an mcuprof database");
  }
  EXPECT_EQ(test::contentOf(file()), std::string(5000, 'x'));
}

TEST_F(DatabaseFile, MayNotBeAFolder) {
  std::filesystem::create_directory(file());
  const auto database = open();
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().text(), file() + ": is a folder");
}

TEST_F(DatabaseFile, ThatIsDamagedSaysSo) {
  store(20);
  const std::int64_t page =
      *open()->connection().number("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'");
  {
    // The page that the runs begin on becomes noise.
    std::fstream out(file(), std::ios::in | std::ios::out | std::ios::binary);
    out.seekp((page - 1) * 4096);
    const std::string noise(4096, '\x5a');
    out << noise;
  }
  auto database = open();
  ASSERT_TRUE(database) << "the header is fine: " << database.error().text();
  const auto checked = database->check();
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().text(), HasSubstr("is damaged"));
  const auto runs = listRuns(*database);
  ASSERT_FALSE(runs);
  EXPECT_EQ(runs.error().text(),
            file() +
                ": is damaged; restore a copy, or save what can be read with \"sqlite3 FILE "
                ".recover\"");
}

TEST_F(DatabaseFile, ThatIsCutShortSaysSo) {
  store(20);
  std::filesystem::resize_file(file(), 3 * 4096);
  auto database = open();
  const bool refused = !database || !database->check();
  EXPECT_TRUE(refused);
}

TEST_F(DatabaseFile, KeepsWhatWasStoredBeforeAKill) {
  store(2);
  // A writer that is killed again and again, at moments that differ, in the middle of inserting.
  std::size_t before = stored();
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto database = open();
      while (database) {
        if (!insertRun(*database, sampleRun(30))) _exit(1);
        const char done = 1;
        if (write(ends[1], &done, 1) != 1) _exit(1);
      }
      _exit(1);
    }
    close(ends[1]);
    char byte = 0;
    ASSERT_EQ(read(ends[0], &byte, 1), 1);
    usleep(static_cast<useconds_t>(round * 700));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    std::size_t acknowledged = 1;
    while (read(ends[0], &byte, 1) == 1) ++acknowledged;
    close(ends[0]);
    const std::size_t now = stored();
    EXPECT_GE(now, before + acknowledged) << "a run was lost that insertRun() had confirmed";
    EXPECT_LE(now, before + acknowledged + 1);
    auto database = open();
    EXPECT_EQ(*database->connection().number("SELECT count(*) FROM layers WHERE run_id NOT IN "
                                             "(SELECT id FROM runs)"),
              0);
    before = now;
  }
}

TEST_F(DatabaseFile, TakesTwoWritersAtOnce) {
  constexpr int kEach = 40;
  const auto writer = [this] {
    auto database = open();
    for (int i = 0; i < kEach; ++i) {
      if (!database || !insertRun(*database, sampleRun(5))) return 1;
    }
    return 0;
  };
  // Both also make the file and its tables, at the same time.
  std::vector<pid_t> writers;
  for (int i = 0; i < 3; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(writer());
    writers.push_back(child);
  }
  for (const pid_t child : writers) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(stored(), writers.size() * kEach);
}

TEST_F(DatabaseFile, SaysThatTheDiskIsFull) {
  store(2);
  // A disk that is full: a file system of 1 MiB in a name space of our own.
  const int status = inProcess([this] {
    const std::string folder = (m_folder.path() / "small").string();
    mkdir(folder.c_str(), 0700);
    if (!hasOwnMounts() || mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") != 0) {
      return 77;
    }
    auto database = Database::open(folder + "/runs.db", Access::ReadWrite);
    if (!database) {
      std::fprintf(stderr, "%s\n", database.error().text().c_str());
      return 1;
    }
    for (std::size_t count = 0; count < 1000; ++count) {
      const auto id = insertRun(*database, sampleRun(60));
      if (id) continue;
      if (id.error().text() != folder + "/runs.db: the disk is full; nothing was changed") {
        std::fprintf(stderr, "%s\n", id.error().text().c_str());
        return 2;
      }
      const auto runs = listRuns(*database);
      return count > 0 && runs && runs->size() == count && database->check() ? 0 : 3;
    }
    return 4;
  });
  if (status == 77) GTEST_SKIP() << "may not mount a small file system here";
  EXPECT_EQ(status, 0);
}

TEST_F(DatabaseFile, ThatIsReadOnlyIsReadButNotWritten) {
  store(3);
  // Also for root, who may write to files that nobody may: a mount that is read-only.
  const int status = inProcess([this] {
    const std::string folder = m_folder.path().string();
    if (!hasOwnMounts() || mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
        mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
      return 77;
    }
    const auto say = [](int code, const Error& error) {
      std::fprintf(stderr, "%s\n", error.text().c_str());
      return code;
    };
    auto reader = open(Access::ReadOnly);
    if (!reader) return say(1, reader.error());
    const auto runs = listRuns(*reader);
    if (!runs) return say(2, runs.error());
    if (runs->size() != 3) return 3;
    auto writer = open();
    if (!writer) {
      return writer.error().text() == file() + ": the file is read-only; nothing was changed"
                 ? 0
                 : say(4, writer.error());
    }
    const auto id = insertRun(*writer, sampleRun(1));
    if (id) return 5;
    return id.error().text() == file() + ": the file is read-only; nothing was changed"
               ? 0
               : say(6, id.error());
  });
  if (status == 77) GTEST_SKIP() << "may not mount read-only here";
  EXPECT_EQ(status, 0);
  EXPECT_EQ(stored(), 3U);
}

TEST(DatabasePath, FollowsOptionVariableAndXdg) {
  setenv("HOME", "/home/someone", 1);
  unsetenv("MCUPROF_DB");
  unsetenv("XDG_DATA_HOME");
  EXPECT_EQ(*databasePath(""), "/home/someone/.local/share/mcuprof/runs.db");
  setenv("XDG_DATA_HOME", "relative", 1);
  EXPECT_EQ(*databasePath(""), "/home/someone/.local/share/mcuprof/runs.db");
  setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(*databasePath(""), "/data/mcuprof/runs.db");
  setenv("MCUPROF_DB", "/elsewhere.db", 1);
  EXPECT_EQ(*databasePath(""), "/elsewhere.db");
  EXPECT_EQ(*databasePath("given.db"), "given.db");
  unsetenv("MCUPROF_DB");
  unsetenv("XDG_DATA_HOME");
  unsetenv("HOME");
  EXPECT_EQ(databasePath("").error().text(),
            "no place for the database: HOME is not set; give --db FILE or MCUPROF_DB");
}

}  // namespace
}  // namespace mcuprof::db
