#include "analyzer/report/markdown.hpp"

#include <algorithm>

#include "analyzer/report/text.hpp"

namespace mcuprof {

std::string markdownText(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '@') {
      // A zero-width character would be copied along; an entity is not a mention either.
      out += "&#64;";
    } else {
      if (std::string_view("\\`*_{}[]#|~>").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdownCode(std::string_view text) {
  std::string code = printable(text);
  std::string fence = "`";
  while (code.find(fence) != std::string::npos) fence += '`';
  // Within a table a bar ends the cell even in code.
  for (std::size_t at = 0; (at = code.find('|', at)) != std::string::npos; at += 2)
    code.replace(at, 1, "\\|");
  if (fence.size() > 1) return fence + " " + code + " " + fence;
  return fence + code + fence;
}

}  // namespace mcuprof
