#pragma once

#include <string>
#include <string_view>

namespace mcuprof {

/// A name from a file in double quotes, fit for one line of text: control characters become '?',
/// and what is longer than 80 bytes is cut and ends in "...".
std::string inQuotes(std::string_view name);

/// The same without the quotes.
std::string inLine(std::string_view name);

}  // namespace mcuprof
