#include "gui/views/whatif_view.hpp"

#include <fmt/format.h>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <array>
#include <cmath>

#include "analyzer/base/near_miss.hpp"
#include "gui/session/qt_text.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

struct Field {
  const char* variable;  ///< of mcuprof::setVariable
  const char* option;    ///< of mcuprof whatif
  const char* label;
  const char* hint;
  const char* tip;
  int width;  ///< characters
};

constexpr std::array<Field, 9> kFields = {{
    {"filters", nullptr, "+ filters", "0", "Filters added to every CONV_2D of the layers", 4},
    {"filters.at", nullptr, "at", "all", "Layers as FIRST:LAST, counted from 0", 6},
    {"input", "--input", "input", "as it is", "Another input, as 96 or 96x128", 9},
    {"clock", "--clock", "clock", "rated", "Clock of the core, as 84M", 7},
    {"cache", "--cache", "cache", "on", "on or off", 4},
    {"opt", "--opt", "opt", "runtime's", "-O2, -O3 or -Os", 10},
    {"place.weights", "--place", "weights in", "flash",
     "Where the weights lie: flash, sd, or a region of RAM", 7},
    {"sram", "--sram", "SRAM", "board's", "RAM of the board, as 256K", 8},
    {"sd.clock", "--sd-clock", "SD clock", "board's", "Clock of the card, as 1M or 25M", 8},
}};
constexpr std::size_t kModelFields = 3;  ///< the others are of machine and placement

}  // namespace

WhatIfView::WhatIfView(const Workbench& bench, QWidget* parent)
    : LazyView(bench, parent),
      m_summary(new QLabel(this)),
      m_memory(new WhatIfChart(WhatIfFigure::WorkingSets, bench.selection, this)),
      m_latency(new WhatIfChart(WhatIfFigure::AddedLatency, bench.selection, this)) {
  // The model above the machine: one row of all would be too wide for small windows.
  std::array<QHBoxLayout*, 2> rows{};
  for (QHBoxLayout*& row : rows) {
    row = new QHBoxLayout;
    row->setContentsMargins(6, 3, 6, 0);
    row->setSpacing(4);
  }
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const Field& field = kFields[i];
    QHBoxLayout* row = rows[i < kModelFields ? 0 : 1];
    auto* edit = new QLineEdit(this);
    edit->setObjectName(QStringLiteral("whatif-") + QLatin1String(field.variable));
    edit->setAccessibleName(tr("What if: %1").arg(QLatin1String(field.label)));
    edit->setToolTip(tr(field.tip));
    edit->setPlaceholderText(tr(field.hint));
    edit->setFixedWidth((field.width + 3) * fontMetrics().averageCharWidth());
    auto* label = new QLabel(tr(field.label), this);
    label->setBuddy(edit);
    row->addWidget(label);
    row->addWidget(edit);
    connect(edit, &QLineEdit::textChanged, this, [this] { recompute(); });
    m_fields.emplace(field.variable, edit);
  }
  auto* clear = new QToolButton(this);
  clear->setObjectName(QStringLiteral("whatif-clear"));
  clear->setText(tr("As it is"));
  clear->setAccessibleName(tr("Take all edits back"));
  clear->setToolTip(tr("Take all edits back"));
  connect(clear, &QToolButton::clicked, this, [this] {
    for (const auto& [name, edit] : m_fields) {
      const QSignalBlocker quiet(edit);
      edit->clear();
    }
    recompute();
  });
  rows[0]->addWidget(clear);
  for (QHBoxLayout* row : rows) row->addStretch(1);
  setUpSummary(*m_summary, "whatif-summary");

  auto* charts = new QSplitter(Qt::Vertical, this);
  charts->setObjectName(QStringLiteral("whatif-charts"));
  charts->addWidget(m_memory);
  charts->addWidget(m_latency);
  QVBoxLayout* layout = fillView(*this);
  for (QHBoxLayout* row : rows) layout->addLayout(row);
  layout->addWidget(m_summary);
  layout->addWidget(charts, 1);
  for (const WhatIfChart* chart : {m_memory, m_latency})
    connect(chart, &ChartBase::statusText, this, &View::statusText);
  setFocusProxy(m_memory);
}

Result<Variant> WhatIfView::edited() const {
  Variant variant;
  variant.placement = snapshot()->setup.placement;
  variant.machine = snapshot()->setup.machine;
  for (const Field& field : kFields) {
    const std::string value = m_fields.find(field.variable)->second->text().trimmed().toStdString();
    if (value.empty()) continue;
    if (auto done = mcuprof::setVariable(variant, field.variable, value); !done)
      return done.error();
  }
  return variant;
}

void WhatIfView::compute() {
  const SnapshotPtr now = snapshot();
  if (!now) {
    show(nullptr, tr("Open a model to try changes of it."));
    return;
  }
  auto variant = edited();
  if (!variant) {
    m_summary->setText(toQt(variant.error().text()));
    return;
  }
  work().start([this, now, variant = *variant]() -> Background::Delivery {
    WhatIfPtr result;
    QString problem;
    const Setup& setup = now->setup;
    // Tables of another optimisation level are other files.
    auto target =
        cli::loadTargetFiles(setup.board, {setup.runtime, setup.targets}, variant.machine.opt);
    if (!target) {
      problem = toQt(target.failure().error.text());
    } else if (auto placed = cli::checkPlacement(variant.placement, target->target->board);
               !placed) {
      problem = toQt(placed.error().text());
    } else if (auto after = analyzeVariant(now->model->graph, target->target, variant); !after) {
      problem = toQt(after.error().text());
    } else {
      auto made = std::make_shared<WhatIfResult>();
      made->report = buildWhatIfReport(now->analysis, *after);
      // A place for every layer of the shared axis, also for those that never run.
      std::vector<WhatIfReport::Layer> all(now->report.layers.size());
      for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].number = i + 1;
        all[i].kind = now->report.layers[i].kind;
      }
      for (WhatIfReport::Layer& layer : made->report.layers) {
        const std::size_t place = layer.number - 1;
        if (place < all.size()) all[place] = std::move(layer);
      }
      made->report.layers = std::move(all);
      made->usableBefore = Bytes(now->report.sram.usable.value);
      made->usableAfter = Bytes(buildBudget(*after).usable.value);
      result = std::move(made);
    }
    return [this, result, problem] { show(result, problem); };
  });
}

void WhatIfView::show(WhatIfPtr result, const QString& problem) {
  if (!result) {
    // What was shown stays, so that a half-typed value does not empty the charts.
    m_summary->setText(problem);
    if (!snapshot()) {
      m_result.reset();
      m_memory->setResult(nullptr);
      m_latency->setResult(nullptr);
    }
    return;
  }
  m_result = std::move(result);
  m_memory->setResult(m_result);
  m_latency->setResult(m_result);
  const VariantFigures& a = m_result->report.before;
  const VariantFigures& b = m_result->report.after;
  const auto ms = [](double value) { return human(value, Unit::Milliseconds); };
  const auto more = [&](double from, double to) {
    return (to < from ? QStringLiteral("−") : QStringLiteral("+")) + ms(std::abs(to - from));
  };
  QString out = tr("<b>%1 → %2</b> · latency %3 → <b>%4</b>")
                    .arg(toQt(nameOf(a.verdict)), toQt(nameOf(b.verdict)), ms(a.milliseconds.value),
                         ms(b.milliseconds.value));
  if (a.milliseconds.value > 0 && a.macs.value > 0) {
    out += tr(" (×%1 for ×%2 MACs)")
               .arg(b.milliseconds.value / a.milliseconds.value, 0, 'g', 3)
               .arg(double(b.macs.value) / double(a.macs.value), 0, 'g', 3);
  }
  out += tr(": compute %1, spill write %2, spill read %3 · arena %4 → %5")
             .arg(more(a.computeMs, b.computeMs), more(a.spillWriteMs, b.spillWriteMs),
                  more(a.spillReadMs, b.spillReadMs), human(double(a.arena.value), Unit::Bytes),
                  human(double(b.arena.value), Unit::Bytes));
  if (a.millijoules && b.millijoules) {
    out += tr(" · energy %1 → %2")
               .arg(human(a.millijoules->value, Unit::Millijoules),
                    human(b.millijoules->value, Unit::Millijoules));
  }
  if (b.unknownLayers > 0)
    out += tr(" · lower bounds: the cost of %1 layers is unknown").arg(b.unknownLayers);
  m_summary->setText(out);
  m_summary->setToolTip(
      tr("90 %: %1 to %2, edited %3 to %4. Both sides share most of their error, so "
         "the difference is surer than either.")
          .arg(ms(a.milliseconds.low), ms(a.milliseconds.high), ms(b.milliseconds.low),
               ms(b.milliseconds.high)));
}

Result<void> WhatIfView::setOption(const QString& name, const QString& value) {
  const auto found = m_fields.find(name.toStdString());
  if (found == m_fields.end()) {
    std::vector<std::string> names;
    for (const Field& field : kFields) names.emplace_back(field.variable);
    std::string what = fmt::format("no variable \"{}\"", name.toStdString());
    if (const auto near = nearMiss(name.toStdString(), names))
      what += fmt::format("; did you mean \"{}\"?", *near);
    return Error{"", what};
  }
  Variant probe;
  if (!value.isEmpty()) {
    if (auto done = mcuprof::setVariable(probe, name.toStdString(), value.toStdString()); !done)
      return done.error();
  }
  found->second->setText(value);
  return {};
}

QString WhatIfView::summary() const {
  return m_summary->text();
}

std::string WhatIfView::csv() const {
  return m_result ? renderWhatIfCsv(m_result->report) : std::string();
}

std::string WhatIfView::command() const {
  std::string out = View::command();
  const std::string lead = "mcuprof analyze";
  out = "mcuprof whatif" + out.substr(lead.size());
  std::string options;
  const auto value = [this](const char* name) {
    return m_fields.find(name)->second->text().trimmed().toStdString();
  };
  if (!value("filters").empty()) {
    options += " --add-filters " + value("filters");
    if (!value("filters.at").empty()) options += "@" + value("filters.at");
  }
  for (const Field& field : kFields) {
    if (field.option == nullptr || value(field.variable).empty()) continue;
    options += fmt::format(" {} {}{}", field.option,
                           std::string_view(field.option) == "--place" ? "weights=" : "",
                           value(field.variable));
  }
  // Before the model, which comes last.
  const std::size_t board = out.find(" --board ");
  return out.insert(board, options);
}

}  // namespace mcuprof::gui
