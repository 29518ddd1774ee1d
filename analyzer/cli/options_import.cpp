// Options of import.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {

void addImport(CLI::App& app, Typed& typed) {
  CLI::App& import = *app.add_subcommand("import", "Store what other tools measured or predicted");
  import.add_option("FILE", typed.files, "Results; what they are, their content says")
      ->type_name("");
  import.add_option("--board", typed.board, "Board, in place of the one that the file names")
      ->type_name("NAME");
  import.add_option("--clock", typed.clock, "Clock in Hz, as 120M, where the file states none")
      ->type_name("HZ");
  import.add_option("--model", typed.modelFile, "The model that ran, a .tflite file")
      ->type_name("FILE");
  import.add_option("--models", typed.modelFolder, "Folder with the models that the file names")
      ->type_name("DIR");
  import.add_option("--runtime", typed.importedRuntime, "Runtime, in place of the file's")
      ->type_name("TEXT");
  import.add_option("--targets", typed.target.folder, "Folder with target files")->type_name("DIR");
  addDatabase(import, typed);
  import.footer(
      "Examples:\n"
      "  mcuprof import measured.csv --models models/\n"
      "  mcuprof import --board f429zi --model person_detect.tflite benchmark.log\n"
      "  mcuprof import network_c_info.json\n"
      "  mcuprof import network_per-layer.csv\n"
      "docs/database.md lists the formats. Importing a file again adds nothing.");
}

Command makeImport(const CLI::App&, const Typed& typed) {
  ImportOptions out;
  if (typed.files.empty()) return wrong("import needs a file");
  if (!typed.modelFile.empty() && typed.files.size() > 1)
    return wrong("--model: one model for several files; import them one by one");
  Variant machine;
  if (!readVariables({{"clock", &typed.clock}}, machine)) return Finished{kUsage};
  out.files = typed.files;
  out.board = typed.board;
  out.clockHz = machine.machine.clockHz.value_or(0);
  out.model = typed.modelFile;
  out.models = typed.modelFolder;
  out.runtime = typed.importedRuntime;
  out.folder = typed.target.folder;
  out.database = typed.database;
  return out;
}

}  // namespace mcuprof::cli
