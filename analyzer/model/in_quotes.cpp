#include "analyzer/model/in_quotes.hpp"

namespace mcuprof {

std::string inLine(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  std::string text;
  for (const char c : name.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return text + (name.size() > kLongest ? "..." : "");
}

std::string inQuotes(std::string_view name) {
  return '"' + inLine(name) + '"';
}

}  // namespace mcuprof
