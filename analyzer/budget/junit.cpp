#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyzer/budget/render_check.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

enum class CaseResult : std::uint8_t { Pass, Fail, Error, Skipped };

CaseResult resultOf(const Finding& finding, FailOn failOn) {
  switch (finding.outcome) {
    case Outcome::Error:
      return CaseResult::Error;
    case Outcome::Fail:
      return CaseResult::Fail;
    case Outcome::Inconclusive:
      return failOn == FailOn::Fail ? CaseResult::Skipped : CaseResult::Fail;
    case Outcome::Warning:
      return failOn == FailOn::Warning ? CaseResult::Fail : CaseResult::Pass;
    case Outcome::Allowed:
      return CaseResult::Skipped;
    case Outcome::Pass:
      break;
  }
  return CaseResult::Pass;
}

struct Suite {
  std::string name;
  std::vector<const Finding*> findings;
};

/// One suite a model and board; what belongs to none goes to "budget".
std::vector<Suite> suitesOf(const CheckReport& report) {
  std::vector<Suite> out;
  std::map<std::string, std::size_t> at;
  for (const Finding& finding : report.findings) {
    const std::string name = finding.model.empty() ? "budget"
                                                   : fmt::format("{} on {} with {}", finding.model,
                                                                 finding.board, finding.runtime);
    const auto [found, isNew] = at.emplace(name, out.size());
    if (isNew) out.push_back({name, {}});
    out[found->second].findings.push_back(&finding);
  }
  return out;
}

}  // namespace

std::string renderJunit(const CheckReport& report) {
  // Nothing is timed, and no report of ours holds a time of day: the day is that of the check.
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  const std::vector<Suite> suites = suitesOf(report);
  for (std::size_t i = 0; i < suites.size(); ++i) {
    const Suite& suite = suites[i];
    const auto count = [&](CaseResult result) {
      return std::ranges::count_if(suite.findings, [&](const Finding* finding) {
        return resultOf(*finding, report.failOn) == result;
      });
    };
    out += fmt::format(
        " <testsuite name=\"{}\" package=\"mcuprof\" id=\"{}\" timestamp=\"{}T00:00:00\" "
        "hostname=\"localhost\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"0\">\n  <properties/>\n",
        xmlText(suite.name), i, xmlText(report.date), suite.findings.size(),
        count(CaseResult::Fail), count(CaseResult::Error), count(CaseResult::Skipped));
    for (const Finding* finding : suite.findings) {
      const std::string name = finding->rule.ends_with("/regression")
                                   ? "growth of " + finding->subject
                                   : finding->subject;
      out += fmt::format("  <testcase name=\"{}\" classname=\"{}\" time=\"0\"", xmlText(name),
                         xmlText(suite.name));
      std::string text = fmt::format("{}:{}: {}", relativePath(report.budgetFile),
                                     finding->place.line, finding->message);
      if (!finding->settle.empty()) text += "; settle it with: " + finding->settle;
      if (!finding->allowed.empty()) text += "; allowed: " + finding->allowed;
      switch (resultOf(*finding, report.failOn)) {
        case CaseResult::Pass:
          out += "/>\n";
          break;
        case CaseResult::Fail:
          out += fmt::format("><failure message=\"{}\" type=\"{}\">{}</failure></testcase>\n",
                             xmlText(finding->message), nameOf(finding->outcome), xmlText(text));
          break;
        case CaseResult::Error:
          out += fmt::format("><error message=\"{}\" type=\"{}\">{}</error></testcase>\n",
                             xmlText(finding->message), nameOf(finding->outcome), xmlText(text));
          break;
        case CaseResult::Skipped:
          out += "><skipped/></testcase>\n";
          break;
      }
    }
    // What a skipped case has to say has no place of its own.
    std::string notes;
    for (const Finding* finding : suite.findings) {
      if (resultOf(*finding, report.failOn) != CaseResult::Skipped) continue;
      notes += fmt::format("{}: {}", nameOf(finding->outcome), finding->message);
      if (!finding->settle.empty()) notes += "; settle it with: " + finding->settle;
      if (!finding->allowed.empty()) notes += "; allowed: " + finding->allowed;
      notes += '\n';
    }
    std::string safe;
    for (std::size_t from = 0; from < notes.size();) {
      const std::size_t end = notes.find('\n', from);
      safe += xmlText(std::string_view(notes).substr(from, end - from)) + '\n';
      from = end + 1;
    }
    out += fmt::format(
        "  <system-out>{}</system-out>\n  <system-err></system-err>\n </testsuite>\n", safe);
  }
  return out + "</testsuites>\n";
}

}  // namespace mcuprof
