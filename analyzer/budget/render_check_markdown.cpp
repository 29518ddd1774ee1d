#include <fmt/format.h>

#include "analyzer/budget/render_check.hpp"
#include "analyzer/report/markdown.hpp"

namespace mcuprof {
namespace {

std::string_view signOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::Error:
      return "error";
    case Outcome::Fail:
      return "**fail**";
    case Outcome::Inconclusive:
      return "*inconclusive*";
    case Outcome::Warning:
      return "warning";
    case Outcome::Allowed:
      return "allowed";
    case Outcome::Pass:
      return "pass";
  }
  return "";
}

}  // namespace

std::string renderCheckMarkdown(const CheckReport& report) {
  const int status = gateStatus(report);
  std::string out = fmt::format("### mcuprof check: {}\n\n{}: {}.\n\n",
                                status == 0   ? "pass"
                                : status == 6 ? "inconclusive"
                                : status == 1 ? "fail"
                                              : "error",
                                markdownCode(relativePath(report.budgetFile)), countsText(report));
  if (report.findings.empty()) return out;
  const auto row = [&](const Finding& f) {
    const auto value = [&](double number) { return amountText(number, f.dimension); };
    std::string text = f.value ? value(f.value->value) : std::string("unknown");
    if (f.value && f.value->low != f.value->high)
      text += fmt::format(" ({} .. {})", value(f.value->low), value(f.value->high));
    return fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} |\n", signOf(f.outcome), markdownText(f.model),
        markdownText(f.board),
        markdownText(f.rule.ends_with("/regression") ? "growth of " + f.subject : f.subject),
        markdownText(text), f.limit ? markdownText(value(*f.limit)) : "", f.place.line);
  };
  const std::string head =
      "| | model | board | limit of | value (90 %) | limit | line |\n"
      "|---|---|---|---|--:|--:|--:|\n";
  std::string open;
  std::string passed;
  for (const Finding& f : report.findings) (f.outcome == Outcome::Pass ? passed : open) += row(f);
  if (!open.empty()) out += head + open + "\n";
  for (const Finding& f : report.findings) {
    if (f.outcome == Outcome::Pass) continue;
    out += fmt::format(
        "- {} {}{}", signOf(f.outcome),
        f.model.empty() ? std::string() : markdownText(f.model + " on " + f.board + ": "),
        markdownText(f.message));
    if (!f.settle.empty()) out += "; settle it with " + markdownCode(f.settle);
    if (!f.allowed.empty()) out += "; allowed: " + markdownText(f.allowed);
    out += '\n';
  }
  if (!passed.empty()) {
    out += fmt::format("\n<details><summary>{} passed</summary>\n\n{}{}\n</details>\n",
                       report.count(Outcome::Pass), head, passed);
  }
  return out;
}

}  // namespace mcuprof
