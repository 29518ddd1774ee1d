#include "gui/views/power_view.hpp"

#include <fmt/format.h>

#include <QLabel>
#include <QVBoxLayout>

#include "db/energy_store.hpp"
#include "device-agent/cli/render_run.hpp"
#include "gui/session/qt_text.hpp"
#include "gui/views/csv_text.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

/// What the worker found: a trace, or why there is none.
struct Loaded {
  std::shared_ptr<const PowerTrace> trace;
  std::string why;
};

Loaded loadPower(const std::string& given, std::int64_t run) {
  const auto path = db::databasePath(given);
  if (!path) return {nullptr, path.error().text()};
  auto database = db::Database::open(*path, db::Access::ReadOnly);
  if (!database) return {nullptr, database.error().text()};
  const auto bytes = db::loadTrace(database->connection(), run);
  if (!bytes) return {nullptr, bytes.error().text()};
  if (bytes->empty()) return {nullptr, "the run keeps no samples of its power meter"};
  auto trace = db::unpackTrace(*bytes);
  if (!trace) return {nullptr, trace.error().text()};
  if (trace->watts.empty()) return {nullptr, "the power meter gave no samples"};
  return {std::make_shared<const PowerTrace>(std::move(*trace)), {}};
}

/// "641 µJ (90 %: -0.1/+0.1 %) at 297 mW", of one execution.
QString energyOf(const db::BlockEnergy& block) {
  return QObject::tr("%1 (90 %: %2) at %3")
      .arg(human(block.joules * 1e3, Unit::Millijoules), toQt(cli::energyInterval(block)),
           human(block.averageWatts * 1e3, Unit::Milliwatts));
}

const db::LayerResult* layerOf(const db::RunRecord& run, std::int32_t number) {
  const auto found = std::ranges::find(run.layers, number, &db::LayerResult::number);
  return found == run.layers.end() ? nullptr : &*found;
}

QString summaryOf(const db::RunRecord& run) {
  const db::RunEnergy& energy = *run.energy;
  QStringList parts;
  parts << QObject::tr("Run %1 · %2, %3 samples a second, %4 V (%5)")
               .arg(run.id)
               .arg(toQt(energy.meterDetail.empty() ? energy.meter : energy.meterDetail),
                    human(energy.sampleHz, Unit::Count))
               .arg(energy.supplyVolts, 0, 'f', 2)
               .arg(toQt(energy.supplySource));
  if (energy.inference) {
    parts << QObject::tr("one inference %1").arg(energyOf(*energy.inference));
  }
  parts << QObject::tr("aligned by %1").arg(toQt(energy.alignment));
  if (energy.idleBeforeWatts)
    parts << QObject::tr("idle %1").arg(human(*energy.idleBeforeWatts * 1e3, Unit::Milliwatts));
  if (energy.missing > 0) parts << QObject::tr("%1 samples MISSING").arg(energy.missing);
  if (energy.overloads > 0) parts << QObject::tr("%1 samples OVER RANGE").arg(energy.overloads);
  for (const std::string& said : {energy.findings, energy.trouble}) {
    if (!said.empty()) parts << toQt(said);
  }
  return parts.join(QStringLiteral("  ·  "));
}

}  // namespace

PowerView::PowerView(const Workbench& bench, QWidget* parent)
    : LazyView(bench, parent),
      m_summary(new QLabel(this)),
      m_chart(new PowerChart(bench.selection, this)) {
  setUpSummary(*m_summary, "power-summary");
  QVBoxLayout* layout = fillView(*this);
  layout->addWidget(m_summary);
  layout->addWidget(m_chart, 1);
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  connect(&Measurements::of(bench.session), &Measurements::runChanged, this, [this] { refresh(); });
  setFocusProxy(m_chart);
}

void PowerView::compute() {
  const MeasurementPtr& run = Measurements::of(bench().session).run();
  const std::string& database = Measurements::of(bench().session).database();
  const std::string key = run ? fmt::format("{}\n{}", database, run->uuid) : std::string("none");
  if (key == m_key) {
    if (m_trace) m_chart->setBlocks(blocks());  // another model may be open
    return;
  }
  m_key = key;
  m_summary->setText(run && run->energy ? summaryOf(*run) : QString());
  m_run = run;
  if (!run || !run->energy) {
    show(nullptr,
         run ? tr("Run %1 had no power meter; mcuprof run --power NAME asks for one.").arg(run->id)
             : tr("No run is chosen. Choose one with a power meter in the Runs view."));
    return;
  }
  work().start([this, database, id = run->id]() -> Background::Delivery {
    Loaded loaded = loadPower(database, id);
    return [this, loaded] { show(loaded.trace, toQt(loaded.why)); };
  });
}

void PowerView::show(std::shared_ptr<const PowerTrace> trace, const QString& why) {
  m_trace = std::move(trace);
  m_numbers.clear();
  if (m_trace && m_run && m_run->energy) {
    m_numbers = db::layersOfBlocks(m_trace->blocks, *m_run->energy);
    if (m_numbers.empty() && !m_run->energy->layers.empty()) {
      m_summary->setText(m_summary->text() +
                         tr("  ·  which block is of which layer cannot be told: the trigger input "
                            "was not on once for each of them"));
    }
  }
  m_summary->setVisible(!m_summary->text().isEmpty());
  m_chart->setTrace(m_trace, why);
  m_chart->setBlocks(blocks());
}

std::vector<PowerBlock> PowerView::blocks() const {
  std::vector<PowerBlock> out;
  const SnapshotPtr& open = bench().session.snapshot();
  const bool ours = m_run && open && open->model->file.sha256 == m_run->model.sha256;
  for (const std::int32_t number : m_numbers) {
    if (number == 0) {
      out.push_back({-1, tr("all"),
                     tr("whole inferences, each %1").arg(energyOf(*m_run->energy->inference))});
      continue;
    }
    const db::LayerResult* layer = layerOf(*m_run, number);
    const QString name = layer == nullptr
                             ? QString()
                             : QStringLiteral(" %1 %2").arg(toQt(layer->kind), toQt(layer->name));
    out.push_back({ours ? number - 1 : -1, QString::number(number),
                   tr("layer %1%2, each execution %3")
                       .arg(number)
                       .arg(name, energyOf(*cli::energyOf(*m_run, number)))});
  }
  return out;
}

QString PowerView::summary() const {
  return m_summary->text();
}

std::string PowerView::csv() const {
  if (!m_trace) return {};
  CsvText csv({"block", "start_ms", "end_ms", "mj", "average_mw", "peak_mw", "layer", "operator",
               "name", "executions", "execution_mj"});
  const auto real = [](double value) { return fmt::format("{:.6g}", value); };
  const double perSample = 1e3 / m_trace->sampleHz;
  for (std::size_t i = 0; i < m_trace->blocks.size(); ++i) {
    const db::TraceBlock& block = m_trace->blocks[i];
    std::vector<std::string> row = {std::to_string(i + 1),
                                    real(double(block.first) * perSample),
                                    real(double(block.last) * perSample),
                                    real(block.joules * 1e3),
                                    real(block.averageWatts * 1e3),
                                    real(block.peakWatts * 1e3)};
    const std::int32_t number = m_numbers.empty() ? -1 : m_numbers[i];
    const db::LayerResult* layer = number > 0 ? layerOf(*m_run, number) : nullptr;
    const db::BlockEnergy* energy = number > 0    ? cli::energyOf(*m_run, number)
                                    : number == 0 ? &*m_run->energy->inference
                                                  : nullptr;
    row.push_back(number > 0 ? std::to_string(number) : number == 0 ? "all" : "");
    row.push_back(layer == nullptr ? "" : layer->kind);
    row.push_back(layer == nullptr ? "" : layer->name);
    row.push_back(energy == nullptr ? "" : std::to_string(energy->executions));
    row.push_back(energy == nullptr ? "" : real(energy->joules * 1e3));
    csv.row(row);
  }
  return csv.text();
}

std::string PowerView::command() const {
  const MeasurementPtr& run = Measurements::of(bench().session).run();
  return run ? "mcuprof show " + std::to_string(run->id) : View::command();
}

}  // namespace mcuprof::gui
