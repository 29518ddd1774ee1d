#include "analyzer/base/size_text.hpp"

#include <charconv>
#include <cstdint>

namespace mcuprof {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Bytes of "", "b", "k", "kb", "kib", ...; 0 when it is no unit.
std::int64_t unitOf(std::string_view text) {
  if (text.empty()) return 1;
  const char first = lower(text[0]);
  if (first == 'b') return text.size() == 1 ? 1 : 0;
  const std::string_view rest = text.substr(1);
  const bool plain = rest.empty() || (rest.size() == 1 && lower(rest[0]) == 'b') ||
                     (rest.size() == 2 && lower(rest[0]) == 'i' && lower(rest[1]) == 'b');
  if (!plain) return 0;
  switch (first) {
    case 'k':
      return std::int64_t{1} << 10;
    case 'm':
      return std::int64_t{1} << 20;
    case 'g':
      return std::int64_t{1} << 30;
    default:
      return 0;
  }
}

}  // namespace

std::optional<Bytes> parseSize(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  const char* end = text.data() + text.size();
  std::int64_t whole = 0;
  auto [at, error] = std::from_chars(text.data(), end, whole, hexadecimal ? 16 : 10);
  if (error != std::errc() || whole < 0 || whole > kMost || text[0] == '-') return std::nullopt;
  if (hexadecimal) return at == end ? std::optional(Bytes(whole)) : std::nullopt;

  // The fraction as tenths, hundredths, ...: exact, where a floating point number would not be.
  std::int64_t fraction = 0;
  std::int64_t parts = 1;
  if (at != end && *at == '.') {
    const char* digits = ++at;
    for (; at != end && *at >= '0' && *at <= '9'; ++at) {
      if (at - digits >= 9) return std::nullopt;
      fraction = fraction * 10 + (*at - '0');
      parts *= 10;
    }
    if (at == digits) return std::nullopt;
  }
  while (at != end && *at == ' ') ++at;
  const std::int64_t unit = unitOf({at, static_cast<std::size_t>(end - at)});
  if (unit == 0 || whole > kMost / unit) return std::nullopt;
  if (fraction * unit % parts != 0) return std::nullopt;
  const std::int64_t bytes = whole * unit + fraction * unit / parts;
  return bytes <= kMost ? std::optional(Bytes(bytes)) : std::nullopt;
}

}  // namespace mcuprof
