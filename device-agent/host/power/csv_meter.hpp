#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/host/power/power_meter.hpp"

namespace mcuprof {

/// Samples of any meter, from its CSV export.
struct CsvSamples {
  PowerQuantity quantity = PowerQuantity::Amperes;
  bool hasTrigger = false;
  double volts = 0;  ///< mean of a voltage column; 0 where there is none
  double sampleHz = 0;
  std::vector<PowerSample> samples;
  std::uint64_t missing = 0;
};

/// Reads CSV text with a header line (docs/measuring.md lists the columns). `name` is of the file,
/// for errors, which say the line. A last line that is not complete is left out.
Result<CsvSamples> readCsvSamples(std::string_view text, const std::string& name);

}  // namespace mcuprof
