#include "gui/window/command_palette.hpp"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace mcuprof::gui {
namespace {

constexpr int kMostShown = 60;

}  // namespace

int paletteScore(const QString& typed, const QString& text) {
  int score = 0;
  qsizetype at = 0;
  qsizetype last = -2;
  for (const QChar c : typed) {
    if (c.isSpace()) continue;
    const qsizetype found = text.indexOf(c, at, Qt::CaseInsensitive);
    if (found < 0) return -1;
    if (found == last + 1) score += 6;
    if (found == 0 || !text[found - 1].isLetterOrNumber()) score += 8;
    score -= static_cast<int>(std::min<qsizetype>(found - at, 5));
    last = found;
    at = found + 1;
  }
  return std::max(0, score + 10);
}

CommandPalette::CommandPalette(std::vector<PaletteEntry> entries, QWidget* parent)
    : QDialog(parent),
      m_entries(std::move(entries)),
      m_input(new QLineEdit(this)),
      m_list(new QListWidget(this)) {
  setObjectName(QStringLiteral("command-palette"));
  setWindowTitle(tr("Commands"));
  m_input->setObjectName(QStringLiteral("palette-input"));
  m_input->setAccessibleName(tr("Command"));
  m_input->setPlaceholderText(tr("Type a command, view, board or layer"));
  m_list->setObjectName(QStringLiteral("palette-list"));
  m_list->setAccessibleName(tr("Commands"));
  m_list->setFocusPolicy(Qt::NoFocus);
  m_list->setUniformItemSizes(true);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 8, 8, 8);
  layout->addWidget(m_input);
  layout->addWidget(m_list);
  resize(560, 420);
  m_input->installEventFilter(this);
  connect(m_input, &QLineEdit::textChanged, this, [this] { fill(); });
  connect(m_list, &QListWidget::itemClicked, this, [this] { runCurrent(); });
  fill();
}

void CommandPalette::fill() {
  struct Hit {
    int score;
    std::size_t entry;
  };
  std::vector<Hit> hits;
  for (std::size_t i = 0; i < m_entries.size(); ++i) {
    const int score = paletteScore(m_input->text(), m_entries[i].text);
    if (score >= 0) hits.push_back({score, i});
  }
  std::ranges::stable_sort(hits, std::greater<>(), &Hit::score);
  if (hits.size() > kMostShown) hits.resize(kMostShown);
  m_list->clear();
  for (const Hit& hit : hits) {
    const PaletteEntry& entry = m_entries[hit.entry];
    auto* item = new QListWidgetItem(
        entry.hint.isEmpty() ? entry.text : entry.text + QStringLiteral("    —  ") + entry.hint,
        m_list);
    item->setData(Qt::UserRole, qulonglong{hit.entry});
  }
  m_list->setCurrentRow(0);
}

QStringList CommandPalette::shown() const {
  QStringList out;
  for (int i = 0; i < m_list->count(); ++i) out << m_list->item(i)->text();
  return out;
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_input && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const int step = key->key() == Qt::Key_Down       ? 1
                     : key->key() == Qt::Key_Up       ? -1
                     : key->key() == Qt::Key_PageDown ? 10
                     : key->key() == Qt::Key_PageUp   ? -10
                                                      : 0;
    if (step != 0 && m_list->count() > 0) {
      m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, m_list->count() - 1));
      return true;
    }
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
      runCurrent();
      return true;
    }
  }
  return QDialog::eventFilter(watched, event);
}

void CommandPalette::runCurrent() {
  const QListWidgetItem* item = m_list->currentItem();
  if (item == nullptr) return;
  const auto run = m_entries[item->data(Qt::UserRole).toULongLong()].run;
  accept();
  run();
}

}  // namespace mcuprof::gui
