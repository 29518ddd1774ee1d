#include "analyzer/budget/budget.hpp"

namespace mcuprof {

std::string_view nameOf(Against against) {
  switch (against) {
    case Against::Interval:
      return "interval";
    case Against::Upper:
      return "upper";
    case Against::Estimate:
      return "estimate";
    case Against::Lower:
      return "lower";
  }
  return "";
}

bool matchesPattern(std::string_view pattern, std::string_view text) {
  // Where the last '*' was met, to go on from with one more character under it: no recursion, at
  // most pattern times text steps.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t under = 0;
  while (t < text.size()) {
    bool one = false;
    std::size_t next = p + 1;
    if (p < pattern.size() && pattern[p] == '[') {
      const std::size_t close = pattern.find(']', p + 1);
      if (close != std::string_view::npos) {
        one = pattern.substr(p + 1, close - p - 1).find(text[t]) != std::string_view::npos;
        next = close + 1;
      } else {
        one = text[t] == '[';
      }
    } else if (p < pattern.size() && pattern[p] != '*') {
      one = pattern[p] == '?' || pattern[p] == text[t];
    }
    if (one) {
      p = next;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      under = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++under;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace mcuprof
