#include "analyzer/cli/options.hpp"

#include <fmt/format.h>

// CLI11 is included in the option files of this folder and nowhere else.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>
#include <string_view>

#include "analyzer/base/near_miss.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {
namespace {

constexpr const char* kExitStatuses =
    "Exit status: 0 ok; 1 the answer is no; 2 usage or configuration; 3 input unreadable or "
    "invalid;\n"
    "4 operators of unknown cost with --strict; 5 board, probe or measurement; 70 internal error; "
    "130 interrupted.";

/// In the order in which help lists them.
constexpr CommandEntry kCommands[] = {
    {"analyze", addAnalyze, makeAnalyze},
    {"whatif", addWhatIf, makeWhatIf},
    {"sweep", addSweep, makeSweep},
    {"accuracy", addAccuracy, makeAccuracy},
    {"inspect", addInspect, makeInspect},
    {"arena", addArena, makeArena},
    {"fit", addFit, makeFit},
    {"check", addCheck, makeCheck},
    {"diff", addDiff, makeDiff},
    {"boards", addBoards, makeBoards},
    {"zoo", addZoo, makeZoo},
    {"cost", addCost, makeCost},
    {"run", addRun, makeRun},
    {"runs", addRuns, makeRuns},
    {"show", addShow, makeShow},
    {"compare", addCompare, makeCompare},
    {"calibrate", addCalibrate, makeCalibrate},
    {"import", addImport, makeImport},
    {"db", addDatabaseCommand, makeDatabaseCommand},
    {"doctor", addDoctor, makeDoctor},
    {"completion", addCompletion, makeCompletion},
};

const CommandEntry* entryOf(std::string_view name) {
  return std::ranges::find(kCommands, name, &CommandEntry::name);
}

Command makeCommand(const CLI::App& app, const Typed& typed) {
  const std::vector<CLI::App*> given = app.get_subcommands();
  const auto* const command =
      given.empty() ? std::end(kCommands) : entryOf(given.front()->get_name());
  return command == std::end(kCommands) ? Command(Finished{kInternal}) : command->make(app, typed);
}

std::vector<std::string> commandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::string didYouMean(std::string_view word, std::span<const std::string> candidates) {
  const auto near = nearMiss(word, candidates);
  return near ? fmt::format("; did you mean {}?", *near) : std::string();
}

/// What was wrong with an argument that no command took.
std::string explainExtra(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  std::vector<std::string> rest = app.remaining(true);
  const auto option = std::ranges::find_if(
      rest, [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
  if (option == rest.end()) {
    return fmt::format("{} does not take \"{}\"{}", command->get_name(),
                       rest.empty() ? "" : rest.front(),
                       rest.empty() ? "" : didYouMean(rest.front(), commandNames(*command)));
  }
  const std::string word = option->substr(0, option->find('='));
  std::vector<std::string> known;
  for (const CLI::App* level = command; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* candidate : level->get_options()) {
      for (const std::string& name : candidate->get_lnames()) known.push_back("--" + name);
    }
  }
  const std::string where = command == &app ? "" : fmt::format(" for {}", command->get_name());
  return fmt::format("unknown option {}{}{}", word, where, didYouMean(word, known));
}

}  // namespace

void buildProgram(CLI::App& app, Typed& typed, std::string_view first) {
  app.set_version_flag("--version", "mcuprof " MCUPROF_VERSION);
  app.footer(std::string("Examples:\n"
                         "  mcuprof zoo mobilenet_v2 --width 0.35 --input 128 -o model.tflite\n"
                         "  mcuprof analyze --board f767zi model.tflite\n"
                         "  mcuprof analyze --board f429zi --sram 128K --format json model.tflite\n"
                         "  mcuprof fit --boards all model.tflite\n"
                         "  mcuprof check --budget mcuprof.toml\n") +
             kExitStatuses);
  const CommandEntry* const only = entryOf(first);
  if (only != std::end(kCommands)) {
    only->add(app, typed);
    return;
  }
  for (const CommandEntry& command : kCommands) command.add(app, typed);
  // Its options are read by mcuprof-price; here it only has its place in the list.
  app.add_subcommand("price", "Price the hot loops of a firmware's machine code");
}

Command parseArguments(int argumentCount, const char* const* arguments) {
  Typed typed;
  CLI::App app("mcuprof: does a model fit a microcontroller, where not, and what would help",
               "mcuprof");
  const std::string_view first = argumentCount < 2 ? "" : arguments[1];
  buildProgram(app, typed, first);
  if (argumentCount < 2) {
    const std::string help = app.help();
    std::fwrite(help.data(), 1, help.size(), stderr);
    return Finished{kUsage};
  }
  // Asked by the completion scripts, with the words of a line that may be half typed.
  if (first == "__complete") {
    const int from = argumentCount > 2 && arguments[2] == std::string_view("--") ? 3 : 2;
    return CompleteOptions{{arguments + from, arguments + argumentCount}};
  }
  const std::vector<std::string> commands = commandNames(app);
  if (!first.starts_with('-') && std::ranges::find(commands, first) == commands.end()) {
    return wrong(fmt::format("unknown command \"{}\"{} (\"mcuprof --help\" lists them)", first,
                             didYouMean(first, commands)));
  }
  if (first == "price") return PriceOptions{{arguments + 2, arguments + argumentCount}};
  int parsed = argumentCount;
  if (first == "diff") {
    // What stands behind "--" is the other side, options and all.
    const auto* const end = arguments + argumentCount;
    const auto* const dashes = std::find(arguments, end, std::string_view("--"));
    typed.hasOtherSide = dashes != end;
    if (typed.hasOtherSide) typed.otherSide.assign(dashes + 1, end);
    parsed = static_cast<int>(dashes - arguments);
  }
  try {
    app.parse(parsed, arguments);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* command = &app;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    const auto done = writeOutput("", command->help());
    return Finished{done ? kOk : fail(kUsage, done.error())};
  } catch (const CLI::CallForVersion& version) {
    const auto done = writeOutput("", std::string(version.what()) + '\n');
    return Finished{done ? kOk : fail(kUsage, done.error())};
  } catch (const CLI::ExtrasError&) {
    return wrong(explainExtra(app));
  } catch (const CLI::ParseError& error) {
    return wrong(error.what());
  }
  if (app.get_subcommands().empty()) return wrong("which command? \"mcuprof --help\" lists them");
  return makeCommand(app, typed);
}

}  // namespace mcuprof::cli
