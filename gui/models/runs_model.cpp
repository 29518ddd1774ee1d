#include "gui/models/runs_model.hpp"

#include <QGuiApplication>
#include <array>
#include <cmath>

#include "gui/charts/axis.hpp"
#include "gui/measure/provenance.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<TableColumn, RunsModel::kColumnCount> kColumns = {{
    {"run", "Its number in the database", Qt::AlignRight},
    {"started", "UTC"},
    {"provenance", "Where its cycles come from: a board, the virtual board, another tool's file"},
    {"model", "File name of the model"},
    {"board", ""},
    {"runtime", ""},
    {"cycles", "Of one inference, median", Qt::AlignRight},
    {"ms", "Of one inference, median", Qt::AlignRight},
    {"predicted ms", "As predicted when it ran", Qt::AlignRight},
    {"residual", "By how much the time exceeds the prediction", Qt::AlignRight},
    {"layers", "With a time, of those asked for", Qt::AlignRight},
}};

bool timed(const db::RunSummary& run) {
  return run.inference.runs > 0 && run.clockHz > 0;
}

double milliseconds(const db::RunSummary& run, double cycles) {
  return cycles * 1e3 / static_cast<double>(run.clockHz);
}

}  // namespace

RunsModel::RunsModel(QObject* parent) : ColumnTable(kColumns, parent) {}

void RunsModel::setRuns(std::vector<db::RunSummary> runs) {
  beginResetModel();
  m_runs = std::move(runs);
  endResetModel();
}

void RunsModel::setAttached(std::int64_t id) {
  if (id == m_attached) return;
  m_attached = id;
  touchAll();
}

QVariant RunsModel::raw(int row, int column) const {
  const db::RunSummary& run = m_runs[static_cast<std::size_t>(row)];
  const auto median = static_cast<double>(run.inference.median);
  switch (static_cast<Column>(column)) {
    case Id:
      return qlonglong{run.id};
    case Started:
      return toQt(run.started);
    case ProvenanceWord:
      return toQt(run.provenance);
    case Model:
      return toQt(run.model);
    case Board:
      return toQt(run.board);
    case Runtime:
      return toQt(run.runtime);
    case Cycles:
      return run.inference.runs > 0 ? QVariant(qlonglong{run.inference.median}) : QVariant();
    case Milliseconds:
      return timed(run) ? QVariant(milliseconds(run, median)) : QVariant();
    case Predicted:
      return run.predicted && run.clockHz > 0 ? QVariant(milliseconds(run, run.predicted->value))
                                              : QVariant();
    case Residual:
      return timed(run) && run.predicted && run.predicted->value > 0
                 ? QVariant(median / run.predicted->value - 1)
                 : QVariant();
    case Layers:
      return qlonglong{run.layers - run.notMeasured};
    case kColumnCount:
      break;
  }
  return {};
}

QString RunsModel::shown(int row, int column) const {
  const db::RunSummary& run = m_runs[static_cast<std::size_t>(row)];
  const QVariant value = raw(row, column);
  if (!value.isValid()) return column == Cycles ? tr("not timed") : QStringLiteral("–");
  switch (static_cast<Column>(column)) {
    case Started:
      return value.toString().replace(QLatin1Char('T'), QLatin1Char(' ')).remove(QLatin1Char('Z'));
    case ProvenanceWord:
      return QLatin1String(markOf(run.provenance).word);
    case Cycles:
      return exact(value.toDouble(), Unit::Cycles);
    case Milliseconds:
    case Predicted: {
      const double v = value.toDouble();
      return QString::number(v, 'f', v >= 100 ? 0 : v >= 10 ? 1 : 2);
    }
    case Residual: {
      const double percent = value.toDouble() * 100;
      return (percent < 0 ? QStringLiteral("−") : QStringLiteral("+")) +
             QString::number(std::abs(percent), 'f', 0) + QStringLiteral(" %");
    }
    case Layers:
      return run.notMeasured > 0 ? tr("%1 of %2").arg(value.toLongLong()).arg(run.layers)
                                 : QString::number(run.layers);
    default:
      return value.toString();
  }
}

QVariant RunsModel::extra(int row, int column, int role) const {
  const db::RunSummary& run = m_runs[static_cast<std::size_t>(row)];
  if (role == Qt::DecorationRole && column == ProvenanceWord)
    return pixmapOf(markOf(run.provenance), Theme::of(QGuiApplication::palette()));
  if (role == Qt::FontRole && run.id == m_attached) return boldFont();
  return {};
}

}  // namespace mcuprof::gui
