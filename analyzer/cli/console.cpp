#include "analyzer/cli/console.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace mcuprof::cli {
namespace {

/// False with errno set when not all bytes could be written.
bool writeAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void line(std::string_view kind, std::string_view what) {
  const std::string text = fmt::format("mcuprof: {}: {}\n", kind, printable(what));
  std::fwrite(text.data(), 1, text.size(), stderr);
}

Error cannotWrite(std::string_view path, int reason) {
  return {std::string(path), fmt::format("cannot write: {}", std::strerror(reason))};
}

Result<void> writeDirectly(const std::string& path, int flags, std::string_view bytes) {
  const int file = open(path.c_str(), flags, 0666);
  if (file < 0) return cannotWrite(path, errno);
  const bool ok = writeAll(file, bytes);
  const int reason = errno;
  const bool closed = close(file) == 0;
  if (!ok) return cannotWrite(path, reason);
  if (!closed) return cannotWrite(path, errno);
  return {};
}

/// Permissions for a file that is new: all that the process' mask leaves.
mode_t newFileMode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

int fail(int status, std::string_view what) {
  line("error", what);
  return status;
}

void note(std::string_view what) {
  line("note", what);
}

TextStyle styleOfStdout() {
  TextStyle style;
  const char* noColour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool wanted = (noColour == nullptr || *noColour == '\0') &&
                      (term == nullptr || std::string_view(term) != "dumb");
  style.colour = wanted && isatty(STDOUT_FILENO) != 0;
  return style;
}

Result<void> writeOutput(const std::string& path, std::string_view bytes) {
  if (path.empty() || path == "-") {
    if (writeAll(STDOUT_FILENO, bytes) || errno == EPIPE) return {};
    return cannotWrite("standard output", errno);
  }
  struct stat status {};
  const bool exists = stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return cannotWrite(path, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) return writeDirectly(path, O_WRONLY, bytes);
  // rename() would replace a file that the user protected from writing, or a link to it.
  if (exists && access(path.c_str(), W_OK) != 0) return cannotWrite(path, errno);
  std::string target = path;
  if (char* resolved = exists ? realpath(path.c_str(), nullptr) : nullptr) {
    target = resolved;
    std::free(resolved);
  }

  std::string temporary = target + ".XXXXXX";
  const int file = mkstemp(temporary.data());
  if (file < 0) return cannotWrite(path, errno);
  const auto giveUp = [&](int reason) {
    unlink(temporary.c_str());
    return cannotWrite(path, reason);
  };
  bool ok =
      writeAll(file, bytes) && fchmod(file, exists ? status.st_mode & 07777 : newFileMode()) == 0;
  int reason = errno;
  if (close(file) != 0 && ok) {
    ok = false;
    reason = errno;
  }
  if (!ok) return giveUp(reason);
  if (rename(temporary.c_str(), target.c_str()) != 0) return giveUp(errno);
  return {};
}

}  // namespace mcuprof::cli
