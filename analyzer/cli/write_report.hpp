#pragma once

#include <functional>
#include <string>

#include "analyzer/cli/options.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof::cli {

/// The forms that a command's result has; each is made only when it is asked for. One that is empty
/// was refused when the options were read.
struct ReportForms {
  std::function<std::string(const TextStyle&)> text;
  std::function<std::string()> json;
  std::function<std::string()> csv;
  std::function<std::string()> svg = {};
};

/// Writes the form that is asked for to where it is asked for. Returns the command's status.
int writeReport(const OutputOptions& output, const ReportForms& forms);

/// The forms of a report that renderText(), renderJson() and renderCsv() of its namespace make.
template <typename Report>
ReportForms formsOf(const Report& report) {
  return {[&](const TextStyle& style) { return renderText(report, style); },
          [&] { return renderJson(report); }, [&] { return renderCsv(report); }};
}

}  // namespace mcuprof::cli
