// ST Edge AI (X-CUBE-AI): the c_info.json of a generated network, and the report JSON.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "db/import/foreign_run.hpp"

namespace mcuprof::db {
namespace {

using Json = nlohmann::json;

/// The value behind keys one in another; null where one of them is not there.
const Json& at(const Json& from, std::initializer_list<const char*> keys) {
  static const Json kNothing;
  const Json* value = &from;
  for (const char* key : keys) {
    if (!value->is_object()) return kNothing;
    const auto found = value->find(key);
    if (found == value->end()) return kNothing;
    value = &*found;
  }
  return *value;
}

std::string textAt(const Json& from, std::initializer_list<const char*> keys) {
  const Json& value = at(from, keys);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// A number from 0 on that is no nonsense.
std::optional<double> numberOf(const Json& value) {
  if (!value.is_number()) return std::nullopt;
  const double number = value.get<double>();
  if (!std::isfinite(number) || number < 0 || number > 1e15) return std::nullopt;
  return number;
}

std::optional<std::int64_t> wholeOf(const Json& value) {
  const auto number = numberOf(value);
  return number ? std::optional<std::int64_t>(std::llround(*number)) : std::nullopt;
}

void addFact(ForeignRun& run, const char* key, const Json& value) {
  if (const auto number = wholeOf(value)) run.facts.emplace_back(key, fmt::format("{}", *number));
}

std::string fileName(const std::string& path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

/// "2025-05-21T20:28:40Z" of "2025-05-21T13:28:40-0700"; empty for anything else.
std::string utcOf(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0;
  char sign = 0;
  if (text.size() != 24 ||
      std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%c%4d", &year, &month, &day, &hour, &minute,
                  &second, &sign, &zone) != 8 ||
      (sign != '+' && sign != '-') || year < 1970 || month < 1 || month > 12 || day < 1 ||
      day > 31) {
    return {};
  }
  std::tm local{};
  local.tm_year = year - 1900;
  local.tm_mon = month - 1;
  local.tm_mday = day;
  local.tm_hour = hour;
  local.tm_min = minute;
  local.tm_sec = second;
  const int offset = (zone / 100 * 60 + zone % 100) * 60 * (sign == '-' ? -1 : 1);
  const std::time_t time = timegm(&local) - offset;
  std::tm utc{};
  gmtime_r(&time, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

Result<std::vector<ForeignRun>> readInfo(const Json& info, const std::string& name) {
  ForeignRun run;
  run.format = "ST c_info.json";
  run.place = name;
  run.runtime = "ST Edge AI";
  run.started = utcOf(textAt(info, {"environment", "generated_model", "generated_time"}));
  run.model = textAt(info, {"environment", "generated_model", "name"});
  run.board = textAt(info, {"environment", "device"});
  const Json& tools = at(info, {"environment", "tools"});
  if (tools.is_array() && !tools.empty()) {
    run.toolVersion = textAt(tools[0], {"version"});
    const std::string input = textAt(tools[0], {"input_model", "name"});
    if (!input.empty()) run.model = input;
  }
  for (const auto& [key, member] : {std::pair{"weights B", "weights"},
                                    {"activations B", "activations"},
                                    {"kernel flash B", "kernel_flash"},
                                    {"kernel RAM B", "kernel_ram"}}) {
    addFact(run, key, at(info, {"memory_footprint", member}));
  }
  const Json& graphs = at(info, {"graphs"});
  if (!graphs.is_array() || graphs.empty()) return Error{name, "\"graphs\" has no graph"};
  const Json& nodes = at(graphs[0], {"nodes"});
  if (!nodes.is_array() || nodes.empty()) return Error{name, "\"graphs[0].nodes\" has no node"};
  run.cycles = numberOf(at(graphs[0], {"exec_time", "cycles"}));
  run.latencyMs = numberOf(at(graphs[0], {"exec_time", "duration_ms"}));
  for (const Json& node : nodes) {
    ForeignLayer layer;
    layer.number = static_cast<std::int32_t>(run.layers.size()) + 1;
    layer.kind = textAt(node, {"description"});
    layer.name = textAt(node, {"name"});
    const Json& functions = at(node, {"sw_functions"});
    if (functions.is_array() && !functions.empty() && functions[0].is_string())
      layer.kernel = functions[0].get<std::string>();
    layer.macs = wholeOf(at(node, {"macc"}));
    layer.cycles = numberOf(at(node, {"exec_time", "cycles"}));
    run.layers.push_back(std::move(layer));
  }
  return std::vector{std::move(run)};
}

Result<std::vector<ForeignRun>> readReport(const Json& report, const std::string& name) {
  ForeignRun run;
  run.format = "ST report JSON";
  run.place = name;
  run.runtime = "ST Edge AI";
  run.started = utcOf(textAt(report, {"date_time"}));
  run.model = textAt(report, {"model_name"});
  const Json& files = at(report, {"model_files"});
  if (files.is_array() && !files.empty() && files[0].is_string())
    run.modelFile = fileName(files[0].get<std::string>());
  run.toolVersion = textAt(report, {"tools_version"});
  if (run.toolVersion.empty()) run.toolVersion = textAt(report, {"cli_version_str"});
  // Up to version 8.1 a list of one, then a number.
  const Json& ram = at(report, {"ram_size"});
  addFact(run, "activations B", ram.is_array() && !ram.empty() ? ram[0] : ram);
  addFact(run, "weights B", at(report, {"rom_size"}));
  addFact(run, "MACC of the C model", at(report, {"rom_n_macc"}));
  addFact(run, "internal RAM B", at(report, {"internal_ram_consumption"}));
  addFact(run, "internal flash B", at(report, {"internal_flash_consumption"}));
  // Only where the network was timed.
  run.cycles = numberOf(at(report, {"cycles"}));
  run.latencyMs = numberOf(at(report, {"duration_ms"}));
  if (run.cycles && run.latencyMs && *run.latencyMs > 0)
    run.clockMhz = *run.cycles / (*run.latencyMs * 1e3);
  const Json& layers = at(report, {"layers"});
  if (!layers.is_array() || layers.empty()) return Error{name, "\"layers\" has no layer"};
  for (const Json& from : layers) {
    ForeignLayer layer;
    layer.number = static_cast<std::int32_t>(run.layers.size()) + 1;
    layer.kind = textAt(from, {"original"});
    if (layer.kind.empty()) layer.kind = textAt(from, {"type"});
    layer.name = textAt(from, {"name"});
    // Of the network as it was given; sums of the C model differ.
    layer.macs = wholeOf(at(from, {"extras", "n_macc"}));
    run.layers.push_back(std::move(layer));
  }
  return std::vector{std::move(run)};
}

}  // namespace

Result<std::vector<ForeignRun>> readStJson(std::string_view text, const std::string& name) {
  const Json document = Json::parse(text, nullptr, false);
  if (!document.is_object()) return Error{name, "is no JSON object, or was cut short"};
  if (document.contains("graphs")) return readInfo(document, name);
  if (document.contains("layers") && document.contains("report_version"))
    return readReport(document, name);
  return Error{name,
               "wanted ST's c_info.json (key \"graphs\") or report JSON (\"report_version\" and "
               "\"layers\")"};
}

}  // namespace mcuprof::db
