#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {

/// Time and energy of one layer.
struct CostRow {
  std::int32_t number = 0;  ///< as LayerRow::number
  std::string kind;
  std::string name;
  std::string kernel;  ///< "conv_s8:1x1_fast", "rate" for a coarse one; empty when unknown
  bool known = false;
  std::string unknown;  ///< why not
  bool outsideFit = false;
  bool coarse = false;
  std::optional<std::int64_t> macs;
  Estimate cycles;
  Estimate milliseconds;
  std::optional<Estimate> millijoules;
  std::optional<double> cyclesPerMac;
  CycleTerms terms{};
  Estimate instructions;
  std::string bound;
};

/// Time and energy of one inference. Totals are sums over the layers whose cost is known; a lower
/// bound where unknownLayers is not 0.
struct CostReport {
  std::string machine;          ///< the state the figures hold for
  std::string calibration;      ///< "none"
  std::vector<CostRow> layers;  ///< layers that run, in order
  Estimate cycles;
  Estimate milliseconds;
  CycleTerms terms{};
  double modelledMacShare = 1;
  std::size_t unknownLayers = 0;
  std::optional<Estimate> millijoules;
  Estimate activeMilliwatts;
  std::string energyReason;  ///< why there is no energy
  std::string powerState;
  std::string powerSource;
  double supplyVolts = 0;
  Basis supplyBasis = Basis::Assumed;
  std::optional<DutyEstimate> duty;
};

CostReport buildCostReport(const Analysis& analysis, const std::optional<Duty>& duty);

/// The headline: "time 123 ms (98 .. 148, fitted) ...", energy, what binds.
std::string renderCostHeadline(const CostReport& report, const TextStyle& style);
/// One line a layer, at most style.width columns wide, and the total.
std::string renderCostTable(const CostReport& report, const TextStyle& style);
/// The sum of one layer term by term, with the basis of each; the layer is given by its number.
std::string renderExplanation(const Analysis& analysis, const CostRow& row, const TextStyle& style);

}  // namespace mcuprof
