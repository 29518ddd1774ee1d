#include "device-agent/host/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

namespace mcuprof {
namespace {

constexpr std::size_t kLogLimit = 64 * 1024;

using Pipe = std::array<int, 2>;

void closePipe(Pipe& ends) {
  for (int& end : ends) {
    if (end >= 0) close(end);
    end = -1;
  }
}

/// Runs in the child, between fork and exec: nothing here may allocate or lock.
[[noreturn]] void becomeChild(char* const* arguments, int input, int output, int failure,
                              pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // it died before the line above
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execvp(arguments[0], arguments);
  const int reason = errno;
  [[maybe_unused]] const ssize_t written = write(failure, &reason, sizeof reason);
  _exit(127);
}

}  // namespace

Result<Process> Process::start(std::vector<std::string> words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  Pipe input = {-1, -1};
  Pipe output = {-1, -1};
  Pipe failure = {-1, -1};
  const auto giveUp = [&](int reason) {
    closePipe(input);
    closePipe(output);
    closePipe(failure);
    return Error{words[0], fmt::format("cannot be started: {}", std::strerror(reason))};
  };
  if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0 ||
      pipe2(failure.data(), O_CLOEXEC) != 0) {
    return giveUp(errno);
  }
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return giveUp(errno);
  if (child == 0) becomeChild(arguments.data(), input[0], output[1], failure[1], parent);
  setpgid(child, child);  // whoever comes first, parent or child

  close(std::exchange(failure[1], -1));
  int reason = 0;
  ssize_t got = 0;
  do {
    got = read(failure[0], &reason, sizeof reason);
  } while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof reason)) {
    waitpid(child, nullptr, 0);
    return giveUp(reason);
  }
  close(failure[0]);
  close(input[0]);
  close(output[1]);
  fcntl(output[0], F_SETFL, O_NONBLOCK);

  Process process;
  process.m_id = child;
  process.m_input = input[1];
  process.m_output = output[0];
  return process;
}

Process::Process(Process&& other) noexcept
    : m_id(std::exchange(other.m_id, -1)),
      m_input(std::exchange(other.m_input, -1)),
      m_output(std::exchange(other.m_output, -1)),
      m_status(other.m_status),
      m_partial(std::move(other.m_partial)),
      m_log(std::move(other.m_log)) {}

Process::~Process() {
  end();
}

void Process::closeFiles() {
  for (int* file : {&m_input, &m_output}) {
    if (*file >= 0) close(*file);
    *file = -1;
  }
}

std::vector<std::string> Process::readLines() {
  std::array<char, 4096> bytes{};
  while (m_output >= 0) {
    const ssize_t got = read(m_output, bytes.data(), bytes.size());
    if (got > 0) {
      m_partial.append(bytes.data(), static_cast<std::size_t>(got));
      m_log.append(bytes.data(), static_cast<std::size_t>(got));
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    close(std::exchange(m_output, -1));
    if (!m_partial.empty()) m_partial += '\n';
  }
  if (m_log.size() > kLogLimit) m_log.erase(0, m_log.size() - kLogLimit);
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = m_partial.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    lines.push_back(m_partial.substr(begin, end - begin));
  }
  m_partial.erase(0, begin);
  // A child that never ends its line must not fill our memory.
  if (m_partial.size() > kLogLimit) m_partial.clear();
  return lines;
}

bool Process::running() {
  if (m_id < 0 || m_status) return false;
  int status = 0;
  const pid_t got = waitpid(m_id, &status, WNOHANG);
  if (got == 0) return true;
  m_status = got < 0 ? 127 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

void Process::end(Milliseconds grace) {
  if (m_id < 0) return;
  if (running()) {
    kill(-m_id, SIGTERM);
    const auto deadline = Clock::now() + grace;
    while (running() && Clock::now() < deadline) {
      readLines();  // it may be waiting for room in the pipe
      poll(nullptr, 0, 2);
    }
    if (running()) {
      kill(-m_id, SIGKILL);
      while (running()) poll(nullptr, 0, 2);
    }
  }
  // What the child itself started stays in the group.
  kill(-m_id, SIGKILL);
  readLines();
  closeFiles();
  m_id = -1;
}

std::string programBeside(const std::string& folder, const std::string& name) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return name;
  for (const std::filesystem::path& place :
       {self.parent_path() / name, self.parent_path() / folder / name}) {
    if (access(place.c_str(), X_OK) == 0) return place.lexically_normal().string();
  }
  return name;
}

int pollTime(Clock::time_point deadline) {
  const auto now = Clock::now();
  if (deadline <= now) return 0;
  const auto left = std::chrono::duration_cast<Milliseconds>(deadline - now).count();
  return static_cast<int>(std::min<std::int64_t>(left + 1, 60'000));
}

}  // namespace mcuprof
