// Options of the commands about target files and the zoo.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {

void addBoards(CLI::App& app, Typed& typed) {
  CLI::App& boards = *app.add_subcommand("boards", "List, show and check target files");
  addTarget(boards, typed);
  boards.require_subcommand(0, 1);
  boards.add_subcommand("list", "One line a board (default)")->fallthrough();
  CLI::App& show =
      *boards.add_subcommand("show", "Every figure of a board with its basis and source");
  show.fallthrough();
  show.add_option("NAME", typed.board, "Board or .toml file")->type_name("");
  CLI::App& validate = *boards.add_subcommand("validate", "Check board, core and runtime files");
  validate.fallthrough();
  validate.add_option("FILE", typed.files, ".toml files")->type_name("");
  boards.footer(
      "Examples:\n"
      "  mcuprof boards\n"
      "  mcuprof boards show f767zi\n"
      "  mcuprof boards validate my_board.toml");
}

Command makeBoards(const CLI::App& app, const Typed& typed) {
  const CLI::App& boards = *app.get_subcommand("boards");
  if (boards.got_subcommand("show")) {
    if (typed.board.empty()) return wrong("boards show needs the name of a board");
    return BoardsShowOptions{typed.board, typed.target};
  }
  if (boards.got_subcommand("validate")) {
    if (typed.files.empty()) return wrong("boards validate needs at least one .toml file");
    return BoardsValidateOptions{typed.files, typed.target};
  }
  return BoardsListOptions{typed.target};
}

void addZoo(CLI::App& app, Typed& typed) {
  CLI::App& zoo = *app.add_subcommand("zoo", "Write a reference network as a .tflite file");
  zoo.add_option("NAME", typed.name, "Network, or \"list\" to list them")->type_name("");
  zoo.add_option("--width", typed.width, "Scales the channels of hidden layers")
      ->type_name("FACTOR");
  zoo.add_option("--input", typed.input, "Extent of the input, as 128 or 49x10")->type_name("N");
  zoo.add_option("--classes", typed.classes, "Outputs of the last layer")->type_name("N");
  zoo.add_option("--dtype", typed.type, "int8, int16 or float32")->type_name("TYPE");
  zoo.add_option("--seed", typed.seed, "Seed of weights and biases")->type_name("N");
  zoo.add_option("-o,--output", typed.file, "File to write, - for standard output")
      ->type_name("FILE");
  zoo.footer(
      "Examples:\n"
      "  mcuprof zoo list\n"
      "  mcuprof zoo mobilenet_v2 --width 0.35 --input 128 -o model.tflite");
}

Command makeZoo(const CLI::App&, const Typed& typed) {
  if (typed.name.empty() || typed.name == "list") return ZooListOptions{};
  ZooMakeOptions out;
  out.name = typed.name;
  out.file = typed.file;
  out.zoo.width = typed.width;
  out.zoo.classes = typed.classes;
  out.zoo.seed = typed.seed;
  if (!typed.input.empty()) {
    const auto input = parseZooInput(typed.input);
    if (!input) return wrong("--input: " + input.error().text());
    out.zoo.input = *input;
  }
  const auto type = parseZooType(typed.type);
  if (!type) return wrong("--dtype: " + type.error().text());
  out.zoo.type = *type;
  return out;
}

}  // namespace mcuprof::cli
