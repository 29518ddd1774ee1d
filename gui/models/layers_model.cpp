#include "gui/models/layers_model.hpp"

#include <QLocale>
#include <QPalette>
#include <array>
#include <cmath>

#include "gui/charts/axis.hpp"
#include "gui/session/layer_filter.hpp"

namespace mcuprof::gui {
namespace {

struct ColumnInfo {
  const char* title;
  const char* tip;
  bool number;
};

constexpr std::array<ColumnInfo, LayersModel::kColumnCount> kColumns = {{
    {"", "! activations exceed the RAM, ~ weights stream, ? cost unknown", false},
    {"#", "Number of the layer, from 1", true},
    {"operator", "TensorFlow Lite operator", false},
    {"name", "Name of the layer's output", false},
    {"shape", "Shape of the first output", false},
    {"MACs", "Multiply-accumulates", true},
    {"weights", "Weights and biases, bytes", true},
    {"input", "Activations read, bytes", true},
    {"output", "Activations written, bytes", true},
    {"work set", "Weights, biases, input and output, bytes", true},
    {"live", "Planned buffers alive while the layer runs, bytes", true},
    {"scratch", "Working memory that the kernel asks for, bytes", true},
    {"read", "Bytes read from all memories, each address once", true},
    {"written", "Bytes written to all memories, each address once", true},
    {"spilled", "Bytes written to the card and read back", true},
    {"cycles", "Cycles, estimated", true},
    {"ms", "Milliseconds, estimated", true},
    {"90 %", "Interval that holds the true time in nine of ten such estimates", false},
    {"mJ", "Millijoules, estimated", true},
    {"bound by", "What most of the time goes to", false},
    {"kernel", "Path through the kernel library", false},
}};

qlonglong number(Bytes bytes) {
  return bytes.value;
}

bool knownCost(const CostRow* cost) {
  return cost != nullptr && cost->known;
}

QString text(const std::string& from) {
  return QString::fromStdString(from);
}

QString marks(const LayerRow& row) {
  QString out;
  if (!row.fit.activationsFit) {
    out += QLatin1Char('!');
  } else if (!row.fit.workingSetFits) {
    out += QLatin1Char('~');
  }
  if (!row.unknown.empty()) out += QLatin1Char('?');
  return out;
}

}  // namespace

void LayersModel::setSnapshot(SnapshotPtr snapshot) {
  const bool sameRows =
      m_snapshot && snapshot && m_snapshot->report.layers.size() == snapshot->report.layers.size();
  // The same rows with other numbers keep the view's selection and place.
  if (!sameRows) beginResetModel();
  m_snapshot = std::move(snapshot);
  m_costs.clear();
  if (m_snapshot) m_costs = costsByLayer(m_snapshot->report);
  if (!sameRows) {
    endResetModel();
  } else if (rowCount() > 0) {
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumnCount - 1));
  }
}

int LayersModel::rowCount(const QModelIndex& parent) const {
  if (parent.isValid() || !m_snapshot) return 0;
  return static_cast<int>(m_snapshot->report.layers.size());
}

int LayersModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int{kColumnCount};
}

QVariant LayersModel::raw(int row, int column) const {
  const LayerRow& layer = m_snapshot->report.layers[static_cast<std::size_t>(row)];
  const CostRow* cost = m_costs[static_cast<std::size_t>(row)];
  switch (static_cast<Column>(column)) {
    case Mark:
      return marks(layer);
    case Number:
      return layer.number;
    case Operator:
      return text(layer.kind);
    case Name:
      return text(layer.name);
    case Shape:
      return text(layer.shape);
    case MacCount:
      return layer.macs ? QVariant(qlonglong{layer.macs->value}) : QVariant();
    case Weights:
      return number(layer.parts.weights + layer.parts.bias);
    case Input:
      return number(layer.parts.input);
    case Output:
      return number(layer.parts.output);
    case WorkingSetBytes:
      return number(layer.parts.total());
    case Live:
      return number(layer.live);
    case Scratch:
      return number(layer.parts.scratch);
    case Read:
      return number(layer.read);
    case Written:
      return number(layer.written);
    case Spilled:
      return number(layer.spillRead + layer.spillWritten);
    case CycleCount:
      return knownCost(cost) ? QVariant(cost->cycles.value) : QVariant();
    case Milliseconds:
      return knownCost(cost) ? QVariant(cost->milliseconds.value) : QVariant();
    case Interval:
      return knownCost(cost) && cost->milliseconds.value > 0
                 ? QVariant((cost->milliseconds.high - cost->milliseconds.low) /
                            cost->milliseconds.value)
                 : QVariant();
    case Millijoules:
      return knownCost(cost) && cost->millijoules ? QVariant(cost->millijoules->value) : QVariant();
    case Bound:
      return knownCost(cost) ? text(cost->bound) : QString();
    case Kernel:
      return knownCost(cost) ? text(cost->kernel) : text(layer.kernel);
    case kColumnCount:
      break;
  }
  return {};
}

QString LayersModel::shown(int row, int column) const {
  const QVariant value = raw(row, column);
  const CostRow* cost = m_costs[static_cast<std::size_t>(row)];
  if (!value.isValid()) return QStringLiteral("unknown");
  switch (static_cast<Column>(column)) {
    case CycleCount:
      return exact(value.toDouble(), Unit::Cycles);
    case Milliseconds:
    case Millijoules: {
      const double v = value.toDouble();
      const int decimals = v >= 100 ? 0 : v >= 10 ? 1 : v >= 1 ? 2 : 3;
      return QLocale(QLocale::English).toString(v, 'f', decimals);
    }
    case Interval: {
      const Estimate& ms = cost->milliseconds;
      return QStringLiteral("−%1/+%2 %")
          .arg(std::lround((1 - ms.low / ms.value) * 100))
          .arg(std::lround((ms.high / ms.value - 1) * 100));
    }
    default:
      break;
  }
  if (kColumns[static_cast<std::size_t>(column)].number) {
    return QLocale(QLocale::English).toString(value.toLongLong());
  }
  return value.toString();
}

QString LayersModel::tip(int row, int column) const {
  const LayerRow& layer = m_snapshot->report.layers[static_cast<std::size_t>(row)];
  const CostRow* cost = m_costs[static_cast<std::size_t>(row)];
  if (column == Mark) {
    QString out;
    if (!layer.fit.activationsFit) {
      out = tr("activations exceed the largest region by %1")
                .arg(exact(double(layer.fit.activationsMissing.value), Unit::Bytes));
    } else if (!layer.fit.workingSetFits) {
      out = tr("with its weights it exceeds the largest region by %1: weights stream")
                .arg(exact(double(layer.fit.workingSetMissing.value), Unit::Bytes));
    }
    if (!layer.unknown.empty())
      out += (out.isEmpty() ? QString() : QStringLiteral("; ")) + tr("cost unknown: ") +
             text(layer.unknown);
    return out;
  }
  if (column >= CycleCount && column <= Kernel && !knownCost(cost)) {
    return cost != nullptr ? text(cost->unknown) : tr("the layer never runs");
  }
  const QVariant value = raw(row, column);
  if ((column >= Weights && column <= Spilled) && value.isValid()) {
    return human(value.toDouble(), Unit::Bytes);
  }
  return shown(row, column);
}

QVariant LayersModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  switch (role) {
    case Qt::DisplayRole:
      return shown(index.row(), index.column());
    case kRawRole:
      return raw(index.row(), index.column());
    case Qt::ToolTipRole:
      return tip(index.row(), index.column());
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1 %2").arg(
          QLatin1String(kColumns[static_cast<std::size_t>(index.column())].title),
          shown(index.row(), index.column()));
    case Qt::TextAlignmentRole:
      if (index.column() == Mark) return int(Qt::AlignCenter);
      return int(Qt::AlignVCenter | (kColumns[static_cast<std::size_t>(index.column())].number ||
                                             index.column() == Interval
                                         ? Qt::AlignRight
                                         : Qt::AlignLeft));
    default:
      return {};
  }
}

QVariant LayersModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumnCount) return {};
  const ColumnInfo& column = kColumns[static_cast<std::size_t>(section)];
  if (role == Qt::DisplayRole) return QString::fromUtf8(column.title);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(column.tip);
  if (role == Qt::TextAlignmentRole)
    return int(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft));
  return {};
}

}  // namespace mcuprof::gui
