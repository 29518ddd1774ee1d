#pragma once

#include <string>
#include <vector>

namespace mcuprof::gui {

/// A CSV of views that the CLI has no table of: quoted as RFC 4180 says, lines end with CR LF, as
/// the CLI's.
class CsvText {
 public:
  explicit CsvText(const std::vector<std::string>& titles) { row(titles); }
  void row(const std::vector<std::string>& cells);
  const std::string& text() const { return m_text; }

 private:
  std::string m_text;
};

}  // namespace mcuprof::gui
