#include <csignal>
#include <exception>
#include <variant>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/options.hpp"

namespace mcuprof::cli {
namespace {

int run(const Finished& finished) {
  return finished.status;
}

}  // namespace
}  // namespace mcuprof::cli

int main(int argc, char** argv) {
  using namespace mcuprof::cli;
  // A reader that has seen enough is no error: what could not be written is dropped (console.cpp),
  // and the status still is the answer.
  std::signal(SIGPIPE, SIG_IGN);
  // Our code throws nothing; what arrives here is a lack of memory or a defect.
  try {
    return std::visit([](const auto& options) { return run(options); }, parseArguments(argc, argv));
  } catch (const std::exception& e) {
    return fail(kInternal, std::string("internal error: ") + e.what());
  } catch (...) {
    return fail(kInternal, "internal error");
  }
}
