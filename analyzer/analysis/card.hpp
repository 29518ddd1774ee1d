#pragma once

#include <optional>

#include "analyzer/analysis/machine.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// Seconds that bytes take to or from the card, both ways alike: their bits over the SPI clock,
/// which is above 0, and a command for each block where the board file knows its time.
double cardSeconds(const SdCard& card, std::int64_t spiClockHz, Bytes bytes);

/// Milliwatts of the card while it transfers at the SPI clock in use: between two measured clocks
/// by the logarithm of the clock, outside them the nearest. Nothing without a card or a figure.
std::optional<Sourced<double>> cardMilliwatts(const Board& board, const MachineState& state);

}  // namespace mcuprof
