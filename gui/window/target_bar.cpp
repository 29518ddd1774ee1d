#include "gui/window/target_bar.hpp"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <set>

#include "analyzer/report/text_parts.hpp"
#include "analyzer/whatif/variant.hpp"

namespace mcuprof::gui {
namespace {

QString megahertzText(std::int64_t hertz) {
  return QString::fromStdString(megahertz(hertz)) + QStringLiteral(" MHz");
}

void choose(QComboBox* box, const QString& text) {
  const QSignalBlocker quiet(box);
  int index = box->findText(text);
  if (index < 0 && !box->isEditable()) {
    // A name from the command line, an alias or a path, is as good as one of the list.
    box->addItem(text, text);
    index = box->count() - 1;
  }
  box->setCurrentIndex(index);
  if (index < 0) box->setEditText(text);
}

}  // namespace

TargetBar::TargetBar(Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_board(new QComboBox(this)),
      m_runtime(new QComboBox(this)),
      m_clock(new QComboBox(this)),
      m_weights(new QComboBox(this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(4, 2, 4, 2);
  const auto add = [&](const QString& title, QComboBox* box, const char* name, const QString& tip) {
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(title);
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto* label = new QLabel(title, this);
    label->setBuddy(box);
    row->addWidget(label);
    row->addWidget(box);
    row->addSpacing(6);
  };
  add(tr("&Board"), m_board, "board", tr("Board that the model is held against"));
  add(tr("&Runtime"), m_runtime, "runtime", tr("Runtime that executes the model"));
  add(tr("Cloc&k"), m_clock, "clock", tr("Core clock; type another, as 100M"));
  add(tr("W&eights in"), m_weights, "weights", tr("Memory that holds the weights"));
  row->addStretch(1);
  m_clock->setEditable(true);
  m_clock->setInsertPolicy(QComboBox::NoInsert);
  m_clock->setMinimumContentsLength(14);
  m_weights->setMinimumContentsLength(16);
  m_board->setMaxVisibleItems(30);

  if (const auto catalogue = Catalogue::find(session.setup().targets)) {
    for (const std::string& name : catalogue->boardNames()) {
      m_board->addItem(QString::fromStdString(name));
    }
    for (const std::string& name : catalogue->runtimeNames()) {
      m_runtime->addItem(QString::fromStdString(name));
    }
  }
  connect(m_board, &QComboBox::textActivated, this, [this](const QString& name) {
    m_session.change([&](Setup& s) {
      s.board = name.toStdString();
      // Clock and region were chosen for the other board.
      s.machine.clockHz.reset();
      s.placement.weights.clear();
      s.placement.sram.reset();
    });
  });
  connect(m_runtime, &QComboBox::textActivated, this, [this](const QString& name) {
    m_session.change([&](Setup& s) { s.runtime = name.toStdString(); });
  });
  connect(m_weights, &QComboBox::activated, this, [this](int index) {
    m_session.change([&](Setup& s) {
      s.placement.weights = m_weights->itemData(index).toString().toStdString();
    });
  });
  connect(m_clock, &QComboBox::activated, this, [this](int index) {
    const qint64 hertz = m_clock->itemData(index).toLongLong();
    m_session.change([&](Setup& s) {
      s.machine.clockHz.reset();
      if (hertz > 0) s.machine.clockHz = hertz;
    });
  });
  connect(m_clock->lineEdit(), &QLineEdit::editingFinished, this,
          [this] { applyClock(m_clock->currentText()); });
  connect(&session, &Session::setupChanged, this, &TargetBar::showSetup);
  connect(&session, &Session::changed, this, &TargetBar::showBoard);
  showSetup();
  showBoard();
}

void TargetBar::applyClock(const QString& text) {
  if (m_clock->findText(text) >= 0) return;
  const auto hertz = parseHertz(text.trimmed().remove(QLatin1Char(' ')).toStdString());
  if (!hertz || *hertz <= 0) {
    Q_EMIT problem(tr("\"%1\" is no clock; write for instance 100M").arg(text));
    showBoard();
    return;
  }
  if (m_session.setup().machine.clockHz == *hertz) return;
  m_session.change([&](Setup& s) { s.machine.clockHz = *hertz; });
}

void TargetBar::showSetup() {
  const SnapshotPtr& now = m_session.snapshot();
  const std::string& wanted = m_session.setup().board;
  const bool same = now && now->setup.board == wanted;
  QString board = QString::fromStdString(wanted);
  if (same) {
    board = QString::fromStdString(now->report.boardName);
  } else if (const auto catalogue = Catalogue::find(m_session.setup().targets)) {
    // An alias stands for its board.
    if (const auto path = catalogue->boardPath(wanted)) {
      const std::string name = path->substr(path->rfind('/') + 1);
      if (m_board->findText(QString::fromStdString(name.substr(0, name.size() - 5))) >= 0)
        board = QString::fromStdString(name.substr(0, name.size() - 5));
    }
  }
  choose(m_board, board);
  choose(m_runtime, QString::fromStdString(m_session.setup().runtime));
}

void TargetBar::showBoard() {
  showSetup();
  const SnapshotPtr& now = m_session.snapshot();
  m_clock->setEnabled(now != nullptr);
  m_weights->setEnabled(now != nullptr);
  if (!now) return;
  const Board& board = now->analysis.target->board;
  const QSignalBlocker quietClock(m_clock);
  const QSignalBlocker quietWeights(m_weights);
  m_clock->clear();
  m_clock->addItem(megahertzText(board.clockHz.value) + tr(" (rated)"), qlonglong{0});
  std::set<std::int64_t, std::greater<>> clocks;
  if (board.defaultClockHz) clocks.insert(board.defaultClockHz->value);
  if (board.flashTiming) {
    for (const FlashLatency& step : board.flashTiming->steps)
      clocks.insert(step.maxHz * board.flashTiming->clockDivider);
  }
  for (const std::int64_t hertz : clocks) {
    if (hertz < board.clockHz.value) m_clock->addItem(megahertzText(hertz), qlonglong{hertz});
  }
  const auto& chosen = m_session.setup().machine.clockHz;
  const int index = chosen ? m_clock->findData(qlonglong{*chosen}) : 0;
  m_clock->setCurrentIndex(index);
  if (index < 0) m_clock->setEditText(megahertzText(*chosen));

  m_weights->clear();
  m_weights->addItem(tr("automatic (%1)").arg(QString::fromStdString(now->report.weightMemory)),
                     QString());
  for (const Memory& memory : board.memories) {
    if (memory.use.any())
      m_weights->addItem(QString::fromStdString(memory.name), QString::fromStdString(memory.name));
  }
  const std::string& place = m_session.setup().placement.weights;
  const int at = place.empty() ? 0 : m_weights->findData(QString::fromStdString(place));
  if (at < 0) m_weights->addItem(QString::fromStdString(place), QString::fromStdString(place));
  m_weights->setCurrentIndex(at < 0 ? m_weights->count() - 1 : at);
}

}  // namespace mcuprof::gui
