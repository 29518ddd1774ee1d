#include "gui/views/view_parts.hpp"

#include <QHeaderView>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>

namespace mcuprof::gui {

QVBoxLayout* fillView(QWidget& view) {
  auto* layout = new QVBoxLayout(&view);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  return layout;
}

void setUpTable(QTableView& table, const char* id, const QString& title,
                QAbstractItemView::SelectionMode mode) {
  table.setObjectName(QLatin1String(id));
  table.setAccessibleName(title);
  table.setSelectionBehavior(QAbstractItemView::SelectRows);
  table.setSelectionMode(mode);
  table.setAlternatingRowColors(true);
  table.setShowGrid(false);
  table.setWordWrap(false);
  table.setTabKeyNavigation(false);
  table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table.verticalHeader()->hide();
  table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 6);
  table.horizontalHeader()->setHighlightSections(false);
}

void fitColumns(QTableView& table, std::initializer_list<int> narrowed, int characters) {
  table.resizeColumnsToContents();
  const int widest = characters * table.fontMetrics().averageCharWidth();
  for (const int column : narrowed)
    table.setColumnWidth(column, std::min(widest, table.columnWidth(column)));
}

void setUpSummary(QLabel& label, const char* id) {
  label.setObjectName(QLatin1String(id));
  label.setWordWrap(true);
  label.setContentsMargins(8, 2, 8, 4);
  label.setTextInteractionFlags(Qt::TextSelectableByMouse);
  label.setFocusPolicy(Qt::NoFocus);
}

void addFilterRow(QVBoxLayout& view, QLineEdit& filter, QLabel& count) {
  filter.setClearButtonEnabled(true);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 3, 6, 3);
  row->setSpacing(8);
  row->addWidget(&filter, 1);
  row->addWidget(&count);
  view.addLayout(row);
}

}  // namespace mcuprof::gui
