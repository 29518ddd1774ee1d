#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"

namespace mcuprof::cli {

int run(const CompletionScriptOptions& options) {
  if (auto done = writeOutput("", completionScript(options.shell)); !done)
    return fail(kUsage, done.error());
  return kOk;
}

int run(const CompleteOptions& options) {
  const Completions found = complete(options.words);
  std::string text = found.files ? ":files\n" : "";
  for (const std::string& word : found.words) text += word + '\n';
  if (auto done = writeOutput("", text); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
