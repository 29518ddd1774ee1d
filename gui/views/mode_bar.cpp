#include "gui/views/mode_bar.hpp"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

namespace mcuprof::gui {

ModeBar::ModeBar(View& view, QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(6, 3, 6, 3);
  row->setSpacing(2);
  auto* group = new QButtonGroup(this);
  for (const QString& mode : view.modes()) {
    auto* button = new QToolButton(this);
    button->setText(mode);
    button->setObjectName(QStringLiteral("mode-") + mode);
    button->setAccessibleName(tr("Show %1").arg(mode));
    button->setToolTip(tr("Show %1").arg(mode));
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setChecked(mode == view.mode());
    group->addButton(button);
    row->addWidget(button);
    connect(button, &QToolButton::clicked, &view, [&view, mode] { view.setMode(mode); });
    connect(&view, &View::modeChanged, button,
            [button, mode](const QString& now) { button->setChecked(now == mode); });
  }
  row->addStretch(1);
}

void ModeBar::addRight(QWidget* widget) {
  layout()->addWidget(widget);
}

}  // namespace mcuprof::gui
