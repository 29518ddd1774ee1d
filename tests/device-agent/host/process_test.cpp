#include "device-agent/host/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>

#include "device-agent/host/interrupt.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using testing::ElementsAre;

/// Lines until the process has closed its output; at most 10 s.
std::vector<std::string> allLines(Process& process) {
  std::vector<std::string> lines;
  const auto deadline = Clock::now() + Milliseconds(10'000);
  while (process.outputFile() >= 0 && Clock::now() < deadline) {
    pollfd file = {process.outputFile(), POLLIN, 0};
    poll(&file, 1, pollTime(deadline));
    for (std::string& line : process.readLines()) lines.push_back(std::move(line));
  }
  return lines;
}

std::string firstLine(Process& process) {
  const auto deadline = Clock::now() + Milliseconds(10'000);
  while (process.outputFile() >= 0 && Clock::now() < deadline) {
    pollfd file = {process.outputFile(), POLLIN, 0};
    poll(&file, 1, pollTime(deadline));
    auto lines = process.readLines();
    if (!lines.empty()) return lines.front();
  }
  return {};
}

/// Whether the process runs: a zombie that nobody has waited for does not.
bool alive(pid_t id) {
  std::ifstream in("/proc/" + std::to_string(id) + "/stat");
  std::string text;
  std::getline(in, text);
  const std::size_t at = text.rfind(") ");
  return at != std::string::npos && text[at + 2] != 'Z' && text[at + 2] != 'X';
}

bool goneSoon(pid_t id) {
  for (int i = 0; i < 500 && alive(id); ++i) poll(nullptr, 0, 10);
  return !alive(id);
}

TEST(Process, GivesStandardOutputAndErrorAsLines) {
  auto process = Process::start({"sh", "-c", "echo one; echo two >&2; printf three"});
  ASSERT_TRUE(process);
  EXPECT_THAT(allLines(*process), ElementsAre("one", "two", "three"));
}

TEST(Process, SaysWhyItCannotBeStarted) {
  const auto process = Process::start({"mcuprof-no-such-program"});
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().text(),
            "mcuprof-no-such-program: cannot be started: No such file or directory");
}

TEST(Process, KeepsTheStatusAsTheShellShowsIt) {
  auto failed = Process::start({"sh", "-c", "exit 7"});
  auto killed = Process::start({"sh", "-c", "kill -9 $$"});
  ASSERT_TRUE(failed && killed);
  allLines(*failed);
  allLines(*killed);
  failed->end();
  killed->end();
  EXPECT_EQ(failed->status(), 7);
  EXPECT_EQ(killed->status(), 137);
}

TEST(Process, EndsWhoIgnoresTheRequestToEnd) {
  auto process =
      Process::start({"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"});
  ASSERT_TRUE(process);
  ASSERT_EQ(firstLine(*process), "ready");
  const pid_t id = process->id();
  process->end(Milliseconds(50));
  EXPECT_EQ(process->status(), 137);
  EXPECT_TRUE(goneSoon(id));
}

TEST(Process, EndsWhatTheChildStartedToo) {
  auto process = Process::start({"sh", "-c", "sleep 1000 & echo $!; wait"});
  ASSERT_TRUE(process);
  const pid_t grandchild = std::stoi(firstLine(*process));
  ASSERT_TRUE(alive(grandchild));
  process->end();
  EXPECT_TRUE(goneSoon(grandchild));
}

TEST(Process, DiesWithUs) {
  // A process in between starts the child and is killed without a chance to clean up.
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t between = fork();
  ASSERT_GE(between, 0);
  if (between == 0) {
    auto process = Process::start({"sleep", "1000"});
    const pid_t id = process ? process->id() : -1;
    if (write(ends[1], &id, sizeof id) != sizeof id) _exit(1);
    pause();
    _exit(0);
  }
  pid_t child = -1;
  ASSERT_EQ(read(ends[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  close(ends[0]);
  close(ends[1]);
  ASSERT_GT(child, 0);
  ASSERT_TRUE(alive(child));
  kill(between, SIGKILL);
  waitpid(between, nullptr, 0);
  EXPECT_TRUE(goneSoon(child));
}

TEST(Process, HasAGroupOfItsOwn) {
  auto process = Process::start({"sleep", "1000"});
  ASSERT_TRUE(process);
  EXPECT_EQ(getpgid(process->id()), process->id());
  EXPECT_NE(getpgid(process->id()), getpgid(0));
}

TEST(Interrupt, IsRememberedAndWakesWhoPolls) {
  const Interrupt guard;
  EXPECT_FALSE(Interrupt::happened());
  raise(SIGINT);
  EXPECT_TRUE(Interrupt::happened());
  pollfd file = {Interrupt::file(), POLLIN, 0};
  EXPECT_EQ(poll(&file, 1, 0), 1);
}

TEST(Interrupt, EndsTheProgramTheSecondTime) {
  EXPECT_EXIT(
      {
        const Interrupt guard;
        raise(SIGINT);
        raise(SIGINT);
        _exit(0);
      },
      testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace mcuprof
