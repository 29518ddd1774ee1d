#include "analyzer/whatif/cliffs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace mcuprof {
namespace {

constexpr double kLeastJump = 1.5;
constexpr double kShareOfNeighbour = 0.5;

std::string_view placeOf(Residence residence) {
  switch (residence) {
    case Residence::Ram:
      return "RAM";
    case Residence::Flash:
      return "flash";
    case Residence::Storage:
      return "card";
  }
  return "";
}

bool spills(const VariantFigures& figures) {
  return figures.spillWritten + figures.spillRead > Bytes(0);
}

/// What changes of itself, whatever the numbers do.
std::vector<std::string> changesOf(const VariantFigures& before, const VariantFigures& now) {
  std::vector<std::string> what;
  if (now.verdict != before.verdict)
    what.push_back(fmt::format("{} -> {}", nameOf(before.verdict), nameOf(now.verdict)));
  if (now.weights != before.weights)
    what.push_back(fmt::format("weights {} -> {}", placeOf(before.weights), placeOf(now.weights)));
  if (spills(now) != spills(before)) what.emplace_back(spills(now) ? "spills begin" : "spills end");
  return what;
}

double ratio(double now, double before) {
  return before > 0 && now > 0 ? now / before : 1;
}

/// The logarithm by which cycles per MAC change.
double effortStep(const VariantFigures& before, const VariantFigures& now) {
  const double macs =
      ratio(static_cast<double>(now.macs.value), static_cast<double>(before.macs.value));
  return std::log(ratio(now.cycles, before.cycles) / macs);
}

}  // namespace

std::vector<Cliff> findCliffs(std::span<const SweepPoint> points) {
  std::vector<std::size_t> good;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].refused.empty()) good.push_back(i);
  }
  std::vector<double> steps;
  for (std::size_t i = 1; i < good.size(); ++i)
    steps.push_back(effortStep(points[good[i - 1]].figures, points[good[i]].figures));
  std::vector<Cliff> out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const VariantFigures& before = points[good[i]].figures;
    const VariantFigures& now = points[good[i + 1]].figures;
    Cliff cliff{good[i + 1], changesOf(before, now),
                ratio(now.milliseconds.value, before.milliseconds.value)};
    double neighbours = 0;
    if (i > 0) neighbours = std::abs(steps[i - 1]);
    if (i + 1 < steps.size()) neighbours = std::max(neighbours, std::abs(steps[i + 1]));
    const bool jumps = steps.size() > 1 && std::abs(steps[i]) > std::log(kLeastJump) &&
                       neighbours < kShareOfNeighbour * std::abs(steps[i]);
    const bool counts = jumps || std::abs(std::log(cliff.latency)) > std::log(kLeastJump);
    if (jumps || (!cliff.what.empty() && counts))
      cliff.what.push_back(fmt::format("latency x{:.3g}", cliff.latency));
    if (!cliff.what.empty()) out.push_back(std::move(cliff));
  }
  return out;
}

}  // namespace mcuprof
