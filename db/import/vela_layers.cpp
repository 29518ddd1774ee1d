// Vela's per-layer CSV: cycles that Arm's compiler for Ethos-U estimates, nothing that ran.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "analyzer/base/csv.hpp"
#include "db/import/foreign_run.hpp"

namespace mcuprof::db {
namespace {

std::string_view lineAt(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Old headers name a column twice, and every subgraph repeats the header. Numbers instead of names
/// and one header make a table that can be read strictly.
Result<CsvTable> readTable(std::string_view text, std::size_t columns, const std::string& name) {
  const std::string header(lineAt(text));
  std::string rest = "0";
  for (std::size_t i = 1; i < columns; ++i) rest += fmt::format(",{}", i);
  rest += '\n';
  while (!text.empty()) {
    const std::string_view line = lineAt(text);
    const std::size_t end = text.find('\n');
    // A blank line keeps the numbers of the lines behind it.
    if (line != header) rest += line;
    rest += '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return readCsv(rest, name);
}

}  // namespace

Result<std::vector<ForeignRun>> readVelaLayers(std::string_view text, const std::string& name) {
  const std::string_view header = lineAt(text);
  const bool isNew = header.find(",Target,") != std::string_view::npos;
  std::size_t columns = 1;
  for (const char c : header) columns += c == ',' ? 1 : 0;
  // The new header has a column for the target more, in front of the figures.
  if (columns != (isNew ? 16U : 15U) || header.find("Op Cycles") == std::string_view::npos) {
    return Error{name + ":1",
                 "wanted Vela's header with \"Op Cycles\": 15 columns, or 16 with \"Target\""};
  }
  const auto table = readTable(text, columns, name);
  if (!table) return table.error();
  ForeignRun run;
  run.format = "Vela";
  run.place = name;
  run.runtime = "Vela";
  run.board = "Ethos-U";
  // NAME_per-layer.csv is of the network NAME.
  run.model = name.substr(0, name.find("_per-layer"));
  const std::size_t cyclesColumn = isNew ? 5 : 4;
  const std::size_t macsColumn = isNew ? 12 : 11;
  for (const CsvRecord& record : table->records) {
    const std::string place = fmt::format("{}:{}", name, record.line - 1);
    const auto number = [&](std::size_t column) -> std::optional<double> {
      const std::string& field = record.fields[column];
      double value = 0;
      const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
      if (code != std::errc() || end != field.data() + field.size() || !std::isfinite(value) ||
          value < 0 || value > 1e15) {
        return std::nullopt;
      }
      return value;
    };
    const auto cycles = number(cyclesColumn);
    const auto macs = number(macsColumn);
    if (!cycles || !macs) {
      return Error{place, fmt::format("{} is \"{}\"; wanted a number from 0",
                                      cycles ? "MAC Count" : "Op Cycles",
                                      record.fields[cycles ? macsColumn : cyclesColumn])};
    }
    ForeignLayer layer;
    layer.number = static_cast<std::int32_t>(run.layers.size()) + 1;
    layer.kind = record.fields[0];
    layer.kernel = record.fields[1];
    layer.name = record.fields.back();
    layer.macs = std::llround(*macs);
    layer.estimate = *cycles;
    run.layers.push_back(std::move(layer));
  }
  if (run.layers.empty()) return Error{name, "has no layer"};
  return std::vector{std::move(run)};
}

}  // namespace mcuprof::db
