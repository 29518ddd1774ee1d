#include "gui/views/power_view.hpp"

#include <fmt/format.h>

#include <QLabel>
#include <QVBoxLayout>

#include "db/energy_store.hpp"
#include "gui/measure/measurements.hpp"
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
    parts << QObject::tr("one inference %1 (90 %: %2 to %3)")
                 .arg(human(energy.inference->joules * 1e3, Unit::Millijoules),
                      human(energy.inference->joulesLow * 1e3, Unit::Millijoules),
                      human(energy.inference->joulesHigh * 1e3, Unit::Millijoules));
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
  if (key == m_key) return;
  m_key = key;
  m_summary->setText(run && run->energy ? summaryOf(*run) : QString());
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
  m_summary->setVisible(!m_summary->text().isEmpty());
  m_chart->setTrace(m_trace, why);
}

QString PowerView::summary() const {
  return m_summary->text();
}

std::string PowerView::csv() const {
  if (!m_trace) return {};
  CsvText csv({"block", "start_ms", "end_ms", "mj", "average_mw", "peak_mw"});
  const auto real = [](double value) { return fmt::format("{:.6g}", value); };
  const double perSample = 1e3 / m_trace->sampleHz;
  for (std::size_t i = 0; i < m_trace->blocks.size(); ++i) {
    const db::TraceBlock& block = m_trace->blocks[i];
    csv.row({std::to_string(i + 1), real(double(block.first) * perSample),
             real(double(block.last) * perSample), real(block.joules * 1e3),
             real(block.averageWatts * 1e3), real(block.peakWatts * 1e3)});
  }
  return csv.text();
}

std::string PowerView::command() const {
  const MeasurementPtr& run = Measurements::of(bench().session).run();
  return run ? "mcuprof show " + std::to_string(run->id) : View::command();
}

}  // namespace mcuprof::gui
