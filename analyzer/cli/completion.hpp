#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mcuprof::cli {

struct CompletionScriptOptions {
  std::string shell;  ///< "bash", "zsh", "fish"
};

/// The words of a command line up to and with the one that is being typed.
struct CompleteOptions {
  std::vector<std::string> words;
};

/// What can stand in the place of the last of `words` (those behind the program's name): commands,
/// options, boards, runtimes, layers of the model that the line names, ... each with what was typed
/// of it in front. `files` tells that file names can stand there, too.
struct Completions {
  std::vector<std::string> words;
  bool files = false;
};
Completions complete(const std::vector<std::string>& words);

/// The script that asks "mcuprof __complete" from a shell.
std::string completionScript(std::string_view shell);

}  // namespace mcuprof::cli
