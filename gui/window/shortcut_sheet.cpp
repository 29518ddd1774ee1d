#include "gui/window/shortcut_sheet.hpp"

#include <QAction>
#include <QDialogButtonBox>
#include <QTextBrowser>
#include <QVBoxLayout>
#include <array>
#include <utility>

namespace mcuprof::gui {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 12> kChartKeys = {{
    {"Left, Right", "previous, next layer"},
    {"Home, End", "first, last layer"},
    {"W, S or +, −", "zoom in, out"},
    {"A, D", "pan"},
    {"0 or Esc", "show everything"},
    {"wheel", "zoom at the pointer"},
    {"Shift+wheel, drag", "pan"},
    {"Shift+drag", "zoom to what is spanned"},
    {"Ctrl+wheel", "stretch the values"},
    {"click", "select the layer in all views"},
    {"double click", "zoom to the layer"},
    {"drag the SRAM line", "try another amount of RAM"},
}};

}  // namespace

QString plainText(const QAction& action) {
  QString text = action.text();
  text.remove(QLatin1Char('&'));
  if (text.endsWith(QChar(0x2026))) text.chop(1);
  return text;
}

ShortcutSheet::ShortcutSheet(const std::vector<QAction*>& actions, QWidget* parent)
    : QDialog(parent) {
  setObjectName(QStringLiteral("shortcut-sheet"));
  setWindowTitle(tr("Keys"));
  const auto row = [](const QString& keys, const QString& text) {
    return QStringLiteral("<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2</td></tr>")
        .arg(keys.toHtmlEscaped(), text.toHtmlEscaped());
  };
  QString html = QStringLiteral("<h3>%1</h3><table>").arg(tr("Anywhere"));
  for (const QAction* action : actions) {
    if (action->shortcut().isEmpty()) continue;
    html += row(action->shortcut().toString(QKeySequence::NativeText), plainText(*action));
  }
  html += QStringLiteral("</table><h3>%1</h3><table>").arg(tr("In a chart"));
  for (const auto& [keys, text] : kChartKeys)
    html += row(QString::fromUtf8(keys), QString::fromUtf8(text));
  html += QStringLiteral("</table>");
  auto* text = new QTextBrowser(this);
  text->setObjectName(QStringLiteral("shortcut-text"));
  text->setAccessibleName(tr("Keys"));
  text->setFrameShape(QFrame::NoFrame);
  text->setHtml(html);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(text);
  layout->addWidget(buttons);
  resize(520, 640);
}

}  // namespace mcuprof::gui
