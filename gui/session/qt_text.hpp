#pragma once

#include <QString>
#include <string_view>

namespace mcuprof::gui {

/// UTF-8 of the analyzer as Qt has it.
inline QString toQt(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

}  // namespace mcuprof::gui
