#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// How text goes to its reader: a terminal may show colour, a pipe may not.
struct TextStyle {
  std::size_t width = 100;  ///< columns that no line exceeds
  bool colour = false;
};

/// What a piece of text means; shown as a colour where there is colour.
enum class Tone : std::uint8_t { Plain, Good, Warning, Bad, Strong, Faint };

/// The text within the escape codes of its tone; unchanged without colour.
std::string painted(const TextStyle& style, Tone tone, std::string_view text);

/// "1,234,567".
std::string grouped(std::int64_t number);
inline std::string grouped(Bytes bytes) {
  return grouped(bytes.value);
}

/// Text from outside made fit for a terminal: control characters and bytes that are not UTF-8
/// become
/// '?', so that a tensor's name cannot move the cursor or change colours.
std::string printable(std::string_view text);

/// Text for XML 1.0, in elements and attributes: what XML cannot hold at all becomes as in
/// printable().
std::string xmlText(std::string_view text);

/// Columns that printable text takes, one a code point.
std::size_t columnsOf(std::string_view text);

/// At most `columns` wide; a longer text loses its middle, "block_13_..._project", since the ends
/// of layer names tell most.
std::string shortened(std::string_view text, std::size_t columns);

/// Breaks at spaces so that no line exceeds `width` columns; the first line starts with `lead`,
/// later ones with as many spaces. A single word that is too long is shortened. Ends with a
/// newline.
std::string wrapped(std::string_view lead, std::string_view text, std::size_t width);

/// Columns of text with a title each, as wide as the widest cell.
class TextTable {
 public:
  enum class Align : std::uint8_t { Left, Right };
  struct Column {
    std::string title;
    Align align = Align::Right;
    /// A column that may give way when the table is too wide, down to this many columns; 0: never.
    std::size_t least = 0;
  };

  explicit TextTable(std::vector<Column> columns);

  /// One cell a column; missing ones are empty.
  void addRow(std::vector<std::string> cells, Tone tone = Tone::Plain);
  /// A line of text across all columns, such as the name of a group of rows.
  void addHeading(std::string text);
  /// A rule, as above totals.
  void addRule();

  /// The width without any shortening.
  std::size_t naturalWidth() const;
  /// The width with every column that may give way at its least.
  std::size_t leastWidth() const;
  /// Lines of at most `style.width` columns if leastWidth() allows it. No line ends with a space.
  std::string render(const TextStyle& style) const;

 private:
  struct Row {
    enum class Kind : std::uint8_t { Cells, Heading, Rule } kind{};
    std::vector<std::string> cells;
    Tone tone{};
  };
  std::vector<std::size_t> naturalWidths() const;

  std::vector<Column> m_columns;
  std::vector<Row> m_rows;
};

}  // namespace mcuprof
