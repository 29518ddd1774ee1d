#include "analyzer/base/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mcuprof {

namespace {

class Scanner {
 public:
  Scanner(std::string_view text, const std::string& name) : m_text(text), m_name(name) {}

  bool atEnd() const { return m_at == m_text.size(); }

  /// The next record; an empty line gives one empty field.
  Result<CsvRecord> record() {
    CsvRecord record;
    record.line = m_line;
    while (true) {
      Result<std::string> text = field();
      if (!text) return text.error();
      record.fields.push_back(std::move(*text));
      if (atEnd()) return record;
      if (m_text[m_at] == ',') {
        ++m_at;
        continue;
      }
      endOfLine();
      return record;
    }
  }

 private:
  Error error(std::size_t line, std::string what) const {
    return Error{fmt::format("{}:{}", m_name, line), std::move(what)};
  }

  bool atLineEnd() const {
    return atEnd() || m_text[m_at] == '\n' ||
           (m_text[m_at] == '\r' && m_text.substr(m_at, 2) == "\r\n");
  }

  void endOfLine() {
    if (m_text[m_at] == '\r') ++m_at;
    ++m_at;
    ++m_line;
  }

  Result<std::string> field() {
    if (atEnd() || m_text[m_at] != '"') {
      const std::size_t begin = m_at;
      while (!atLineEnd() && m_text[m_at] != ',') ++m_at;
      return std::string(m_text.substr(begin, m_at - begin));
    }
    const std::size_t startLine = m_line;
    std::string value;
    ++m_at;
    while (true) {
      if (atEnd()) return error(startLine, "a quoted field has no closing quote");
      const char c = m_text[m_at++];
      if (c == '\n') ++m_line;
      if (c != '"') {
        value += c;
      } else if (!atEnd() && m_text[m_at] == '"') {
        value += '"';
        ++m_at;
      } else {
        break;
      }
    }
    if (!atLineEnd() && m_text[m_at] != ',') {
      return error(m_line, "text behind a closing quote; wanted a comma or the end of the line");
    }
    return value;
  }

  std::string_view m_text;
  const std::string& m_name;
  std::size_t m_at = 0;
  std::size_t m_line = 1;
};

bool isBlank(const CsvRecord& record) {
  return record.fields.size() == 1 && record.fields[0].empty();
}

}  // namespace

std::size_t CsvTable::column(std::string_view title) const {
  const auto found = std::find(header.begin(), header.end(), title);
  return found == header.end() ? npos : static_cast<std::size_t>(found - header.begin());
}

Result<CsvTable> readCsv(std::string_view text, std::string name) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF")
    text.remove_prefix(3);  // byte order mark of spreadsheets
  CsvTable table;
  table.name = std::move(name);
  Scanner scanner(text, table.name);
  while (!scanner.atEnd()) {
    Result<CsvRecord> record = scanner.record();
    if (!record) return record.error();
    if (isBlank(*record)) continue;
    if (table.header.empty()) {
      table.header = std::move(record->fields);
      for (auto title = table.header.begin(); title != table.header.end(); ++title) {
        if (std::find(table.header.begin(), title, *title) != title) {
          return Error{fmt::format("{}:{}", table.name, record->line),
                       fmt::format("column \"{}\" is there twice", *title)};
        }
      }
      continue;
    }
    if (record->fields.size() != table.header.size()) {
      return Error{
          fmt::format("{}:{}", table.name, record->line),
          fmt::format("{} fields; the header has {}", record->fields.size(), table.header.size())};
    }
    table.records.push_back(std::move(*record));
  }
  if (table.header.empty()) return Error{table.name, "empty; wanted a CSV file with a header line"};
  return table;
}

}  // namespace mcuprof
