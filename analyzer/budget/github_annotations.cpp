#include <fmt/format.h>

#include <array>

#include "analyzer/budget/render_check.hpp"

namespace mcuprof {
namespace {

/// Escapes as workflow commands want it; properties also give up ':' and ','.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

enum Level : std::size_t { kError, kWarning, kNotice };
constexpr std::array<std::string_view, 3> kCommands{"error", "warning", "notice"};
constexpr std::size_t kMostOfLevel = 10;

Level levelOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::Error:
    case Outcome::Fail:
      return kError;
    case Outcome::Inconclusive:
    case Outcome::Warning:
      return kWarning;
    case Outcome::Allowed:
    case Outcome::Pass:
      break;
  }
  return kNotice;
}

}  // namespace

std::string renderGithub(const CheckReport& report) {
  std::string out;
  const std::vector<FindingGroup> groups = mergeAlike(report);
  for (const Level level : {kError, kWarning, kNotice}) {
    std::vector<const FindingGroup*> mine;
    for (const FindingGroup& group : groups)
      if (levelOf(group.outcome) == level) mine.push_back(&group);
    // The last one that is shown says what is not.
    const bool tooMany = mine.size() > kMostOfLevel;
    for (std::size_t i = 0; i < mine.size() && i < kMostOfLevel; ++i) {
      const FindingGroup& group = *mine[i];
      std::string text = textOf(group);
      if (tooMany && i + 1 == kMostOfLevel) {
        text += fmt::format("\nand {} more that are not shown here: see the other reports",
                            mine.size() - kMostOfLevel);
      }
      out += fmt::format("::{} file={},line={},col={},title={}::{}\n", kCommands[level],
                         escaped(relativePath(report.budgetFile), true), group.place.line,
                         group.place.column,
                         escaped(fmt::format("{}: {}", nameOf(group.outcome), group.subject), true),
                         escaped(text, false));
    }
  }
  return out;
}

}  // namespace mcuprof
