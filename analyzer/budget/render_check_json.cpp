#include <algorithm>
#include <nlohmann/json.hpp>

#include "analyzer/budget/render_check.hpp"
#include "analyzer/report/figures_json.hpp"
#include "analyzer/report/json_number.hpp"

namespace mcuprof {
namespace {

using Json = nlohmann::ordered_json;

std::string_view unitOf(Dimension dimension) {
  switch (dimension) {
    case Dimension::Size:
      return "bytes";
    case Dimension::Time:
      return "ms";
    case Dimension::Energy:
      return "mJ";
    case Dimension::Power:
      return "mW";
    case Dimension::Days:
      return "days";
    case Dimension::Count:
      return "count";
    case Dimension::Share:
      return "share";
  }
  return "";
}

std::string_view nameOf(FailOn failOn) {
  switch (failOn) {
    case FailOn::Fail:
      return "fail";
    case FailOn::Inconclusive:
      return "inconclusive";
    case FailOn::Warning:
      return "warning";
  }
  return "";
}

Json finding(const Finding& f) {
  Json layer = nullptr;
  if (f.layer > 0) layer = {{"layer", f.layer}, {"operator", f.layerKind}, {"name", f.layerName}};
  return {{"outcome", nameOf(f.outcome)},
          {"rule", f.rule},
          {"model", f.model},
          {"board", f.board},
          {"runtime", f.runtime},
          {"subject", f.subject},
          {"message", f.message},
          {"unit", unitOf(f.dimension)},
          {"value", jsonEstimate(f.value)},
          {"limit", f.limit ? jsonNumber(*f.limit) : Json(nullptr)},
          {"layer", std::move(layer)},
          {"settle", f.settle.empty() ? Json(nullptr) : Json(f.settle)},
          {"allowed", f.allowed.empty() ? Json(nullptr) : Json(f.allowed)},
          {"line", f.place.line},
          {"column", f.place.column},
          {"fingerprint", fingerprintOf(f)}};
}

Json issue(const Finding& f, const std::string& file) {
  std::string severity = "info";
  if (f.outcome == Outcome::Error) severity = "blocker";
  if (f.outcome == Outcome::Fail) severity = "major";
  if (f.outcome == Outcome::Inconclusive || f.outcome == Outcome::Warning) severity = "minor";
  std::string text;
  if (!f.model.empty()) text = f.model + " on " + f.board + ": ";
  text += f.message;
  if (!f.settle.empty()) text += "; settle it with: " + f.settle;
  if (!f.allowed.empty()) text += "; allowed: " + f.allowed;
  return {{"description", text},
          {"check_name", f.rule},
          {"fingerprint", fingerprintOf(f)},
          {"severity", severity},
          {"location", {{"path", file}, {"lines", {{"begin", f.place.line}}}}}};
}

std::string finished(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string renderCheckJson(const CheckReport& report) {
  Json out;
  out["schema"] = "mcuprof/check";
  out["schema_version"] = 1;
  out["tool"] = {{"name", "mcuprof"}, {"version", report.toolVersion}};
  out["budget"] = relativePath(report.budgetFile);
  out["date"] = report.date;
  out["fail_on"] = nameOf(report.failOn);
  out["status"] = gateStatus(report);
  Json counts;
  for (const Outcome outcome : {Outcome::Error, Outcome::Fail, Outcome::Inconclusive,
                                Outcome::Warning, Outcome::Allowed, Outcome::Pass})
    counts[std::string(nameOf(outcome))] = report.count(outcome);
  out["counts"] = std::move(counts);
  Json findings = Json::array();
  for (const Finding& f : report.findings) findings.push_back(finding(f));
  out["findings"] = std::move(findings);
  Json analyses = Json::array();
  for (const ModelFigures& figures : report.figures)
    analyses.push_back(Json::parse(figuresJson(figures), nullptr, false));
  out["analyses"] = std::move(analyses);
  return finished(out);
}

std::string renderGitlab(const CheckReport& report) {
  Json out = Json::array();
  for (const Finding& f : report.findings) {
    if (f.outcome != Outcome::Pass) out.push_back(issue(f, relativePath(report.budgetFile)));
  }
  return finished(out);
}

}  // namespace mcuprof
