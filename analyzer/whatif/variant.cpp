#include "analyzer/whatif/variant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "analyzer/base/size_text.hpp"
#include "analyzer/model/graph_edit.hpp"

namespace mcuprof {

namespace {

Error wanted(std::string_view value, std::string_view what) {
  return Error{"", fmt::format("\"{}\"; wanted {}", value, what)};
}

std::optional<std::int32_t> wholeNumber(std::string_view text, std::int32_t least,
                                        std::int32_t most) {
  std::int32_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || value < least || value > most)
    return std::nullopt;
  return value;
}

template <typename T, typename Field>
Result<void> assign(Result<T> parsed, Field& field) {
  if (!parsed) return parsed.error();
  field = *std::move(parsed);
  return {};
}

Result<void> setFiltersAt(Variant& variant, std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto first = wholeNumber(text.substr(0, colon), 0, INT32_MAX);
  const auto last =
      colon == std::string_view::npos ? first : wholeNumber(text.substr(colon + 1), 0, INT32_MAX);
  if (!first || !last) return wanted(text, "layers as FIRST:LAST, counted from 0");
  variant.filtersFirst = *first;
  variant.filtersLast = *last;
  return {};
}

Result<void> setInput(Variant& variant, std::string_view text) {
  const auto input = parseInput(text);
  if (!input) return input.error();
  variant.inputHeight = input->first;
  variant.inputWidth = input->second;
  return {};
}

Result<void> setSize(std::optional<Bytes>& field, std::string_view text) {
  field = parseSize(text);
  if (!field) return wanted(text, "a size such as 256K");
  return {};
}

struct Variable {
  std::string_view name;
  Result<void> (*set)(Variant& variant, std::string_view text);
};

constexpr std::array<Variable, 13> kVariables = {{
    {"filters",
     [](Variant& v, std::string_view text) -> Result<void> {
       const auto count = wholeNumber(text, 0, 65536);
       if (!count) return wanted(text, "a number of filters from 0 to 65536");
       v.filters = *count;
       return {};
     }},
    {"filters.at", setFiltersAt},
    {"input", setInput},
    {"clock",
     [](Variant& v, std::string_view text) { return assign(parseHertz(text), v.machine.clockHz); }},
    {"wait",
     [](Variant& v, std::string_view text) -> Result<void> {
       const auto count = wholeNumber(text, 0, 255);
       if (!count) return wanted(text, "a number of wait states from 0 to 255");
       v.machine.flashWaitStates = *count;
       return {};
     }},
    {"cache",
     [](Variant& v, std::string_view text) { return assign(parseSwitch(text), v.machine.cache); }},
    {"accelerator",
     [](Variant& v, std::string_view text) {
       return assign(parseSwitch(text), v.machine.accelerator);
     }},
    {"opt",
     [](Variant& v, std::string_view text) { return assign(parseOpt(text), v.machine.opt); }},
    {"sd.clock",
     [](Variant& v, std::string_view text) {
       return assign(parseHertz(text), v.machine.sdClockHz);
     }},
    {"sram", [](Variant& v, std::string_view text) { return setSize(v.placement.sram, text); }},
    {"reserve",
     [](Variant& v, std::string_view text) { return setSize(v.placement.reserve, text); }},
    {"stack", [](Variant& v, std::string_view text) { return setSize(v.placement.stack, text); }},
    {"place.weights",
     [](Variant& v, std::string_view text) -> Result<void> {
       v.placement.weights = std::string(text);
       return {};
     }},
}};

}  // namespace

Result<std::int64_t> parseHertz(std::string_view text) {
  std::string_view rest = text;
  for (std::string_view unit : {"Hz", "hz"}) {
    if (rest.size() > unit.size() && rest.substr(rest.size() - unit.size()) == unit)
      rest.remove_suffix(unit.size());
  }
  double factor = 1;
  if (!rest.empty()) {
    switch (rest.back()) {
      case 'k':
      case 'K':
        factor = 1e3;
        break;
      case 'M':
        factor = 1e6;
        break;
      case 'G':
        factor = 1e9;
        break;
      default:
        break;
    }
    if (factor > 1) rest.remove_suffix(1);
  }
  double value = 0;
  const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  const double hertz = value * factor;
  if (rest.empty() || code != std::errc() || end != rest.data() + rest.size() ||
      !std::isfinite(hertz) || hertz < 1 || hertz > 1e11) {
    return wanted(text, "a clock such as 216M or 100k");
  }
  return static_cast<std::int64_t>(std::llround(hertz));
}

Result<std::pair<std::int32_t, std::int32_t>> parseInput(std::string_view text) {
  const std::size_t cross = text.find('x');
  const auto height = wholeNumber(text.substr(0, cross), 1, 65536);
  const auto width =
      cross == std::string_view::npos ? height : wholeNumber(text.substr(cross + 1), 1, 65536);
  if (!height || !width) return wanted(text, "an input such as 96 or 96x128");
  return std::pair(*height, *width);
}

Result<OptLevel> parseOpt(std::string_view text) {
  for (OptLevel level : {OptLevel::O2, OptLevel::O3, OptLevel::Os}) {
    if (text == nameOf(level) || text == nameOf(level).substr(1)) return level;
  }
  return wanted(text, "-O2, -O3 or -Os");
}

Result<bool> parseSwitch(std::string_view text) {
  if (text == "on") return true;
  if (text == "off") return false;
  return wanted(text, "on or off");
}

Result<void> setVariable(Variant& variant, std::string_view name, std::string_view value) {
  const auto found = std::find_if(kVariables.begin(), kVariables.end(),
                                  [&](const Variable& v) { return v.name == name; });
  if (found == kVariables.end()) {
    return Error{"", fmt::format("no variable \"{}\"; there are {}", name,
                                 fmt::join(variableNames(), ", "))};
  }
  if (const Result<void> done = found->set(variant, value); !done) {
    return Error{"", fmt::format("{} is {}", name, done.error().what)};
  }
  return {};
}

std::vector<std::string> variableNames() {
  std::vector<std::string> names;
  for (const Variable& variable : kVariables) names.emplace_back(variable.name);
  return names;
}

Result<Analysis> analyzeVariant(const std::shared_ptr<const Graph>& graph,
                                const std::shared_ptr<const Target>& target,
                                const Variant& variant) {
  std::shared_ptr<const Graph> edited = graph;
  if (variant.inputHeight) {
    Result<Graph> resized = resizeInput(*edited, *variant.inputHeight, *variant.inputWidth);
    if (!resized) return resized.error();
    edited = std::make_shared<const Graph>(*std::move(resized));
  }
  if (variant.filters > 0) {
    const auto last = static_cast<std::int32_t>(graph->ops.size()) - 1;
    Result<Graph> wider = addFilters(*edited, variant.filters, variant.filtersFirst,
                                     variant.filtersLast < 0 ? last : variant.filtersLast);
    if (!wider) return wider.error();
    edited = std::make_shared<const Graph>(*std::move(wider));
  }
  return analyze(std::move(edited), target, variant.placement, variant.machine,
                 variant.calibration);
}

VariantFigures figuresOf(const Analysis& analysis) {
  VariantFigures figures;
  figures.verdict = analysis.memory.verdict;
  figures.arena = analysis.arena.used;
  figures.flash = analysis.memory.flashNeeded;
  figures.weights = analysis.memory.weightsResidence;
  figures.spillWritten = analysis.memory.spillWritten;
  figures.spillRead = analysis.memory.spillRead;
  for (OpId op : analysis.schedule.order) {
    figures.peakActivations = std::max(figures.peakActivations, analysis.arena.live[op]);
    figures.peakWorkingSet = std::max(figures.peakWorkingSet, analysis.workingSets[op].total());
    if (analysis.graph->ops[op].macs) figures.macs += *analysis.graph->ops[op].macs;
  }
  const CycleEstimate& cycles = analysis.cycles;
  const double perMs = static_cast<double>(cycles.state.clockHz.value) / 1e3;
  figures.cycles = cycles.total.value;
  figures.milliseconds = cycles.milliseconds;
  figures.spillWriteMs = cycles.spillWriteCycles / perMs;
  figures.spillReadMs = cycles.spillReadCycles / perMs;
  figures.computeMs = figures.milliseconds.value - figures.spillWriteMs - figures.spillReadMs;
  figures.unknownLayers = cycles.unknownOps;
  if (analysis.energy.known) {
    figures.millijoules = analysis.energy.millijoules;
    double millijoules = analysis.energy.activeMilliwatts.value * figures.spillWriteMs / 1e3;
    for (OpId op : analysis.schedule.order) {
      const OpCycles& c = cycles.ops[op];
      const double card = c.terms[static_cast<std::size_t>(CycleTerm::CardTransfer)];
      if (card > 0) millijoules += analysis.energy.ops[op].card.value * c.spillWriteCycles / card;
    }
    figures.spillWriteMillijoules = millijoules;
  }
  return figures;
}

}  // namespace mcuprof
