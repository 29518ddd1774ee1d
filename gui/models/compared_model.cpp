#include "gui/models/compared_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/models/layers_model.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<const char*, ComparedModel::kColumnCount> kTitles = {
    "#", "operator", "predicted", "", "residual", "90 %", "cause"};

bool isNumber(int column) {
  return column == ComparedModel::Number ||
         (column >= ComparedModel::Predicted && column <= ComparedModel::Residual);
}

}  // namespace

void ComparedModel::setRun(const db::RunRecord* run) {
  beginResetModel();
  m_rows.clear();
  if (run != nullptr) {
    m_word = QLatin1String(nameOf(run->provenance));
    for (ComparedLayer& compared : compareLayers(*run)) {
      const auto found =
          std::ranges::find(run->layers, compared.layer + 1, &db::LayerResult::number);
      if (found == run->layers.end()) continue;
      m_rows.push_back({std::move(compared), QString::fromStdString(found->kind),
                        QString::fromStdString(found->cause)});
    }
    std::ranges::stable_sort(m_rows, std::greater<>(),
                             [](const Row& row) { return std::abs(row.compared.residual); });
  }
  endResetModel();
}

int ComparedModel::rowOf(int layer) const {
  const auto found =
      std::ranges::find(m_rows, layer, [](const Row& row) { return row.compared.layer; });
  return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int ComparedModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ComparedModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int{kColumnCount};
}

QVariant ComparedModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  const ComparedLayer& c = row.compared;
  if (role == Qt::TextAlignmentRole)
    return int(Qt::AlignVCenter | (isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
  if (role == Qt::ToolTipRole) return c.sentence;
  if (role != Qt::DisplayRole && role != kRawRole) return {};
  const bool raw = role == kRawRole;
  switch (static_cast<Column>(index.column())) {
    case Number:
      return raw ? QVariant(c.layer + 1) : QVariant(QString::number(c.layer + 1));
    case Operator:
      return row.kind;
    case Predicted:
      return raw ? QVariant(c.predicted) : QVariant(exact(c.predicted, Unit::Cycles));
    case Timed:
      return raw ? QVariant(c.measured) : QVariant(exact(c.measured, Unit::Cycles));
    case Residual:
      return raw ? QVariant(std::abs(c.residual))
                 : QVariant((c.residual < 0 ? QStringLiteral("−") : QStringLiteral("+")) +
                            QString::number(std::abs(c.residual) * 100, 'f', 0) +
                            QStringLiteral(" %"));
    case Inside:
      return c.inside ? QStringLiteral("inside") : QStringLiteral("! outside");
    case Cause:
      return row.cause;
    case kColumnCount:
      break;
  }
  return {};
}

QVariant ComparedModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumnCount) return {};
  if (role == Qt::DisplayRole) {
    if (section == Timed) return m_word;
    return QString::fromUtf8(kTitles[static_cast<std::size_t>(section)]);
  }
  if (role == Qt::TextAlignmentRole)
    return int(Qt::AlignVCenter | (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
  return {};
}

}  // namespace mcuprof::gui
