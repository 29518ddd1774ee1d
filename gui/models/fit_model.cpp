#include "gui/models/fit_model.hpp"

#include <QFont>
#include <QGuiApplication>
#include <QPainter>
#include <QPixmap>
#include <array>

#include "gui/charts/axis.hpp"
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

constexpr std::array<ColumnInfo, FitModel::kColumnCount> kColumns = {{
    {"board", "", false},
    {"verdict",
     "fits; streams: weights of some layers do not fit RAM beside the activations; blocks: "
     "activations exceed it",
     false},
    {"arena", "Bytes that the arena takes", true},
    {"largest region", "Most usable RAM in one piece", true},
    {"arena of region", "", true},
    {"flash needed", "Model and code", true},
    {"flash", "", true},
    {"of flash", "", true},
    {"reason", "", false},
}};

QString textOf(const std::string& from) {
  return QString::fromStdString(from);
}

QPixmap pixmapOf(Verdict verdict) {
  Glyph glyph = Glyph::Circle;
  Ink ink = Ink::Good;
  if (verdict == Verdict::Streams) {
    glyph = Glyph::Stream;
    ink = Ink::Warning;
  } else if (verdict == Verdict::Blocks) {
    glyph = Glyph::Alert;
    ink = Ink::Bad;
  }
  constexpr int kSize = 12;
  constexpr int kScale = 2;
  QPixmap picture(kSize * kScale, kSize * kScale);
  picture.setDevicePixelRatio(kScale);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  Scene scene;
  scene.glyphs.push_back({QPointF(6, 6), glyph, ink, 10});
  paintScene(painter, scene, Theme::of(QGuiApplication::palette()), QRectF(0, 0, kSize, kSize));
  return picture;
}

QVariant share(Bytes part, Bytes whole) {
  if (whole.value <= 0) return {};
  return double(part.value) / double(whole.value);
}

}  // namespace

void FitModel::setReport(std::shared_ptr<const FitReport> report) {
  beginResetModel();
  m_report = std::move(report);
  endResetModel();
}

void FitModel::setCurrent(const std::string& board) {
  if (board == m_current) return;
  m_current = board;
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumnCount - 1));
}

const std::string& FitModel::boardAt(int row) const {
  return m_report->boards[m_report->cells[static_cast<std::size_t>(row)].board];
}

int FitModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !m_report ? 0 : static_cast<int>(m_report->cells.size());
}

int FitModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int{kColumnCount};
}

QVariant FitModel::raw(const FitCell& cell, int column) const {
  switch (static_cast<Column>(column)) {
    case Board:
      return textOf(m_report->boards[cell.board]);
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
      return textOf(cell.reason);
    case kColumnCount:
      break;
  }
  return {};
}

QString FitModel::shown(const FitCell& cell, int column) const {
  const QVariant value = raw(cell, column);
  if (!value.isValid()) return QStringLiteral("–");
  switch (static_cast<Column>(column)) {
    case VerdictWord: {
      const std::string_view word = nameOf(cell.verdict);
      return QString::fromUtf8(word.data(), qsizetype(word.size()));
    }
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

QVariant FitModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const FitCell& cell = m_report->cells[static_cast<std::size_t>(index.row())];
  const ColumnInfo& column = kColumns[static_cast<std::size_t>(index.column())];
  switch (role) {
    case Qt::DisplayRole:
      return shown(cell, index.column());
    case kRawRole:
      return raw(cell, index.column());
    case kShareRole:
      return index.column() == ArenaShare || index.column() == FlashShare
                 ? raw(cell, index.column())
                 : QVariant();
    case Qt::DecorationRole:
      return index.column() == VerdictWord ? QVariant(pixmapOf(cell.verdict)) : QVariant();
    case Qt::ToolTipRole:
      if (index.column() >= Arena && index.column() <= FlashSize && index.column() != ArenaShare)
        return exact(raw(cell, index.column()).toDouble(), Unit::Bytes);
      return shown(cell, index.column());
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1 %2").arg(QLatin1String(column.title), shown(cell, index.column()));
    case Qt::FontRole: {
      if (m_report->boards[cell.board] != m_current) return {};
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

QVariant FitModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= kColumnCount) return {};
  const ColumnInfo& column = kColumns[static_cast<std::size_t>(section)];
  if (role == Qt::DisplayRole) return QString::fromUtf8(column.title);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(column.tip);
  if (role == Qt::TextAlignmentRole)
    return int(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft));
  return {};
}

}  // namespace mcuprof::gui
