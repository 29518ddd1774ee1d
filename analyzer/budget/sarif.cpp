#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "analyzer/budget/render_check.hpp"

namespace mcuprof {
namespace {

using Json = nlohmann::ordered_json;

std::string_view levelOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::Error:
    case Outcome::Fail:
      return "error";
    case Outcome::Inconclusive:
    case Outcome::Warning:
      return "warning";
    case Outcome::Allowed:
    case Outcome::Pass:
      break;
  }
  return "note";
}

/// "review" is SARIF's word for what a person has to decide.
std::string_view kindOf(Outcome outcome) {
  return outcome == Outcome::Inconclusive ? "review" : "fail";
}

/// A path as a URI reference: everything but unreserved characters and '/' as %XX.
std::string uriOf(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string ruleText(const std::string& rule) {
  if (rule == "allow") return "An allow entry is expired or accepts nothing";
  if (rule == "input") return "A model that cannot be read";
  const std::string key = rule.substr(0, rule.find('/'));
  for (const MetricInfo& info : allMetrics()) {
    if (info.key != key) continue;
    std::string text = "Limit of " + std::string(info.title);
    if (rule.ends_with("/regression")) text += " against a baseline";
    if (rule.ends_with("/shared")) text += " shared by several models";
    return text;
  }
  return "Limit of a budget";
}

Json result(const Finding& f, const std::string& uri, std::size_t ruleIndex) {
  std::string text = f.model.empty() ? std::string() : f.model + " on " + f.board + ": ";
  text += f.message;
  if (!f.settle.empty()) text += "; settle it with: " + f.settle;
  Json location = {{"physicalLocation",
                    {{"artifactLocation", {{"uri", uri}}},
                     {"region", {{"startLine", f.place.line}, {"startColumn", f.place.column}}}}}};
  if (f.layer > 0) {
    location["logicalLocations"] = Json::array(
        {{{"name", f.layerName.empty() ? f.layerKind : f.layerName},
          {"fullyQualifiedName", f.model + "/" + std::to_string(f.layer) + "/" + f.layerKind},
          {"kind", "member"}}});
  }
  Json out = {{"ruleId", f.rule},
              {"ruleIndex", ruleIndex},
              {"level", levelOf(f.outcome)},
              {"kind", kindOf(f.outcome)},
              {"message", {{"text", text}}},
              {"locations", Json::array({std::move(location)})},
              {"partialFingerprints", {{"mcuprof/v1", fingerprintOf(f)}}},
              {"properties",
               {{"outcome", nameOf(f.outcome)},
                {"model", f.model},
                {"board", f.board},
                {"runtime", f.runtime}}}};
  // A result of any kind but "fail" has the level "none".
  if (f.outcome == Outcome::Inconclusive) out["level"] = "none";
  if (f.outcome == Outcome::Allowed)
    out["suppressions"] =
        Json::array({{{"kind", "external"}, {"status", "accepted"}, {"justification", f.allowed}}});
  return out;
}

}  // namespace

std::string renderSarif(const CheckReport& report) {
  const std::string uri = uriOf(relativePath(report.budgetFile));
  std::map<std::string, std::size_t> ruleIndex;
  Json rules = Json::array();
  Json results = Json::array();
  for (const Finding& f : report.findings) {
    if (f.outcome == Outcome::Pass) continue;
    const auto [at, isNew] = ruleIndex.emplace(f.rule, ruleIndex.size());
    if (isNew) {
      rules.push_back({{"id", f.rule},
                       {"shortDescription", {{"text", ruleText(f.rule)}}},
                       {"defaultConfiguration", {{"level", "error"}}}});
    }
    results.push_back(result(f, uri, at->second));
  }
  const bool ran = report.count(Outcome::Error) == 0;
  const Json run = {
      {"tool",
       {{"driver",
         {{"name", "mcuprof"}, {"version", report.toolVersion}, {"rules", std::move(rules)}}}}},
      {"invocations", Json::array({{{"executionSuccessful", ran}}})},
      {"columnKind", "utf16CodeUnits"},
      {"results", std::move(results)}};
  const Json out = {{"$schema",
                     "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                     "sarif-schema-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({run})}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace mcuprof
