#include "analyzer/accuracy/measurement_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mcuprof {

namespace {

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

RuntimeClass classify(std::string_view runtime, bool open) {
  if (!open) return RuntimeClass::Closed;
  const std::string name = lowered(runtime);
  // "modified" kernels and "CMSIS" on a core that is no Arm are not what was counted.
  if (contains(name, "cmsis") && !contains(name, "modified")) return RuntimeClass::OpenCmsisNn;
  if (contains(name, "tflm") && contains(name, "reference")) return RuntimeClass::OpenReference;
  return RuntimeClass::OpenOther;
}

/// Reads one record by column titles and keeps the first problem.
class Row {
 public:
  Row(const CsvTable& table, const CsvRecord& record) : m_table(table), m_record(record) {}

  std::string text(std::string_view title) const {
    const std::size_t column = m_table.column(title);
    return column == CsvTable::npos ? std::string() : m_record.fields[column];
  }

  /// A number > 0, or nothing for an empty field.
  std::optional<double> number(std::string_view title) {
    const std::string field = text(title);
    if (field.empty()) return std::nullopt;
    double value = 0;
    const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (code != std::errc() || end != field.data() + field.size() || !std::isfinite(value) ||
        value <= 0) {
      fail(fmt::format("{} is \"{}\"; wanted a number above 0 or nothing", title, field));
      return std::nullopt;
    }
    return value;
  }

  void fail(std::string what) {
    if (!m_error)
      m_error = Error{fmt::format("{}:{}", m_table.name, m_record.line), std::move(what)};
  }
  const std::optional<Error>& error() const { return m_error; }

 private:
  const CsvTable& m_table;
  const CsvRecord& m_record;
  std::optional<Error> m_error;
};

Result<void> requireColumns(const CsvTable& table, std::initializer_list<std::string_view> titles) {
  for (std::string_view title : titles) {
    if (table.column(title) == CsvTable::npos) {
      return Error{fmt::format("{}:1", table.name), fmt::format("no column \"{}\"", title)};
    }
  }
  return {};
}

}  // namespace

std::string_view nameOf(RuntimeClass runtime) {
  switch (runtime) {
    case RuntimeClass::OpenCmsisNn:
      return "open, CMSIS-NN";
    case RuntimeClass::OpenReference:
      return "open, reference kernels";
    case RuntimeClass::OpenOther:
      return "open, other kernels";
    case RuntimeClass::Closed:
      return "closed";
  }
  return "";
}

Result<std::vector<Measurement>> readMeasurements(const CsvTable& table) {
  const bool layers = table.column("layer_index") != CsvTable::npos;
  const auto complete =
      layers ? requireColumns(table, {"model", "model_local", "board", "cpu", "clock_mhz",
                                      "runtime", "op", "cycles"})
             : requireColumns(table, {"model", "model_file", "board", "cpu", "clock_mhz", "runtime",
                                      "open_runtime", "latency_ms"});
  if (!complete) return complete.error();
  std::vector<Measurement> measurements;
  for (const CsvRecord& record : table.records) {
    Row row(table, record);
    Measurement m;
    m.line = record.line;
    m.source = row.text("source");
    m.model = row.text("model");
    m.modelFile = row.text(layers ? "model_local" : "model_file");
    m.board = row.text("board");
    m.cpu = row.text("cpu");
    m.clockMhz = row.number("clock_mhz");
    m.runtime = row.text("runtime");
    m.compiler = row.text("compiler");
    m.latencyMs = row.number("latency_ms");
    m.cycles = row.number("cycles");
    m.energyMicrojoules = row.number("energy_uJ");
    m.caution = row.text("caution");
    const std::string open = row.text("open_runtime");
    if (!layers && open != "yes" && open != "no")
      row.fail(fmt::format("open_runtime is \"{}\"; wanted yes or no", open));
    m.runtimeClass = classify(m.runtime, layers || open == "yes");
    if (layers) {
      const std::string index = row.text("layer_index");
      int layer = 0;
      const auto [end, code] = std::from_chars(index.data(), index.data() + index.size(), layer);
      if (code != std::errc() || end != index.data() + index.size() || layer < 0) {
        row.fail(fmt::format("layer_index is \"{}\"; wanted a whole number from 0", index));
      }
      m.layer = layer;
      m.op = row.text("op");
    }
    if (row.error()) return *row.error();
    measurements.push_back(std::move(m));
  }
  return measurements;
}

std::vector<std::string> boardNames(std::string_view name) {
  std::vector<std::string> names;
  const auto add = [&](std::string_view part) {
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    std::string candidate = lowered(part);
    std::replace(candidate.begin(), candidate.end(), ' ', '-');
    if (!candidate.empty() && std::find(names.begin(), names.end(), candidate) == names.end())
      names.push_back(std::move(candidate));
  };
  add(name);
  const std::size_t open = name.find('(');
  const std::size_t close = name.find(')', open);
  if (open != std::string_view::npos && close != std::string_view::npos) {
    add(name.substr(0, open));
    add(name.substr(open + 1, close - open - 1));
  }
  return names;
}

}  // namespace mcuprof
