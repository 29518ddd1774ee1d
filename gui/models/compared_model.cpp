#include "gui/models/compared_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mcuprof::gui {
namespace {

constexpr std::array<TableColumn, ComparedModel::kColumnCount> kColumns = {{
    {"#", "", Qt::AlignRight},
    {"operator"},
    {"predicted", "Cycles", Qt::AlignRight},
    {"", "Cycles", Qt::AlignRight},
    {"residual", "By how much the time exceeds the prediction", Qt::AlignRight},
    {"90 %", "Whether the interval of the prediction holds the time"},
    {"cause"},
}};

}  // namespace

ComparedModel::ComparedModel(QObject* parent) : ColumnTable(kColumns, parent) {}

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

QVariant ComparedModel::raw(int row, int column) const {
  const ComparedLayer& compared = m_rows[static_cast<std::size_t>(row)].compared;
  switch (column) {
    case Number:
      return compared.layer + 1;
    case Predicted:
      return compared.predicted;
    case Timed:
      return compared.measured;
    case Residual:
      return std::abs(compared.residual);
    default:
      return shown(row, column);
  }
}

QString ComparedModel::shown(int row, int column) const {
  const Row& of = m_rows[static_cast<std::size_t>(row)];
  const ComparedLayer& compared = of.compared;
  switch (static_cast<Column>(column)) {
    case Number:
      return QString::number(compared.layer + 1);
    case Operator:
      return of.kind;
    case Predicted:
      return exact(compared.predicted, Unit::Cycles);
    case Timed:
      return exact(compared.measured, Unit::Cycles);
    case Residual:
      return signedPercent(compared.residual);
    case Inside:
      return compared.inside ? QStringLiteral("inside") : QStringLiteral("! outside");
    case Cause:
      return of.cause;
    case kColumnCount:
      break;
  }
  return {};
}

QVariant ComparedModel::extra(int row, int, int role) const {
  return role == Qt::ToolTipRole ? m_rows[static_cast<std::size_t>(row)].compared.sentence
                                 : QVariant();
}

QVariant ComparedModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (section == Timed && orientation == Qt::Horizontal && role == Qt::DisplayRole) return m_word;
  return ColumnTable::headerData(section, orientation, role);
}

}  // namespace mcuprof::gui
