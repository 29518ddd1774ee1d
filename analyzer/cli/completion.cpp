#include "analyzer/cli/completion.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/option_parts.hpp"
#include "analyzer/model/zoo.hpp"

namespace mcuprof::cli {
namespace {

using Words = std::vector<std::string>;

Catalogue catalogueOf(const Words& words) {
  std::string folder;
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == "--targets") folder = words[i + 1];
  auto found = Catalogue::find(folder);
  return found ? std::move(*found) : Catalogue(std::string());
}

/// Names as people type them: without "nucleo-".
Words boardNames(const Words& words) {
  Words out;
  for (std::string name : catalogueOf(words).boardNames()) {
    constexpr std::string_view kPrefix = "nucleo-";
    if (name.starts_with(kPrefix)) out.push_back(name.substr(kPrefix.size()));
    out.push_back(std::move(name));
  }
  return out;
}

/// Numbers of the layers of the model on the line.
Words layersOf(const Words& words) {
  for (const std::string& word : words) {
    if (!word.ends_with(".tflite")) continue;
    auto model = loadModel(word, Hash::No);
    if (!model) return {};
    Words out;
    for (std::size_t i = 1; i <= model->graph->ops.size(); ++i) out.push_back(std::to_string(i));
    return out;
  }
  return {};
}

Words formatsOf(std::string_view command) {
  if (command == "check") return {"text", "json", "junit", "sarif", "github", "gitlab", "markdown"};
  if (command == "accuracy") return {"text", "json", "csv", "markdown"};
  if (command == "diff") return {"text", "json", "csv", "markdown"};
  if (command == "arena") return {"text", "json", "csv", "svg"};
  if (command == "sweep") return {"csv"};
  if (command == "doctor") return {"text", "json"};
  return {"text", "json", "csv"};
}

/// What can follow an option; false when files or anything else can, too.
bool valuesOf(std::string_view option, std::string_view command, const Words& words, Words& out) {
  if (option == "--board" || option == "--boards") {
    out = boardNames(words);
    if (option == "--boards") out.emplace_back("all");
  } else if (option == "--runtime") {
    out = catalogueOf(words).runtimeNames();
  } else if (option == "--core") {
    out = catalogueOf(words).coreNames();
  } else if (option == "--format") {
    out = formatsOf(command);
  } else if (option == "--fail-on") {
    out = {"fail", "inconclusive", "warning"};
  } else if (option == "--opt") {
    out = {"-O2", "-O3", "-Os"};
  } else if (option == "--cache" || option == "--accelerator") {
    out = {"on", "off"};
  } else if (option == "--place") {
    out = {"weights=flash", "weights=sd", "weights=sram"};
  } else if (option == "--provenance") {
    out = {"measured", "virtual", "predicted", "imported"};
  } else if (option == "--explain" || option == "--layers") {
    out = layersOf(words);
  } else if (option == "--probe") {
    out = {"stlink", "jlink", "cmsis-dap"};
  } else if (option == "--swo") {
    out = {"off", "2000000"};
  } else if (option == "--input" && command == "run") {
    out = {"zeros", "xorshift"};
    return false;
  } else if (option == "--dtype") {
    out = {"int8", "int16", "float32"};
  } else {
    return false;
  }
  return true;
}

void keepPrefix(Words& words, std::string_view prefix) {
  std::erase_if(words, [&](const std::string& word) { return !word.starts_with(prefix); });
}

}  // namespace

Completions complete(const Words& words) {
  Typed typed;
  CLI::App app("mcuprof", "mcuprof");
  buildProgram(app, typed);
  Completions out;
  const std::string current = words.empty() ? std::string() : words.back();
  const auto subcommands = [](const CLI::App& of) {
    Words names;
    for (const CLI::App* command : of.get_subcommands([](const CLI::App*) { return true; }))
      if (!command->get_name().starts_with("__")) names.push_back(command->get_name());
    return names;
  };
  if (words.size() <= 1) {
    out.words = current.starts_with('-') ? Words{"--help", "--version"} : subcommands(app);
    keepPrefix(out.words, current);
    return out;
  }
  CLI::App* command = nullptr;
  try {
    command = app.get_subcommand(words.front());
  } catch (const CLI::OptionNotFound&) {
    return out;
  }
  // "db prune --..." has the options of both.
  const CLI::App* part = nullptr;
  for (const CLI::App* one : command->get_subcommands([](const CLI::App*) { return true; }))
    if (words.size() > 2 && one->get_name() == words[1]) part = one;
  const std::string& before = words[words.size() - 2];
  const auto optionOf = [&](const CLI::App* level) -> const CLI::Option* {
    return level != nullptr && before.starts_with('-') ? level->get_option_no_throw(before)
                                                       : nullptr;
  };
  const CLI::Option* option = optionOf(command) != nullptr ? optionOf(command) : optionOf(part);
  if (option != nullptr && option->get_items_expected_max() > 0) {
    out.files = !valuesOf(before, command->get_name(), words, out.words);
    // Of several names with commas between, the last is being typed.
    const std::size_t comma = before == "--boards" ? current.rfind(',') : std::string::npos;
    if (comma != std::string::npos) {
      for (std::string& word : out.words) word.insert(0, current.substr(0, comma + 1));
    }
  } else if (current.starts_with('-')) {
    for (const CLI::App* level : {static_cast<const CLI::App*>(command), part}) {
      if (level == nullptr) continue;
      for (const CLI::Option* candidate : level->get_options()) {
        for (const std::string& name : candidate->get_lnames()) out.words.push_back("--" + name);
      }
    }
  } else {
    if (part == nullptr) out.words = subcommands(*command);
    if (command->get_name() == "zoo") {
      for (const ZooEntry& entry : listZoo()) out.words.emplace_back(entry.name);
    } else if (command->get_name() == "completion") {
      out.words = {"bash", "zsh", "fish"};
    } else if (command->get_name() == "boards" && before == "show") {
      out.words = boardNames(words);
    } else {
      // What stands behind "db" is one of its parts, not a file.
      out.files =
          command->get_name() != "doctor" && (command->get_name() != "db" || part != nullptr);
    }
  }
  keepPrefix(out.words, current);
  std::ranges::sort(out.words);
  return out;
}

std::string completionScript(std::string_view shell) {
  // Each asks the program itself, which knows; ":files" in the first line stands for file names.
  if (shell == "bash") {
    return R"sh(# mcuprof completion for bash; use: eval "$(mcuprof completion bash)"
_mcuprof() {
  local current=${COMP_WORDS[COMP_CWORD]} line
  local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("$line")
    fi
  done < <("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null)
}
complete -F _mcuprof mcuprof
)sh";
  }
  if (shell == "zsh") {
    return R"sh(#compdef mcuprof
# mcuprof completion for zsh; use: source <(mcuprof completion zsh)
_mcuprof() {
  local -a found
  found=("${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( ${found[(Ie):files]} )); then
    found=("${(@)found:#:files}")
    _files
  fi
  found=("${(@)found:#}")
  if (( ${#found} )); then compadd -a found; fi
}
if (( $+functions[compdef] )); then compdef _mcuprof mcuprof; fi
)sh";
  }
  return R"sh(# mcuprof completion for fish; use: mcuprof completion fish | source
function __mcuprof_complete
  set -l typed (commandline -opc) (commandline -ct)
  for line in ($typed[1] __complete -- $typed[2..-1] 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c mcuprof -f -a "(__mcuprof_complete)"
)sh";
}

}  // namespace mcuprof::cli
