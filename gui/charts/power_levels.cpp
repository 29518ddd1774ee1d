#include "gui/charts/power_levels.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mcuprof::gui {
namespace {

constexpr std::size_t kStep = 8;

void widen(PowerLevels::Band& band, const PowerLevels::Band& with) {
  band.low = std::min(band.low, with.low);
  band.high = std::max(band.high, with.high);
}

}  // namespace

PowerLevels::PowerLevels(std::vector<float> samples) : m_samples(std::move(samples)) {
  m_sums.push_back(0);
  std::vector<Band> level;
  for (std::size_t i = 0; i + kStep <= m_samples.size(); i += kStep) {
    const auto from = m_samples.begin() + static_cast<std::ptrdiff_t>(i);
    const auto [low, high] = std::minmax_element(from, from + kStep);
    level.push_back({*low, *high});
    m_sums.push_back(std::accumulate(from, from + kStep, m_sums.back()));
  }
  while (!level.empty()) {
    std::vector<Band> above;
    for (std::size_t i = 0; i + kStep <= level.size(); i += kStep) {
      Band band = level[i];
      for (std::size_t k = 1; k < kStep; ++k) widen(band, level[i + k]);
      above.push_back(band);
    }
    m_levels.push_back(std::exchange(level, std::move(above)));
  }
}

double PowerLevels::sumTo(std::size_t last) const {
  const std::size_t whole = last / kStep;
  const auto from = m_samples.begin() + static_cast<std::ptrdiff_t>(whole * kStep);
  return std::accumulate(from, m_samples.begin() + static_cast<std::ptrdiff_t>(last),
                         m_sums[whole]);
}

PowerLevels::Band PowerLevels::band(std::size_t first, std::size_t last) const {
  Band out{m_samples[first], m_samples[first]};
  const auto add = [&](std::size_t level, std::size_t at) {
    widen(out, level == 0 ? Band{m_samples[at], m_samples[at]} : m_levels[level - 1][at]);
  };
  // Ragged ends at each level, whole entries one level up.
  for (std::size_t level = 0; first < last; ++level) {
    const bool above = level < m_levels.size();
    while (first < last && (!above || first % kStep != 0)) add(level, first++);
    while (first < last && last % kStep != 0) add(level, --last);
    first /= kStep;
    last /= kStep;
  }
  return out;
}

}  // namespace mcuprof::gui
