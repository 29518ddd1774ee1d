#include "analyzer/budget/budget_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "analyzer/base/near_miss.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {
namespace {

constexpr std::array<std::string_view, 4> kAgainst{"interval", "upper", "estimate", "lower"};
constexpr std::array<std::string_view, 3> kFailOn{"fail", "inconclusive", "warning"};
constexpr std::array<std::string_view, 2> kSeverity{"error", "warning"};
constexpr std::array<std::string_view, 2> kSharing{"together", "in turn"};

/// The place in "mcuprof.toml:12:9".
FilePlace placeOf(const std::string& where) {
  FilePlace out;
  const std::size_t column = where.rfind(':');
  const std::size_t line = where.rfind(':', column - 1);
  std::from_chars(where.data() + column + 1, where.data() + where.size(), out.column);
  std::from_chars(where.data() + line + 1, where.data() + column, out.line);
  return out;
}

std::optional<double> readAmount(const TomlValue& value, Dimension dimension) {
  std::string text;
  if (value.isNumber()) {
    const auto number = value.number(0, 1e15);
    if (!number) return std::nullopt;
    text = fmt::format("{:.17g}", *number);
    if (text.find('e') != std::string::npos) text = fmt::format("{:f}", *number);
  } else {
    const auto string = value.string();
    if (!string) return std::nullopt;
    text = *string;
  }
  const auto amount = parseAmount(text, dimension);
  if (amount) return *amount;
  value.problem(amount.error().what);
  return std::nullopt;
}

/// One string or an array of them.
std::vector<Pattern> readPatterns(const TomlTable& table, std::string_view key) {
  std::vector<Pattern> out;
  const auto value = table.value(key);
  if (!value) return out;
  const auto add = [&](const TomlValue& element) {
    const auto text = element.string();
    if (!text) return;
    if (text->empty()) return element.problem("an empty name; wanted a name or a pattern");
    out.push_back({*text, placeOf(element.where())});
  };
  if (value->isArray()) {
    for (const TomlValue& element : value->elements()) add(element);
    if (out.empty()) value->problem(fmt::format("\"{}\" is empty; wanted at least one name", key));
  } else {
    add(*value);
  }
  return out;
}

Selector readSelector(const TomlTable& table) {
  return {readPatterns(table, "models"), readPatterns(table, "boards"),
          readPatterns(table, "runtimes")};
}

/// { max = ..., regression = ..., against = ..., severity = ... }
void readLimitTable(const TomlValue& value, const MetricInfo& info, Limit& limit) {
  const auto table = value.table();
  if (!table) return;
  const std::string_view bound = info.atLeast ? "min" : "max";
  if (const auto amount = table->value(bound)) limit.bound = readAmount(*amount, info.dimension);
  if (const auto growth = table->value("regression")) {
    if (const auto text = growth->string()) {
      const auto share = parseGrowth(*text);
      if (share) limit.growth = *share;
      if (!share) growth->problem(share.error().what);
      if (info.atLeast)
        growth->problem(fmt::format("\"regression\" of {}: more is better; use min", info.title));
    }
  }
  if (const auto word = table->word("against", kAgainst)) limit.against = Against(*word);
  if (const auto word = table->word("severity", kSeverity)) limit.warning = *word == 1;
  if (!table->has(bound) && !table->has("regression")) {
    table->problem(
        fmt::format("the limit of {} has neither \"{}\" nor \"regression\"", info.title, bound));
  }
}

class BudgetReader {
 public:
  explicit BudgetReader(TomlDocument& document) : m_document(document) {}

  Budget read() {
    const TomlTable root = m_document.root();
    Budget out;
    out.file = m_document.name();
    out.models = readPatterns(root, "models");
    out.boards = readPatterns(root, "boards");
    out.runtimes = readPatterns(root, "runtimes");
    out.baselines = readPatterns(root, "baseline");
    if (const auto word = root.word("fail_on", kFailOn)) out.failOn = FailOn(*word);
    if (const auto setup = root.table("setup")) readSetup(*setup, out.placement);
    if (const auto duty = root.table("duty")) readDuty(*duty, out.duty);
    if (const auto limits = root.table("limits")) out.rules.push_back({{}, readLimits(*limits)});
    for (const TomlTable& table : root.tables("budget")) {
      BudgetRule rule{readSelector(table), {}};
      if (const auto limits = table.requireTable("limits")) rule.limits = readLimits(*limits);
      out.rules.push_back(std::move(rule));
    }
    for (const TomlTable& table : root.tables("shared")) out.shared.push_back(readShared(table));
    for (const TomlTable& table : root.tables("allow")) out.allowances.push_back(readAllow(table));
    if (!out.duty) checkDutyIsThere(out);
    return out;
  }

 private:
  static void readSetup(const TomlTable& table, PlacementOptions& out) {
    const auto size = [&](std::string_view key, std::optional<Bytes>& into) {
      const auto value = table.value(key);
      if (!value) return;
      if (const auto bytes = readAmount(*value, Dimension::Size))
        into = Bytes(static_cast<std::int64_t>(*bytes));
    };
    size("sram", out.sram);
    size("reserve", out.reserve);
    size("stack", out.stack);
    size("static", out.staticBytes);
    out.weights = table.string("weights").value_or("");
    out.joinAdjacent = table.boolean("join_adjacent").value_or(false);
  }

  static void readDuty(const TomlTable& table, std::optional<Duty>& out) {
    Duty duty;
    if (const auto every = table.requireValue("every")) {
      if (const auto ms = readAmount(*every, Dimension::Time)) duty.periodSeconds = *ms / 1e3;
      if (every->isString() && duty.periodSeconds <= 0)
        every->problem("\"every\" is no period; wanted a time above 0, as 10s");
    }
    if (const auto battery = table.value("battery")) {
      const std::string text = battery->string().value_or("");
      const std::size_t at = text.find("mAh@");
      const auto number = [](std::string_view from) -> std::optional<double> {
        double value = 0;
        const auto [end, code] = std::from_chars(from.data(), from.data() + from.size(), value);
        const bool ok = code == std::errc() && end == from.data() + from.size() && value > 0;
        return ok && value < 1e9 ? std::optional(value) : std::nullopt;
      };
      if (at != std::string::npos && text.ends_with('V')) {
        duty.batteryMilliampHours = number(std::string_view(text).substr(0, at));
        duty.batteryVolts = number(std::string_view(text).substr(at + 4, text.size() - at - 5));
      }
      if (!duty.batteryMilliampHours || !duty.batteryVolts)
        battery->problem("\"battery\" is no battery; wanted capacity and voltage as 220mAh@3V");
    }
    out = duty;
  }

  std::vector<Limit> readLimits(const TomlTable& table) {
    std::vector<Limit> out;
    readMetrics(table, {}, out);
    if (const auto kinds = table.table("kind")) {
      for (const std::string& key : kinds->keys()) {
        if (const auto limits = kinds->table(key)) {
          checkKind(*limits, key);
          readMetrics(*limits, {LimitScope::Kind::Operator, key}, out);
        }
      }
    }
    if (const auto layers = table.table("layer")) {
      for (const std::string& key : layers->keys()) {
        if (const auto limits = layers->table(key))
          readMetrics(*limits, {LimitScope::Kind::Layer, key}, out);
      }
    }
    return out;
  }

  /// A kind that nobody has would never be met; custom operators are written "custom:NAME".
  static void checkKind(const TomlTable& table, const std::string& kind) {
    if (kind.starts_with("custom:")) return;
    const std::vector<std::string> names = {
#define MCUPROF_OP(name, schemaName, code) #schemaName,
#include "analyzer/model/op_kinds.def"
#undef MCUPROF_OP
    };
    if (std::ranges::find(names, kind) != names.end()) return;
    const auto near = nearMiss(kind, names);
    table.problem(fmt::format("no operator kind \"{}\"{}", kind,
                              near ? fmt::format(" (did you mean \"{}\"?)", *near) : ""));
  }

  void readMetrics(const TomlTable& table, const LimitScope& scope, std::vector<Limit>& out) {
    for (const MetricInfo& info : allMetrics()) {
      if (scope.kind != LimitScope::Kind::Model && !info.perLayer) {
        if (const auto value = table.value(info.key))
          value->problem(
              fmt::format("{} is of whole models; it has no limit per layer", info.title));
        continue;
      }
      const auto value = table.value(info.key);
      if (!value) continue;
      const bool perMemory = info.metric == Metric::Moved && isPerMemory(*value);
      if (!perMemory) {
        out.push_back(readLimit(*value, info, scope, ""));
        continue;
      }
      const auto memories = value->table();
      for (const std::string& memory : memories->keys())
        out.push_back(readLimit(*memories->value(memory), info, scope, memory));
    }
  }

  /// `moved = { sram1 = "1MiB" }`, where `moved = { max = "1MiB" }` is of all memories.
  static bool isPerMemory(const TomlValue& value) {
    if (!value.isTable()) return false;
    const auto table = value.table();
    return !table->has("max") && !table->has("regression");
  }

  static Limit readLimit(const TomlValue& value, const MetricInfo& info, const LimitScope& scope,
                         const std::string& memory) {
    Limit limit;
    limit.metric = info.metric;
    limit.scope = scope;
    limit.memory = memory;
    limit.place = placeOf(value.where());
    if (value.isTable()) {
      readLimitTable(value, info, limit);
    } else {
      limit.bound = readAmount(value, info.dimension);
    }
    return limit;
  }

  SharedRule readShared(const TomlTable& table) {
    SharedRule out;
    out.place = placeOf(table.where());
    out.name = table.requireString("name");
    out.selector = readSelector(table);
    if (out.selector.models.empty()) table.problem("\"models\" is missing: who shares?");
    if (const auto word = table.word("use", kSharing)) out.sharing = Sharing(*word);
    for (const Metric metric : {Metric::Arena, Metric::Ram, Metric::Flash}) {
      const MetricInfo& info = infoOf(metric);
      if (const auto value = table.value(info.key)) {
        out.limits.push_back(readLimit(*value, info, {}, ""));
        if (out.limits.back().growth)
          value->problem("\"regression\" is of single models; what is shared has \"max\"");
      }
    }
    if (out.limits.empty()) table.problem("no limit; wanted \"arena\", \"sram\" or \"flash\"");
    return out;
  }

  static Allowance readAllow(const TomlTable& table) {
    Allowance out;
    out.place = placeOf(table.where());
    out.selector = readSelector(table);
    std::vector<std::string_view> keys;
    for (const MetricInfo& info : allMetrics()) keys.push_back(info.key);
    if (const auto word = table.word("limit", keys)) out.metric = allMetrics()[*word].metric;
    out.layer = table.string("layer").value_or("");
    out.reason = table.requireString("reason");
    if (table.has("reason") && out.reason.find_first_not_of(" \t\n") == std::string::npos)
      table.problemAt("reason", "\"reason\" is empty; say why this is accepted");
    if (const auto expires = table.requireValue("expires")) {
      out.expires = expires->date().value_or("");
      if (!out.expires.empty() && !isDate(out.expires))
        expires->problem(fmt::format("\"expires\" is \"{}\"; wanted a date as 2026-12-31",
                                     out.expires.substr(0, 40)));
    }
    return out;
  }

  /// Average power and battery life follow from how often an inference runs.
  void checkDutyIsThere(const Budget& budget) {
    for (const BudgetRule& rule : budget.rules) {
      for (const Limit& limit : rule.limits) {
        if (limit.metric != Metric::Power && limit.metric != Metric::Battery) continue;
        m_document.root().problem(
            fmt::format("a limit of {} in line {} needs [duty] with \"every\"",
                        infoOf(limit.metric).title, limit.place.line));
        return;
      }
    }
  }

  TomlDocument& m_document;
};

}  // namespace

bool isDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t from, std::size_t size) {
    int value = -1;
    const char* const end = text.data() + from + size;
    const auto [at, code] = std::from_chars(text.data() + from, end, value);
    return code == std::errc() && at == end ? value : -1;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (year < 1970 || month < 1 || month > 12 || day < 1) return false;
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

Result<Budget> readBudget(std::string_view text, const std::string& name) {
  auto document = TomlDocument::parse(text, name);
  if (!document) return document.error();
  Budget budget = BudgetReader(*document).read();
  if (auto ok = document->check(); !ok) return ok.error();
  const auto hasLimits = [](const BudgetRule& rule) { return !rule.limits.empty(); };
  if (budget.shared.empty() && std::ranges::none_of(budget.rules, hasLimits))
    return Error{name, "no limits; wanted a table [limits], [[budget]] or [[shared]]"};
  return budget;
}

}  // namespace mcuprof
