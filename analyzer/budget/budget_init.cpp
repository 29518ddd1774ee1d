#include "analyzer/budget/budget_init.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mcuprof {
namespace {

/// A TOML basic string.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return out + "\"";
}

std::string list(const std::vector<std::string>& names) {
  std::string out = "[";
  for (const std::string& name : names) out += (out.size() > 1 ? ", " : "") + quoted(name);
  return out + "]";
}

template <typename Get>
std::vector<std::string> distinct(const std::vector<ModelFigures>& figures, Get get) {
  std::vector<std::string> out;
  for (const ModelFigures& f : figures)
    if (std::ranges::find(out, get(f)) == out.end()) out.push_back(get(f));
  return out;
}

std::string kibibytes(double bytes, double headroom) {
  return quoted(fmt::format("{:.0f}KiB", std::ceil(bytes * (1 + headroom) / 1024)));
}

/// At least two digits, rounded up, so that the limit is not below what was asked for.
std::string rounded(double value) {
  if (value <= 0) return "0";
  const double step = std::pow(10, std::floor(std::log10(value)) - 1);
  const double up = std::ceil(value / step - 1e-9) * step;
  return step >= 1 ? fmt::format("{:.0f}", up)
                   : fmt::format("{:.{}f}", up, static_cast<int>(std::round(-std::log10(step))));
}

void addLimits(const ModelFigures& f, double headroom, std::string& out) {
  const auto line = [&](std::string_view text, std::string_view comment) {
    out += fmt::format("{:<28}# {}\n", text, comment);
  };
  line("arena = " + kibibytes(f.arena.value, headroom),
       fmt::format("{:.0f} B now{}", f.arena.value,
                   std::isfinite(f.arena.high) ? "" : ", a lower bound"));
  const LayerFigures* largest = f.largestLayer();
  if (largest != nullptr) {
    line("working_set = " + kibibytes(static_cast<double>(largest->workingSet), headroom),
         fmt::format("{} B now, in layer {} {}", largest->workingSet, largest->number,
                     largest->kind));
  }
  line("sram = " + kibibytes(f.ram().value, headroom), fmt::format("{:.0f} B now", f.ram().value));
  line("flash = " + kibibytes(f.flash.value, headroom), fmt::format("{:.0f} B now", f.flash.value));
  const auto estimated = [&](std::string_view key, const Estimate& e, std::string_view unit) {
    if (std::isfinite(e.high) && e.value > 0) {
      line(fmt::format("{} = \"{}{}\"", key, rounded(e.high * (1 + headroom)), unit),
           fmt::format("{:.3g} {} now, 90 %: {:.3g} .. {:.3g}", e.value, unit, e.low, e.high));
    } else {
      out +=
          fmt::format("# {} = \"...{}\"  # at least {:.3g} {} now: some layers' cost is unknown\n",
                      key, unit, e.value, unit);
    }
  };
  estimated("latency", f.milliseconds, "ms");
  if (f.millijoules) {
    estimated("energy", *f.millijoules, "mJ");
  } else {
    out += fmt::format("# energy = \"...mJ\"  # {}\n", f.energyReason);
  }
  line(fmt::format("spilled = \"{}\"",
                   f.spilled() == 0
                       ? "0"
                       : fmt::format("{:.0f}KiB", std::ceil(static_cast<double>(f.spilled()) *
                                                            (1 + headroom) / 1024))),
       fmt::format("{} B now", f.spilled()));
  line(fmt::format("unsupported = {}", f.unsupported()), "operators without a known cost");
  line(fmt::format("modelled = \"{:.0f} %\"", std::floor(100 * f.modelledMacShare)),
       "share of the MACs whose cost is modelled, at least");
}

}  // namespace

std::string initialBudget(const std::vector<ModelFigures>& figures,
                          const std::vector<std::string>& models, double headroom) {
  std::string out = fmt::format(
      "# Budget for \"mcuprof check\". Written from an analysis, with {:.0f} % headroom over the\n"
      "# figures of that day: tighten what matters, delete what does not. docs/ci.md explains all\n"
      "# keys.\n"
      "\n"
      "models = {}\n"
      "boards = {}\n"
      "runtimes = {}\n"
      "# Estimates come with a 90 % interval. A limit passes when all of it is inside, fails when\n"
      "# all of it is outside, and is inconclusive in between: then measure. What fails the gate:\n"
      "fail_on = \"fail\"  # or \"inconclusive\", or \"warning\"\n"
      "# baseline = \"baseline.json\"  # from \"mcuprof check -o baseline.json\"; for regression\n"
      "\n"
      "# [setup]\n"
      "# reserve = \"16KiB\"  # RAM that the application keeps\n"
      "\n"
      "# For average power and battery days:\n"
      "# [duty]\n"
      "# every = \"10s\"\n"
      "# battery = \"220mAh@3V\"\n"
      "\n"
      "# Limits of all models on all boards.\n"
      "# [limits]\n"
      "# latency = {{ regression = \"+5 %\", against = \"estimate\" }}\n"
      "# moved = {{ flash = \"2MiB\" }}\n"
      "# [limits.kind.CONV_2D]\n"
      "# latency = \"100ms\"\n"
      "# [limits.layer.5]  # a number, or a pattern of names as \"block_1_*\"\n"
      "# working_set = \"300KiB\"\n",
      100 * headroom, list(models),
      list(distinct(figures, [](const ModelFigures& f) { return f.board; })),
      list(distinct(figures, [](const ModelFigures& f) { return f.runtime; })));
  const bool severalRuntimes =
      distinct(figures, [](const ModelFigures& f) { return f.runtime; }).size() > 1;
  for (const ModelFigures& f : figures) {
    out += fmt::format("\n[[budget]]\nmodels = [{}]\nboards = [{}]\n", quoted(f.model),
                       quoted(f.board));
    if (severalRuntimes) out += fmt::format("runtimes = [{}]\n", quoted(f.runtime));
    out += "[budget.limits]\n";
    addLimits(f, headroom, out);
  }
  out +=
      "\n# Several models that share an arena or the flash of one board.\n"
      "# [[shared]]\n"
      "# name = \"all\"\n"
      "# models = [\"*\"]\n"
      "# use = \"together\"  # or \"in turn\"\n"
      "# arena = \"300KiB\"\n"
      "# flash = \"2MiB\"\n"
      "\n# A failure that is accepted for a while.\n"
      "# [[allow]]\n"
      "# models = [\"*\"]\n"
      "# limit = \"latency\"\n"
      "# reason = \"the new front end lands next month\"\n"
      "# expires = 2026-12-31\n";
  return out;
}

}  // namespace mcuprof
