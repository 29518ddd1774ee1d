#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/report/report.hpp"
#include "analyzer/target/target.hpp"
#include "db/run.hpp"
#include "device-agent/host/lowering/lowering.hpp"
#include "device-agent/host/session.hpp"

namespace mcuprof::cli {

/// What a run is put together from.
struct RunParts {
  const Report& report;  ///< the prediction
  const Board& board;
  const Runtime& runtime;       ///< that the prediction is of
  const MachineState& machine;  ///< that the prediction holds for
  const LoweredProgram& program;
  const RunMeasurement& measured;
  const std::vector<std::vector<std::uint32_t>>& reference;  ///< hashes a layer, from the host
  bool isVirtual = false;
  std::string input;
  std::int64_t warmUp = 0;
  std::int64_t repeats = 0;
  std::int32_t firstLayer = 0;  ///< timed layers, from 1
  std::int32_t lastLayer = 0;
};

/// Everything of the run that is stored and shown. uuid and start are left to the caller.
db::RunRecord makeRunRecord(const RunParts& parts);

/// What the agent read back, held against the board file and the state that the prediction is for.
std::vector<db::MachineFact> machineFacts(const mcuprof_machine& machine, const Board& board,
                                          const MachineState& expected);

/// Why measured and predicted cycles of a layer differ, as far as it can be named; empty when the
/// measured median lies in the interval.
std::string causeOf(const CostRow& predicted, std::int64_t median, const std::string& kernelLibrary,
                    const std::string& predictedLibrary);

}  // namespace mcuprof::cli
