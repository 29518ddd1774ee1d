#include "gui/views/sweep_view.hpp"

#include <fmt/format.h>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "gui/session/qt_text.hpp"
#include "gui/views/mode_bar.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

/// More than that are not told apart on a screen, and take long.
constexpr std::size_t kMostPoints = 2000;

struct Variable {
  const char* name;
  const char* values;  ///< to begin with
};

constexpr std::array<Variable, 10> kVariables = {{
    {"filters", "0..64:8"},
    {"input", "32,48,64,96,128,160,192"},
    {"clock", "48M,84M,120M,168M,216M"},
    {"sram", "64K,96K,128K,192K,256K,320K,384K,512K,768K"},
    {"sd.clock", "100k,400k,1M,5M,10M,25M,50M"},
    {"place.weights", "flash,sd"},
    {"opt", "-Os,-O2,-O3"},
    {"cache", "off,on"},
    {"wait", "0..9"},
    {"reserve", "0,8K,16K,32K,64K,128K"},
}};

}  // namespace

SweepView::SweepView(const Workbench& bench, QWidget* parent)
    : LazyView(bench, parent),
      m_variable(new QComboBox(this)),
      m_values(new QLineEdit(this)),
      m_at(new QLineEdit(this)),
      m_summary(new QLabel(this)),
      m_chart(new SweepChart(bench.selection, this)) {
  m_variable->setObjectName(QStringLiteral("sweep-variable"));
  m_variable->setAccessibleName(tr("Variable of the sweep"));
  m_variable->setToolTip(tr("What is varied"));
  for (const Variable& variable : kVariables) m_variable->addItem(QLatin1String(variable.name));
  m_values->setObjectName(QStringLiteral("sweep-values"));
  m_values->setAccessibleName(tr("Values of the sweep"));
  m_values->setToolTip(tr("FIRST..LAST:STEP, or values with commas between"));
  m_values->setText(QLatin1String(kVariables.front().values));
  m_at->setObjectName(QStringLiteral("sweep-at"));
  m_at->setAccessibleName(tr("Layers that get the filters"));
  m_at->setToolTip(tr("Layers that get the filters, FIRST:LAST, counted from 0"));
  m_at->setPlaceholderText(tr("all layers"));
  m_at->setMaximumWidth(12 * fontMetrics().averageCharWidth());
  setUpSummary(*m_summary, "sweep-summary");

  auto* bar = new ModeBar(*this, this);
  QVBoxLayout* layout = fillView(*this);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 4, 6, 0);
  row->addWidget(m_variable);
  row->addWidget(m_values, 1);
  row->addWidget(m_at);
  row->addWidget(bar);
  layout->addLayout(row);
  layout->addWidget(m_summary);
  layout->addWidget(m_chart, 1);

  connect(m_variable, &QComboBox::currentIndexChanged, this, [this](int index) {
    const QSignalBlocker quiet(m_values);
    m_values->setText(QLatin1String(kVariables[static_cast<std::size_t>(index)].values));
    m_at->setVisible(index == 0);
    recompute();
  });
  connect(m_values, &QLineEdit::editingFinished, this, [this] { recompute(); });
  connect(m_at, &QLineEdit::editingFinished, this, [this] { recompute(); });
  connect(m_chart, &ChartBase::statusText, this, &View::statusText);
  setFocusProxy(m_chart);
}

QStringList SweepView::modes() const {
  return {QStringLiteral("latency"), QStringLiteral("memory"), QStringLiteral("relative")};
}

QString SweepView::mode() const {
  return modes().at(static_cast<int>(m_chart->mode()));
}

void SweepView::setMode(const QString& mode) {
  const auto index = modes().indexOf(mode);
  if (index < 0) return;
  m_chart->setMode(static_cast<SweepMode>(index));
  Q_EMIT modeChanged(mode);
}

void SweepView::compute() {
  const SnapshotPtr now = snapshot();
  if (!now) {
    show(nullptr, tr("Open a model to sweep it."));
    return;
  }
  auto axis = parseAxis(m_variable->currentText().toStdString() + "=" +
                        m_values->text().trimmed().toStdString());
  if (!axis) {
    m_summary->setText(toQt(axis.error().text()));
    return;
  }
  if (axis->values.size() > kMostPoints) {
    m_summary->setText(tr("%1 values; at most %2 are shown. mcuprof sweep takes more.")
                           .arg(axis->values.size())
                           .arg(kMostPoints));
    return;
  }
  Variant base;
  base.placement = now->setup.placement;
  base.machine = now->setup.machine;
  const std::string at = m_at->text().trimmed().toStdString();
  if (!at.empty() && axis->name == "filters") {
    if (auto done = mcuprof::setVariable(base, "filters.at", at); !done) {
      m_summary->setText(toQt(done.error().text()));
      return;
    }
  }
  work().start([this, now, base, axis = *axis]() -> Background::Delivery {
    const Setup& setup = now->setup;
    TargetsByLevel targets(now->target->target);
    std::string problem;
    // Tables of another optimisation level are other files.
    for (const OptLevel level : {OptLevel::O2, OptLevel::O3, OptLevel::Os}) {
      if (axis.name != "opt") break;
      auto counted = cli::loadTargetFiles(setup.board, {setup.runtime, setup.targets}, level);
      if (!counted) {
        problem = counted.failure().error.text();
        break;
      }
      targets.set(level, counted->target);
    }
    for (const std::string& value : axis.values) {
      if (axis.name != "place.weights" || !problem.empty()) break;
      PlacementOptions placement;
      placement.weights = value;
      if (auto placed = cli::checkPlacement(placement, now->target->target->board); !placed)
        problem = placed.error().text();
    }
    std::shared_ptr<SweepResult> result;
    if (problem.empty()) {
      auto points = sweep(now->model->graph, targets, base, {axis}, 1);
      if (points) {
        result = std::make_shared<SweepResult>(SweepResult{axis, std::move(*points), {}});
        result->cliffs = findCliffs(result->points);
      } else {
        problem = points.error().text();
      }
    }
    return [this, result, problem] { show(result, toQt(problem)); };
  });
}

void SweepView::show(SweepPtr result, const QString& problem) {
  if (!result) {
    m_summary->setText(problem);
    if (!snapshot()) {
      m_result.reset();
      m_chart->setResult(nullptr);
    }
    return;
  }
  m_result = std::move(result);
  m_chart->setResult(m_result);
  const SweepPoint* first = nullptr;
  const SweepPoint* last = nullptr;
  int refused = 0;
  for (const SweepPoint& point : m_result->points) {
    if (!point.refused.empty()) {
      ++refused;
      continue;
    }
    if (first == nullptr) first = &point;
    last = &point;
  }
  QStringList parts;
  if (first != nullptr && last != first && first->figures.milliseconds.value > 0 &&
      first->figures.macs.value > 0) {
    parts << tr("From %1 to %2: MACs ×%3, latency ×%4")
                 .arg(toQt(first->values.front()), toQt(last->values.front()))
                 .arg(double(last->figures.macs.value) / double(first->figures.macs.value), 0, 'g',
                      3)
                 .arg(last->figures.milliseconds.value / first->figures.milliseconds.value, 0, 'g',
                      3);
  }
  const std::vector<Cliff>& cliffs = m_result->cliffs;
  parts << (cliffs.empty()       ? tr("no cliff")
            : cliffs.size() == 1 ? tr("1 cliff")
                                 : tr("%1 cliffs").arg(cliffs.size()));
  if (refused > 0) {
    const auto why = std::ranges::find_if(m_result->points,
                                          [](const SweepPoint& p) { return !p.refused.empty(); });
    parts << tr("%1 of %2 refused: %3")
                 .arg(refused)
                 .arg(m_result->points.size())
                 .arg(toQt(why->refused));
  }
  m_summary->setText(parts.join(QStringLiteral(" · ")));
}

Result<void> SweepView::setOption(const QString& name, const QString& value) {
  if (name == QLatin1String("at")) {
    Variant probe;
    if (auto done = mcuprof::setVariable(probe, "filters.at", value.toStdString()); !done)
      return done;
    m_at->setText(value);
  } else if (name == QLatin1String("var")) {
    auto axis = parseAxis(value.toStdString());
    if (!axis) return axis.error();
    const int index = m_variable->findText(toQt(axis->name));
    if (index < 0) return Error{"", fmt::format("{} is not swept here", axis->name)};
    m_variable->setCurrentIndex(index);
    m_values->setText(value.mid(value.indexOf(QLatin1Char('=')) + 1));
  } else {
    return Error{"", fmt::format("no option \"{}\"; there are var, at", name.toStdString())};
  }
  recompute();
  return {};
}

QString SweepView::summary() const {
  return m_summary->text();
}

std::string SweepView::csv() const {
  return m_result ? renderSweepCsv({m_result->axis}, m_result->points) : std::string();
}

std::string SweepView::command() const {
  std::string out = View::command();
  const std::string lead = "mcuprof analyze";
  out = "mcuprof sweep" + out.substr(lead.size());
  std::string options = fmt::format(" --var '{}={}'", m_variable->currentText().toStdString(),
                                    m_values->text().trimmed().toStdString());
  if (m_variable->currentIndex() == 0 && !m_at->text().trimmed().isEmpty())
    options += " --at " + m_at->text().trimmed().toStdString();
  return out.insert(out.find(" --board "), options);
}

}  // namespace mcuprof::gui
