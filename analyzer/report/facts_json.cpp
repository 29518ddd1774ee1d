#include "analyzer/report/facts_json.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "analyzer/report/json_reader.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

using Json = JsonReader::Json;

/// The facts of one analysis; what it does not say is passed over.
class Facts {
 public:
  Facts(JsonReader& reader, const Json& from) : m_reader(reader), m_from(from) {}

  std::vector<FactRow> read() {
    files();
    target();
    ram();
    energy();
    m_group = "notes of the report";
    for (const Json& note : m_reader.array(m_from, "notes", false)) {
      if (note.is_string()) add("note", printable(note.get<std::string>()));
    }
    return std::move(m_out);
  }

 private:
  void add(std::string name, std::string value, std::optional<Basis> basis = {},
           std::string source = {}) {
    if (!value.empty())
      m_out.push_back({m_group, std::move(name), std::move(value), basis, std::move(source)});
  }
  void text(const char* name, std::string_view path) {
    add(name, m_reader.text(m_from, path, false));
  }
  /// A value with its basis, unless the user gave it.
  void figure(const char* name, std::string_view path, double unit, const char* unitName,
              std::string source = {}) {
    const Json& value = m_reader.at(m_from, path, false);
    if (!value.is_object()) return;
    const bool given = m_reader.at(value, "given", false).is_boolean();
    const double number = m_reader.number(value, "value") / unit;
    add(name, fmt::format("{:.12g} {}", number, unitName),
        given ? std::nullopt : std::optional(m_reader.basis(value)),
        given ? "set by you" : std::move(source));
  }

  void files() {
    m_group = "input files";
    for (const Json& file : m_reader.array(m_from, "inputs", false)) {
      add(m_reader.text(file, "role"), fmt::format("{}, SHA-256 {}", m_reader.text(file, "name"),
                                                   m_reader.text(file, "sha256").substr(0, 16)));
    }
    text("mcuprof", "tool/version");
  }

  void target() {
    m_group = "target";
    text("board", "target/board/name");
    text("chip", "target/board/chip");
    figure("rated clock", "target/board/clock_hz", 1e6, "MHz");
    text("core", "target/core/name");
    text("runtime", "target/runtime/name");
    text("version of the runtime", "target/runtime/version");
    m_group = "machine state";
    text("in short", "costs/machine");
    text("calibration", "costs/calibration");
  }

  void ram() {
    m_group = "RAM";
    for (const auto& [name, path] :
         std::to_array<std::pair<const char*, const char*>>({{"in total", "sram/total"},
                                                             {"static", "sram/static"},
                                                             {"stack", "sram/stack"},
                                                             {"reserve", "sram/reserve"},
                                                             {"weights", "sram/weights"},
                                                             {"block buffer", "sram/block_buffer"},
                                                             {"usable", "sram/usable"}}))
      figure(name, path, 1, "B");
    for (const Json& region : m_reader.array(m_from, "sram/regions", false)) {
      add("region " + m_reader.text(region, "name"),
          fmt::format("{} B, usable {} B", grouped(m_reader.bytes(region, "size/value")),
                      grouped(m_reader.bytes(region, "usable"))));
    }
    m_group = "flash";
    figure("in total", "flash/size", 1, "B");
    text("weights in", "flash/weights_in");
  }

  void energy() {
    m_group = "energy";
    figure("power while computing", "costs/energy/active_mw", 1, "mW",
           m_reader.text(m_from, "costs/energy/power_source", false));
    text("state", "costs/energy/power_state");
    figure("supply", "costs/energy/supply_volts", 1, "V");
    text("unknown", "costs/energy_reason");
  }

  JsonReader& m_reader;
  const Json& m_from;
  std::string m_group;
  std::vector<FactRow> m_out;
};

}  // namespace

Result<std::vector<std::vector<FactRow>>> readFacts(std::string_view json,
                                                    const std::string& name) {
  const auto document = parseJson(json, name);
  if (!document) return document.error();
  JsonReader reader(name);
  std::vector<std::vector<FactRow>> out;
  const std::string schema = reader.text(*document, "schema", false);
  if (schema == "mcuprof/analysis") {
    out.push_back(Facts(reader, *document).read());
  } else if (schema == "mcuprof/check") {
    for (const Json& analysis : reader.array(*document, "analyses"))
      out.push_back(Facts(reader, analysis).read());
  } else {
    return Error{name, "schema is none that facts are read from"};
  }
  if (reader.failed()) return reader.error();
  return out;
}

}  // namespace mcuprof
