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
#include "gui/session/qt_text.hpp"
#include "gui/views/csv_text.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {
namespace {

std::vector<FactRow> factsOf(const SnapshotPtr& snapshot) {
  return snapshot ? assumptionsOf(snapshot->analysis, snapshot->report) : std::vector<FactRow>();
}

}  // namespace

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
  m_count->setObjectName(QStringLiteral("assumption-count"));
  m_proxy->setSourceModel(m_model);
  m_proxy->setSortRole(Qt::UserRole);
  m_proxy->setFilterKeyColumn(-1);
  m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
  m_table->setModel(m_proxy);
  setUpTable(*m_table, "assumption-table", tr("Assumptions"));
  m_table->setSortingEnabled(true);
  m_table->sortByColumn(-1, Qt::AscendingOrder);
  m_table->horizontalHeader()->setStretchLastSection(true);

  QVBoxLayout* layout = fillView(*this);
  addFilterRow(*layout, *m_filter, *m_count);
  layout->addWidget(m_table, 1);
  connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_proxy->setFilterFixedString(text.trimmed());
    showCount();
  });
  setFocusProxy(m_table);
}

void AssumptionsView::refresh() {
  const bool first = m_model->rowCount() == 0;
  const bool compares = difference() != nullptr;
  const bool same = m_table->isColumnHidden(AssumptionsModel::Baseline) != compares;
  m_table->setColumnHidden(AssumptionsModel::Baseline, !compares);
  if (compares) {
    showChanges();
  } else {
    m_model->setRows(factsOf(snapshot()));
  }
  if ((first || !same) && m_model->rowCount() > 0) {
    fitColumns(*m_table,
               {AssumptionsModel::Of, AssumptionsModel::What, AssumptionsModel::Value,
                AssumptionsModel::Baseline},
               34);
  }
  showCount();
}

void AssumptionsView::showChanges() {
  std::vector<FactRow> rows;
  std::vector<QString> baseline;
  for (FactDifference fact : snapshot()->facts) {
    baseline.push_back(fact.base ? toQt(fact.base->value) : tr("not there"));
    if (!fact.fresh) {
      fact.fresh = fact.base;
      fact.fresh->value = tr("not there").toStdString();
    }
    rows.push_back(*std::move(fact.fresh));
  }
  m_model->setRows(std::move(rows), std::move(baseline));
}

void AssumptionsView::showCount() {
  if (difference() != nullptr) {
    QString text = tr("facts that differ: %1").arg(m_model->rowCount());
    if (!snapshot()->baseline->snapshot) text += tr(", of those that a report has");
    m_count->setText(text);
    return;
  }
  std::array<int, 6> counts{};
  for (const FactRow& row : m_model->rows()) {
    if (row.basis) ++counts[static_cast<std::size_t>(*row.basis)];
  }
  QStringList parts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    parts << QStringLiteral("%1 %2").arg(counts[i]).arg(toQt(nameOf(static_cast<Basis>(i))));
  }
  QString text = parts.join(QStringLiteral(", "));
  if (m_proxy->rowCount() != m_model->rowCount()) {
    text += tr("; %1 of %2 shown").arg(m_proxy->rowCount()).arg(m_model->rowCount());
  }
  m_count->setText(text);
}

std::string AssumptionsView::csv() const {
  if (!snapshot()) return {};
  const std::vector<QString>& baseline = m_model->baseline();
  std::vector<std::string> titles = {"of", "what", "value", "basis", "source"};
  if (difference() != nullptr) titles.emplace_back("baseline");
  CsvText csv(titles);
  for (std::size_t i = 0; i < m_model->rows().size(); ++i) {
    const FactRow& row = m_model->rows()[i];
    std::vector<std::string> cells = {row.group, toQt(row.name).trimmed().toStdString(), row.value,
                                      row.basis ? std::string(nameOf(*row.basis)) : std::string(),
                                      row.source};
    if (!baseline.empty()) cells.push_back(baseline[i].toStdString());
    csv.row(cells);
  }
  return csv.text();
}

std::string AssumptionsView::command() const {
  return "mcuprof boards show " + bench().session.setup().board;
}

}  // namespace mcuprof::gui
