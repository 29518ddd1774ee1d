#include "gui/session/snapshot.hpp"

#include <fmt/format.h>

#include <exception>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/report/facts_json.hpp"
#include "analyzer/report/figures_json.hpp"
#include "analyzer/report/render_json.hpp"

namespace mcuprof::gui {
namespace {

/// Of two reports only what both of them say can be compared.
std::vector<FactDifference> changedFacts(const Snapshot& fresh, const Baseline& base) {
  if (base.snapshot) {
    return diffFacts(assumptionsOf(fresh.analysis, fresh.report),
                     assumptionsOf(base.snapshot->analysis, base.snapshot->report));
  }
  const auto facts = readFacts(renderJson(fresh.report), "report");
  return facts ? diffFacts(facts->front(), base.facts) : std::vector<FactDifference>();
}

}  // namespace

cli::Loaded<std::shared_ptr<const cli::ModelInput>> Analyst::model(const Setup& setup) {
  if (m_model && m_modelPath == setup.model) return m_model;
  auto loaded = cli::loadModel(setup.model, cli::Hash::Yes);
  if (!loaded) return loaded.failure();
  m_model = std::make_shared<const cli::ModelInput>(std::move(*loaded));
  m_modelPath = setup.model;
  return m_model;
}

cli::Loaded<std::shared_ptr<const cli::TargetInput>> Analyst::target(const Setup& setup) {
  const std::string opt = setup.machine.opt ? std::string(nameOf(*setup.machine.opt)) : "";
  const std::string key =
      fmt::format("{}\n{}\n{}\n{}", setup.board, setup.runtime, setup.targets, opt);
  if (m_target && m_targetKey == key) return m_target;
  auto loaded =
      cli::loadTargetFiles(setup.board, {setup.runtime, setup.targets}, setup.machine.opt);
  if (!loaded) return loaded.failure();
  m_target = std::make_shared<const cli::TargetInput>(std::move(*loaded));
  m_targetKey = key;
  return m_target;
}

void Analyst::forget() {
  m_model.reset();
  m_target.reset();
}

cli::Loaded<SnapshotPtr> Analyst::run(const Setup& setup, const BaselinePtr& baseline) {
  // A lack of memory for a huge model must not take the window and its other contents with it.
  try {
    auto modelInput = model(setup);
    if (!modelInput) return modelInput.failure();
    auto targetInput = target(setup);
    if (!targetInput) return targetInput.failure();
    const Board& board = (*targetInput)->target->board;
    if (auto ok = cli::checkPlacement(setup.placement, board); !ok) {
      return cli::Failure{cli::kUsage, ok.error()};
    }
    auto out = std::make_shared<Snapshot>();
    out->setup = setup;
    out->model = *modelInput;
    out->target = *targetInput;
    out->analysis = analyze(out->model->graph, out->target->target, setup.placement, setup.machine);
    out->report = buildReport(out->analysis,
                              cli::provenanceOf(out->model->file, out->target->files), setup.duty);
    out->figures = figuresOf(out->report, board);
    out->baseline = baseline;
    if (baseline) {
      out->difference = diffFigures(out->figures, baseline->figures);
      out->difference->toolVersion = MCUPROF_VERSION;
      out->facts = changedFacts(*out, *baseline);
    }
    return SnapshotPtr(std::move(out));
  } catch (const std::exception& e) {
    return cli::Failure{cli::kInternal, {"", fmt::format("internal error: {}", e.what())}};
  }
}

cli::Loaded<BaselinePtr> Analyst::readBaseline(const std::string& path, const Setup& setup) {
  try {
    auto file = MappedFile::open(path);
    if (!file) return cli::Failure{cli::kBadInput, file.error()};
    const auto bytes = (*file)->bytes();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    auto out = std::make_shared<Baseline>();
    out->file = path;
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{') {
      auto figures = readFigures(text, (*file)->name());
      if (!figures) return cli::Failure{cli::kBadInput, figures.error()};
      if (figures->empty())
        return cli::Failure{cli::kBadInput, {(*file)->name(), "has no analysis"}};
      auto facts = readFacts(text, (*file)->name());
      if (!facts) return cli::Failure{cli::kBadInput, facts.error()};
      std::size_t chosen = 0;
      for (std::size_t i = 0; i < figures->size(); ++i) {
        if ((*figures)[i].board == setup.board) chosen = i;
      }
      out->figures = std::move((*figures)[chosen]);
      out->facts = std::move((*facts)[chosen]);
    } else {
      Setup other = setup;
      other.model = path;
      Analyst fresh;  // what this one keeps belongs to the open model
      auto snapshot = fresh.run(other);
      if (!snapshot) return snapshot.failure();
      out->snapshot = *snapshot;
      out->figures = out->snapshot->figures;
    }
    out->name = out->figures.model + " on " + out->figures.board;
    return BaselinePtr(std::move(out));
  } catch (const std::exception& e) {
    return cli::Failure{cli::kInternal, {"", fmt::format("internal error: {}", e.what())}};
  }
}

}  // namespace mcuprof::gui
