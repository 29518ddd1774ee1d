#include "gui/models/budget_model.hpp"

#include <QGuiApplication>
#include <QPainter>
#include <QPixmap>
#include <QPointF>
#include <algorithm>
#include <array>
#include <cmath>

#include "gui/charts/scene.hpp"
#include "gui/models/headroom_delegate.hpp"
#include "gui/models/layers_model.hpp"

namespace mcuprof::gui {
namespace {

struct ColumnInfo {
  const char* title;
  const char* tip;
  bool number;
};

constexpr std::array<ColumnInfo, BudgetModel::kColumnCount> kColumns = {{
    {"outcome", "inconclusive: the interval holds the limit, so measure", false},
    {"limit of", "", false},
    {"value", "", true},
    {"90 %", "Interval of the value", true},
    {"limit", "", true},
    {"used", "How much of the limit is used; the line is the limit, the whisker the interval",
     true},
    {"at", "Where the limit is written", false},
    {"finding", "", false},
}};

QString textOf(const std::string& from) {
  return QString::fromStdString(from);
}

bool isMinimum(const Finding& finding) {
  const std::string_view key = std::string_view(finding.rule).substr(0, finding.rule.find('/'));
  return std::ranges::any_of(
      allMetrics(), [&](const MetricInfo& metric) { return metric.key == key && metric.atLeast; });
}

std::optional<double> shareOf(const Finding& finding, double value) {
  if (!finding.limit) return std::nullopt;
  const double limit = *finding.limit;
  if (isMinimum(finding)) return value > 0 ? std::optional(limit / value) : std::nullopt;
  if (limit > 0) return value / limit;
  return value > 0 ? std::nullopt : std::optional(0.0);
}

struct Sign {
  Glyph glyph;
  Ink ink;
};

Sign signOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::Error:
    case Outcome::Fail:
      return {Glyph::Alert, Ink::Bad};
    case Outcome::Inconclusive:
      return {Glyph::Question, Ink::Warning};
    case Outcome::Warning:
      return {Glyph::Alert, Ink::Warning};
    case Outcome::Allowed:
      return {Glyph::Diamond, Ink::Warning};
    case Outcome::Pass:
      return {Glyph::Circle, Ink::Good};
  }
  return {Glyph::Question, Ink::Unknown};
}

QPixmap pixmapOf(Outcome outcome) {
  constexpr int kSize = 12;
  constexpr int kScale = 2;
  QPixmap picture(kSize * kScale, kSize * kScale);
  picture.setDevicePixelRatio(kScale);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  const Sign sign = signOf(outcome);
  Scene scene;
  scene.glyphs.push_back({QPointF(6, 6), sign.glyph, sign.ink, 10});
  paintScene(painter, scene, Theme::of(QGuiApplication::palette()), QRectF(0, 0, kSize, kSize));
  return picture;
}

}  // namespace

std::optional<double> usedShare(const Finding& finding) {
  return finding.value ? shareOf(finding, finding.value->value) : std::nullopt;
}

void BudgetModel::setReport(std::shared_ptr<const CheckReport> report) {
  beginResetModel();
  m_report = std::move(report);
  endResetModel();
}

int BudgetModel::layerAt(int row) const {
  return m_report->findings[static_cast<std::size_t>(row)].layer - 1;
}

int BudgetModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !m_report ? 0 : static_cast<int>(m_report->findings.size());
}

int BudgetModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int{kColumnCount};
}

QVariant BudgetModel::raw(const Finding& finding, int column) const {
  switch (static_cast<Column>(column)) {
    case OutcomeWord:
      return int(finding.outcome);
    case Subject:
      return textOf(finding.subject);
    case Value:
      return finding.value ? QVariant(finding.value->value) : QVariant();
    case Interval:
      return finding.value ? QVariant(finding.value->high - finding.value->low) : QVariant();
    case Bound:
      return finding.limit ? QVariant(*finding.limit) : QVariant();
    case Used: {
      const auto share = usedShare(finding);
      return share ? QVariant(*share) : QVariant();
    }
    case Place:
      return int(finding.place.line);
    case Message:
      return textOf(finding.message);
    case kColumnCount:
      break;
  }
  return {};
}

QString BudgetModel::shown(const Finding& finding, int column) const {
  const auto amount = [&](double value) { return textOf(amountText(value, finding.dimension)); };
  switch (static_cast<Column>(column)) {
    case OutcomeWord: {
      const std::string_view word = nameOf(finding.outcome);
      return QString::fromUtf8(word.data(), qsizetype(word.size()));
    }
    case Value:
      return finding.value ? amount(finding.value->value) : QStringLiteral("–");
    case Interval:
      if (!finding.value || finding.value->low == finding.value->high) return {};
      return amount(finding.value->low) + QStringLiteral(" to ") + amount(finding.value->high);
    case Bound:
      if (!finding.limit) return QStringLiteral("–");
      return (isMinimum(finding) ? QStringLiteral("≥ ") : QStringLiteral("≤ ")) +
             amount(*finding.limit);
    case Used: {
      const auto share = usedShare(finding);
      return share ? QString::number(std::min(*share, 99.99) * 100, 'f', 0) + QStringLiteral(" %")
                   : QStringLiteral("–");
    }
    case Place:
      return finding.place.line > 0 ? QStringLiteral("line %1").arg(finding.place.line) : QString();
    default:
      return raw(finding, column).toString();
  }
}

QVariant BudgetModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Finding& finding = m_report->findings[static_cast<std::size_t>(index.row())];
  const ColumnInfo& column = kColumns[static_cast<std::size_t>(index.column())];
  switch (role) {
    case Qt::DisplayRole:
      return shown(finding, index.column());
    case kRawRole:
      return raw(finding, index.column());
    case kShareRole:
      return index.column() == Used ? raw(finding, Used) : QVariant();
    case kShareIntervalRole: {
      if (index.column() != Used || !finding.value || !std::isfinite(finding.value->high))
        return {};
      const auto one = shareOf(finding, finding.value->low);
      const auto other = shareOf(finding, finding.value->high);
      if (!one || !other || *one == *other) return {};
      return QPointF(std::min(*one, *other), std::max(*one, *other));
    }
    case Qt::DecorationRole:
      return index.column() == OutcomeWord ? QVariant(pixmapOf(finding.outcome)) : QVariant();
    case Qt::ToolTipRole: {
      QString tip = textOf(finding.message);
      if (!finding.allowed.empty()) tip += QStringLiteral("\nallowed: ") + textOf(finding.allowed);
      if (!finding.settle.empty())
        tip += QStringLiteral("\nto settle it: ") + textOf(finding.settle);
      return tip;
    }
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1 %2").arg(QLatin1String(column.title),
                                         shown(finding, index.column()));
    case Qt::TextAlignmentRole:
      return int(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft));
    default:
      return {};
  }
}

QVariant BudgetModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumnCount) return {};
  const ColumnInfo& column = kColumns[static_cast<std::size_t>(section)];
  if (role == Qt::DisplayRole) return QString::fromUtf8(column.title);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(column.tip);
  if (role == Qt::TextAlignmentRole)
    return int(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft));
  return {};
}

}  // namespace mcuprof::gui
