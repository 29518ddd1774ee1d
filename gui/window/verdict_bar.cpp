#include "gui/window/verdict_bar.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <algorithm>

#include "gui/charts/axis.hpp"
#include "gui/charts/theme.hpp"

namespace mcuprof::gui {
namespace {

QString figuresOfReport(const Report& report) {
  QStringList out;
  const QString least = report.costs.unknownLayers > 0 ? QStringLiteral("≥ ") : QString();
  const auto band = [&](const Estimate& e, Unit unit) {
    return QStringLiteral("%1%2 (%3 … %4)")
        .arg(least, human(e.value, unit), human(e.low, unit), human(e.high, unit));
  };
  if (report.costs.unknownLayers > 0 && report.costs.unknownLayers == report.costs.layers.size()) {
    out << QStringLiteral("time and energy unknown");
  } else if (report.costs.milliseconds.value > 0) {
    out << band(report.costs.milliseconds, Unit::Milliseconds);
    if (report.costs.millijoules) out << band(*report.costs.millijoules, Unit::Millijoules);
  }
  out << QStringLiteral("arena %1 of %2 in one region")
             .arg(human(double(report.arena.smallest.value), Unit::Bytes),
                  human(double(report.sram.largestUsable.value), Unit::Bytes));
  return out.join(QStringLiteral("   ·   "));
}

}  // namespace

VerdictBar::VerdictBar(Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_word(new QLabel(this)),
      m_reason(new QLabel(this)),
      m_figures(new QLabel(this)) {
  setObjectName(QStringLiteral("verdict-bar"));
  m_word->setObjectName(QStringLiteral("verdict-word"));
  m_reason->setObjectName(QStringLiteral("verdict-reason"));
  m_figures->setObjectName(QStringLiteral("verdict-figures"));
  QFont bold = font();
  bold.setBold(true);
  bold.setPointSizeF(bold.pointSizeF() * 1.15);
  m_word->setFont(bold);
  m_reason->setWordWrap(true);
  for (QLabel* label : {m_word, m_reason, m_figures})
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_reason->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_figures->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(14, 5, 10, 5);
  row->setSpacing(12);
  row->addWidget(m_word);
  auto* lines = new QVBoxLayout;
  lines->setSpacing(1);
  lines->addWidget(m_reason);
  lines->addWidget(m_figures);
  row->addLayout(lines, 1);
  connect(&session, &Session::changed, this, &VerdictBar::refresh);
  refresh();
}

void VerdictBar::show(const QString& word, const QString& reason, const QString& figures, Ink ink) {
  m_word->setText(word);
  m_reason->setText(reason);
  m_figures->setText(figures);
  m_figures->setVisible(!figures.isEmpty());
  m_ink = ink;
  setAccessibleName(text());
  fitHeight();
  update();
}

void VerdictBar::fitHeight() {
  // A label that wraps has no height of its own before it has a width; two lines are the most.
  const int line = fontMetrics().lineSpacing();
  const int needed = fontMetrics().horizontalAdvance(m_reason->text());
  const int lines = (needed > m_reason->width() ? 2 : 1) + (m_figures->text().isEmpty() ? 0 : 1);
  setFixedHeight(std::max(2, lines) * line + 14);
}

void VerdictBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitHeight();
}

QString VerdictBar::text() const {
  return QStringList{m_word->text(), m_reason->text(), m_figures->text()}.join(QLatin1Char('\n'));
}

void VerdictBar::refresh() {
  if (m_session.state() == Session::State::Empty) {
    show(tr("No model"),
         tr("Open a .tflite model: drop it here, press Ctrl+O, or name it on the command line."),
         {}, Ink::Unknown);
    return;
  }
  if (m_session.state() == Session::State::Failed) {
    show(tr("✕ Cannot analyze"), QString::fromStdString(m_session.failure()->error.text()),
         m_session.snapshot() ? tr("Shown below is the last analysis that worked.") : QString(),
         Ink::Bad);
    return;
  }
  if (!m_session.shown()) {
    const ModelFigures& kept = m_session.baseline()->figures;
    show(QString::fromStdString(kept.verdict).toUpper(), QString::fromStdString(kept.reason),
         tr("The baseline is a report without the details of layers; A − B shows what changed."),
         Ink::Unknown);
    return;
  }
  const Report& report = m_session.shown()->report;
  QString reason = QString::fromStdString(report.verdict.reason);
  switch (report.verdict.verdict) {
    case Verdict::Fits:
      if (reason.isEmpty()) {
        reason = tr("The arena lies in %1 as one piece, the weights in %2.")
                     .arg(QString::fromStdString(report.arena.region),
                          QString::fromStdString(report.weightMemory));
      }
      show(tr("✓ FITS"), reason, figuresOfReport(report), Ink::Good);
      break;
    case Verdict::Streams:
      show(tr("~ STREAMS"), reason, figuresOfReport(report), Ink::Warning);
      break;
    case Verdict::Blocks:
      show(report.verdict.form == PlacementForm::Impossible ? tr("▲ DOES NOT FIT") : tr("▲ BLOCKS"),
           reason, figuresOfReport(report), Ink::Bad);
      break;
  }
}

void VerdictBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme& theme = Theme::of(palette());
  QColor tint = theme.color(m_ink);
  painter.fillRect(0, 0, 6, height(), tint);
  tint.setAlphaF(0.10F);
  painter.fillRect(rect(), tint);
}

}  // namespace mcuprof::gui
