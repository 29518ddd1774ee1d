#include "gui/models/difference_model.hpp"

#include <QStringList>
#include <array>

#include "analyzer/report/render_diff.hpp"
#include "gui/models/layers_model.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<const char*, DifferenceModel::kColumnCount> kTitles = {
    "change",     "#",       "base #",    "operator", "name", "what changed", "work set",
    "work set Δ", "moved Δ", "spilled Δ", "cycles Δ", "ms Δ", "mJ Δ"};

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

QString text(std::string_view from) {
  return QString::fromUtf8(from.data(), qsizetype(from.size()));
}

}  // namespace

void DifferenceModel::setDifference(std::shared_ptr<const ReportDiff> diff) {
  beginResetModel();
  m_diff = std::move(diff);
  endResetModel();
}

int DifferenceModel::layerOf(int row) const {
  const LayerDifference& layer = m_diff->layers[static_cast<std::size_t>(row)];
  return layer.freshNumber ? *layer.freshNumber - 1 : -1;
}

int DifferenceModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !m_diff ? 0 : static_cast<int>(m_diff->layers.size());
}

int DifferenceModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int{kColumnCount};
}

QVariant DifferenceModel::raw(const LayerDifference& layer, int column) const {
  switch (column) {
    case Change:
      return text(nameOf(layer.kind));
    case NewNumber:
      return layer.freshNumber ? QVariant(*layer.freshNumber) : QVariant();
    case BaseNumber:
      return layer.baseNumber ? QVariant(*layer.baseNumber) : QVariant();
    case Operator:
      return text(layer.op);
    case Name:
      return text(layer.name);
    case What: {
      QStringList what;
      for (const std::string& part : layer.what) what << text(part);
      return what.join(QStringLiteral(", "));
    }
    default:
      break;
  }
  const Difference& d = *differenceOf(layer, column);
  if (column == WorkingSetNew) return d.fresh ? QVariant(d.fresh->value) : QVariant();
  return d.change ? QVariant(d.change->value) : QVariant();
}

QVariant DifferenceModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const LayerDifference& layer = m_diff->layers[static_cast<std::size_t>(index.row())];
  const int column = index.column();
  const Difference* d = differenceOf(layer, column);
  switch (role) {
    case kRawRole:
      return raw(layer, column);
    case Qt::DisplayRole: {
      const QVariant value = raw(layer, column);
      if (d == nullptr || !value.isValid()) return value.isValid() ? value.toString() : QString();
      if (column == WorkingSetNew) return text(grouped(std::int64_t(value.toDouble())));
      return text(signedText(value.toDouble(), whole(column)));
    }
    case Qt::ToolTipRole:
      return d == nullptr ? raw(layer, column).toString() : text(certaintyText(*d, whole(column)));
    case Qt::TextAlignmentRole:
      return int(Qt::AlignVCenter |
                 (d != nullptr || column == NewNumber || column == BaseNumber ? Qt::AlignRight
                                                                              : Qt::AlignLeft));
    default:
      return {};
  }
}

QVariant DifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumnCount) return {};
  if (role == Qt::DisplayRole) return QString::fromUtf8(kTitles[static_cast<std::size_t>(section)]);
  return {};
}

}  // namespace mcuprof::gui
