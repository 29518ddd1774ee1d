#include "analyzer/accuracy/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mcuprof {

ErrorSummary summarise(const std::vector<ComparedTime>& times) {
  ErrorSummary out;
  out.count = times.size();
  if (times.empty()) return out;
  const double count = static_cast<double>(times.size());
  std::vector<double> absolute;
  for (const ComparedTime& time : times) {
    absolute.push_back(std::abs(time.error()));
    out.meanAbsolute += absolute.back() / count;
    out.bias += time.error() / count;
    if (time.inside()) out.coverage += 1 / count;
  }
  std::ranges::sort(absolute);
  const std::size_t middle = absolute.size() / 2;
  out.medianAbsolute =
      absolute.size() % 2 == 1 ? absolute[middle] : (absolute[middle - 1] + absolute[middle]) / 2;
  out.worstAbsolute = absolute.back();
  return out;
}

ErrorSummary Comparison::summary() const {
  std::vector<ComparedTime> times;
  for (const ComparedLayer& layer : layers) times.push_back(layer.time);
  return summarise(times);
}

double Comparison::sumError() const {
  double predicted = 0;
  double measured = 0;
  for (const ComparedLayer& layer : layers) {
    predicted += layer.time.predicted.value;
    measured += layer.time.measured;
  }
  return measured > 0 ? predicted / measured - 1 : 0;
}

std::vector<std::size_t> Comparison::worstFirst() const {
  std::vector<std::size_t> order(layers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto cyclesOff = [&](std::size_t at) {
    return std::abs(layers[at].time.predicted.value - layers[at].time.measured);
  };
  std::ranges::stable_sort(order, std::greater<>(), cyclesOff);
  return order;
}

}  // namespace mcuprof
