#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof {

/// One record of a CSV file and the line it starts on, counted from 1.
struct CsvRecord {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

/// A CSV file with a header: RFC 4180 quoting, LF or CRLF, blank lines skipped. Every record has as
/// many fields as the header.
struct CsvTable {
  std::string name;  ///< of the file, for errors
  std::vector<std::string> header;
  std::vector<CsvRecord> records;

  /// Position of a column, or npos.
  std::size_t column(std::string_view title) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

/// Reads CSV text. Errors name the line: an unterminated quote, text behind a closing quote, a
/// record with another number of fields than the header, a column twice, no header.
Result<CsvTable> readCsv(std::string_view text, std::string name);

}  // namespace mcuprof
