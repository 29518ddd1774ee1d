#include "analyzer/fitting/error_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "analyzer/fitting/cross_validation.hpp"

namespace mcuprof {
namespace {

using Ratios = std::vector<double> VariantErrors::*;

std::string columnOf(const VariantErrors& errors) {
  const std::string core = errors.core.substr(errors.core.find('-') + 1);
  return errors.opt == "-O2" ? core : core + " " + errors.opt;
}

std::string cell(const std::vector<double>& ratios) {
  if (ratios.empty()) return "-";
  const auto error = errorsOf(ratios);
  return fmt::format("{:.2f} / {:.1f} / {:.0f}", error[0], error[1], error[2]);
}

/// One table: rows by `nameOf`, columns by core.
template <typename NameOf>
std::string table(std::span<const VariantErrors> errors, Ratios ratios, NameOf nameOf) {
  std::vector<std::string> columns;
  std::vector<std::string> names;
  std::map<std::pair<std::string, std::string>, std::vector<double>> cells;
  std::map<std::string, std::size_t> shapes;
  for (const VariantErrors& row : errors) {
    const std::string column = columnOf(row);
    const std::string name = nameOf(row);
    if (std::find(columns.begin(), columns.end(), column) == columns.end())
      columns.push_back(column);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    auto& values = cells[{name, column}];
    values.insert(values.end(), (row.*ratios).begin(), (row.*ratios).end());
    shapes[name] = std::max(shapes[name], values.size());
  }
  std::sort(names.begin(), names.end());
  std::string out = "| | shapes |";
  for (const std::string& column : columns) out += " " + column + " |";
  out += "\n|---|---|";
  for (std::size_t i = 0; i < columns.size(); ++i) out += "---|";
  out += '\n';
  for (const std::string& name : names) {
    out += fmt::format("| {} | {} |", name, shapes[name]);
    for (const std::string& column : columns) out += " " + cell(cells[{name, column}]) + " |";
    out += '\n';
  }
  return out;
}

}  // namespace

std::string renderErrors(std::span<const VariantErrors> errors) {
  const auto kernel = [](const VariantErrors& row) { return row.kernel; };
  const auto variant = [](const VariantErrors& row) { return row.kernel + " " + row.variant; };
  std::string out = "### Instructions, shapes not seen in fitting\n\n";
  out += table(errors, &VariantErrors::instructions, kernel);
  out += "\n### Cycles (issue price), shapes not seen in fitting\n\n";
  out += table(errors, &VariantErrors::cycles, kernel);
  out += "\n### Instructions of the largest fifth, fitted on the rest\n\n";
  out += table(errors, &VariantErrors::largest, kernel);
  out += "\n### Instructions by path, shapes not seen in fitting\n\n";
  out += table(errors, &VariantErrors::instructions, variant);
  return out;
}

}  // namespace mcuprof
