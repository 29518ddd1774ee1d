#include "analyzer/report/report_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyzer/report/layer_match.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

/// How the errors of two numbers go together.
enum class Errors : std::uint8_t {
  Shared,       ///< both are off in the same way
  Independent,  ///< each may be off by itself
};

Estimate negated(const Estimate& e) {
  return {0 - e.value, 0 - e.high, 0 - e.low, e.basis};
}

Estimate minus(const Estimate& fresh, const Estimate& base, Errors errors) {
  const double value = fresh.value - base.value;
  double low = fresh.low - base.high;
  double high = fresh.high - base.low;
  if (errors == Errors::Shared) {
    // Ends that have no bound on either side leave the change of that end unknown.
    const double atLow = fresh.low - base.low;
    const bool bounded = fresh.high < 1e300 && base.high < 1e300;
    const double atHigh = bounded ? fresh.high - base.high : value;
    low = std::min({atLow, value, atHigh});
    high = std::max({atLow, value, atHigh});
    if (!bounded && !(fresh == base)) {
      if (fresh.high >= 1e300) high = fresh.high;
      if (base.high >= 1e300) low = -base.high;
    }
  }
  return {value, low, high, weaker(fresh.basis, base.basis)};
}

/// `present` says which side has the thing at all; what is not there counts as zero.
Difference difference(std::optional<Estimate> base, std::optional<Estimate> fresh, bool inBase,
                      bool inFresh, Errors errors) {
  Difference out{base, fresh, {}};
  if ((inBase && !base) || (inFresh && !fresh)) return out;
  if (inBase && inFresh) {
    out.change = minus(*fresh, *base, errors);
  } else if (inFresh) {
    out.change = fresh;
  } else if (inBase) {
    out.change = negated(*base);
  }
  return out;
}

Difference counted(std::int64_t base, std::int64_t fresh) {
  const auto exact = [](std::int64_t n) { return Estimate::exact(static_cast<double>(n)); };
  return {exact(base), exact(fresh), exact(fresh - base)};
}

Difference both(const Estimate& base, const Estimate& fresh) {
  return {base, fresh, minus(fresh, base, Errors::Shared)};
}

std::int64_t movedBytes(const LayerFigures* layer) {
  std::int64_t sum = 0;
  if (layer != nullptr) {
    for (const MovedFigure& moved : layer->moved) sum += moved.total();
  }
  return sum;
}

std::vector<std::string> changesOf(const LayerFigures& base, const LayerFigures& fresh,
                                   bool hasMemory) {
  std::vector<std::string> out;
  const auto note = [&](std::string_view what, const auto& before, const auto& after) {
    if (before != after) out.push_back(fmt::format("{} {} -> {}", what, before, after));
  };
  const auto macs = [](const LayerFigures& layer) {
    return layer.macs ? grouped(*layer.macs) : std::string("unknown");
  };
  note("output", base.shape, fresh.shape);
  if (hasMemory) note("type", base.type, fresh.type);
  note("MACs", macs(base), macs(fresh));
  if (hasMemory) {
    note("weights", grouped(base.weights), grouped(fresh.weights));
    note("working set", grouped(base.workingSet), grouped(fresh.workingSet));
  }
  note("kernel", base.kernel.empty() ? "unknown" : base.kernel,
       fresh.kernel.empty() ? "unknown" : fresh.kernel);
  return out;
}

LayerDifference layerDifference(const LayerFigures* base, const LayerFigures* fresh,
                                bool sameMachine, bool hasMemory) {
  LayerDifference out;
  const LayerFigures& shown = fresh != nullptr ? *fresh : *base;
  out.op = shown.kind;
  out.name = shown.name;
  if (base != nullptr) out.baseNumber = base->number;
  if (fresh != nullptr) out.freshNumber = fresh->number;
  if (base == nullptr) {
    out.kind = LayerChange::Inserted;
  } else if (fresh == nullptr) {
    out.kind = LayerChange::Removed;
  } else {
    out.what = changesOf(*base, *fresh, hasMemory);
    out.kind = out.what.empty() ? LayerChange::Same : LayerChange::Changed;
  }
  const auto sum = [](const LayerFigures* layer, std::int64_t LayerFigures::*part) {
    return layer != nullptr ? layer->*part : 0;
  };
  if (hasMemory) {
    out.workingSet =
        counted(sum(base, &LayerFigures::workingSet), sum(fresh, &LayerFigures::workingSet));
    out.live = counted(sum(base, &LayerFigures::live), sum(fresh, &LayerFigures::live));
    out.spilled = counted(sum(base, &LayerFigures::spilled), sum(fresh, &LayerFigures::spilled));
    out.moved = counted(movedBytes(base), movedBytes(fresh));
  }
  const auto macs = [](const LayerFigures* layer) -> std::optional<Estimate> {
    if (layer == nullptr || !layer->macs) return std::nullopt;
    return Estimate::exact(static_cast<double>(*layer->macs));
  };
  out.macs = difference(macs(base), macs(fresh), base != nullptr, fresh != nullptr, Errors::Shared);
  const bool sameKernel = base != nullptr && fresh != nullptr && base->kernel == fresh->kernel;
  const Errors errors = sameMachine && sameKernel ? Errors::Shared : Errors::Independent;
  const auto estimated = [&](std::optional<Estimate> LayerFigures::*part) {
    return difference(base != nullptr ? base->*part : std::nullopt,
                      fresh != nullptr ? fresh->*part : std::nullopt, base != nullptr,
                      fresh != nullptr, errors);
  };
  out.cycles = estimated(&LayerFigures::cycles);
  out.milliseconds = estimated(&LayerFigures::milliseconds);
  out.millijoules = estimated(&LayerFigures::millijoules);
  return out;
}

/// The change of a total: its value is that of the totals, its interval the sum of those of the
/// layers. Pairs first, then what was inserted less what was removed, so that swapping the sides
/// negates it to the last bit.
Difference total(const std::optional<Estimate>& base, const std::optional<Estimate>& fresh,
                 const std::vector<LayerDifference>& layers, Difference LayerDifference::*part,
                 bool sameMachine) {
  Difference out{base, fresh, {}};
  if (!base || !fresh) return out;
  if (!sameMachine) {
    out.change = minus(*fresh, *base, Errors::Independent);
    return out;
  }
  Estimate pairs;
  Estimate inserted;
  Estimate removed;
  for (const LayerDifference& layer : layers) {
    const Difference& d = layer.*part;
    if (!d.change) continue;
    const bool isRemoved = layer.kind == LayerChange::Removed;
    Estimate& into = isRemoved ? removed : layer.kind == LayerChange::Inserted ? inserted : pairs;
    const Estimate term = isRemoved ? negated(*d.change) : *d.change;
    into.low += term.low - term.value;
    into.high += term.high - term.value;
  }
  const double value = fresh->value - base->value;
  Estimate change{value, value + (pairs.low + (inserted.low - removed.high)),
                  value + (pairs.high + (inserted.high - removed.low)),
                  weaker(base->basis, fresh->basis)};
  // A side without an upper end lacks layers; what these cost is not known.
  const bool same = std::ranges::all_of(
      layers, [](const LayerDifference& l) { return l.kind == LayerChange::Same; });
  if (!same && fresh->high > 1e300) change.high = fresh->high;
  if (!same && base->high > 1e300) change.low = -base->high;
  out.change = change;
  return out;
}

DiffSide sideOf(const ModelFigures& f) {
  return {f.model, f.board, f.runtime, f.machine, f.calibration, f.verdict, f.measured};
}

std::string numberAndKind(std::int32_t number, const std::string& op) {
  return fmt::format("layer {} {}", number, op);
}

/// "layers 5 and 6", "layers 5 to 9", "layer 5".
std::string numbersText(const std::vector<std::int32_t>& numbers) {
  if (numbers.size() == 1) return fmt::format("layer {}", numbers[0]);
  const bool run = numbers.back() - numbers.front() + 1 == static_cast<int>(numbers.size());
  if (numbers.size() == 2) return fmt::format("layers {} and {}", numbers[0], numbers[1]);
  return run ? fmt::format("layers {} to {}", numbers.front(), numbers.back())
             : fmt::format("layers {}", fmt::join(numbers, ", "));
}

std::string kindsText(const std::vector<std::string>& ops) {
  constexpr std::size_t kShown = 6;
  if (ops.size() <= kShown) return fmt::format("{}", fmt::join(ops, ", "));
  return fmt::format("{}, ... ({} in all)", fmt::join(ops.begin(), ops.begin() + kShown, ", "),
                     ops.size());
}

}  // namespace

std::string_view nameOf(LayerChange change) {
  switch (change) {
    case LayerChange::Same:
      return "same";
    case LayerChange::Changed:
      return "changed";
    case LayerChange::Moved:
      return "moved";
    case LayerChange::Inserted:
      return "inserted";
    case LayerChange::Removed:
      return "removed";
  }
  return "";
}

bool ReportDiff::empty() const {
  const bool same = std::ranges::all_of(
      layers, [](const LayerDifference& layer) { return layer.kind == LayerChange::Same; });
  const bool still = std::ranges::all_of(
      memories, [](const MemoryDifference& memory) { return memory.bytes.zero(); });
  const auto none = [](const Difference& d) { return !d.change || d.zero(); };
  return same && still && none(arena) && none(ram) && none(flash) && none(workingSet) &&
         none(macs) && none(spilled) && none(cycles) && none(milliseconds) && none(millijoules);
}

ReportDiff diffFigures(const ModelFigures& fresh, const ModelFigures& base) {
  ReportDiff out;
  out.toolVersion = fresh.toolVersion;
  out.base = sideOf(base);
  out.fresh = sideOf(fresh);
  const bool sameMachine = base.board == fresh.board && base.runtime == fresh.runtime &&
                           base.machine == fresh.machine && base.calibration == fresh.calibration &&
                           !base.measured && !fresh.measured;
  const bool hasMemory = base.hasMemory && fresh.hasMemory;
  const auto largest = [](const ModelFigures& f) {
    const LayerFigures* layer = f.largestLayer();
    return layer != nullptr ? layer->workingSet : 0;
  };
  out.macs = counted(base.macs(), fresh.macs());
  if (hasMemory) {
    out.arena = both(base.arena, fresh.arena);
    out.ram = both(base.ram(), fresh.ram());
    out.flash = both(base.flash, fresh.flash);
    out.workingSet = counted(largest(base), largest(fresh));
    out.spilled = counted(base.spilled(), fresh.spilled());
  }

  for (const LayerPair& pair : matchLayers(base.layers, fresh.layers)) {
    LayerDifference layer =
        layerDifference(pair.base ? &base.layers[*pair.base] : nullptr,
                        pair.fresh ? &fresh.layers[*pair.fresh] : nullptr, sameMachine, hasMemory);
    if (pair.moved) layer.kind = LayerChange::Moved;
    out.layers.push_back(std::move(layer));
  }
  out.cycles = total(base.cycles, fresh.cycles, out.layers, &LayerDifference::cycles, sameMachine);
  out.milliseconds = total(base.milliseconds, fresh.milliseconds, out.layers,
                           &LayerDifference::milliseconds, sameMachine);
  out.millijoules = total(base.millijoules, fresh.millijoules, out.layers,
                          &LayerDifference::millijoules, sameMachine);

  if (!hasMemory) return out;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> memories;
  for (const MovedFigure& moved : base.moved) memories[moved.memory].first += moved.total();
  for (const MovedFigure& moved : fresh.moved) memories[moved.memory].second += moved.total();
  for (const auto& [memory, bytes] : memories)
    out.memories.push_back({memory, counted(bytes.first, bytes.second)});
  return out;
}

std::vector<std::string> describeLayers(const ReportDiff& diff) {
  std::vector<std::string> out;
  std::string before;  // the last layer that both models have
  for (std::size_t i = 0; i < diff.layers.size();) {
    const LayerDifference& layer = diff.layers[i];
    const auto place = [&] { return before.empty() ? "at the start" : "after " + before; };
    if (layer.kind == LayerChange::Inserted || layer.kind == LayerChange::Removed) {
      std::vector<std::string> ops;
      std::vector<std::int32_t> numbers;
      const bool inserted = layer.kind == LayerChange::Inserted;
      for (; i < diff.layers.size() && diff.layers[i].kind == layer.kind; ++i) {
        ops.push_back(diff.layers[i].op);
        numbers.push_back(inserted ? *diff.layers[i].freshNumber : *diff.layers[i].baseNumber);
      }
      out.push_back(fmt::format("{} {}: {} ({} of the {})", inserted ? "inserted" : "removed",
                                place(), kindsText(ops), numbersText(numbers),
                                inserted ? "new model" : "base"));
      continue;
    }
    if (layer.kind == LayerChange::Moved) {
      out.push_back(fmt::format("moved: {} \"{}\" from layer {} to {}", layer.op, layer.name,
                                *layer.baseNumber, *layer.freshNumber));
    } else {
      before = numberAndKind(*layer.freshNumber, layer.op);
    }
    if (layer.kind == LayerChange::Changed) {
      out.push_back(fmt::format("changed: {}: {}", before, fmt::join(layer.what, ", ")));
    }
    ++i;
  }
  return out;
}

}  // namespace mcuprof
