#include <fmt/format.h>

#include <array>

#include "analyzer/base/sha256.hpp"
#include "analyzer/budget/render_check.hpp"

namespace mcuprof {
namespace {

Tone toneOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::Error:
    case Outcome::Fail:
      return Tone::Bad;
    case Outcome::Inconclusive:
    case Outcome::Warning:
      return Tone::Warning;
    case Outcome::Allowed:
      return Tone::Faint;
    case Outcome::Pass:
      return Tone::Good;
  }
  return Tone::Plain;
}

std::string valueText(const Finding& finding, const std::optional<double>& value) {
  return value ? amountText(*value, finding.dimension) : std::string("unknown");
}

}  // namespace

std::string countsText(const CheckReport& report) {
  constexpr std::array<std::pair<Outcome, std::string_view>, 6> kWords{
      {{Outcome::Error, "in error"},
       {Outcome::Fail, "failed"},
       {Outcome::Inconclusive, "inconclusive"},
       {Outcome::Warning, "warned of"},
       {Outcome::Allowed, "allowed"},
       {Outcome::Pass, "passed"}}};
  std::string out;
  for (const auto& [outcome, word] : kWords) {
    const std::size_t count = report.count(outcome);
    if (count == 0) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}", count, word);
  }
  return out.empty() ? "no limits" : out;
}

std::string relativePath(const std::string& file) {
  if (file == "-" || file == "standard input") return "mcuprof.toml";
  return file.starts_with("./") ? file.substr(2) : file;
}

std::string fingerprintOf(const Finding& finding) {
  const std::string key =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", finding.rule, finding.model, finding.board,
                  finding.runtime, finding.subject, finding.rule == "allow" ? finding.message : "");
  return sha256Of(std::as_bytes(std::span(key))).substr(0, 32);
}

std::string renderCheckText(const CheckReport& report, const TextStyle& style) {
  std::string text = fmt::format("{}: {}\n", relativePath(report.budgetFile), countsText(report));
  for (const FindingGroup& group : mergeAlike(report)) {
    for (const Finding* finding : group.findings) {
      const std::string lead = fmt::format("{:<13}", nameOf(finding->outcome));
      const std::string who = finding->model.empty()
                                  ? std::string()
                                  : fmt::format("{} on {}: ", finding->model, finding->board);
      std::string sentence = fmt::format("{}{} ({}:{})", who, finding->message,
                                         relativePath(report.budgetFile), finding->place.line);
      if (!finding->allowed.empty()) sentence += "; allowed: " + finding->allowed;
      std::string lines = wrapped(lead, sentence, style.width);
      lines.replace(0, lead.size(), painted(style, toneOf(finding->outcome), lead));
      text += lines;
      // Not wrapped: it is there to be copied.
      if (!finding->settle.empty())
        text += fmt::format("{:<13}{}\n", "  settle it:", finding->settle);
    }
  }
  using Align = TextTable::Align;
  TextTable table({{"", Align::Left},
                   {"model", Align::Left, 12},
                   {"board", Align::Left, 8},
                   {"limit of", Align::Left, 24},
                   {"value"},
                   {"90 %"},
                   {"limit"},
                   {"line"}});
  for (const Finding& finding : report.findings) {
    if (finding.rule == "allow" || finding.rule == "input") continue;
    const bool exact = !finding.value || finding.value->low == finding.value->high;
    table.addRow(
        {std::string(nameOf(finding.outcome)), finding.model, finding.board,
         finding.rule.ends_with("/regression") ? "growth of " + finding.subject : finding.subject,
         valueText(finding, finding.value ? std::optional(finding.value->value) : std::nullopt),
         exact ? std::string()
               : fmt::format("{} .. {}", valueText(finding, finding.value->low),
                             valueText(finding, finding.value->high)),
         valueText(finding, finding.limit), std::to_string(finding.place.line)},
        toneOf(finding.outcome));
  }
  return report.findings.empty() ? text : text + "\n" + table.render(style);
}

}  // namespace mcuprof
