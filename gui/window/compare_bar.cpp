#include "gui/window/compare_bar.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace mcuprof::gui {

CompareBar::CompareBar(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_name(new QLabel(this)), m_sides{} {
  setObjectName(QStringLiteral("compare-bar"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 2, 4, 2);
  row->addWidget(m_name);
  const auto add = [&](Side side, const QString& text, const QString& tip) {
    auto* button = new QToolButton(this);
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setObjectName(QStringLiteral("side-") + QString::number(static_cast<int>(side)));
    button->setCheckable(true);
    row->addWidget(button);
    m_sides[static_cast<std::size_t>(side)] = button;
    connect(button, &QToolButton::clicked, this, [this, side] {
      m_session.setSide(side);
      refresh();
    });
  };
  add(Side::A, QStringLiteral("A"), tr("Show what is open"));
  add(Side::B, QStringLiteral("B"), tr("Show the baseline"));
  add(Side::Difference, QStringLiteral("A − B"), tr("Show the difference"));
  auto* drop = new QToolButton(this);
  drop->setText(QStringLiteral("✕"));
  drop->setAutoRaise(true);
  drop->setObjectName(QStringLiteral("drop-baseline"));
  drop->setToolTip(tr("Compare no more"));
  drop->setAccessibleName(drop->toolTip());
  row->addWidget(drop);
  connect(drop, &QToolButton::clicked, &session, &Session::dropBaseline);
  connect(&session, &Session::changed, this, &CompareBar::refresh);
  refresh();
}

void CompareBar::refresh() {
  const BaselinePtr& baseline = m_session.baseline();
  setEnabled(baseline != nullptr);
  if (!baseline) return;
  const QString name = QString::fromStdString(baseline->name);
  m_name->setText(tr("baseline: %1")
                      .arg(fontMetrics().elidedText(name, Qt::ElideRight,
                                                    90 * fontMetrics().averageCharWidth())));
  m_name->setToolTip(name);
  for (std::size_t i = 0; i < m_sides.size(); ++i) {
    m_sides[i]->setChecked(i == static_cast<std::size_t>(m_session.side()));
  }
}

}  // namespace mcuprof::gui
