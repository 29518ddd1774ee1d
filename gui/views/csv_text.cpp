#include "gui/views/csv_text.hpp"

namespace mcuprof::gui {

void CsvText::row(const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) m_text += ',';
    if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
      m_text += cells[i];
      continue;
    }
    m_text += '"';
    for (const char c : cells[i]) {
      if (c == '"') m_text += '"';
      m_text += c;
    }
    m_text += '"';
  }
  m_text += "\r\n";
}

}  // namespace mcuprof::gui
