// mcuprof run.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/base/sha256.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/stored_calibration.hpp"
#include "analyzer/cli/write_report.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/chrome_trace.hpp"
#include "device-agent/cli/progress.hpp"
#include "device-agent/cli/render_run.hpp"
#include "device-agent/cli/run_power.hpp"
#include "device-agent/cli/run_record.hpp"
#include "device-agent/host/interrupt.hpp"
#include "device-agent/host/lowering/lowering.hpp"
#include "device-agent/host/reference/reference.hpp"
#include "device-agent/host/session.hpp"

namespace mcuprof::cli {
namespace {

using Hashes = std::vector<std::vector<std::uint32_t>>;  // by layer, by output

Loaded<FirmwareImage> loadFirmware(const std::string& board) {
  const auto path = findFirmware(board);
  if (!path) return Failure{kDevice, path.error()};
  const auto file = MappedFile::open(*path);
  if (!file) return Failure{kDevice, file.error()};
  auto image = readFirmware((*file)->bytes(), *path);
  if (!image) return Failure{kDevice, image.error()};
  return std::move(*image);
}

/// The board with the runtime that predicts: the one asked for, else this one.
Loaded<TargetInput> loadTarget(const RunOptions& options, const char* runtime) {
  TargetOptions target = options.target;
  if (target.runtime.empty()) target.runtime = runtime;
  return loadTargetFiles(options.board, target);
}

/// First half of the model's SHA-256, which the program carries.
std::array<std::uint8_t, 16> programHash(const std::string& sha256) {
  std::array<std::uint8_t, 16> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(std::stoi(sha256.substr(2 * i, 2), nullptr, 16));
  }
  return out;
}

/// What every layer should give, from the agent's own C on this machine. Empty for layers that
/// depend on one that the agent cannot run.
Loaded<Hashes> referenceHashes(const LoweredProgram& program, const ModelInputs& inputs) {
  auto reference = Reference::load(program.bytes);
  if (!reference) return Failure{kInternal, reference.error()};
  reference->reset();
  switch (inputs.kind) {
    case ModelInputs::Kind::Zeros:
      reference->fill(InputFill::Zeros);
      break;
    case ModelInputs::Kind::Xorshift:
      reference->fill(InputFill::Xorshift);
      break;
    case ModelInputs::Kind::File:
      if (auto done = reference->fill(inputs.bytes); !done) {
        return Failure{kBadInput, done.error()};
      }
      break;
  }
  Hashes out(program.layers.size());
  std::vector<bool> computed(out.size(), true);
  for (const OutputHash& hash : reference->runAll()) {
    if (!hash.isComputed) computed[hash.layer] = false;
    out[hash.layer].push_back(hash.fnv1a);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!computed[i]) out[i].clear();
  }
  return out;
}

/// The model's inputs as the options ask for them; places in the arena are added later.
Loaded<ModelInputs> readInputs(const std::string& given) {
  ModelInputs inputs;
  if (given == "xorshift") return inputs;
  if (given == "zeros") {
    inputs.kind = ModelInputs::Kind::Zeros;
    return inputs;
  }
  auto file = MappedFile::open(given);
  if (!file) {
    return Failure{kBadInput,
                   {file.error().where, file.error().what + "; --input takes zeros, xorshift or a "
                                                            "file"}};
  }
  inputs.kind = ModelInputs::Kind::File;
  inputs.bytes.assign((*file)->bytes().begin(), (*file)->bytes().end());
  return inputs;
}

std::string inputText(const ModelInputs& inputs, const std::string& given) {
  switch (inputs.kind) {
    case ModelInputs::Kind::Zeros:
      return "zeros";
    case ModelInputs::Kind::Xorshift:
      return "xorshift 1";
    case ModelInputs::Kind::File:
      return fmt::format("file {} SHA-256 {}", std::filesystem::path(given).filename().string(),
                         sha256Of(inputs.bytes).substr(0, 16));
  }
  return {};
}

/// Where the inputs lie, from the program's own tables, which mcuprof_program_check has passed.
std::vector<ModelInputs::Place> inputPlaces(std::span<const std::byte> program) {
  mcuprof_program_header header;
  std::memcpy(&header, program.data(), sizeof header);
  std::vector<ModelInputs::Place> places;
  for (std::uint32_t i = 0; i < header.input_count; ++i) {
    std::uint16_t number = 0;
    std::memcpy(&number, program.data() + header.list + 2 * (header.inputs + i), sizeof number);
    mcuprof_tensor tensor;
    std::memcpy(&tensor, program.data() + header.tensors + sizeof tensor * number, sizeof tensor);
    places.push_back({tensor.offset, tensor.bytes});
  }
  return places;
}

/// "model does not fit": how many bytes, which layer takes most.
std::string explainMisfit(const DoesNotFit& why, const Report& report, bool programInRam) {
  const auto layerText = [](const LayerRow& row, Bytes bytes) {
    return fmt::format("layer {} {} alone takes {} B", row.number, row.kind, grouped(bytes));
  };
  const auto lacking = grouped(static_cast<std::int64_t>(why.needed - why.available));
  if (why.arena) {
    const auto worst = std::ranges::max_element(report.layers, {}, &LayerRow::live);
    return fmt::format(
        "does not fit {}: the arena takes {} B, the agent leaves {} B of RAM in one piece, {} B "
        "too few{}",
        report.boardName, grouped(static_cast<std::int64_t>(why.needed)),
        grouped(static_cast<std::int64_t>(why.available)), lacking,
        worst == report.layers.end() ? "" : "; " + layerText(*worst, worst->live));
  }
  const auto weights = [](const LayerRow& row) { return row.parts.weights + row.parts.bias; };
  const auto worst = std::ranges::max_element(report.layers, {}, weights);
  return fmt::format(
      "does not fit {}: weights and tables take {} B, the agent leaves {} B of {}, {} B too few{}",
      report.boardName, grouped(static_cast<std::int64_t>(why.needed)),
      grouped(static_cast<std::int64_t>(why.available)), programInRam ? "RAM" : "flash", lacking,
      worst == report.layers.end() ? "" : "; " + layerText(*worst, weights(*worst)));
}

/// Stores the run; a failure costs nothing but the storing.
int store(const RunOptions& options, db::RunRecord& record) {
  const auto path = db::databasePath(options.database);
  if (!path) return fail(kUsage, path.error());
  auto database = db::Database::open(*path, db::Access::ReadWrite);
  if (!database) return fail(kUsage, database.error());
  const auto id = db::insertRun(*database, record);
  if (!id) return fail(kUsage, id.error());
  record.id = *id;
  return kOk;
}

int report(const RunOptions& options, db::RunRecord& record,
           const std::vector<TimelineEntry>& timeline) {
  const int stored = options.store ? store(options, record) : static_cast<int>(kOk);
  const auto text = [&](const TextStyle& style) {
    std::string table = renderText(record, style);
    if (options.counters) table += countersText(record, style);
    return record.id != 0 ? table + fmt::format("run {}\n", record.id) : table;
  };
  if (const int failed = writeReport(options.output, {text, [&] { return renderJson(record); },
                                                      [&] { return renderCsv(record); }});
      failed != kOk) {
    return failed;
  }
  if (!options.chromeTrace.empty()) {
    if (auto done = writeOutput(options.chromeTrace, renderChromeTrace(record, timeline)); !done) {
      return fail(kUsage, done.error());
    }
  }
  if (record.id != 0 && options.output.format != Format::Text) {
    note(fmt::format("stored as run {}", record.id));
  }
  if (stored != kOk) return stored;
  const RunTotals totals = totalsOf(record);
  if (totals.wrongOutputs > 0) {
    return fail(kDevice, fmt::format("{} layers gave other outputs than the host reference, first "
                                     "layer {}",
                                     totals.wrongOutputs, totals.firstWrong));
  }
  if (record.energy && !record.energy->trouble.empty()) {
    return fail(kDevice, "no energy was measured: " + record.energy->trouble);
  }
  return kOk;
}

void noteFindings(const db::RunRecord& record, const RunMeasurement& measured) {
  if (!measured.noSwo.empty() && measured.noSwo != "not wanted") {
    note(fmt::format("no SWO ({}); frames were taken from the ring", measured.noSwo));
  }
  for (const db::MachineFact& fact : record.machine) {
    if (fact.agrees) continue;
    note(
        fmt::format("machine state differs from the board file: {} is {}, wanted {}; the "
                    "prediction holds for the latter",
                    fact.key, fact.value, fact.expected));
  }
  if (measured.noSwo.empty() && measured.link.swoFrames == 0) {
    note(
        "SWO brought nothing that can be read: its clock is wrong or the pin is not connected; all "
        "frames were taken from the ring");
  } else if (measured.link.swoLost > 0) {
    note(fmt::format("SWO lost {} of {} frames; {} were repaired from the ring",
                     measured.link.swoLost, measured.link.frames,
                     measured.link.swoLost - measured.link.unrepaired));
  }
}

/// On the virtual board a pass takes seconds where a model is large, and what it would warm up is
/// then a small part of its cycles.
std::uint32_t warmUpOf(const RunOptions& options, const Report& predicted) {
  constexpr double kLarge = 20e6;
  if (options.warmUp >= 0) return static_cast<std::uint32_t>(options.warmUp);
  return predicted.costs.cycles.value > kLarge ? 0 : 1;
}

ConnectionOptions connectionOf(const RunOptions& options) {
  ConnectionOptions out;
  out.isVirtual = options.isVirtual;
  for (const std::string& fault : options.faults) {
    out.virtualOptions.insert(out.virtualOptions.end(), {"--fault", fault});
  }
  if (!options.target.folder.empty()) {
    out.virtualOptions.insert(out.virtualOptions.end(), {"--targets", options.target.folder});
  }
  out.openocd = options.openocd;
  out.configuration = options.openocdConfig;
  out.probe = options.probe;
  out.serial = options.serial;
  out.speedKhz = options.speedKhz;
  return out;
}

}  // namespace

int run(const RunOptions& options) {
  const Interrupt interrupt;
  auto target = loadTarget(options, "mcuprof-agent");
  if (!target) return fail(target.failure());
  auto model = loadModel(options.model);
  if (!model) return fail(model.failure());
  auto inputs = readInputs(options.input);
  if (!inputs) return fail(inputs.failure());
  auto firmware = loadFirmware(target->target->board.name);
  if (!firmware) return fail(firmware.failure());
  if (options.target.runtime.empty() &&
      firmware->header.kernel_library == MCUPROF_KERNELS_CMSIS_NN) {
    target = loadTarget(options, "mcuprof-agent-cmsis-nn");
    if (!target) return fail(target.failure());
  }
  const Board& board = target->target->board;

  // The agent takes RAM whose addresses touch for one piece, and so must the prediction.
  PlacementOptions placement;
  placement.joinAdjacent = true;
  // The database may be one that this run is to begin.
  CalibrationUse use{options.calibrate, options.database};
  use.wanted = mayHaveCalibration(use);
  auto calibration = findCalibrationFor(use, *target);
  if (!calibration) return fail(calibration.failure());
  const Analysis analysis = analyze(model->graph, target->target, placement, {}, *calibration);
  const Report predicted = buildReport(analysis, provenanceOf(model->file, target->files));

  const auto hash = programHash(model->file.sha256);
  const auto library = static_cast<mcuprof_library>(firmware->header.kernel_library);
  const auto program = lowerModel(model->model, *model->graph, analysis.schedule, library, hash);
  if (!program) return fail(kBadInput, {options.model, program.error().text()});
  auto reference = referenceHashes(*program, *inputs);
  if (!reference) return fail(reference.failure());
  inputs->places = inputPlaces(program->bytes);

  RunPlan plan;
  plan.program = program->bytes;
  plan.arenaBytes = static_cast<std::uint32_t>(program->arenaBytes.value);
  plan.programInRam = options.weightsInRam;
  plan.inputs = *inputs;
  plan.layers = static_cast<std::uint32_t>(program->layers.size());
  if (plan.layers == 0) return fail(kBadInput, {options.model, "has no operators to run"});
  const std::int32_t last =
      options.lastLayer == 0 ? static_cast<std::int32_t>(plan.layers) : options.lastLayer;
  const std::int32_t first = std::max(options.firstLayer, 1);
  if (static_cast<std::uint32_t>(last) > plan.layers) {
    return fail(kUsage, fmt::format("--layers: no layer {}; the model has {}", last, plan.layers));
  }
  plan.firstLayer = static_cast<std::uint32_t>(first - 1);
  plan.lastLayer = static_cast<std::uint32_t>(last - 1);
  plan.warmUp = warmUpOf(options, predicted);
  plan.repeats = static_cast<std::uint32_t>(options.repeats);
  plan.timeline = !options.chromeTrace.empty();
  // The virtual board emulates each execution; on a board one more is nothing.
  plan.counters = options.counters || !options.isVirtual;
  plan.useSwo = options.swo;
  plan.swoBaud = static_cast<std::uint32_t>(options.swoHz);
  plan.swoCoreHz = static_cast<std::uint32_t>(options.swoCoreHz);
  plan.silence = Milliseconds(1000 * options.timeoutSeconds);
  DoesNotFit misfit;
  if (!placeRun(firmware->header, plan, misfit)) {
    return fail(kDevice,
                {model->file.name, explainMisfit(misfit, predicted, options.weightsInRam)});
  }

  std::optional<PowerStage> power;
  if (!options.power.empty()) {
    auto stage = PowerStage::make(options, board);
    if (!stage) return fail(kUsage, stage.error());
    power.emplace(std::move(*stage));
    power->addTo(plan);
  }
  ConnectionOptions connection = connectionOf(options);
  if (power) power->addTo(connection);

  const std::string started = db::timeNow();
  ProgressDisplay progress;
  const auto measured = runOnBoard(board, connection, *firmware, plan,
                                   options.halt ? LeaveBoard::Halted : LeaveBoard::Running,
                                   [&](const RunProgress& p) { progress.show(p); });
  progress.clear();
  if (Interrupt::happened()) return fail(kInterrupted, "interrupted; nothing was stored");
  if (!measured) return fail(kDevice, measured.error());

  RunParts parts{predicted,
                 board,
                 target->target->runtime,
                 machineState(board, {}),
                 *program,
                 *measured,
                 *reference,
                 options.isVirtual,
                 inputText(*inputs, options.input),
                 plan.warmUp,
                 options.repeats,
                 first,
                 last};
  db::RunRecord record = makeRunRecord(parts);
  record.uuid = db::makeUuid();
  record.started = started;
  if (power) record.energy = power->finish(*measured, board);
  if (Interrupt::happened()) return fail(kInterrupted, "interrupted; nothing was stored");
  noteFindings(record, *measured);
  return report(options, record, measured->timeline);
}

}  // namespace mcuprof::cli
