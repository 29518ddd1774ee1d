#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/surroundings.hpp"
#include "db/database.hpp"
#include "db/run_store.hpp"

namespace mcuprof::cli {
namespace {

using State = Surrounding::State;

Surrounding database(const std::string& given) {
  const auto path = db::databasePath(given);
  if (!path) return {State::Missing, "database", "runs", path.error().text()};
  std::error_code failed;
  if (!std::filesystem::exists(*path, failed))
    return {State::Missing, "database", "runs", *path + " (the first run makes it)"};
  auto opened = db::Database::open(*path, db::Access::ReadOnly);
  if (!opened) return {State::Trouble, "database", "runs", opened.error().text()};
  db::RunFilter filter;
  filter.limit = 1'000'000;
  const auto runs = db::listRuns(*opened, filter);
  if (!runs) return {State::Trouble, "database", "runs", runs.error().text()};
  return {State::Present, "database", "runs", fmt::format("{} runs in {}", runs->size(), *path)};
}

Surrounding targets(const std::string& folder) {
  const auto catalogue = Catalogue::find(folder);
  if (!catalogue) return {State::Trouble, "targets", "target files", catalogue.error().text()};
  return {State::Present, "targets", "target files",
          fmt::format("{} boards in {}", catalogue->boardNames().size(), catalogue->folder())};
}

/// A program of ours: where it is installed beside this one, else where the build puts it.
Surrounding ownProgram(const std::string& name, const std::string& buildFolder,
                       const std::string& help) {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
  for (const auto& file : {self / name, self / buildFolder / name}) {
    if (access(file.c_str(), X_OK) == 0)
      return {State::Present, "program", name, file.lexically_normal().string()};
  }
  Surrounding found = findProgram("program", name, help);
  return found;
}

/// Images of the device agent, one a board or core.
Surrounding agentImages() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
  for (const auto& folder : {self / "../share/mcuprof/firmware",
                             self / "../../device-agent/firmware", self / "../../device-agent"}) {
    std::size_t images = 0;
    for (std::filesystem::recursive_directory_iterator entry(folder, failed), end;
         !failed && entry != end; entry.increment(failed)) {
      if (entry->path().extension() == ".elf") ++images;
    }
    if (images > 0) {
      return {State::Present, "agent", "agent images",
              fmt::format("{} in {}", images, folder.lexically_normal().string())};
    }
  }
  return {State::Missing, "agent", "agent images", "build them with arm-none-eabi-gcc installed"};
}

std::string_view wordOf(State state) {
  switch (state) {
    case State::Present:
      return "present";
    case State::Missing:
      return "missing";
    case State::Trouble:
      return "trouble";
  }
  return "";
}

std::string jsonText(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string renderJson(const std::vector<Surrounding>& all) {
  std::string out =
      "{\n  \"schema\": \"mcuprof/doctor\",\n  \"schema_version\": 1,\n  \"found\": [";
  for (std::size_t i = 0; i < all.size(); ++i) {
    out += fmt::format("{}\n    {{\"kind\": {}, \"name\": {}, \"state\": {}, \"detail\": {}}}",
                       i == 0 ? "" : ",", jsonText(all[i].kind), jsonText(all[i].name),
                       jsonText(wordOf(all[i].state)), jsonText(all[i].detail));
  }
  return out + "\n  ]\n}\n";
}

std::string renderText(const std::vector<Surrounding>& all, const TextStyle& style) {
  std::string out;
  for (const Surrounding& one : all) {
    const Tone tone = one.state == State::Present   ? Tone::Good
                      : one.state == State::Missing ? Tone::Faint
                                                    : Tone::Bad;
    const std::string lead = fmt::format("{:<8} {:<10}", wordOf(one.state), one.kind);
    std::string lines = wrapped(lead, one.name + ": " + one.detail, style.width);
    lines.replace(0, 8, painted(style, tone, lead.substr(0, 8)));
    out += lines;
  }
  return out;
}

}  // namespace

int run(const DoctorOptions& options) {
  // Tests lay out a machine of their own below this folder.
  const char* const given = std::getenv("MCUPROF_SYSROOT");
  const std::string root = given != nullptr ? given : "";
  std::vector<Surrounding> all;
  all.push_back(targets(options.folder));
  all.push_back(findProgram("openocd", "openocd", "apt install openocd"));
  for (Surrounding& probe : findProbes(root)) all.push_back(std::move(probe));
  for (Surrounding& meter : findMeters(root)) all.push_back(std::move(meter));
  all.push_back(findProgram("toolchain", "arm-none-eabi-gcc", "apt install gcc-arm-none-eabi"));
  all.push_back(database(options.database));
  all.push_back(ownProgram("mcuprof-vboard", "../../device-agent/virtual-board",
                           "the virtual board comes with mcuprof"));
  all.push_back(ownProgram("mcuprof-price", ".", "pricing of machine code comes with mcuprof"));
  all.push_back(agentImages());
  const std::string text = options.output.format == Format::Json
                               ? renderJson(all)
                               : renderText(all, styleFor(options.output.file));
  if (auto done = writeOutput(options.output.file, text); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
