#pragma once

#include "gui/charts/difference_chart.hpp"
#include "gui/views/view.hpp"

class QStackedLayout;

namespace mcuprof::gui {

/// A view of one chart with its modes; while the difference is shown, of what changed from the
/// baseline in its place.
class ChartView : public View {
  Q_OBJECT
 public:
  void refresh() final;
  /// While the difference is shown, that of `mcuprof diff`.
  std::string csv() const override;
  const ChartBase* chart() const override;
  QStringList modes() const final { return m_modes; }
  QString mode() const final { return m_modes.at(m_mode); }
  void setMode(const QString& mode) final;

 protected:
  ChartView(const Workbench& bench, QWidget* parent) : View(bench, parent) {}

  /// Builds the view; to be called once, in the constructor. The first mode is on. Without
  /// `differenceName` the chart itself shows what changed.
  void build(ChartBase& chart, const QStringList& modes, const QString& differenceName = {});
  /// Position of mode() in modes().
  int modeIndex() const { return static_cast<int>(m_mode); }

  /// Fills the chart from snapshot() in the current mode.
  virtual void showChart() = 0;
  /// Bars of what changed, in the current mode.
  virtual void showDifference(const ReportDiff&, DifferenceChart&) {}
  /// Of the chart; snapshot() is there.
  virtual std::string chartCsv() const = 0;

 private:
  QStringList m_modes;
  qsizetype m_mode = 0;
  ChartBase* m_chart = nullptr;
  DifferenceChart* m_difference = nullptr;
  QStackedLayout* m_stack = nullptr;
};

}  // namespace mcuprof::gui
