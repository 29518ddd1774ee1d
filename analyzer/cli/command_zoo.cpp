#include <fmt/format.h>
#include <unistd.h>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/model/tflite_writer.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof::cli {

int run(const ZooListOptions&) {
  TextTable table({{"network", TextTable::Align::Left},
                   {"width"},
                   {"input", TextTable::Align::Left},
                   {"classes"},
                   {"what it is", TextTable::Align::Left, 20}});
  for (const ZooEntry& entry : listZoo()) {
    table.addRow({std::string(entry.name), fmt::format("{}", entry.width), std::string(entry.input),
                  entry.classes > 0 ? fmt::format("{}", entry.classes) : "",
                  std::string(entry.summary)});
  }
  if (auto done = writeOutput("", table.render(styleOfStdout())); !done)
    return fail(kUsage, done.error());
  return kOk;
}

int run(const ZooMakeOptions& options) {
  if (options.file.empty())
    return fail(kUsage, "zoo needs a file for the model: -o FILE (\"-o -\" for standard output)");
  if (options.file == "-" && isatty(STDOUT_FILENO) != 0) {
    return fail(kUsage, "a model is no text; send it to a file or a pipe, not to the terminal");
  }
  auto model = makeZooModel(options.name, options.zoo);
  if (!model) return fail(kUsage, model.error());
  const std::vector<std::byte> bytes = writeTflite(*model);
  const std::string_view view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (auto done = writeOutput(options.file, view); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
