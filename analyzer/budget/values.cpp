#include "analyzer/budget/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mcuprof {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

bool isMeasuredSpill(Metric metric) {
  return metric == Metric::WorkingSet || metric == Metric::Spilled || metric == Metric::Moved;
}

/// Bytes that move in the memories of this name or kind; nothing when the board has none of it.
std::optional<std::int64_t> movedIn(const std::vector<MovedFigure>& moved,
                                    const std::string& memory, const ModelFigures& figures) {
  std::int64_t sum = 0;
  bool known = memory.empty() || figures.memories.empty();
  std::vector<std::string> names;
  for (const MemoryFigure& candidate : figures.memories) {
    if (candidate.name == memory) names = {candidate.name};
  }
  if (names.empty()) {
    for (const MemoryFigure& candidate : figures.memories)
      if (candidate.kind == memory) names.push_back(candidate.name);
  }
  if (figures.memories.empty()) names = {memory};
  known = known || !names.empty();
  for (const MovedFigure& row : moved) {
    if (memory.empty() || std::ranges::find(names, row.memory) != names.end()) sum += row.total();
  }
  return known ? std::optional(sum) : std::nullopt;
}

/// One layer's share of a metric; nothing where it is unknown.
std::optional<Estimate> layerValue(const Limit& limit, const LayerFigures& layer,
                                   const ModelFigures& figures) {
  switch (limit.metric) {
    case Metric::WorkingSet:
      return Estimate::exact(static_cast<double>(layer.workingSet));
    case Metric::Spilled:
      return Estimate::exact(static_cast<double>(layer.spilled));
    case Metric::Moved: {
      const auto bytes = movedIn(layer.moved, limit.memory, figures);
      return bytes ? std::optional(Estimate::exact(static_cast<double>(*bytes))) : std::nullopt;
    }
    case Metric::Latency:
      return layer.milliseconds;
    case Metric::Energy:
      return layer.millijoules;
    case Metric::Arena:
    case Metric::Ram:
    case Metric::Flash:
    case Metric::Power:
    case Metric::Battery:
    case Metric::Unsupported:
    case Metric::Modelled:
      break;
  }
  return std::nullopt;
}

/// The layer with the most of a metric.
const LayerFigures* mostOf(const Limit& limit, const ModelFigures& figures) {
  Limit of = limit;
  if (of.metric == Metric::Power || of.metric == Metric::Battery) of.metric = Metric::Energy;
  if (of.metric == Metric::Unsupported) {
    const auto first = std::ranges::find(figures.layers, true, &LayerFigures::unsupported);
    return first == figures.layers.end() ? nullptr : &*first;
  }
  const LayerFigures* most = nullptr;
  double value = 0;
  for (const LayerFigures& layer : figures.layers) {
    double now = 0;
    if (of.metric == Metric::Arena || of.metric == Metric::Ram) {
      now = static_cast<double>(layer.live);
    } else if (of.metric == Metric::Flash) {
      now = static_cast<double>(layer.weights);
    } else if (const auto share = layerValue(of, layer, figures)) {
      now = share->value;
    }
    if (now > value) {
      value = now;
      most = &layer;
    }
  }
  return most;
}

std::optional<Estimate> modelValue(const Limit& limit, const ModelFigures& figures) {
  const auto exact = [](double value) { return Estimate::exact(value); };
  switch (limit.metric) {
    case Metric::Arena:
      return figures.arena;
    case Metric::WorkingSet: {
      const LayerFigures* layer = figures.largestLayer();
      return exact(layer != nullptr ? static_cast<double>(layer->workingSet) : 0);
    }
    case Metric::Ram:
      return figures.ram();
    case Metric::Flash:
      return figures.flash;
    case Metric::Latency:
      return figures.milliseconds;
    case Metric::Energy:
      return figures.millijoules;
    case Metric::Power:
      return figures.averageMilliwatts;
    case Metric::Battery:
      return figures.batteryDays;
    case Metric::Moved: {
      const auto bytes = movedIn(figures.moved, limit.memory, figures);
      return bytes ? std::optional(exact(static_cast<double>(*bytes))) : std::nullopt;
    }
    case Metric::Spilled:
      return exact(static_cast<double>(figures.spilled()));
    case Metric::Unsupported:
      return exact(static_cast<double>(figures.unsupported()));
    case Metric::Modelled:
      return exact(figures.modelledMacShare);
  }
  return std::nullopt;
}

/// Sum over the layers of a kind; of working sets the largest.
std::optional<Estimate> kindValue(const Limit& limit, const ModelFigures& figures) {
  Estimate sum = Estimate::exact(0);
  const std::string_view kind = limit.scope.name.starts_with("custom:")
                                    ? std::string_view(limit.scope.name).substr(7)
                                    : std::string_view(limit.scope.name);
  for (const LayerFigures& layer : figures.layers) {
    if (layer.kind != kind) continue;
    const auto share = layerValue(limit, layer, figures);
    if (!share) {
      if (isMeasuredSpill(limit.metric)) return std::nullopt;
      sum.high = kUnbounded;  // of this layer nothing is known
      continue;
    }
    if (limit.metric == Metric::WorkingSet) {
      if (share->value > sum.value) sum = *share;
      continue;
    }
    sum.value += share->value;
    sum.low += share->low;
    sum.high += share->high;
    sum.basis = weaker(sum.basis, share->basis);
  }
  return sum;
}

std::string whyMissing(const Limit& limit, const ModelFigures& figures, bool& wrong) {
  if (limit.metric == Metric::Moved) {
    wrong = true;
    return fmt::format("{} has no memory \"{}\"", figures.board, limit.memory);
  }
  if (limit.metric == Metric::Latency) return "the layer's cost is not known";
  if (limit.metric == Metric::Battery && figures.averageMilliwatts) {
    wrong = true;
    return "[duty] names no battery";
  }
  return figures.energyReason.empty() ? "energy is not known" : figures.energyReason;
}

}  // namespace

bool meansLayer(std::string_view name, const LayerFigures& layer) {
  return name == std::to_string(layer.number) || matchesPattern(name, layer.name);
}

std::string subjectOf(const Limit& limit, const LayerFigures* layer) {
  std::string out(infoOf(limit.metric).title);
  if (!limit.memory.empty()) out += " in " + limit.memory;
  switch (limit.scope.kind) {
    case LimitScope::Kind::Model:
      break;
    case LimitScope::Kind::Operator:
      out += " of " + limit.scope.name;
      break;
    case LimitScope::Kind::Layer:
      out += layer != nullptr ? fmt::format(" of layer {} {}", layer->number, layer->kind)
                              : fmt::format(" of layer \"{}\"", limit.scope.name);
      break;
  }
  return out;
}

LimitedValue valueOf(const Limit& limit, const ModelFigures& figures) {
  LimitedValue out;
  switch (limit.scope.kind) {
    case LimitScope::Kind::Model:
      out.value = modelValue(limit, figures);
      out.layer = mostOf(limit, figures);
      break;
    case LimitScope::Kind::Operator:
      out.value = kindValue(limit, figures);
      break;
    case LimitScope::Kind::Layer: {
      // Of several layers that a pattern means, the worst.
      bool any = false;
      for (const LayerFigures& layer : figures.layers) {
        if (!meansLayer(limit.scope.name, layer)) continue;
        const auto value = layerValue(limit, layer, figures);
        if (!any || !value || (out.value && value->high > out.value->high)) {
          out.value = value;
          out.layer = &layer;
        }
        any = true;
        if (!value) break;
      }
      if (!any) {
        out.wrong = true;
        out.missing = fmt::format("{} has no layer \"{}\"", figures.model, limit.scope.name);
        return out;
      }
      break;
    }
  }
  if (!out.value) out.missing = whyMissing(limit, figures, out.wrong);
  return out;
}

LimitedValue growthOf(const Limit& limit, const ModelFigures& figures, const ModelFigures& base) {
  LimitedValue out;
  const LimitedValue now = valueOf(limit, figures);
  const LimitedValue before = valueOf(limit, base);
  out.layer = now.layer;
  if (!now.value || !before.value) {
    out.missing = now.value ? "of the baseline, " + before.missing : now.missing;
    out.wrong = now.value ? before.wrong : now.wrong;
    return out;
  }
  // A difference knows that what both sides have in common is wrong in common.
  std::optional<Estimate> change;
  if (limit.scope.kind == LimitScope::Kind::Model) {
    const ReportDiff diff = diffFigures(figures, base);
    if (limit.metric == Metric::Latency) change = diff.milliseconds.change;
    if (limit.metric == Metric::Energy) change = diff.millijoules.change;
  }
  if (!change) {
    const bool exact = now.value->low == now.value->high && before.value->low == before.value->high;
    change = Estimate{
        now.value->value - before.value->value,
        exact ? now.value->value - before.value->value : now.value->low - before.value->high,
        exact ? now.value->value - before.value->value : now.value->high - before.value->low,
        weaker(now.value->basis, before.value->basis)};
    if (*now.value == *before.value) change->low = change->high = 0;
  }
  if (before.value->value <= 0) {
    // From nothing, nothing is no growth and anything is without bound.
    const double grown = change->value > 0 ? kUnbounded : 0;
    out.value = Estimate{grown, grown, grown, change->basis};
    return out;
  }
  const double scale = 1 / before.value->value;
  out.value =
      Estimate{change->value * scale, change->low * scale, change->high * scale, change->basis};
  return out;
}

}  // namespace mcuprof
