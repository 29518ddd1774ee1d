#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/result.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof::cli {

/// Writes "mcuprof: error: WHAT" as one line to standard error; control characters become '?'.
/// Returns `status`, so that a command can end with it.
int fail(int status, std::string_view what);
inline int fail(int status, const Error& error) {
  return fail(status, error.text());
}

/// A line "mcuprof: note: WHAT" on standard error.
void note(std::string_view what);

/// Colour when standard output is a terminal, NO_COLOR is unset or empty and TERM is not "dumb".
TextStyle styleOfStdout();

/// The style for text that writeOutput() sends to `path`: a file gets no colour.
inline TextStyle styleFor(const std::string& path) {
  return path.empty() || path == "-" ? styleOfStdout() : TextStyle{};
}

/// Writes all bytes to a file, or to standard output for "" and "-".
///
/// A file gets its content in one step: written beside it under a temporary name, then renamed, so
/// that a full disk or an interrupt never leaves half a file and never loses the old one. What is
/// no regular file (a device, a pipe) is written directly. The error names the file and the reason.
Result<void> writeOutput(const std::string& path, std::string_view bytes);

}  // namespace mcuprof::cli
