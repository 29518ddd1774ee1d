#include "analyzer/report/layer_match.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>

namespace mcuprof {
namespace {

using Layers = std::span<const LayerFigures>;
using Indices = std::vector<std::pair<std::size_t, std::size_t>>;

constexpr std::size_t kMostCells = 4'000'000;
constexpr int kGap = 3;
constexpr int kImpossible = std::numeric_limits<int>::max() / 4;

auto shapeOf(const LayerFigures& layer) {
  return std::tie(layer.kind, layer.shape, layer.type);
}

auto restOf(const LayerFigures& layer) {
  return std::tie(layer.macs, layer.weights, layer.workingSet);
}

int costOf(const LayerFigures& a, const LayerFigures& b) {
  if (a.kind != b.kind) return kImpossible;
  int cost = a.name == b.name ? 0 : 1;
  if (shapeOf(a) != shapeOf(b)) {
    cost += 3;
  } else if (restOf(a) != restOf(b)) {
    cost += 1;
  }
  return cost;
}

/// Pairs [i + firstA, j + firstB) of two stretches, in order.
void alignByCost(Layers a, Layers b, std::size_t firstA, std::size_t firstB, Indices& out) {
  const std::size_t width = b.size() + 1;
  // The cost of the rest from (i, j) on; a row at a time, from the end. Steps are kept whole.
  enum Step : std::uint8_t { Pair, SkipA, SkipB };
  std::vector<Step> steps((a.size() + 1) * width);
  std::vector<int> below(width);
  std::vector<int> row(width);
  for (std::size_t j = 0; j < width; ++j) {
    below[j] = static_cast<int>(b.size() - j) * kGap;
    steps[a.size() * width + j] = SkipB;
  }
  for (std::size_t i = a.size(); i-- > 0;) {
    row[b.size()] = below[b.size()] + kGap;
    steps[i * width + b.size()] = SkipA;
    for (std::size_t j = b.size(); j-- > 0;) {
      const int pair = costOf(a[i], b[j]) + below[j + 1];
      const int skipA = below[j] + kGap;
      const int skipB = row[j + 1] + kGap;
      row[j] = std::min({pair, skipA, skipB});
      steps[i * width + j] = row[j] == pair ? Pair : row[j] == skipA ? SkipA : SkipB;
    }
    std::swap(row, below);
  }
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const Step step = steps[i * width + j];
    if (step == Pair) out.emplace_back(firstA + i, firstB + j);
    i += step != SkipB;
    j += step != SkipA;
  }
}

/// Positions of names (with their kinds) that are unique on both sides, as a longest chain that
/// rises on both.
Indices uniqueNames(Layers a, Layers b) {
  struct Seen {
    std::size_t inA = 0, inB = 0;
    int countA = 0, countB = 0;
  };
  std::map<std::pair<std::string_view, std::string_view>, Seen> names;
  for (std::size_t i = 0; i < a.size(); ++i) {
    Seen& seen = names[{a[i].name, a[i].kind}];
    seen.inA = i;
    ++seen.countA;
  }
  for (std::size_t j = 0; j < b.size(); ++j) {
    Seen& seen = names[{b[j].name, b[j].kind}];
    seen.inB = j;
    ++seen.countB;
  }
  Indices found;
  for (const auto& [name, seen] : names) {
    if (seen.countA == 1 && seen.countB == 1) found.emplace_back(seen.inA, seen.inB);
  }
  std::ranges::sort(found);
  // Longest rising subsequence of the second positions: `ends[n]` ends the best chain of n + 1.
  std::vector<std::size_t> ends;
  std::vector<std::size_t> before(found.size(), found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto at = std::ranges::lower_bound(ends, found[i].second, {},
                                             [&](std::size_t end) { return found[end].second; });
    if (at != ends.begin()) before[i] = *(at - 1);
    if (at == ends.end()) {
      ends.push_back(i);
    } else {
      *at = i;
    }
  }
  Indices chain;
  for (std::size_t i = ends.empty() ? found.size() : ends.back(); i < found.size(); i = before[i])
    chain.push_back(found[i]);
  std::ranges::reverse(chain);
  return chain;
}

void align(Layers a, Layers b, std::size_t firstA, std::size_t firstB, Indices& out) {
  while (!a.empty() && !b.empty() && costOf(a.front(), b.front()) == 0) {
    out.emplace_back(firstA++, firstB++);
    a = a.subspan(1);
    b = b.subspan(1);
  }
  Indices tail;
  while (!a.empty() && !b.empty() && costOf(a.back(), b.back()) == 0) {
    tail.emplace_back(firstA + a.size() - 1, firstB + b.size() - 1);
    a = a.first(a.size() - 1);
    b = b.first(b.size() - 1);
  }
  if (!a.empty() && !b.empty()) {
    const Indices anchors =
        a.size() + 1 > kMostCells / (b.size() + 1) ? uniqueNames(a, b) : Indices();
    if (a.size() + 1 <= kMostCells / (b.size() + 1)) {
      alignByCost(a, b, firstA, firstB, out);
    } else {
      // Without anchors nothing of such a stretch is paired.
      std::size_t fromA = 0;
      std::size_t fromB = 0;
      for (const auto& [i, j] : anchors) {
        align(a.subspan(fromA, i - fromA), b.subspan(fromB, j - fromB), firstA + fromA,
              firstB + fromB, out);
        out.emplace_back(firstA + i, firstB + j);
        fromA = i + 1;
        fromB = j + 1;
      }
      if (!anchors.empty()) {
        align(a.subspan(fromA), b.subspan(fromB), firstA + fromA, firstB + fromB, out);
      }
    }
  }
  out.insert(out.end(), tail.rbegin(), tail.rend());
}

/// Of two models always the same one comes first, whatever their order as arguments.
bool comesFirst(Layers a, Layers b) {
  const auto key = [](const LayerFigures& layer) {
    return std::tie(layer.name, layer.kind, layer.shape, layer.type, layer.macs, layer.weights,
                    layer.workingSet);
  };
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [&](const LayerFigures& x, const LayerFigures& y) { return key(x) < key(y); });
}

/// Layers without a partner whose name and kind are unique on both sides.
void addMoved(Layers a, Layers b, Indices& pairs) {
  std::vector<char> takenA(a.size()), takenB(b.size());
  for (const auto& [i, j] : pairs) takenA[i] = takenB[j] = 1;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> only;
  const auto count = [](Layers layers) {
    std::map<std::pair<std::string_view, std::string_view>, int> counts;
    for (const LayerFigures& layer : layers) ++counts[{layer.name, layer.kind}];
    return counts;
  };
  const auto countA = count(a);
  const auto countB = count(b);
  for (std::size_t j = 0; j < b.size(); ++j) {
    if (!takenB[j] && countB.at({b[j].name, b[j].kind}) == 1) only[{b[j].name, b[j].kind}] = j;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (takenA[i] || countA.at({a[i].name, a[i].kind}) != 1) continue;
    const auto found = only.find({a[i].name, a[i].kind});
    if (found != only.end()) pairs.emplace_back(i, found->second);
  }
}

}  // namespace

std::vector<LayerPair> matchLayers(Layers base, Layers fresh) {
  const bool swapped = comesFirst(fresh, base);
  const Layers a = swapped ? fresh : base;
  const Layers b = swapped ? base : fresh;
  Indices both;
  align(a, b, 0, 0, both);
  const std::size_t inOrder = both.size();
  addMoved(a, b, both);
  if (swapped) {
    for (auto& [i, j] : both) std::swap(i, j);
  }
  std::vector<char> takenBase(base.size()), takenFresh(fresh.size());
  for (const auto& [i, j] : both) takenBase[i] = takenFresh[j] = 1;
  std::vector<LayerPair> out;
  std::size_t i = 0;
  std::size_t j = 0;
  const auto fill = [&](std::size_t toBase, std::size_t toFresh) {
    for (; i < toBase; ++i) {
      if (!takenBase[i]) out.push_back({i, std::nullopt, false});
    }
    for (; j < toFresh; ++j) {
      if (!takenFresh[j]) out.push_back({std::nullopt, j, false});
    }
  };
  for (std::size_t n = 0; n < inOrder; ++n) {
    fill(both[n].first, both[n].second);
    out.push_back({both[n].first, both[n].second, false});
    i = both[n].first + 1;
    j = both[n].second + 1;
  }
  fill(base.size(), fresh.size());
  for (std::size_t n = inOrder; n < both.size(); ++n)
    out.push_back({both[n].first, both[n].second, true});
  return out;
}

}  // namespace mcuprof
