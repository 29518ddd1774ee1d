#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/firmware/agent/protocol.h"
#include "device-agent/host/agent_link.hpp"
#include "device-agent/host/board_connection.hpp"
#include "device-agent/host/firmware_image.hpp"
#include "device-agent/host/power/recorder.hpp"
#include "device-agent/host/power/timeline.hpp"

namespace mcuprof {

/// What the model's inputs hold.
struct ModelInputs {
  enum class Kind : std::uint8_t { Zeros, Xorshift, File } kind = Kind::Xorshift;
  std::uint32_t seed = 1;        ///< of Xorshift, not 0
  std::vector<std::byte> bytes;  ///< of File: all inputs, one behind the other
  /// Of File: where each input lies in the arena, in order.
  struct Place {
    std::uint32_t offset = 0;
    std::uint32_t bytes = 0;
  };
  std::vector<Place> places;
};

/// What to run.
struct RunPlan {
  std::span<const std::byte> program;  ///< a layer program (device-agent/firmware/program.h)
  std::uint32_t arenaBytes = 0;        ///< that it needs
  bool programInRam = false;
  ModelInputs inputs;
  std::uint32_t layers = 0;
  std::uint32_t firstLayer = 0;  ///< to be timed, from 0
  std::uint32_t lastLayer = 0;
  std::uint32_t warmUp = 1;
  std::uint32_t repeats = 3;  ///< 1 to MCUPROF_MAX_REPEATS
  bool timeline = false;      ///< also when each layer began within a pass
  bool counters = false;      ///< also what the DWT counts, on a core that does and with SWO
  bool useSwo = true;
  std::uint32_t swoBaud = 2'000'000;  ///< 0: as fast as an ST-LINK V3 and the clock allow
  std::uint32_t swoCoreHz = 0;        ///< clock that the trace port divides; 0: as the image says
  Milliseconds silence{30'000};       ///< a layer that takes longer hangs
  /// Asked for a power meter when the layers have been timed; it may have none.
  std::function<PowerRecorder*()> power;
  double powerSeconds = 1;            ///< that whole inferences are repeated for the meter
  std::uint32_t powerExecutions = 1;  ///< of whole inferences, at least
};

/// What was run for a power meter: times by the core's clock, in s.
struct EnergyRun {
  std::vector<MarkedBlock> blocks;
  double gap = 0;
  double lead = 0;
  std::string trouble;  ///< why it ended early
};

/// Where arena and program go on this board.
struct RunAddresses {
  std::uint32_t arena = 0;
  std::uint32_t program = 0;
};

/// Why a model cannot run here: how much there is and how much more it would take.
struct DoesNotFit {
  bool arena = false;  ///< else the program
  std::uint64_t needed = 0;
  std::uint64_t available = 0;
};

/// Arena first: the smallest RAM range that takes it. The program goes to flash, or behind the
/// arena or into another range.
std::optional<RunAddresses> placeRun(const mcuprof_image_header& header, const RunPlan& plan,
                                     DoesNotFit& why);

/// One more execution of a layer with the DWT's profile counters on.
struct CountedExecution {
  std::uint64_t cycles = 0;
  std::optional<EventCounts> events;  ///< nothing where SWO lost some of their overflows
};

struct LayerMeasurement {
  std::uint32_t runs = 0;
  std::uint64_t minimum = 0, median = 0, maximum = 0;  ///< cycles
  std::vector<std::uint32_t> outputs;                  ///< FNV-1a of each
  std::string trouble;                                 ///< why it was not measured
  std::optional<CountedExecution> counted;             ///< where the core counts events
};

struct TimelineEntry {
  std::uint32_t layer = 0;  ///< from 0
  std::uint32_t pass = 0;
  std::uint64_t start = 0;  ///< cycles since the pass began
  std::uint64_t cycles = 0;
};

struct RunMeasurement {
  mcuprof_hello hello{};
  mcuprof_machine machine{};
  std::string buildId;
  std::string compiler;  ///< of the agent; empty where its file does not say
  std::string probe;
  std::optional<double> targetVolts;
  std::string noSwo;  ///< why SWO was not used; empty when it was
  bool agentFlashed = false;
  bool programFlashed = false;
  LayerMeasurement inference;  ///< of all layers; outputs is empty
  std::vector<LayerMeasurement> layers;
  std::vector<TimelineEntry> timeline;
  std::uint32_t stackUsed = 0;
  LinkCounts link;
  std::optional<EnergyRun> energy;  ///< where there was a meter
};

/// What the user sees while it runs.
struct RunProgress {
  std::string_view step;  ///< "connect", "flash agent", "flash model", "check outputs", "time
                          ///< layers", "measure energy"
  std::uint64_t done = 0;
  std::uint64_t total = 0;                  ///< 0: not known
  std::uint32_t layer = 0;                  ///< from 0, where `timed` is set
  const LayerMeasurement* timed = nullptr;  ///< a layer's result, as it arrives
};
using OnProgress = std::function<void(const RunProgress&)>;

/// Decides how a board is left.
enum class LeaveBoard : std::uint8_t { Running, Halted };

/// One run on a board, from connecting to leaving it. Flash is written only where its content
/// differs. Whatever happens, OpenOCD and the virtual board are gone afterwards. A layer that fails
/// is a finding, not an error.
Result<RunMeasurement> runOnBoard(const Board& board, const ConnectionOptions& connection,
                                  const FirmwareImage& firmware, const RunPlan& plan,
                                  LeaveBoard leave, const OnProgress& onProgress);

/// "bus fault at pc 0x08001234 (cfsr 0x00008200, bfar 0x20080000)".
std::string faultText(const mcuprof_fault& fault);

}  // namespace mcuprof
