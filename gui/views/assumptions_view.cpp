#include "gui/views/assumptions_view.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>
#include <array>

#include "gui/models/assumptions_model.hpp"
#include "gui/views/csv_text.hpp"

namespace mcuprof::gui {

AssumptionsView::AssumptionsView(const Workbench& bench, QWidget* parent)
    : View(bench, parent),
      m_model(new AssumptionsModel(this)),
      m_proxy(new QSortFilterProxyModel(this)),
      m_filter(new QLineEdit(this)),
      m_count(new QLabel(this)),
      m_table(new QTableView(this)) {
  m_filter->setObjectName(QStringLiteral("assumption-filter"));
  m_filter->setAccessibleName(tr("Filter assumptions"));
  m_filter->setPlaceholderText(tr("Filter: assumed, flash, a source …"));
  m_filter->setClearButtonEnabled(true);
  m_count->setObjectName(QStringLiteral("assumption-count"));
  m_proxy->setSourceModel(m_model);
  m_proxy->setSortRole(Qt::UserRole);
  m_proxy->setFilterKeyColumn(-1);
  m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
  m_table->setModel(m_proxy);
  m_table->setObjectName(QStringLiteral("assumption-table"));
  m_table->setAccessibleName(tr("Assumptions"));
  m_table->setSortingEnabled(true);
  m_table->sortByColumn(-1, Qt::AscendingOrder);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setAlternatingRowColors(true);
  m_table->setShowGrid(false);
  m_table->setWordWrap(false);
  m_table->setTabKeyNavigation(false);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
  m_table->horizontalHeader()->setHighlightSections(false);
  m_table->horizontalHeader()->setStretchLastSection(true);
  m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);

  auto* top = new QHBoxLayout;
  top->setContentsMargins(6, 3, 6, 3);
  top->addWidget(m_filter, 1);
  top->addWidget(m_count);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(top);
  layout->addWidget(m_table, 1);
  connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_proxy->setFilterFixedString(text.trimmed());
    showCount();
  });
  setFocusProxy(m_table);
}

void AssumptionsView::refresh() {
  const bool first = m_model->rowCount() == 0;
  m_model->setRows(snapshot() ? assumptionsOf(snapshot()->analysis, snapshot()->report)
                              : std::vector<FactRow>());
  if (first && m_model->rowCount() > 0) {
    m_table->resizeColumnsToContents();
    const int widest = 34 * fontMetrics().averageCharWidth();
    for (const int column :
         {int{AssumptionsModel::Of}, int{AssumptionsModel::What}, int{AssumptionsModel::Value}}) {
      if (m_table->columnWidth(column) > widest) m_table->setColumnWidth(column, widest);
    }
  }
  showCount();
}

void AssumptionsView::showCount() {
  std::array<int, 6> counts{};
  for (const FactRow& row : m_model->rows()) {
    if (row.basis) ++counts[static_cast<std::size_t>(*row.basis)];
  }
  QStringList parts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const std::string_view name = nameOf(static_cast<Basis>(i));
    parts << QStringLiteral("%1 %2").arg(counts[i]).arg(
        QString::fromUtf8(name.data(), qsizetype(name.size())));
  }
  QString text = parts.join(QStringLiteral(", "));
  if (m_proxy->rowCount() != m_model->rowCount()) {
    text += tr("; %1 of %2 shown").arg(m_proxy->rowCount()).arg(m_model->rowCount());
  }
  m_count->setText(text);
}

std::string AssumptionsView::csv() const {
  if (!snapshot()) return {};
  CsvText csv({"of", "what", "value", "basis", "source"});
  for (const FactRow& row : m_model->rows()) {
    csv.row({row.group, QString::fromStdString(row.name).trimmed().toStdString(), row.value,
             row.basis ? std::string(nameOf(*row.basis)) : std::string(), row.source});
  }
  return csv.text();
}

std::string AssumptionsView::command() const {
  return "mcuprof boards show " + bench().session.setup().board;
}

}  // namespace mcuprof::gui
