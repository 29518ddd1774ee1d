#include "tests/cli/program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "analyzer/model/zoo.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

const TemporaryFolder& workFolder() {
  static const TemporaryFolder folder;
  return folder;
}

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::map<std::string, std::string>& environment) {
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::string program = MCUPROF_PROGRAM;
  std::vector<char*> words = {program.data()};
  std::vector<std::string> copies = arguments;
  for (std::string& word : copies) words.push_back(word.data());
  words.push_back(nullptr);
  execv(program.c_str(), words.data());
  _exit(127);
}

int waitFor(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProgramRun runProgram(const std::vector<std::string>& arguments, const std::string& input,
                      const std::map<std::string, std::string>& environment) {
  const TemporaryFolder folder;
  const std::string in = folder.path() / "in";
  const std::string out = folder.path() / "out";
  const std::string err = folder.path() / "err";
  std::ofstream(in, std::ios::binary) << input;
  const pid_t child = fork();
  if (child == 0) {
    dup2(open(in.c_str(), O_RDONLY), STDIN_FILENO);
    dup2(open(out.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    dup2(open(err.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
    become(arguments, environment);
  }
  ProgramRun run;
  run.status = waitFor(child);
  run.out = contentOf(out);
  run.err = contentOf(err);
  return run;
}

ProgramRun runProgramOnTerminal(const std::vector<std::string>& arguments,
                                const std::map<std::string, std::string>& environment) {
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) become(arguments, environment);
  ProgramRun run;
  std::array<char, 4096> buffer{};
  // Linux reports the end of the other side as an error.
  for (ssize_t got = 0; (got = read(terminal, buffer.data(), buffer.size())) > 0;) {
    run.out.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(terminal);
  run.status = waitFor(child);
  return run;
}

std::string zooFile(const std::string& name, const std::vector<std::string>& options) {
  std::string file = workFolder().path() / name;
  for (const std::string& option : options) file += option;
  file += ".tflite";
  if (!std::filesystem::exists(file)) {
    std::vector<std::string> arguments = {"zoo", name, "-o", file};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const ProgramRun run = runProgram(arguments);
    EXPECT_EQ(run.status, 0) << run.err;
  }
  return file;
}

std::vector<std::string> zooNames() {
  std::vector<std::string> names;
  for (const ZooEntry& entry : listZoo()) names.emplace_back(entry.name);
  return names;
}

std::vector<std::string> linesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace mcuprof::test
