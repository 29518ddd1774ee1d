#include "gui/models/budget_model.hpp"

#include <QGuiApplication>
#include <QPointF>
#include <algorithm>
#include <array>
#include <cmath>

#include "gui/charts/scene.hpp"
#include "gui/models/headroom_delegate.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<TableColumn, BudgetModel::kColumnCount> kColumns = {{
    {"outcome", "inconclusive: the interval holds the limit, so measure"},
    {"limit of", ""},
    {"value", "", Qt::AlignRight},
    {"90 %", "Interval of the value", Qt::AlignRight},
    {"limit", "", Qt::AlignRight},
    {"used", "How much of the limit is used; the line is the limit, the whisker the interval",
     Qt::AlignRight},
    {"at", "Where the limit is written"},
    {"finding", ""},
}};

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

QPixmap pixmapOf(Outcome outcome) {
  const Theme& theme = Theme::of(QGuiApplication::palette());
  switch (outcome) {
    case Outcome::Error:
    case Outcome::Fail:
      return glyphPixmap(Glyph::Alert, Ink::Bad, theme);
    case Outcome::Inconclusive:
      return glyphPixmap(Glyph::Question, Ink::Warning, theme);
    case Outcome::Warning:
      return glyphPixmap(Glyph::Alert, Ink::Warning, theme);
    case Outcome::Allowed:
      return glyphPixmap(Glyph::Diamond, Ink::Warning, theme);
    case Outcome::Pass:
      return glyphPixmap(Glyph::Circle, Ink::Good, theme);
  }
  return {};
}

}  // namespace

std::optional<double> usedShare(const Finding& finding) {
  return finding.value ? shareOf(finding, finding.value->value) : std::nullopt;
}

BudgetModel::BudgetModel(QObject* parent) : ColumnTable(kColumns, parent) {}

void BudgetModel::setReport(std::shared_ptr<const CheckReport> report) {
  beginResetModel();
  m_report = std::move(report);
  endResetModel();
}

int BudgetModel::layerAt(int row) const {
  return m_report->findings[static_cast<std::size_t>(row)].layer - 1;
}

int BudgetModel::countRows() const {
  return m_report ? static_cast<int>(m_report->findings.size()) : 0;
}

QVariant BudgetModel::raw(int row, int column) const {
  const Finding& finding = m_report->findings[static_cast<std::size_t>(row)];
  switch (static_cast<Column>(column)) {
    case OutcomeWord:
      return int(finding.outcome);
    case Subject:
      return toQt(finding.subject);
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
      return toQt(finding.message);
    case kColumnCount:
      break;
  }
  return {};
}

QString BudgetModel::shown(int row, int column) const {
  const Finding& finding = m_report->findings[static_cast<std::size_t>(row)];
  const auto amount = [&](double value) { return toQt(amountText(value, finding.dimension)); };
  switch (static_cast<Column>(column)) {
    case OutcomeWord:
      return toQt(nameOf(finding.outcome));
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
      return raw(row, column).toString();
  }
}

QVariant BudgetModel::extra(int row, int column, int role) const {
  const Finding& finding = m_report->findings[static_cast<std::size_t>(row)];
  switch (role) {
    case kShareRole:
      return column == Used ? raw(row, Used) : QVariant();
    case kShareIntervalRole: {
      if (column != Used || !finding.value || !std::isfinite(finding.value->high)) return {};
      const auto one = shareOf(finding, finding.value->low);
      const auto other = shareOf(finding, finding.value->high);
      if (!one || !other || *one == *other) return {};
      return QPointF(std::min(*one, *other), std::max(*one, *other));
    }
    case Qt::DecorationRole:
      return column == OutcomeWord ? QVariant(pixmapOf(finding.outcome)) : QVariant();
    case Qt::ToolTipRole: {
      QString tip = toQt(finding.message);
      if (!finding.allowed.empty()) tip += QStringLiteral("\nallowed: ") + toQt(finding.allowed);
      if (!finding.settle.empty()) tip += QStringLiteral("\nto settle it: ") + toQt(finding.settle);
      return tip;
    }
    default:
      return {};
  }
}

}  // namespace mcuprof::gui
