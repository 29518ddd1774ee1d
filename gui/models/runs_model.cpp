#include "gui/models/runs_model.hpp"

#include <QFont>
#include <QGuiApplication>
#include <QPalette>
#include <QPixmap>
#include <array>
#include <cmath>

#include "gui/charts/axis.hpp"
#include "gui/measure/provenance.hpp"
#include "gui/models/layers_model.hpp"

namespace mcuprof::gui {
namespace {

struct ColumnInfo {
  const char* title;
  const char* tip;
  bool number;
};

constexpr std::array<ColumnInfo, RunsModel::kColumnCount> kColumns = {{
    {"run", "Its number in the database", true},
    {"started", "UTC", false},
    {"provenance", "Where its cycles come from: a board, the virtual board, another tool's file",
     false},
    {"model", "File name of the model", false},
    {"board", "", false},
    {"runtime", "", false},
    {"cycles", "Of one inference, median", true},
    {"ms", "Of one inference, median", true},
    {"predicted ms", "As predicted when it ran", true},
    {"residual", "By how much the time exceeds the prediction", true},
    {"layers", "With a time, of those asked for", true},
}};

QString text(const std::string& from) {
  return QString::fromStdString(from);
}

bool timed(const db::RunSummary& run) {
  return run.inference.runs > 0 && run.clockHz > 0;
}

double milliseconds(const db::RunSummary& run, double cycles) {
  return cycles * 1e3 / static_cast<double>(run.clockHz);
}

}  // namespace

void RunsModel::setRuns(std::vector<db::RunSummary> runs) {
  beginResetModel();
  m_runs = std::move(runs);
  endResetModel();
}

void RunsModel::setAttached(std::int64_t id) {
  if (id == m_attached) return;
  m_attached = id;
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumnCount - 1));
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int{kColumnCount};
}

QVariant RunsModel::raw(const db::RunSummary& run, int column) const {
  const auto median = static_cast<double>(run.inference.median);
  switch (static_cast<Column>(column)) {
    case Id:
      return qlonglong{run.id};
    case Started:
      return text(run.started);
    case ProvenanceWord:
      return text(run.provenance);
    case Model:
      return text(run.model);
    case Board:
      return text(run.board);
    case Runtime:
      return text(run.runtime);
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

QString RunsModel::shown(const db::RunSummary& run, int column) const {
  const QVariant value = raw(run, column);
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

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const db::RunSummary& run = m_runs[static_cast<std::size_t>(index.row())];
  const ColumnInfo& column = kColumns[static_cast<std::size_t>(index.column())];
  switch (role) {
    case Qt::DisplayRole:
      return shown(run, index.column());
    case kRawRole:
      return raw(run, index.column());
    case Qt::DecorationRole:
      if (index.column() != ProvenanceWord) return {};
      return pixmapOf(markOf(run.provenance), Theme::of(QGuiApplication::palette()));
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1 %2").arg(QLatin1String(column.title), shown(run, index.column()));
    case Qt::FontRole: {
      if (run.id != m_attached) return {};
      QFont bold;
      bold.setBold(true);
      return bold;
    }
    case Qt::TextAlignmentRole:
      return int(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft));
    default:
      return {};
  }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumnCount) return {};
  const ColumnInfo& column = kColumns[static_cast<std::size_t>(section)];
  if (role == Qt::DisplayRole) return QString::fromUtf8(column.title);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(column.tip);
  if (role == Qt::TextAlignmentRole)
    return int(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft));
  return {};
}

}  // namespace mcuprof::gui
