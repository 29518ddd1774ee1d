#pragma once

#include <QLabel>
#include <QTableView>
#include <initializer_list>

class QLineEdit;
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

/// Fills a table from a report that was computed beside the window, as wide as the first one needs;
/// without one the table hides and the summary says why. Returns whether there is one.
template <typename Model, typename Report>
bool showReport(QTableView& table, Model& model, QLabel& summary, const Report& report,
                const QString& why) {
  const bool first = model.rowCount() == 0;
  model.setReport(report);
  table.setVisible(report != nullptr);
  if (report == nullptr) {
    summary.setText(why);
    return false;
  }
  if (first && model.rowCount() > 0) table.resizeColumnsToContents();
  return true;
}

/// The sentence above a chart or a table.
void setUpSummary(QLabel& label, const char* id);

/// A box to filter rows by, with what is left at its right.
void addFilterRow(QVBoxLayout& view, QLineEdit& filter, QLabel& count);

}  // namespace mcuprof::gui
