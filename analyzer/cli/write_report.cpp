#include "analyzer/cli/write_report.hpp"

#include <cassert>

#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"

namespace mcuprof::cli {
namespace {

std::string render(const OutputOptions& output, const ReportForms& forms) {
  switch (output.format) {
    case Format::Text:
      return forms.text(styleFor(output.file));
    case Format::Json:
      return forms.json();
    case Format::Csv:
      return forms.csv();
    case Format::Svg:
      assert(forms.svg);
      return forms.svg();
  }
  return {};
}

}  // namespace

int writeReport(const OutputOptions& output, const ReportForms& forms) {
  if (auto done = writeOutput(output.file, render(output, forms)); !done)
    return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
