#include "gui/models/layers_model.hpp"

#include <QLocale>
#include <QPalette>
#include <array>
#include <cmath>

#include "gui/charts/axis.hpp"
#include "gui/session/layer_filter.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<TableColumn, LayersModel::kColumnCount> kColumns = {{
    {"", "! activations exceed the RAM, ~ weights stream, ? cost unknown", Qt::AlignHCenter},
    {"#", "Number of the layer, from 1", Qt::AlignRight},
    {"operator", "TensorFlow Lite operator"},
    {"name", "Name of the layer's output"},
    {"shape", "Shape of the first output"},
    {"MACs", "Multiply-accumulates", Qt::AlignRight},
    {"weights", "Weights and biases, bytes", Qt::AlignRight},
    {"input", "Activations read, bytes", Qt::AlignRight},
    {"output", "Activations written, bytes", Qt::AlignRight},
    {"work set", "Weights, biases, input and output, bytes", Qt::AlignRight},
    {"live", "Planned buffers alive while the layer runs, bytes", Qt::AlignRight},
    {"scratch", "Working memory that the kernel asks for, bytes", Qt::AlignRight},
    {"read", "Bytes read from all memories, each address once", Qt::AlignRight},
    {"written", "Bytes written to all memories, each address once", Qt::AlignRight},
    {"spilled", "Bytes written to the card and read back", Qt::AlignRight},
    {"cycles", "Cycles, estimated", Qt::AlignRight},
    {"ms", "Milliseconds, estimated", Qt::AlignRight},
    {"90 %", "Interval that holds the true time in nine of ten such estimates", Qt::AlignRight},
    {"mJ", "Millijoules, estimated", Qt::AlignRight},
    {"bound by", "What most of the time goes to"},
    {"kernel", "Path through the kernel library"},
}};

qlonglong number(Bytes bytes) {
  return bytes.value;
}

bool knownCost(const CostRow* cost) {
  return cost != nullptr && cost->known;
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

LayersModel::LayersModel(QObject* parent) : ColumnTable(kColumns, parent) {}

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
  } else {
    touchAll();
  }
}

int LayersModel::countRows() const {
  return m_snapshot ? static_cast<int>(m_snapshot->report.layers.size()) : 0;
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
      return toQt(layer.kind);
    case Name:
      return toQt(layer.name);
    case Shape:
      return toQt(layer.shape);
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
      return knownCost(cost) ? toQt(cost->bound) : QString();
    case Kernel:
      return knownCost(cost) ? toQt(cost->kernel) : toQt(layer.kernel);
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
  if (columnAt(column).align == Qt::AlignRight)
    return QLocale(QLocale::English).toString(value.toLongLong());
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
             toQt(layer.unknown);
    return out;
  }
  if (column >= CycleCount && column <= Kernel && !knownCost(cost)) {
    return cost != nullptr ? toQt(cost->unknown) : tr("the layer never runs");
  }
  const QVariant value = raw(row, column);
  if ((column >= Weights && column <= Spilled) && value.isValid()) {
    return human(value.toDouble(), Unit::Bytes);
  }
  return shown(row, column);
}

QVariant LayersModel::extra(int row, int column, int role) const {
  return role == Qt::ToolTipRole ? QVariant(tip(row, column)) : QVariant();
}

}  // namespace mcuprof::gui
