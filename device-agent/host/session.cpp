#include "device-agent/host/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <variant>

#include "device-agent/host/flash.hpp"
#include "device-agent/host/power/energy.hpp"

namespace mcuprof {
namespace {

constexpr Milliseconds kAgentStart{10'000};
/// Frames of a layer are at most 68 bytes (LAYER, OUTPUT), 84 (FAULT); the ring keeps 1024.
constexpr std::uint32_t kLayersAtOnce = 10;
/// COUNTERS takes 32 bytes more, and the execution that is counted may fault too.
constexpr std::uint32_t kCountedLayersAtOnce = 6;
/// Of an ST-LINK V3, which the virtual boards have.
constexpr std::uint32_t kFastestSwo = 24'000'000;
/// Samples a second of a meter that does not say, for the length of blocks.
constexpr double kUnknownRate = 1000;
/// The agent counts executions by one that stands alone and so takes longer than one of many.
constexpr double kBlockMargin = 1.1;

std::uint32_t roundUp16(std::uint64_t value) {
  return static_cast<std::uint32_t>((value + 15) / 16 * 16);
}

/// RAM in which arena or program can lie: each range, and those whose addresses touch together.
std::vector<mcuprof_range> piecesOf(const mcuprof_image_header& header) {
  std::vector<mcuprof_range> pieces;
  for (std::uint32_t i = 0; i < header.ram_ranges; ++i) {
    mcuprof_range piece{header.ram[i].base, 0};
    for (std::uint32_t k = i; k < header.ram_ranges; ++k) {
      if (header.ram[k].base != piece.base + piece.bytes) break;
      piece.bytes += header.ram[k].bytes;
      pieces.push_back(piece);
    }
  }
  return pieces;
}

/// One run; its members are what the steps hand on.
class Session {
 public:
  Session(BoardConnection& connection, const FirmwareImage& firmware, const RunPlan& plan,
          const OnProgress& onProgress)
      : m_connection(connection),
        m_firmware(firmware),
        m_plan(plan),
        m_onProgress(onProgress),
        m_layers(plan.layers) {}

  Result<RunMeasurement> run();

 private:
  Result<void> updateFlash(const RunAddresses& addresses);
  Result<void> startAgent();
  Result<void> greet();
  Result<void> checkProgram(const RunAddresses& addresses);
  Result<void> setInputs(const RunAddresses& addresses);
  /// Whether the pass that times the layers can also tell what they compute.
  bool hashesWhileTiming() const;
  /// Whether layers are executed once more for the counters, whose overflows only SWO brings.
  bool counts() const;
  Result<void> inferences();
  Result<void> timeLayers();
  void measureEnergy();
  Result<mcuprof_done> command(std::uint32_t number,
                               std::array<std::uint32_t, MCUPROF_ARGUMENTS> arguments,
                               bool drained = false, std::function<bool()> unwanted = {});
  void take(const Message& message);
  bool flashHolds(std::uint32_t address, std::span<const std::byte> wanted, std::size_t compared);

  BoardConnection& m_connection;
  const FirmwareImage& m_firmware;
  const RunPlan& m_plan;
  const OnProgress& m_onProgress;
  std::optional<AgentLink> m_link;
  mcuprof_program_report m_program{};
  RunProgress m_progress;
  std::vector<LayerMeasurement> m_layers;
  RunMeasurement m_out;
};

struct Taker {
  RunMeasurement& out;
  std::vector<LayerMeasurement>& layers;
  mcuprof_program_report& program;
  const std::optional<EventCounts>& events;

  LayerMeasurement* layerOf(std::uint16_t number) const {
    return number < layers.size() ? &layers[number] : nullptr;
  }
  void operator()(const UnknownMessage&) const {}
  void operator()(const mcuprof_hello& hello) const { out.hello = hello; }
  void operator()(const mcuprof_machine& machine) const { out.machine = machine; }
  void operator()(const mcuprof_program_report& report) const { program = report; }
  void operator()(const mcuprof_layer_report& report) const {
    LayerMeasurement* layer = layerOf(report.layer);
    if (layer == nullptr) return;
    layer->runs = report.runs;
    layer->minimum = valueOf(report.minimum);
    layer->median = valueOf(report.median);
    layer->maximum = valueOf(report.maximum);
  }
  void operator()(const mcuprof_layer_time& time) const {
    out.timeline.push_back({time.layer, time.pass, valueOf(time.start), valueOf(time.cycles)});
  }
  void operator()(const mcuprof_output& output) const {
    LayerMeasurement* layer = layerOf(output.layer);
    if (layer == nullptr || output.output != layer->outputs.size()) return;
    layer->outputs.push_back(output.fnv1a);
  }
  void operator()(const mcuprof_inference& inference) const {
    out.inference.runs = inference.runs;
    out.inference.minimum = valueOf(inference.minimum);
    out.inference.median = valueOf(inference.median);
    out.inference.maximum = valueOf(inference.maximum);
  }
  void operator()(const mcuprof_counters& counters) const {
    if (LayerMeasurement* layer = layerOf(counters.layer)) {
      layer->counted = CountedExecution{valueOf(counters.cycles), events};
    }
  }
  void operator()(const mcuprof_skipped& skipped) const {
    if (LayerMeasurement* layer = layerOf(skipped.layer)) {
      layer->trouble = fmt::format("the agent has no kernel for it (code {})", skipped.code);
    }
  }
  void operator()(const mcuprof_fault& fault) const {
    if (LayerMeasurement* layer = layerOf(fault.layer)) layer->trouble = faultText(fault);
  }
  void operator()(const mcuprof_memory&) const {}
  void operator()(const mcuprof_done&) const {}
  void operator()(const mcuprof_block& block) const {
    if (!out.energy) return;
    const double hz = out.machine.core_hz;
    const std::int32_t layer = block.layer == 0xffff ? MarkedBlock::kWhole : block.layer;
    out.energy->blocks.push_back({layer, block.executions,
                                  static_cast<double>(valueOf(block.awake)) / hz,
                                  static_cast<double>(valueOf(block.cycles)) / hz});
  }
};

void Session::take(const Message& message) {
  std::visit(Taker{m_out, m_layers, m_program, m_link->eventCounts()}, message);
  const auto* report = std::get_if<mcuprof_layer_report>(&message);
  if (report == nullptr || report->layer >= m_layers.size()) return;
  RunProgress arrived = m_progress;
  arrived.layer = report->layer;
  arrived.timed = &m_layers[report->layer];
  m_onProgress(arrived);
}

Result<mcuprof_done> Session::command(std::uint32_t number,
                                      std::array<std::uint32_t, MCUPROF_ARGUMENTS> arguments,
                                      bool drained, std::function<bool()> unwanted) {
  const auto onBeat = [this](std::uint32_t layer) {
    if (layer == MCUPROF_NO_LAYER || m_progress.total == 0) return;
    // For the meter all layers run again and again; blocks tell how far that is.
    const std::size_t done = m_out.energy ? m_out.energy->blocks.size() : layer;
    m_progress.done = std::min<std::uint64_t>(done, m_progress.total);
    m_onProgress(m_progress);
  };
  auto done = m_link->run(
      {number, arguments, drained, std::move(unwanted)}, [this](const Message& m) { take(m); },
      onBeat);
  if (!done) return done.error();
  m_out.stackUsed = std::max(m_out.stackUsed, done->stack_used);
  const auto refused = [&](const char* why) {
    return Error{"agent", fmt::format("it refused command {}: {}", number, why)};
  };
  switch (done->status) {
    case MCUPROF_BAD_COMMAND:
      return refused("it does not know it; the agent is older than this mcuprof");
    case MCUPROF_BAD_ARGUMENT:
      return refused("an argument is out of range");
    case MCUPROF_NO_PROGRAM:
      return refused("it has no program");
    case MCUPROF_STOPPED:
      return refused("it was stopped");
    default:
      return done;
  }
}

bool Session::flashHolds(std::uint32_t address, std::span<const std::byte> wanted,
                         std::size_t compared) {
  const std::size_t words = std::min(compared, wanted.size()) / 4;
  auto found = m_connection.openocd().readWords(address, words);
  return found && std::memcmp(found->data(), wanted.data(), words * 4) == 0;
}

Result<void> Session::updateFlash(const RunAddresses& addresses) {
  const auto report = [this](const char* step) {
    return [this, step](std::size_t done, std::size_t total) { m_onProgress({step, done, total}); };
  };
  Openocd& openocd = m_connection.openocd();
  // Both headers are written last and hold a hash of what follows them: the build id of the agent,
  // the CRC of the program, which the agent checks besides.
  const std::size_t reach = MCUPROF_HEADER_OFFSET + m_firmware.header.header_bytes + 16 + 20;
  if (!flashHolds(m_firmware.address, m_firmware.bytes, reach)) {
    m_out.agentFlashed = true;
    if (auto done =
            writeFlash(openocd, m_firmware.address, m_firmware.bytes, report("flash agent"));
        !done) {
      return done;
    }
  }
  if (m_plan.programInRam) return {};
  constexpr std::size_t kProgramHeader = 96;
  if (!flashHolds(addresses.program, m_plan.program, kProgramHeader)) {
    m_out.programFlashed = true;
    if (auto done = writeFlash(openocd, addresses.program, m_plan.program, report("flash model"));
        !done) {
      return done;
    }
  }
  return {};
}

Result<void> Session::startAgent() {
  if (auto done = m_connection.resetAndHalt(); !done) return done;
  bool swo = false;
  if (m_plan.useSwo) {
    const std::uint32_t coreHz =
        m_plan.swoCoreHz != 0 ? m_plan.swoCoreHz : m_firmware.header.core_hz;
    const std::uint32_t fastest = coreHz / ((coreHz + kFastestSwo - 1) / kFastestSwo);
    auto started = m_connection.startTrace(coreHz, m_plan.swoBaud != 0 ? m_plan.swoBaud : fastest,
                                           m_out.noSwo);
    if (!started) return started.error();
    swo = *started;
  } else {
    m_out.noSwo = "not wanted";
  }
  m_link.emplace(m_connection.openocd(), m_firmware.header, swo, m_plan.silence);
  if (auto done = m_connection.resume(); !done) return done;
  return m_link->waitForAgent(kAgentStart);
}

Result<void> Session::greet() {
  auto done = command(MCUPROF_HELLO, {});
  if (!done) return done.error();
  if (m_out.hello.protocol >> 8 != MCUPROF_PROTOCOL >> 8) {
    return Error{"agent", fmt::format("it speaks protocol {}.{}; this mcuprof speaks {}.x",
                                      m_out.hello.protocol >> 8, m_out.hello.protocol & 0xff,
                                      MCUPROF_PROTOCOL >> 8)};
  }
  return {};
}

Result<void> Session::checkProgram(const RunAddresses& addresses) {
  if (m_plan.programInRam) {
    if (auto done = writeRam(m_connection.openocd(), addresses.program, m_plan.program); !done) {
      return done;
    }
  }
  auto done = command(MCUPROF_CHECK_PROGRAM,
                      {addresses.program, static_cast<std::uint32_t>(m_plan.program.size()),
                       addresses.arena, m_plan.arenaBytes});
  if (!done) return done.error();
  if (done->status != MCUPROF_OK) {
    return Error{"agent", fmt::format("it refused the model's program: code {} at {}",
                                      m_program.code, m_program.index)};
  }
  return {};
}

Result<void> Session::setInputs(const RunAddresses& addresses) {
  const ModelInputs& inputs = m_plan.inputs;
  std::uint32_t kind = MCUPROF_INPUT_ZEROS;
  if (inputs.kind == ModelInputs::Kind::Xorshift) kind = MCUPROF_INPUT_XORSHIFT;
  if (inputs.kind == ModelInputs::Kind::File) {
    kind = MCUPROF_INPUT_KEEP;
    std::span<const std::byte> rest = inputs.bytes;
    for (const ModelInputs::Place& place : inputs.places) {
      if (auto done = writeRam(m_connection.openocd(), addresses.arena + place.offset,
                               rest.first(place.bytes));
          !done) {
        return done;
      }
      rest = rest.subspan(place.bytes);
    }
  }
  auto done = command(MCUPROF_SET_INPUT, {kind, inputs.seed});
  if (!done) return done.error();
  return {};
}

// Each layer then executes once, in order, so that state advances as in an inference.
bool Session::hashesWhileTiming() const {
  return m_plan.warmUp == 0 && m_plan.repeats == 1 && m_plan.firstLayer == 0 &&
         m_plan.lastLayer + 1 == m_plan.layers && !counts();
}

bool Session::counts() const {
  return m_plan.counters && m_out.noSwo.empty() &&
         (m_out.machine.features & MCUPROF_PROFILE_COUNTERS) != 0;
}

Result<void> Session::inferences() {
  m_progress = {"run inferences", 0, m_plan.layers};
  const std::uint32_t flags =
      (hashesWhileTiming() ? 0 : MCUPROF_RUN_HASH) | (m_plan.timeline ? MCUPROF_RUN_TIMES : 0);
  // Hashes of all layers are more than the ring holds, so the host reads along.
  // The pass that hashes runs ahead of the others and warms up like one of them.
  const std::uint32_t warmUp = m_plan.warmUp - std::min(m_plan.warmUp, 1U);
  auto done = command(MCUPROF_RUN_INFERENCE, {warmUp, m_plan.repeats, flags}, true);
  if (!done) return done.error();
  return {};
}

Result<void> Session::timeLayers() {
  m_progress = {"time layers", 0, m_plan.layers};
  const std::uint32_t atOnce = counts() ? kCountedLayersAtOnce : kLayersAtOnce;
  const std::uint32_t flags =
      (hashesWhileTiming() ? MCUPROF_RUN_HASH : 0) | (counts() ? MCUPROF_RUN_COUNTERS : 0);
  for (std::uint32_t first = m_plan.firstLayer; first <= m_plan.lastLayer; first += atOnce) {
    const std::uint32_t last = std::min(first + atOnce - 1, m_plan.lastLayer);
    auto done = command(MCUPROF_RUN_LAYERS, {first, last, m_plan.warmUp, m_plan.repeats, flags});
    if (!done) return done.error();
    m_progress.done = last + 1;
    m_onProgress(m_progress);
  }
  return {};
}

// Whatever goes wrong here costs the energies and nothing else.
void Session::measureEnergy() {
  PowerRecorder* const recorder = m_plan.power ? m_plan.power() : nullptr;
  if (recorder == nullptr) return;
  EnergyRun& energy = m_out.energy.emplace();
  // Layers that fail once more say nothing about those that were timed.
  const std::vector<LayerMeasurement> timed = m_layers;
  const double hz = m_out.machine.core_hz;
  const double rate = recorder->meter().facts().sampleHz;
  const double samples = rate > 0 ? rate : kUnknownRate;
  energy.gap = std::max(0.005, 10 / samples);
  energy.lead = std::max(0.25, 20 / samples);
  const auto cycles = [&](double seconds) {
    return static_cast<std::uint32_t>(
        std::clamp(seconds * hz, 1024.0, double{std::numeric_limits<std::uint32_t>::max()}));
  };
  // Samples at both edges do not count.
  const double layerSeconds =
      (kWantedSamples + 10) / samples + recorder->meter().facts().settleSeconds;
  const double wholeSeconds =
      kBlockMargin *
      std::max(m_plan.powerSeconds,
               m_plan.powerExecutions * static_cast<double>(m_out.inference.median) / hz);
  const std::uint32_t gap = cycles(energy.gap);
  const std::uint32_t lead = cycles(energy.lead);
  energy.gap = gap / hz;
  energy.lead = lead / hz;
  m_progress = {"measure energy", 0, m_plan.lastLayer - m_plan.firstLayer + 2};
  m_onProgress(m_progress);
  if (auto started = recorder->start(); !started) {
    energy.trouble = started.error().text();
    return;
  }
  auto done = command(
      MCUPROF_RUN_ENERGY,
      {m_plan.firstLayer, m_plan.lastLayer, cycles(layerSeconds), cycles(wholeSeconds), gap, lead},
      true, [recorder] { return recorder->hasFailed(); });
  recorder->stop();
  if (!done) energy.trouble = done.error().text();
  m_layers = timed;
}

Result<RunMeasurement> Session::run() {
  DoesNotFit why;
  const auto addresses = placeRun(m_firmware.header, m_plan, why);
  if (!addresses) {
    return Error{"", fmt::format("the {} takes {} bytes, the board has {}",
                                 why.arena ? "arena" : "program", why.needed, why.available)};
  }
  m_out.buildId = m_firmware.buildId;
  m_out.compiler = m_firmware.compiler;
  m_out.probe = m_connection.probe();
  m_out.targetVolts = m_connection.targetVolts();
  if (auto done = m_connection.resetAndHalt(); !done) return done.error();
  if (auto done = updateFlash(*addresses); !done) return done.error();
  m_onProgress({"start agent", 0, 0});
  if (auto done = startAgent(); !done) return done.error();
  if (auto done = greet(); !done) return done.error();
  if (auto done = checkProgram(*addresses); !done) return done.error();
  if (auto done = setInputs(*addresses); !done) return done.error();
  if (auto done = inferences(); !done) return done.error();
  if (hashesWhileTiming()) {
    // The inference has reused the bytes of the inputs.
    if (auto done = setInputs(*addresses); !done) return done.error();
  }
  if (auto done = timeLayers(); !done) return done.error();
  measureEnergy();
  m_out.layers = std::move(m_layers);
  m_out.link = m_link->counts();
  return std::move(m_out);
}

}  // namespace

std::optional<RunAddresses> placeRun(const mcuprof_image_header& header, const RunPlan& plan,
                                     DoesNotFit& why) {
  const std::vector<mcuprof_range> pieces = piecesOf(header);
  const mcuprof_range* arena = nullptr;
  std::uint32_t largest = 0;
  for (const mcuprof_range& piece : pieces) {
    largest = std::max(largest, piece.bytes);
    if (piece.bytes >= plan.arenaBytes && (arena == nullptr || piece.bytes < arena->bytes)) {
      arena = &piece;
    }
  }
  if (arena == nullptr) {
    why = {true, plan.arenaBytes, largest};
    return std::nullopt;
  }
  const std::uint64_t size = plan.program.size();
  if (!plan.programInRam) {
    why = {false, size, header.model.bytes};
    if (size > header.model.bytes) return std::nullopt;
    return RunAddresses{arena->base, header.model.base};
  }
  const std::uint32_t used = roundUp16(plan.arenaBytes);
  std::uint64_t available = arena->bytes - std::min(arena->bytes, used);
  if (available >= size) return RunAddresses{arena->base, arena->base + used};
  for (const mcuprof_range& piece : pieces) {
    const bool apart =
        piece.base + piece.bytes <= arena->base || piece.base >= arena->base + arena->bytes;
    if (!apart) continue;
    available = std::max<std::uint64_t>(available, piece.bytes);
    if (piece.bytes >= size) return RunAddresses{arena->base, piece.base};
  }
  why = {false, size, available};
  return std::nullopt;
}

Result<RunMeasurement> runOnBoard(const Board& board, const ConnectionOptions& options,
                                  const FirmwareImage& firmware, const RunPlan& plan,
                                  LeaveBoard leave, const OnProgress& onProgress) {
  onProgress({"connect", 0, 0});
  auto connection = BoardConnection::open(board, options);
  if (!connection) return connection.error();
  auto measured = Session(*connection, firmware, plan, onProgress).run();
  connection->close(leave == LeaveBoard::Halted);
  return measured;
}

std::string faultText(const mcuprof_fault& fault) {
  const char* kind = "fault";
  switch (fault.kind) {
    case MCUPROF_FAULT_HARD:
      kind = "hard fault";
      break;
    case MCUPROF_FAULT_MEMORY:
      kind = "memory management fault";
      break;
    case MCUPROF_FAULT_BUS:
      kind = "bus fault";
      break;
    case MCUPROF_FAULT_USAGE:
      kind = "usage fault";
      break;
    case MCUPROF_FAULT_STACK:
      return fmt::format("the kernels' stack ran over (sp {:#010x})", fault.sp);
    case MCUPROF_FAULT_INTERRUPT:
      kind = "unexpected interrupt";
      break;
    case MCUPROF_FAULT_ABORTED:
      return fmt::format("it hung, and was aborted at pc {:#010x}", fault.pc);
    default:
      break;
  }
  std::string text = fault.frame_valid != 0
                         ? fmt::format("{} at pc {:#010x}, lr {:#010x}", kind, fault.pc, fault.lr)
                         : std::string(kind);
  if (fault.cfsr != 0 || fault.hfsr != 0) {
    text += fmt::format(" (cfsr {:#010x}, hfsr {:#010x}, mmfar {:#010x}, bfar {:#010x})",
                        fault.cfsr, fault.hfsr, fault.mmfar, fault.bfar);
  }
  return text;
}

}  // namespace mcuprof
