#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <vector>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"

namespace mcuprof::cli {

/// Becomes mcuprof-price, which lies beside this program: LLVM stays out of every other command's
/// start.
int run(const PriceOptions& options) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(kInternal, fmt::format("/proc/self/exe: {}", error.message()));
  const std::string program = self.parent_path() / "mcuprof-price";
  std::vector<std::string> words = {program};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  execv(program.c_str(), arguments.data());
  return fail(kUsage, fmt::format("{}: cannot be started: {}; it is installed with mcuprof",
                                  program, std::strerror(errno)));
}

}  // namespace mcuprof::cli
