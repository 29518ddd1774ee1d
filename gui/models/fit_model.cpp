#include "gui/models/fit_model.hpp"

#include <QGuiApplication>
#include <array>

#include "gui/charts/axis.hpp"
#include "gui/charts/scene.hpp"
#include "gui/models/headroom_delegate.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<TableColumn, FitModel::kColumnCount> kColumns = {{
    {"board", ""},
    {"verdict",
     "fits; streams: weights of some layers do not fit RAM beside the activations; blocks: "
     "activations exceed it"},
    {"arena", "Bytes that the arena takes", Qt::AlignRight},
    {"largest region", "Most usable RAM in one piece", Qt::AlignRight},
    {"arena of region", "", Qt::AlignRight},
    {"flash needed", "Model and code", Qt::AlignRight},
    {"flash", "", Qt::AlignRight},
    {"of flash", "", Qt::AlignRight},
    {"reason", ""},
}};

QPixmap pixmapOf(Verdict verdict) {
  const Theme& theme = Theme::of(QGuiApplication::palette());
  switch (verdict) {
    case Verdict::Fits:
      return glyphPixmap(Glyph::Circle, Ink::Good, theme);
    case Verdict::Streams:
      return glyphPixmap(Glyph::Stream, Ink::Warning, theme);
    case Verdict::Blocks:
      return glyphPixmap(Glyph::Alert, Ink::Bad, theme);
  }
  return {};
}

QVariant share(Bytes part, Bytes whole) {
  if (whole.value <= 0) return {};
  return double(part.value) / double(whole.value);
}

}  // namespace

FitModel::FitModel(QObject* parent) : ColumnTable(kColumns, parent) {}

void FitModel::setReport(std::shared_ptr<const FitReport> report) {
  beginResetModel();
  m_report = std::move(report);
  endResetModel();
}

void FitModel::setCurrent(const std::string& board) {
  if (board == m_current) return;
  m_current = board;
  touchAll();
}

const std::string& FitModel::boardAt(int row) const {
  return m_report->boards[m_report->cells[static_cast<std::size_t>(row)].board];
}

int FitModel::countRows() const {
  return m_report ? static_cast<int>(m_report->cells.size()) : 0;
}

QVariant FitModel::raw(int row, int column) const {
  const FitCell& cell = m_report->cells[static_cast<std::size_t>(row)];
  switch (static_cast<Column>(column)) {
    case Board:
      return toQt(m_report->boards[cell.board]);
    case VerdictWord:
      return int(cell.verdict);
    case Arena:
      return qlonglong{cell.arenaUsed.value};
    case Region:
      return qlonglong{cell.largestRegion.value};
    case ArenaShare:
      return share(cell.arenaUsed, cell.largestRegion);
    case Flash:
      return qlonglong{cell.flashNeeded.value};
    case FlashSize:
      return qlonglong{cell.flashSize.value};
    case FlashShare:
      return share(cell.flashNeeded, cell.flashSize);
    case Reason:
      return toQt(cell.reason);
    case kColumnCount:
      break;
  }
  return {};
}

QString FitModel::shown(int row, int column) const {
  const FitCell& cell = m_report->cells[static_cast<std::size_t>(row)];
  const QVariant value = raw(row, column);
  if (!value.isValid()) return QStringLiteral("–");
  switch (static_cast<Column>(column)) {
    case VerdictWord:
      return toQt(nameOf(cell.verdict));
    case Arena:
    case Region:
    case Flash:
    case FlashSize:
      return human(value.toDouble(), Unit::Bytes);
    case ArenaShare:
    case FlashShare:
      return QString::number(value.toDouble() * 100, 'f', 0) + QStringLiteral(" %");
    default:
      return value.toString();
  }
}

QVariant FitModel::extra(int row, int column, int role) const {
  const FitCell& cell = m_report->cells[static_cast<std::size_t>(row)];
  const bool isShare = column == ArenaShare || column == FlashShare;
  switch (role) {
    case kShareRole:
      return isShare ? raw(row, column) : QVariant();
    case Qt::DecorationRole:
      return column == VerdictWord ? QVariant(pixmapOf(cell.verdict)) : QVariant();
    case Qt::ToolTipRole:
      if (column >= Arena && column <= FlashSize && !isShare)
        return exact(raw(row, column).toDouble(), Unit::Bytes);
      return shown(row, column);
    case Qt::FontRole:
      return m_report->boards[cell.board] == m_current ? QVariant(boldFont()) : QVariant();
    default:
      return {};
  }
}

}  // namespace mcuprof::gui
