#pragma once

#include <memory>
#include <optional>

#include "analyzer/cli/inputs.hpp"
#include "analyzer/report/assumptions.hpp"
#include "analyzer/report/figures.hpp"
#include "analyzer/report/report_diff.hpp"
#include "gui/session/setup.hpp"

namespace mcuprof::gui {

struct Snapshot;
using SnapshotPtr = std::shared_ptr<const Snapshot>;

/// What the open model is compared with: another analysis, or a report that was kept as JSON, which
/// has figures and what it says they rest on.
struct Baseline {
  std::string name;  ///< "old.tflite on nucleo-f429zi"
  std::string file;
  ModelFigures figures;
  SnapshotPtr snapshot;        ///< nullptr for a report
  std::vector<FactRow> facts;  ///< of a report
};

using BaselinePtr = std::shared_ptr<const Baseline>;

/// One finished analysis with all it was made from. Views keep it by shared_ptr and read it only;
/// every number they show is in here.
struct Snapshot {
  Setup setup;
  std::shared_ptr<const cli::ModelInput> model;
  std::shared_ptr<const cli::TargetInput> target;
  Analysis analysis;
  Report report;
  ModelFigures figures;
  BaselinePtr baseline;
  std::optional<ReportDiff> difference;  ///< from the baseline, where there is one
  std::vector<FactDifference> facts;     ///< that the baseline does not share
};

/// Reads what a setup names and analyzes it, as `mcuprof analyze` does; keeps the model and the
/// target that it read last, so that a change of an option reads no file again. Of one thread.
class Analyst {
 public:
  cli::Loaded<SnapshotPtr> run(const Setup& setup, const BaselinePtr& baseline = nullptr);
  /// A .tflite file, analyzed with this setup's target, or a JSON report of "mcuprof analyze".
  cli::Loaded<BaselinePtr> readBaseline(const std::string& path, const Setup& setup);
  /// Reads all files anew the next time.
  void forget();

 private:
  cli::Loaded<std::shared_ptr<const cli::ModelInput>> model(const Setup& setup);
  cli::Loaded<std::shared_ptr<const cli::TargetInput>> target(const Setup& setup);

  std::string m_modelPath;
  std::shared_ptr<const cli::ModelInput> m_model;
  std::string m_targetKey;
  std::shared_ptr<const cli::TargetInput> m_target;
};

}  // namespace mcuprof::gui
