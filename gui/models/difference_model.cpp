#include "gui/models/difference_model.hpp"

#include <QStringList>
#include <array>

#include "analyzer/report/render_diff.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<TableColumn, DifferenceModel::kColumnCount> kColumns = {{
    {"change"},
    {"#", "Number of the layer in what is open", Qt::AlignRight},
    {"base #", "Number of the layer in the baseline", Qt::AlignRight},
    {"operator"},
    {"name"},
    {"what changed"},
    {"work set", "Of what is open, bytes", Qt::AlignRight},
    {"work set Δ", "bytes", Qt::AlignRight},
    {"moved Δ", "bytes", Qt::AlignRight},
    {"spilled Δ", "bytes", Qt::AlignRight},
    {"cycles Δ", "", Qt::AlignRight},
    {"ms Δ", "", Qt::AlignRight},
    {"mJ Δ", "", Qt::AlignRight},
}};

const Difference* differenceOf(const LayerDifference& layer, int column) {
  switch (column) {
    case DifferenceModel::WorkingSetNew:
    case DifferenceModel::WorkingSetChange:
      return &layer.workingSet;
    case DifferenceModel::MovedChange:
      return &layer.moved;
    case DifferenceModel::SpilledChange:
      return &layer.spilled;
    case DifferenceModel::CyclesChange:
      return &layer.cycles;
    case DifferenceModel::MillisecondsChange:
      return &layer.milliseconds;
    case DifferenceModel::MillijoulesChange:
      return &layer.millijoules;
    default:
      return nullptr;
  }
}

bool whole(int column) {
  return column != DifferenceModel::MillisecondsChange &&
         column != DifferenceModel::MillijoulesChange;
}

}  // namespace

DifferenceModel::DifferenceModel(QObject* parent) : ColumnTable(kColumns, parent) {}

void DifferenceModel::setDifference(std::shared_ptr<const ReportDiff> diff) {
  beginResetModel();
  m_diff = std::move(diff);
  endResetModel();
}

int DifferenceModel::layerOf(int row) const {
  const LayerDifference& layer = m_diff->layers[static_cast<std::size_t>(row)];
  return layer.freshNumber ? *layer.freshNumber - 1 : -1;
}

int DifferenceModel::countRows() const {
  return m_diff ? static_cast<int>(m_diff->layers.size()) : 0;
}

QVariant DifferenceModel::raw(int row, int column) const {
  const LayerDifference& layer = m_diff->layers[static_cast<std::size_t>(row)];
  switch (column) {
    case Change:
      return toQt(nameOf(layer.kind));
    case NewNumber:
      return layer.freshNumber ? QVariant(*layer.freshNumber) : QVariant();
    case BaseNumber:
      return layer.baseNumber ? QVariant(*layer.baseNumber) : QVariant();
    case Operator:
      return toQt(layer.op);
    case Name:
      return toQt(layer.name);
    case What: {
      QStringList what;
      for (const std::string& part : layer.what) what << toQt(part);
      return what.join(QStringLiteral(", "));
    }
    default:
      break;
  }
  const Difference& d = *differenceOf(layer, column);
  if (column == WorkingSetNew) return d.fresh ? QVariant(d.fresh->value) : QVariant();
  return d.change ? QVariant(d.change->value) : QVariant();
}

QString DifferenceModel::shown(int row, int column) const {
  const LayerDifference& layer = m_diff->layers[static_cast<std::size_t>(row)];
  const QVariant value = raw(row, column);
  if (differenceOf(layer, column) == nullptr || !value.isValid()) return value.toString();
  if (column == WorkingSetNew) return toQt(grouped(std::int64_t(value.toDouble())));
  return toQt(signedText(value.toDouble(), whole(column)));
}

QVariant DifferenceModel::extra(int row, int column, int role) const {
  if (role != Qt::ToolTipRole) return {};
  const LayerDifference& layer = m_diff->layers[static_cast<std::size_t>(row)];
  const Difference* d = differenceOf(layer, column);
  return d == nullptr ? raw(row, column).toString() : toQt(certaintyText(*d, whole(column)));
}

}  // namespace mcuprof::gui
