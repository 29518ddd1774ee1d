#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/budget/budget_file.hpp"
#include "analyzer/budget/budget_init.hpp"
#include "analyzer/budget/judge.hpp"
#include "analyzer/budget/render_check.hpp"
#include "analyzer/cli/check_parts.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/file_patterns.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/progress_line.hpp"
#include "analyzer/cli/stored_calibration.hpp"
#include "analyzer/cli/stored_runs.hpp"

namespace mcuprof::cli {
namespace {

std::string_view textOf(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

/// What is judged: every model on every board with every runtime.
struct Plan {
  std::vector<std::string> models;
  std::vector<std::string> boards;
  std::vector<std::string> runtimes;
};

/// Loads what several analyses need, once.
class CheckRun {
 public:
  CheckRun(const CheckOptions& options, Catalogue catalogue)
      : m_options(options), m_catalogue(std::move(catalogue)) {}

  int run();

 private:
  Loaded<Budget> loadBudget();
  Loaded<Plan> makePlan(Budget& budget);
  std::optional<Failure> loadTargets(const Plan& plan, const PlacementOptions& placement);
  void analyzeModel(const std::string& path, const Budget& budget, ProgressLine& progress);
  std::optional<Failure> settleFromRuns();
  std::optional<Failure> write(const CheckReport& report);
  int init(const Plan& plan, const Budget& budget);
  bool hashes() const;

  const CheckOptions& m_options;
  Catalogue m_catalogue;
  std::unique_ptr<StoredRuns> m_runs;
  std::vector<TargetInput> m_targets;
  std::vector<std::optional<Calibration>> m_calibrations;  ///< parallel to m_targets
  std::vector<JudgedModel> m_judged;
  std::vector<std::pair<std::string, Error>> m_unreadable;
};

Loaded<Budget> CheckRun::loadBudget() {
  if (m_options.init) {
    Budget none;
    none.file = m_options.budget;
    return none;
  }
  std::error_code failed;
  if (m_options.budget != "-" && !std::filesystem::exists(m_options.budget, failed)) {
    return Failure{kUsage,
                   {m_options.budget, "no such file; \"mcuprof check --init\" writes a budget"}};
  }
  const auto file = MappedFile::open(m_options.budget);
  if (!file) return Failure{kUsage, file.error()};
  auto budget = readBudget(textOf(**file), (*file)->name());
  if (!budget) return Failure{kUsage, budget.error()};
  if (m_options.failOn == "fail") budget->failOn = FailOn::Fail;
  if (m_options.failOn == "inconclusive") budget->failOn = FailOn::Inconclusive;
  if (m_options.failOn == "warning") budget->failOn = FailOn::Warning;
  return *std::move(budget);
}

Loaded<Plan> CheckRun::makePlan(Budget& budget) {
  if (auto bad = resolveBoards(m_catalogue, budget)) return *bad;

  Plan plan;
  const auto add = [](std::vector<std::string>& to, const std::string& name) {
    if (std::ranges::find(to, name) == to.end()) to.push_back(name);
  };
  const std::string folder = std::filesystem::path(budget.file).parent_path().string();
  for (const std::string& model : m_options.models) add(plan.models, model);
  if (m_options.models.empty()) {
    for (const Pattern& pattern : budget.models) {
      const auto files = filesFor(folder, pattern.text);
      if (!files) return Failure{kUsage, {at(budget, pattern), files.error().text()}};
      if (files->empty())
        return Failure{
            kUsage, {at(budget, pattern), fmt::format("\"{}\" stands for no file", pattern.text)}};
      for (const std::string& file : *files) add(plan.models, file);
    }
  }
  if (plan.models.empty()) {
    return Failure{kUsage,
                   {budget.file, "no models: name some on the command line or in \"models\""}};
  }
  for (const std::string& board : m_options.boards) add(plan.boards, board);
  if (m_options.boards.empty()) {
    for (const Pattern& board : budget.boards) {
      if (!isPattern(board.text)) {
        add(plan.boards, board.text);
        continue;
      }
      for (const std::string& name : m_catalogue.boardNames())
        if (matchesPattern(board.text, name)) add(plan.boards, name);
    }
  }
  if (plan.boards.empty()) {
    return Failure{kUsage, {budget.file, "no boards: name some with --boards or in \"boards\""}};
  }
  for (const std::string& runtime : m_options.runtimes) add(plan.runtimes, runtime);
  if (m_options.runtimes.empty())
    for (const Pattern& runtime : budget.runtimes) add(plan.runtimes, runtime.text);
  if (plan.runtimes.empty()) plan.runtimes = {TargetOptions().runtime};
  return plan;
}

std::optional<Failure> CheckRun::loadTargets(const Plan& plan, const PlacementOptions& placement) {
  for (const std::string& name : plan.runtimes) {
    std::vector<InputFile> files;
    auto runtime = loadRuntimeFile(m_catalogue, name, files);
    if (!runtime) return runtime.failure();
    for (const std::string& board : plan.boards) {
      auto target = loadTargetFiles(m_catalogue, board, *runtime);
      if (!target) return target.failure();
      if (auto ok = checkPlacement(placement, target->target->board); !ok)
        return Failure{kUsage, ok.error()};
      target->files.insert(target->files.end(), files.begin(), files.end());
      auto calibration = findCalibrationFor({m_options.calibrate, m_options.database}, *target);
      if (!calibration) return calibration.failure();
      noteCalibration(*target, *calibration);
      m_targets.push_back(std::move(*target));
      m_calibrations.push_back(*std::move(calibration));
    }
  }
  return std::nullopt;
}

/// The hash of a model is part of a JSON report and the key of stored measurements; all else does
/// not need every byte of the file read.
bool CheckRun::hashes() const {
  return m_runs != nullptr || std::ranges::any_of(m_options.outputs, [](const CheckOutput& output) {
           return output.format == CheckFormat::Json;
         });
}

void CheckRun::analyzeModel(const std::string& path, const Budget& budget, ProgressLine& progress) {
  auto model = loadModel(path, hashes() ? Hash::Yes : Hash::No);
  if (!model) {
    m_unreadable.emplace_back(path, model.failure().error);
    return;
  }
  for (std::size_t i = 0; i < m_targets.size(); ++i) {
    const TargetInput& target = m_targets[i];
    const Analysis analysis =
        analyze(model->graph, target.target, budget.placement, {}, m_calibrations[i]);
    const Report report = buildReport(analysis, provenanceOf(model->file, {}), budget.duty);
    m_judged.push_back({figuresOf(report, target.target->board), path});
    progress.step();
  }
}

std::optional<Failure> CheckRun::settleFromRuns() {
  if (m_runs == nullptr) return std::nullopt;
  for (JudgedModel& model : m_judged) {
    ModelFigures& f = model.figures;
    const auto measured = m_runs->find(f.modelSha256, f.board, f.runtime);
    if (!measured) return Failure{kBadInput, measured.error()};
    if (!*measured) continue;
    settle(f, **measured);
    note(fmt::format("{} on {}: time is that of {}", f.model, f.board, (*measured)->source));
  }
  return std::nullopt;
}

std::string rendered(const CheckReport& report, const CheckOutput& output) {
  switch (output.format) {
    case CheckFormat::Text:
      return renderCheckText(report, styleFor(output.file));
    case CheckFormat::Json:
      return renderCheckJson(report);
    case CheckFormat::Junit:
      return renderJunit(report);
    case CheckFormat::Sarif:
      return renderSarif(report);
    case CheckFormat::Github:
      return renderGithub(report);
    case CheckFormat::Gitlab:
      return renderGitlab(report);
    case CheckFormat::Markdown:
      return renderCheckMarkdown(report);
  }
  return {};
}

std::optional<Failure> CheckRun::write(const CheckReport& report) {
  // Files first: what reads standard output may go away.
  for (const bool toStandard : {false, true}) {
    for (const CheckOutput& output : m_options.outputs) {
      if ((output.file.empty() || output.file == "-") != toStandard) continue;
      if (auto done = writeOutput(output.file, rendered(report, output)); !done)
        return Failure{kUsage, done.error()};
    }
  }
  return std::nullopt;
}

int CheckRun::init(const Plan& plan, const Budget& budget) {
  if (!m_unreadable.empty()) return fail(kBadInput, m_unreadable.front().second);
  std::vector<ModelFigures> figures;
  for (const JudgedModel& model : m_judged) figures.push_back(model.figures);
  std::vector<std::string> models;
  const std::filesystem::path folder = std::filesystem::path(budget.file).parent_path();
  for (const std::string& model : plan.models) {
    std::error_code failed;
    const bool here = model == "-" || budget.file == "-";
    const std::filesystem::path near =
        here ? std::filesystem::path(model)
             : std::filesystem::proximate(model, folder.empty() ? "." : folder, failed);
    models.push_back(failed ? model : near.string());
  }
  std::error_code failed;
  if (budget.file != "-" && std::filesystem::exists(budget.file, failed))
    return fail(kUsage, fmt::format("{}: is there already; remove it, or name another with "
                                    "--budget",
                                    budget.file));
  constexpr double kHeadroom = 0.1;
  if (auto done = writeOutput(budget.file, initialBudget(figures, models, kHeadroom)); !done)
    return fail(kUsage, done.error());
  return kOk;
}

int CheckRun::run() {
  auto budget = loadBudget();
  if (!budget) return fail(budget.failure());
  auto plan = makePlan(*budget);
  if (!plan) return fail(plan.failure());
  if (auto bad = loadTargets(*plan, budget->placement)) return fail(*bad);
  auto runs = StoredRuns::open(m_options.database);
  if (!runs) return fail(kBadInput, runs.error());
  if (!m_options.init) m_runs = *std::move(runs);
  auto baseline = readBaselines(*budget, m_options.baselines);
  if (!baseline) return fail(baseline.failure());
  {
    ProgressLine progress("checking", plan->models.size() * m_targets.size());
    for (const std::string& path : plan->models) analyzeModel(path, *budget, progress);
  }
  if (m_options.init) return init(*plan, *budget);
  if (auto bad = settleFromRuns()) return fail(*bad);

  CheckReport report =
      judge(*budget, m_judged, *baseline, m_options.date.empty() ? today() : m_options.date);
  report.toolVersion = MCUPROF_VERSION;
  // What could not be read is part of every report, and fails the gate.
  for (const auto& [path, error] : m_unreadable) {
    fail(kBadInput, error);
    Finding finding;
    finding.outcome = Outcome::Error;
    finding.rule = kInputRule;
    finding.subject = std::filesystem::path(path).filename().string();
    finding.message = error.text();
    report.findings.insert(report.findings.begin(), std::move(finding));
  }
  if (auto bad = write(report)) return fail(*bad);
  return gateStatus(report);
}

}  // namespace

int run(const CheckOptions& options) {
  auto catalogue = findCatalogue({"", options.folder});
  if (!catalogue) return fail(catalogue.failure());
  return CheckRun(options, std::move(*catalogue)).run();
}

}  // namespace mcuprof::cli
