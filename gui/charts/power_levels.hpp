#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace mcuprof::gui {

/// Least and largest of every stretch of samples, so that a pixel that stands for thousands shows
/// every peak without reading them: a level has an entry for 8 of the level below.
class PowerLevels {
 public:
  struct Band {
    float low = 0;
    float high = 0;
    friend bool operator==(const Band&, const Band&) = default;
  };

  PowerLevels() = default;
  explicit PowerLevels(std::vector<float> samples);

  std::span<const float> samples() const { return m_samples; }
  /// Of samples [first, last), which are at least one and lie within. Reads at most 16 entries a
  /// level.
  Band band(std::size_t first, std::size_t last) const;
  /// Sum of samples [first, last), which lie within.
  double sum(std::size_t first, std::size_t last) const { return sumTo(last) - sumTo(first); }

 private:
  double sumTo(std::size_t last) const;

  std::vector<float> m_samples;
  std::vector<double> m_sums;               ///< [i]: of the first 8 i samples
  std::vector<std::vector<Band>> m_levels;  ///< [0] stands for 8 samples an entry
};

}  // namespace mcuprof::gui
