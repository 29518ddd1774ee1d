#include "gui/views/inspector_view.hpp"

#include <QTextBrowser>
#include <QVBoxLayout>

#include "gui/views/csv_text.hpp"
#include "gui/views/inspector_html.hpp"

namespace mcuprof::gui {

InspectorView::InspectorView(const Workbench& bench, QWidget* parent)
    : View(bench, parent), m_text(new QTextBrowser(this)) {
  m_text->setObjectName(QStringLiteral("inspector-text"));
  m_text->setAccessibleName(tr("Inspector"));
  m_text->setOpenLinks(false);
  m_text->setFrameShape(QFrame::NoFrame);
  m_text->setMinimumWidth(36 * fontMetrics().averageCharWidth());
  // A narrow dock breaks long names rather than cutting them.
  m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_text);
  connect(m_text, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
    const int number = link.path().toInt();
    this->bench().selection.select(number - 1);
    this->bench().selection.reveal(number - 1);
  });
  connect(&bench.selection, &Selection::layerChanged, this, [this](int) { refresh(); });
  setFocusProxy(m_text);
}

void InspectorView::refresh() {
  if (!snapshot()) {
    m_text->setHtml(tr("<p>Open a model to see what its numbers are made of.</p>"));
    return;
  }
  const int layer = bench().selection.layer();
  const bool known = layer >= 0 && layer < static_cast<int>(snapshot()->report.layers.size());
  m_text->setHtml(known ? layerHtml(*snapshot(), layer, difference()) : modelHtml(*snapshot()));
}

QString InspectorView::text() const {
  return m_text->toPlainText();
}

std::string InspectorView::command() const {
  std::string out = View::command();
  const int layer = bench().selection.layer();
  if (layer >= 0) out.insert(out.find(" --board"), " --explain " + std::to_string(layer + 1));
  return out;
}

std::string InspectorView::csv() const {
  const int layer = bench().selection.layer();
  if (!snapshot()) return {};
  CsvText csv({"layer", "term", "memory", "bytes_read", "bytes_written"});
  for (const LedgerRow& entry : snapshot()->report.ledger) {
    if (layer >= 0 && entry.layer != layer + 1) continue;
    csv.row({std::to_string(entry.layer), entry.purpose, entry.memory,
             std::to_string(entry.read.value), std::to_string(entry.written.value)});
  }
  return csv.text();
}

}  // namespace mcuprof::gui
