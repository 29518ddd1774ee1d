#include "gui/views/layers_view.hpp"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_diff.hpp"
#include "gui/models/difference_model.hpp"
#include "gui/models/layer_proxy.hpp"
#include "gui/models/layers_model.hpp"
#include "gui/views/view_parts.hpp"

namespace mcuprof::gui {

LayersView::LayersView(const Workbench& bench, QWidget* parent)
    : View(bench, parent),
      m_model(new LayersModel(this)),
      m_proxy(new LayerProxy(bench.selection, this)),
      m_filter(new QLineEdit(this)),
      m_count(new QLabel(this)),
      m_table(new QTableView(this)),
      m_changes(new DifferenceModel(this)),
      m_changeTable(new QTableView(this)),
      m_stack(new QStackedLayout) {
  m_filter->setObjectName(QStringLiteral("layer-filter"));
  m_filter->setAccessibleName(tr("Filter layers"));
  m_filter->setPlaceholderText(tr("Filter: op:conv ws>200K ms>5 is:over"));
  m_filter->setToolTip(tr(
      "Terms with spaces between, all of which must hold; - turns a term round.\n"
      "Texts: conv, op:conv, name:block1, kernel:, type:, shape:\n"
      "Numbers: # ws in out w live scratch macs read written moved spill cycles ms mj, as ws>200K\n"
      "States: is:over, is:streams, is:unknown, is:spilling"));
  m_count->setObjectName(QStringLiteral("layer-count"));

  m_proxy->setSourceModel(m_model);
  m_table->setModel(m_proxy);
  setUpTable(*m_table, "layer-table", tr("Layers"), QAbstractItemView::ExtendedSelection);
  m_table->sortByColumn(LayersModel::Number, Qt::AscendingOrder);
  m_table->installEventFilter(this);
  auto* sorted = new QSortFilterProxyModel(this);
  sorted->setSourceModel(m_changes);
  sorted->setSortRole(kRawRole);
  m_changeTable->setModel(sorted);
  setUpTable(*m_changeTable, "change-table", tr("Changes of layers"),
             QAbstractItemView::ExtendedSelection);
  for (QTableView* table : {m_table, m_changeTable}) {
    table->setSortingEnabled(true);
    table->horizontalHeader()->setSectionsMovable(true);
  }
  m_changeTable->sortByColumn(-1, Qt::AscendingOrder);  // as the difference has them

  QVBoxLayout* layout = fillView(*this);
  addFilterRow(*layout, *m_filter, *m_count);
  m_stack->addWidget(m_table);
  m_stack->addWidget(m_changeTable);
  layout->addLayout(m_stack, 1);

  const auto addCopy = [this](const QString& text, bool markdown) {
    auto* action = new QAction(text, m_table);
    connect(action, &QAction::triggered, this, [this, markdown] { copy(markdown); });
    m_table->addAction(action);
  };
  addCopy(tr("Copy rows"), false);
  addCopy(tr("Copy rows as Markdown"), true);
  m_table->setContextMenuPolicy(Qt::ActionsContextMenu);

  connect(m_filter, &QLineEdit::textEdited, this, [this](const QString& text) {
    const auto done = this->bench().selection.setFilter(text);
    m_filter->setStyleSheet(done ? QString() : QStringLiteral("QLineEdit { color: #d55e00; }"));
    if (!done) m_count->setText(QString::fromStdString(done.error().text()));
  });
  connect(&bench.selection, &Selection::filterChanged, this, [this] { showFilter(); });
  connect(&bench.selection, &Selection::layerChanged, this, [this](int l) { showLayer(l); });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& now) {
            if (!now.isValid()) return;
            this->bench().selection.select(m_proxy->mapToSource(now).row());
            this->bench().selection.reveal(this->bench().selection.layer());
          });
  connect(m_changeTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this, sorted](const QModelIndex& now) {
            const int layer =
                now.isValid() ? m_changes->layerOf(sorted->mapToSource(now).row()) : -1;
            if (layer >= 0) this->bench().selection.select(layer);
          });
  setFocusProxy(m_table);
}

void LayersView::refresh() {
  const ReportDiff* diff = difference();
  m_changes->setDifference(sharedDifference());
  if (diff != nullptr && m_stack->currentIndex() == 0) {
    fitColumns(*m_changeTable, {DifferenceModel::Name, DifferenceModel::What}, 30);
  }
  m_stack->setCurrentIndex(diff != nullptr ? 1 : 0);
  setFocusProxy(m_stack->currentWidget());
  const bool first = m_model->rowCount() == 0;
  m_model->setSnapshot(snapshot());
  if (first && m_model->rowCount() > 0) {
    fitColumns(*m_table, {LayersModel::Name, LayersModel::Kernel}, 26);
    m_table->setColumnWidth(LayersModel::Mark, 30);
  }
  showFilter();
  showLayer(bench().selection.layer());
}

std::string LayersView::csv() const {
  if (const ReportDiff* diff = difference()) return renderDiffCsv(*diff);
  return snapshot() ? renderCsv(snapshot()->report) : std::string();
}

void LayersView::showLayer(int layer) {
  if (layer < 0 || layer >= m_model->rowCount()) {
    m_table->clearSelection();
    return;
  }
  const QModelIndex row = m_proxy->mapFromSource(m_model->index(layer, LayersModel::Operator));
  if (!row.isValid() || m_table->currentIndex().row() == row.row()) return;
  const int column = std::max(0, m_table->currentIndex().column());
  m_table->setCurrentIndex(row.siblingAtColumn(column));
}

void LayersView::showFilter() {
  const Selection& selection = bench().selection;
  if (m_filter->text().trimmed() != selection.filterText()) {
    m_filter->setText(selection.filterText());
  }
  m_filter->setStyleSheet({});
  m_count->setText(selection.filter().empty()
                       ? tr("%1 layers").arg(selection.count())
                       : tr("%1 of %2 layers").arg(selection.matchCount()).arg(selection.count()));
}

bool LayersView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_table && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
    copy(false);
    return true;
  }
  return View::eventFilter(watched, event);
}

void LayersView::copy(bool markdown) const {
  QStringList lines;
  const auto addLine = [&](const QStringList& cells) {
    lines << (markdown
                  ? QStringLiteral("| ") + cells.join(QStringLiteral(" | ")) + QStringLiteral(" |")
                  : cells.join(QLatin1Char('\t')));
  };
  QStringList titles;
  for (int c = 0; c < m_proxy->columnCount(); ++c)
    titles << m_proxy->headerData(c, Qt::Horizontal).toString();
  addLine(titles);
  if (markdown) addLine(QStringList(titles.size(), QStringLiteral("---")));
  QModelIndexList rows = m_table->selectionModel()->selectedRows();
  std::ranges::sort(rows, {}, &QModelIndex::row);
  for (const QModelIndex& row : rows) {
    QStringList cells;
    for (int c = 0; c < m_proxy->columnCount(); ++c) {
      const QModelIndex cell = row.siblingAtColumn(c);
      const QVariant raw = cell.data(kRawRole);
      cells << (markdown                            ? cell.data().toString()
                : raw.typeId() == QMetaType::Double ? QString::number(raw.toDouble(), 'g', 10)
                                                    : raw.toString());
    }
    addLine(cells);
  }
  QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

}  // namespace mcuprof::gui
