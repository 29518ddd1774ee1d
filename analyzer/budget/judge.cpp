#include "analyzer/budget/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "analyzer/budget/shared_memory.hpp"
#include "analyzer/budget/values.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

bool anyMatches(const std::vector<Pattern>& patterns, std::string_view name) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const Pattern& pattern) {
           return matchesPattern(pattern.text, name);
         });
}

/// A model is named by its file name, or by its path.
bool matchesModel(const Selector& selector, const JudgedModel& model) {
  return anyMatches(selector.models, model.figures.model) ||
         anyMatches(selector.models, model.path);
}

bool applies(const Selector& selector, const JudgedModel& model) {
  return matchesModel(selector, model) && anyMatches(selector.boards, model.figures.board) &&
         anyMatches(selector.runtimes, model.figures.runtime);
}

/// The limits that hold for one model: of those for the same thing the last.
std::vector<const Limit*> limitsFor(const Budget& budget, const JudgedModel& model) {
  std::vector<const Limit*> out;
  for (const BudgetRule& rule : budget.rules) {
    if (!applies(rule.selector, model)) continue;
    for (const Limit& limit : rule.limits) {
      std::erase_if(out, [&](const Limit* earlier) {
        return earlier->metric == limit.metric && earlier->memory == limit.memory &&
               earlier->scope == limit.scope;
      });
      out.push_back(&limit);
    }
  }
  return out;
}

/// A word of a command line as a shell takes it.
std::string shellWord(const std::string& word) {
  const bool plain = !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+=:@,").find(c) != std::string_view::npos;
  });
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string settleCommand(const JudgedModel& model) {
  const ModelFigures& f = model.figures;
  return fmt::format("mcuprof run --board {} --runtime {} {}", shellWord(f.board),
                     shellWord(f.runtime), shellWord(model.path));
}

std::string intervalText(const Estimate& value, Dimension dimension) {
  if (value.low == value.high) return fmt::format(" ({})", nameOf(value.basis));
  if (!std::isfinite(value.high)) return fmt::format(" (at least; {})", nameOf(value.basis));
  return fmt::format(" ({} .. {}, {})", amountText(value.low, dimension),
                     amountText(value.high, dimension), nameOf(value.basis));
}

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:+.3g} %", 100 * share)
                              : std::string(share > 0 ? "unbounded" : "unknown");
}

std::string_view verbOf(Outcome outcome, bool atLeast) {
  switch (outcome) {
    case Outcome::Fail:
      return atLeast ? "is less than" : "exceeds";
    case Outcome::Inconclusive:
      return atLeast ? "may be less than" : "may exceed";
    case Outcome::Pass:
    case Outcome::Error:
    case Outcome::Warning:
    case Outcome::Allowed:
      break;
  }
  return atLeast ? "is at least" : "is within";
}

void nameLayer(Finding& finding, const LayerFigures* layer, const Limit& limit) {
  if (layer == nullptr) return;
  finding.layer = layer->number;
  finding.layerName = layer->name;
  finding.layerKind = layer->kind;
  if (limit.scope.kind == LimitScope::Kind::Model && finding.outcome != Outcome::Pass) {
    finding.message += fmt::format(
        "; {} layer {} {}", limit.metric == Metric::Unsupported ? "first of them" : "most in",
        layer->number, layer->kind);
  }
}

class Judge {
 public:
  Judge(const Budget& budget, const std::vector<ModelFigures>& baseline, std::string date)
      : m_budget(budget),
        m_baseline(baseline),
        m_date(std::move(date)),
        m_used(budget.allowances.size(), false) {}

  void judgeModel(const JudgedModel& model) {
    for (const Limit* limit : limitsFor(m_budget, model)) {
      if (limit->bound) add(boundFinding(*limit, model), *limit, model);
      if (limit->growth) add(growthFinding(*limit, model), *limit, model);
    }
  }

  void judgeShared(const std::vector<JudgedModel>& models) {
    for (const SharedRule& rule : m_budget.shared) {
      std::vector<const JudgedModel*> members;
      for (const JudgedModel& model : models)
        if (applies(rule.selector, model)) members.push_back(&model);
      // A memory is shared on one board by models of one runtime.
      std::map<std::pair<std::string, std::string>, std::vector<const ModelFigures*>> groups;
      for (const JudgedModel* member : members) {
        groups[{member->figures.board, member->figures.runtime}].push_back(&member->figures);
      }
      for (const auto& [where, sharing] : groups) {
        for (const Limit& limit : rule.limits) addShared(rule, limit, where, sharing);
      }
      if (groups.empty()) {
        Finding finding;
        finding.outcome = Outcome::Error;
        finding.rule = "shared";
        finding.subject = fmt::format("shared by {}", rule.name);
        finding.message = fmt::format("no model on any board is part of \"{}\"", rule.name);
        finding.place = rule.place;
        m_findings.push_back(std::move(finding));
      }
    }
  }

  std::vector<Finding> finish() {
    for (std::size_t i = 0; i < m_budget.allowances.size(); ++i) {
      const Allowance& allowance = m_budget.allowances[i];
      if (m_used[i]) continue;
      Finding finding;
      finding.outcome = Outcome::Warning;
      finding.rule = "allow";
      finding.subject = "allow entry";
      finding.place = allowance.place;
      const bool over = allowance.expires < m_date;
      finding.message =
          over ? fmt::format("expired on {}: {}", allowance.expires, printable(allowance.reason))
               : fmt::format("accepts nothing that fails: {}", printable(allowance.reason));
      m_findings.push_back(std::move(finding));
    }
    std::ranges::stable_sort(m_findings, {}, &Finding::outcome);
    return std::move(m_findings);
  }

 private:
  static Finding start(const Limit& limit, const JudgedModel& model, const LimitedValue& value) {
    Finding out;
    out.rule = infoOf(limit.metric).key;
    out.model = model.figures.model;
    out.board = model.figures.board;
    out.runtime = model.figures.runtime;
    out.subject = subjectOf(limit, value.layer);
    out.dimension = infoOf(limit.metric).dimension;
    out.value = value.value;
    out.place = limit.place;
    return out;
  }

  static Finding unknown(Finding out, const LimitedValue& value) {
    out.outcome = value.wrong ? Outcome::Error : Outcome::Inconclusive;
    out.message = fmt::format("{} is unknown: {}", out.subject, value.missing);
    return out;
  }

  Finding boundFinding(const Limit& limit, const JudgedModel& model) {
    const LimitedValue value = valueOf(limit, model.figures);
    Finding out = start(limit, model, value);
    out.limit = limit.bound;
    if (!value.value) return unknown(std::move(out), value);
    const MetricInfo& info = infoOf(limit.metric);
    out.outcome = judgeBound(*value.value, *limit.bound, info.atLeast, limit.against);
    out.message =
        fmt::format("{} {}{} {} {}{}", out.subject, amountText(value.value->value, info.dimension),
                    intervalText(*value.value, info.dimension), verbOf(out.outcome, info.atLeast),
                    amountText(*limit.bound, info.dimension),
                    limit.against == Against::Interval || value.value->low == value.value->high
                        ? ""
                        : fmt::format(", judged by the {}",
                                      limit.against == Against::Estimate
                                          ? "estimate"
                                          : fmt::format("{} end", nameOf(limit.against))));
    nameLayer(out, value.layer, limit);
    return out;
  }

  Finding growthFinding(const Limit& limit, const JudgedModel& model) {
    const auto base = std::ranges::find_if(m_baseline, [&](const ModelFigures& candidate) {
      return candidate.model == model.figures.model && candidate.board == model.figures.board &&
             candidate.runtime == model.figures.runtime;
    });
    if (base == m_baseline.end()) {
      Finding out = start(limit, model, {});
      out.rule += "/regression";
      out.outcome = Outcome::Error;
      out.message =
          fmt::format("no baseline for {} on {} with {}: give --baseline a report that has it",
                      out.model, out.board, out.runtime);
      return out;
    }
    const LimitedValue growth = growthOf(limit, model.figures, *base);
    Finding out = start(limit, model, growth);
    out.rule += "/regression";
    out.dimension = Dimension::Share;
    out.limit = limit.growth;
    if (!growth.value) return unknown(std::move(out), growth);
    out.outcome = judgeBound(*growth.value, *limit.growth, false, limit.against);
    const bool exact = growth.value->low == growth.value->high;
    out.message = fmt::format(
        "{} {}{} against the baseline {} {}", out.subject, percent(growth.value->value),
        exact ? std::string()
              : fmt::format(" ({} .. {})", percent(growth.value->low), percent(growth.value->high)),
        verbOf(out.outcome, false), percent(*limit.growth));
    nameLayer(out, growth.layer, limit);
    return out;
  }

  void addShared(const SharedRule& rule, const Limit& limit,
                 const std::pair<std::string, std::string>& where,
                 const std::vector<const ModelFigures*>& sharing) {
    Finding out;
    out.rule = std::string(infoOf(limit.metric).key) + "/shared";
    out.board = where.first;
    out.runtime = where.second;
    std::vector<std::string> names;
    names.reserve(sharing.size());
    for (const ModelFigures* member : sharing) names.push_back(member->model);
    out.model = fmt::format("{}", fmt::join(names, " + "));
    out.subject = fmt::format("{} shared by {}", infoOf(limit.metric).title, rule.name);
    out.dimension = Dimension::Size;
    out.value = sharedValue(limit.metric, rule.sharing, sharing);
    out.limit = limit.bound;
    out.place = limit.place;
    out.outcome = judgeBound(*out.value, *limit.bound, false, limit.against);
    out.message =
        fmt::format("{} {}{} {} {}", out.subject, amountText(out.value->value, Dimension::Size),
                    intervalText(*out.value, Dimension::Size), verbOf(out.outcome, false),
                    amountText(*limit.bound, Dimension::Size));
    if (limit.warning && out.outcome == Outcome::Fail) out.outcome = Outcome::Warning;
    m_findings.push_back(std::move(out));
  }

  void add(Finding finding, const Limit& limit, const JudgedModel& model) {
    if (finding.outcome == Outcome::Inconclusive && infoOf(limit.metric).estimated)
      finding.settle = settleCommand(model);
    if (finding.outcome == Outcome::Fail) allow(finding, limit, model);
    if (finding.outcome == Outcome::Fail && limit.warning) finding.outcome = Outcome::Warning;
    m_findings.push_back(std::move(finding));
  }

  void allow(Finding& finding, const Limit& limit, const JudgedModel& model) {
    for (std::size_t i = 0; i < m_budget.allowances.size(); ++i) {
      const Allowance& allowance = m_budget.allowances[i];
      const bool layerMeant =
          allowance.layer.empty() || allowance.layer == std::to_string(finding.layer) ||
          (!finding.layerName.empty() && matchesPattern(allowance.layer, finding.layerName));
      if (!applies(allowance.selector, model) || !layerMeant ||
          (allowance.metric && *allowance.metric != limit.metric))
        continue;
      if (allowance.expires < m_date) continue;
      m_used[i] = true;
      finding.outcome = Outcome::Allowed;
      finding.allowed =
          fmt::format("{} (until {})", printable(allowance.reason), allowance.expires);
      return;
    }
  }

  const Budget& m_budget;
  const std::vector<ModelFigures>& m_baseline;
  std::string m_date;
  std::vector<bool> m_used;
  std::vector<Finding> m_findings;
};

}  // namespace

std::string_view nameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::Error:
      return "error";
    case Outcome::Fail:
      return "fail";
    case Outcome::Inconclusive:
      return "inconclusive";
    case Outcome::Warning:
      return "warning";
    case Outcome::Allowed:
      return "allowed";
    case Outcome::Pass:
      return "pass";
  }
  return "";
}

std::size_t CheckReport::count(Outcome outcome) const {
  return static_cast<std::size_t>(std::ranges::count(findings, outcome, &Finding::outcome));
}

int gateStatus(const CheckReport& report) {
  if (report.count(Outcome::Error) > 0) {
    const bool unreadable =
        std::ranges::any_of(report.findings, [](const Finding& f) { return f.rule == kInputRule; });
    return unreadable ? 3 : 2;
  }
  if (report.count(Outcome::Fail) > 0) return 1;
  if (report.failOn == FailOn::Warning && report.count(Outcome::Warning) > 0) return 1;
  if (report.failOn != FailOn::Fail && report.count(Outcome::Inconclusive) > 0) return 6;
  return 0;
}

Outcome judgeBound(const Estimate& value, double bound, bool atLeast, Against against) {
  const auto inside = [&](double end) { return atLeast ? end >= bound : end <= bound; };
  switch (against) {
    case Against::Interval:
      if (inside(value.low) && inside(value.high) && std::isfinite(value.high))
        return Outcome::Pass;
      return inside(value.low) || inside(value.high) ? Outcome::Inconclusive : Outcome::Fail;
    case Against::Upper:
      if (!std::isfinite(value.high) && !atLeast)
        return inside(value.low) ? Outcome::Inconclusive : Outcome::Fail;
      return inside(value.high) ? Outcome::Pass : Outcome::Fail;
    case Against::Estimate:
      // The estimate of a sum that lacks a part is its lower bound.
      if (!std::isfinite(value.high) && inside(value.value)) return Outcome::Inconclusive;
      return inside(value.value) ? Outcome::Pass : Outcome::Fail;
    case Against::Lower:
      return inside(value.low) ? Outcome::Pass : Outcome::Fail;
  }
  return Outcome::Error;
}

CheckReport judge(const Budget& budget, const std::vector<JudgedModel>& models,
                  const std::vector<ModelFigures>& baseline, const std::string& date) {
  CheckReport out;
  out.budgetFile = budget.file;
  out.date = date;
  out.failOn = budget.failOn;
  Judge judge(budget, baseline, date);
  for (const JudgedModel& model : models) {
    out.toolVersion = model.figures.toolVersion;
    judge.judgeModel(model);
    out.figures.push_back(model.figures);
  }
  judge.judgeShared(models);
  out.findings = judge.finish();
  return out;
}

std::vector<FindingGroup> mergeAlike(const CheckReport& report) {
  std::vector<FindingGroup> out;
  std::map<std::tuple<Outcome, std::string, std::string, FilePlace>, std::size_t> at;
  for (const Finding& finding : report.findings) {
    if (finding.outcome == Outcome::Pass) continue;
    const auto key = std::tuple(finding.outcome, finding.rule, finding.subject, finding.place);
    const auto [found, isNew] = at.emplace(key, out.size());
    if (isNew) out.push_back({finding.outcome, finding.rule, finding.subject, finding.place, {}});
    out[found->second].findings.push_back(&finding);
  }
  return out;
}

std::string textOf(const FindingGroup& group) {
  std::string out;
  for (const Finding* finding : group.findings) {
    if (!out.empty()) out += '\n';
    if (!finding->model.empty()) out += fmt::format("{} on {}: ", finding->model, finding->board);
    out += finding->message;
    if (!finding->allowed.empty()) out += "; allowed: " + finding->allowed;
    if (!finding->settle.empty()) out += "; settle it with: " + finding->settle;
  }
  return out;
}

}  // namespace mcuprof
