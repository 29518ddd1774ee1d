// Options of what stands around the analyses: completion, doctor.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {

void addCompletion(CLI::App& app, Typed& typed) {
  CLI::App& completion =
      *app.add_subcommand("completion", "Print the completion script of a shell");
  completion.add_option("SHELL", typed.name, "bash, zsh or fish")->type_name("");
  completion.footer(
      "Examples:\n"
      "  eval \"$(mcuprof completion bash)\"\n"
      "  source <(mcuprof completion zsh)\n"
      "  mcuprof completion fish | source");
}

Command makeCompletion(const CLI::App&, const Typed& typed) {
  if (typed.name != "bash" && typed.name != "zsh" && typed.name != "fish") {
    return wrong(
        typed.name.empty()
            ? std::string("completion needs a shell: bash, zsh or fish")
            : fmt::format("completion: \"{}\" is not known; write bash, zsh or fish", typed.name));
  }
  return CompletionScriptOptions{typed.name};
}

void addDoctor(CLI::App& app, Typed& typed) {
  CLI::App& doctor = *app.add_subcommand("doctor", "Say which tools, probes and meters there are");
  addOutput(doctor, typed, "text, json");
  doctor.add_option("--db", typed.database, "Database of runs")->type_name("FILE");
  doctor.add_option("--targets", typed.target.folder, "Folder with target files")->type_name("DIR");
  doctor.footer(
      "Examples:\n"
      "  mcuprof doctor\n"
      "  mcuprof doctor --format json\n"
      "What is missing is an answer, not an error: the status is 0.");
}

Command makeDoctor(const CLI::App&, const Typed& typed) {
  DoctorOptions out;
  if (!readOutput(typed, false, out.output)) return Finished{kUsage};
  if (out.output.format == Format::Csv)
    return wrong("--format: \"csv\" is not known here; write text or json");
  out.database = typed.database;
  out.folder = typed.target.folder;
  return out;
}

}  // namespace mcuprof::cli
