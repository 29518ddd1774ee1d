#include "analyzer/report/cost_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "analyzer/base/csv.hpp"

namespace mcuprof {
namespace {

/// A count as the whole number it stands for.
std::string whole(double value) {
  return fmt::format("{:.0f}", std::round(value));
}

struct Columns {
  std::size_t kernel = 0;
  std::array<std::size_t, kKernelColumns.size()> shape{};
};

Result<Columns> findColumns(const CsvTable& csv) {
  Columns columns;
  std::string missing;
  const auto find = [&](std::string_view title) {
    const std::size_t column = csv.column(title);
    if (column == CsvTable::npos)
      missing += (missing.empty() ? "\"" : ", \"") + std::string(title) + "\"";
    return column;
  };
  columns.kernel = find("kernel");
  for (std::size_t i = 0; i < kKernelColumns.size(); ++i)
    columns.shape[i] = find(kKernelColumns[i]);
  if (!missing.empty()) return Error{csv.name + ":1", "the header has no " + missing};
  return columns;
}

Result<KernelRow> readRow(const CsvTable& csv, const CsvRecord& record, const Columns& columns) {
  KernelRow row{};
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& field = record.fields[columns.shape[i]];
    const char* const end = field.data() + field.size();
    const auto [at, error] = std::from_chars(field.data(), end, row[i]);
    if (error != std::errc() || at != end) {
      return Error{"", fmt::format("{} is \"{}\", wanted a whole number",
                                   csv.header[columns.shape[i]], field.substr(0, 40))};
    }
  }
  if (const auto problem = rowProblem(row)) return Error{"", *problem};
  return row;
}

void appendCost(std::string& out, const std::optional<KernelCost>& cost) {
  if (!cost) {
    out += ",unknown,,,,,,,,";
    out.append(kCostMetricNames.size() - 2, ',');
    return;
  }
  const auto add = [&](std::string_view text) { out.append(",").append(text); };
  add(cost->variant->text().name);
  add(whole((*cost)[CostMetric::Instructions]));
  add(whole(cost->instructionsLow));
  add(whole(cost->instructionsHigh));
  add(cost->hasCycles ? whole((*cost)[CostMetric::Cycles]) : "");
  add(cost->hasCycles ? whole(cost->cyclesLow) : "");
  add(cost->hasCycles ? whole(cost->cyclesHigh) : "");
  add(cost->inRange ? "yes" : "no");
  add(cost->scaled ? "yes" : "no");
  for (std::size_t metric = 2; metric < kCostMetricNames.size(); ++metric) {
    add(whole(cost->values[metric]));
  }
}

}  // namespace

std::vector<std::string_view> kernelsOf(const KernelTable& table) {
  std::vector<std::string_view> kernels;
  for (const KernelVariant& variant : table.variants) kernels.push_back(variant.text().kernel);
  std::sort(kernels.begin(), kernels.end());
  kernels.erase(std::unique(kernels.begin(), kernels.end()), kernels.end());
  return kernels;
}

Result<std::string> renderCosts(const KernelTable& table, std::string_view text, std::string name,
                                std::string_view opt) {
  const auto csv = readCsv(text, std::move(name));
  if (!csv) return csv.error();
  const auto columns = findColumns(*csv);
  if (!columns) return columns.error();
  const std::vector<std::string_view> kernels = kernelsOf(table);

  std::string out = "row,kernel";
  for (const std::string_view column : kKernelColumns) out.append(",").append(column);
  out +=
      ",variant,instructions,instructions_low,instructions_high,cycles,cycles_low,cycles_high,"
      "in_range,scaled";
  for (std::size_t metric = 2; metric < kCostMetricNames.size(); ++metric) {
    out.append(",").append(kCostMetricNames[metric]);
  }
  out += '\n';
  for (std::size_t i = 0; i < csv->records.size(); ++i) {
    const CsvRecord& record = csv->records[i];
    const auto bad = [&](const std::string& what) {
      return Error{fmt::format("{}:{}", csv->name, record.line),
                   fmt::format("row {}: {}", i + 1, what)};
    };
    const std::string& kernel = record.fields[columns->kernel];
    if (!std::binary_search(kernels.begin(), kernels.end(), kernel)) {
      return bad(fmt::format("{} has no kernel \"{}\"; it has {}", table.library,
                             kernel.substr(0, 40), fmt::join(kernels, ", ")));
    }
    const auto row = readRow(*csv, record, *columns);
    if (!row) return bad(row.error().what);
    fmt::format_to(std::back_inserter(out), "{},{}", i + 1, kernel);
    for (const std::int64_t value : *row) fmt::format_to(std::back_inserter(out), ",{}", value);
    appendCost(out, costOf(table, kernel, *row, opt));
    out += '\n';
  }
  return out;
}

}  // namespace mcuprof
