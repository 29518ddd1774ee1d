#include "analyzer/analysis/card.hpp"

#include <algorithm>
#include <cmath>

#include "analyzer/base/estimate.hpp"

namespace mcuprof {

double cardSeconds(const SdCard& card, std::int64_t spiClockHz, Bytes bytes) {
  if (bytes.value == 0) return 0;
  const std::int64_t block = std::max<std::int64_t>(1, card.blockBytes.value);
  const std::int64_t blocks = (bytes.value + block - 1) / block;
  double seconds = static_cast<double>(bytes.value) * 8 / static_cast<double>(spiClockHz);
  if (card.commandMicroseconds) {
    seconds += static_cast<double>(blocks) * card.commandMicroseconds->value * 1e-6;
  }
  return seconds;
}

std::optional<Sourced<double>> cardMilliwatts(const Board& board, const MachineState& state) {
  // The paper measured 460 mW at 100 kHz and 590 mW at 25 MHz; reads and writes cost about the same
  // (Svoboda et al. 2022).
  if (!board.sd || board.sd->power.empty() || !state.sdClockHz) return std::nullopt;
  const std::vector<SdPower>& points = board.sd->power;
  const std::int64_t clock = state.sdClockHz->value;
  if (clock <= points.front().spiClockHz) return points.front().milliwatts;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const SdPower& a = points[i - 1];
    const SdPower& b = points[i];
    if (clock > b.spiClockHz) continue;
    const double at =
        std::log(static_cast<double>(clock) / static_cast<double>(a.spiClockHz)) /
        std::log(static_cast<double>(b.spiClockHz) / static_cast<double>(a.spiClockHz));
    return Sourced<double>{a.milliwatts.value + at * (b.milliwatts.value - a.milliwatts.value),
                           weaker(a.milliwatts.basis, b.milliwatts.basis), a.milliwatts.source};
  }
  return points.back().milliwatts;
}

}  // namespace mcuprof
