#include "analyzer/report/text.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace mcuprof {
namespace {

constexpr std::string_view kGap = " ";

std::string_view codeOf(Tone tone) {
  switch (tone) {
    case Tone::Plain:
      return "";
    case Tone::Good:
      return "\x1b[32m";
    case Tone::Warning:
      return "\x1b[33m";
    case Tone::Bad:
      return "\x1b[31m";
    case Tone::Strong:
      return "\x1b[1m";
    case Tone::Faint:
      return "\x1b[2m";
  }
  return "";
}

bool isContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Length of the UTF-8 sequence at the start of `text`, or 0 when it is not one that may be shown.
std::size_t sequenceLength(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const std::size_t length = first >= 0xF0 && first <= 0xF4 ? 4
                             : first >= 0xE0                ? 3
                             : first >= 0xC2                ? 2
                                                            : 0;
  if (length == 0 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!isContinuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  if (first == 0xC2 && second < 0xA0) return 0;  // C1 control characters
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool outside = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
  if (overlong || outside) return 0;
  // Line and paragraph separators and the marks that turn the direction of text.
  if (first == 0xE2 && (second == 0x80 || second == 0x81)) return 0;
  return length;
}

/// The first `columns` columns of printable text.
std::string_view head(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  while (at < text.size() && (columns > 0 || isContinuation(text[at]))) {
    if (!isContinuation(text[at])) --columns;
    ++at;
  }
  return text.substr(0, at);
}

/// The last `columns` columns of printable text.
std::string_view tail(std::string_view text, std::size_t columns) {
  std::size_t at = text.size();
  while (at > 0 && columns > 0) {
    --at;
    if (!isContinuation(text[at])) --columns;
  }
  return text.substr(at);
}

}  // namespace

std::string painted(const TextStyle& style, Tone tone, std::string_view text) {
  if (!style.colour || tone == Tone::Plain) return std::string(text);
  return std::string(codeOf(tone)).append(text).append("\x1b[0m");
}

std::string grouped(std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  std::string out;
  const char* at = digits;
  if (*at == '-') out += *at++;
  for (; at != end; ++at) {
    out += *at;
    const auto left = end - at - 1;
    if (left > 0 && left % 3 == 0) out += ',';
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequenceLength(text);
    if (length == 0) {
      out += '?';
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

std::size_t columnsOf(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !isContinuation(c); }));
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (columnsOf(text) <= columns) return std::string(text);
  if (columns < 5) return std::string(head(text, columns));
  const std::size_t kept = columns - 2;
  return std::string(head(text, kept - kept / 2)).append("..").append(tail(text, kept / 2));
}

std::string wrapped(std::string_view lead, std::string_view text, std::size_t width) {
  const std::size_t indent = columnsOf(lead);
  const std::size_t room = width > indent + 10 ? width - indent : 10;
  std::string out(lead);
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string word = shortened(text.substr(0, space), room);
    text.remove_prefix(std::min(space + 1, text.size()));
    const std::size_t columns = columnsOf(word);
    if (used > 0 && used + 1 + columns > room) {
      out.append("\n").append(indent, ' ');
      used = 0;
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    out += word;
    used += columns;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + '\n';
}

TextTable::TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}

void TextTable::addRow(std::vector<std::string> cells, Tone tone) {
  cells.resize(m_columns.size());
  m_rows.push_back({Row::Kind::Cells, std::move(cells), tone});
}

void TextTable::addHeading(std::string text) {
  m_rows.push_back({Row::Kind::Heading, {std::move(text)}, Tone::Strong});
}

void TextTable::addRule() {
  m_rows.push_back({Row::Kind::Rule, {}, Tone::Plain});
}

std::vector<std::size_t> TextTable::naturalWidths() const {
  std::vector<std::size_t> widths;
  widths.reserve(m_columns.size());
  for (const Column& column : m_columns) widths.push_back(columnsOf(column.title));
  for (const Row& row : m_rows) {
    if (row.kind != Row::Kind::Cells) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], columnsOf(row.cells[i]));
    }
  }
  return widths;
}

std::size_t TextTable::naturalWidth() const {
  const auto widths = naturalWidths();
  return std::accumulate(widths.begin(), widths.end(), (widths.size() - 1) * kGap.size());
}

std::size_t TextTable::leastWidth() const {
  auto widths = naturalWidths();
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (m_columns[i].least > 0) widths[i] = std::min(widths[i], m_columns[i].least);
  }
  return std::accumulate(widths.begin(), widths.end(), (widths.size() - 1) * kGap.size());
}

std::string TextTable::render(const TextStyle& style) const {
  std::vector<std::size_t> widths = naturalWidths();
  std::size_t total = naturalWidth();
  while (total > style.width) {
    // The widest column that may still give way gives one.
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const bool gives = m_columns[i].least > 0 && widths[i] > m_columns[i].least;
      if (gives && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == widths.size()) break;
    --widths[widest];
    --total;
  }

  std::string out;
  const auto addLine = [&](const std::vector<std::string>& cells, Tone tone) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string cell = shortened(cells[i], widths[i]);
      const std::string padding(widths[i] - columnsOf(cell), ' ');
      if (i > 0) line += kGap;
      line += m_columns[i].align == Align::Left ? cell + padding : padding + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += painted(style, tone, line);
    out += '\n';
  };
  std::vector<std::string> titles;
  titles.reserve(m_columns.size());
  for (const Column& column : m_columns) titles.push_back(column.title);
  addLine(titles, Tone::Strong);
  for (const Row& row : m_rows) {
    switch (row.kind) {
      case Row::Kind::Cells:
        addLine(row.cells, row.tone);
        break;
      case Row::Kind::Heading:
        out += painted(style, row.tone, shortened(row.cells[0], style.width)) + '\n';
        break;
      case Row::Kind::Rule:
        out += std::string(std::min(total, style.width), '-') + '\n';
        break;
    }
  }
  return out;
}

std::string xmlText(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace mcuprof
