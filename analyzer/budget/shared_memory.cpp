#include "analyzer/budget/shared_memory.hpp"

#include <algorithm>

namespace mcuprof {
namespace {

Estimate sharedArena(Sharing sharing, std::span<const ModelFigures* const> models) {
  Estimate head = Estimate::exact(0);
  double tails = 0;
  for (const ModelFigures* model : models) {
    const auto tail = sharing == Sharing::Together ? static_cast<double>(model->arenaTail) : 0.0;
    tails += tail;
    head.value = std::max(head.value, model->arena.value - tail);
    head.low = std::max(head.low, model->arena.low - tail);
    head.high = std::max(head.high, model->arena.high - tail);
    head.basis = weaker(head.basis, model->arena.basis);
  }
  return {head.value + tails, head.low + tails, head.high + tails, head.basis};
}

}  // namespace

Estimate sharedValue(Metric metric, Sharing sharing, std::span<const ModelFigures* const> models) {
  if (metric == Metric::Flash) {
    Estimate sum = Estimate::exact(0);
    double code = 0;
    for (const ModelFigures* model : models) {
      const auto bytes = static_cast<double>(model->modelBytes);
      sum.value += bytes;
      code = std::max(code, model->flash.value - bytes);
      sum.basis = weaker(sum.basis, model->flash.basis);
    }
    sum.value += code;
    sum.low = sum.high = sum.value;
    return sum;
  }
  Estimate out = sharedArena(sharing, models);
  if (metric == Metric::Ram) {
    double besides = 0;
    for (const ModelFigures* model : models) {
      besides = std::max(besides, static_cast<double>(model->ramBesides));
      out.basis = weaker(out.basis, model->ramBasis);
    }
    out.value += besides;
    out.low += besides;
    out.high += besides;
  }
  return out;
}

}  // namespace mcuprof
