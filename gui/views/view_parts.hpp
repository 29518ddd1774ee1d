#pragma once

#include <QAbstractItemView>
#include <initializer_list>

class QLabel;
class QLineEdit;
class QTableView;
class QVBoxLayout;
class QWidget;

namespace mcuprof::gui {

/// Parts that views have in common.

/// A column without margins or gaps, which fills the view.
QVBoxLayout* fillView(QWidget& view);

/// How every table looks: whole rows are selected, no grid, no row numbers. `title` is what a
/// screen reader calls it.
void setUpTable(QTableView& table, const char* id, const QString& title,
                QAbstractItemView::SelectionMode mode = QAbstractItemView::SingleSelection);

/// As wide as the contents, but those named at most `characters`.
void fitColumns(QTableView& table, std::initializer_list<int> narrowed, int characters);

/// The sentence above a chart or a table.
void setUpSummary(QLabel& label, const char* id);

/// A box to filter rows by, with what is left at its right.
void addFilterRow(QVBoxLayout& view, QLineEdit& filter, QLabel& count);

}  // namespace mcuprof::gui
