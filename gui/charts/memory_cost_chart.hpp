#pragma once

#include "analyzer/report/memory_costs.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

struct MemoryBar {
  int cost = 0;         ///< index into the costs
  bool energy = false;  ///< of the lower panel
  QRectF rect;          ///< no height where the figure is not known
  bool known = false;
};

struct MemoryCostGeometry {
  QRectF timePanel;
  QRectF energyPanel;
  ValueAxis time;
  ValueAxis energy;
  std::vector<MemoryBar> bars;
};

/// Two panels, time above energy, a group of two bars each memory. `memoryOf` is the group of each
/// cost.
MemoryCostGeometry layOutMemoryCosts(const std::vector<MemoryCost>& costs,
                                     const std::vector<int>& memoryOf, bool log,
                                     const ChartFrame& frame, double valueZoom);

/// What reading and writing 1 MiB costs in each memory of the board.
class MemoryCostChart : public FreeChart {
  Q_OBJECT
 public:
  MemoryCostChart(Selection& selection, QWidget* parent = nullptr);

  void setCosts(std::vector<MemoryCost> costs);
  const std::vector<MemoryCost>& costs() const { return m_costs; }
  void setLog(bool log);
  bool isLog() const { return m_log; }
  MemoryCostGeometry geometryFor(const QSizeF& size) const;

  // Items are rows: a memory and a direction.
  int itemCount() const override { return int(m_costs.size()); }
  QString itemText(int item) const override;
  QRectF itemRect(int item, const ChartFrame& frame) const override;
  int itemAt(const QPointF& at, const ChartFrame& frame) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;
  LayerRange fullRange() const override { return {0, double(m_memories)}; }
  bool marksColumns() const override { return false; }
  QMarginsF margins(const QFontMetricsF& font) const override;

 private:
  std::vector<MemoryCost> m_costs;
  std::vector<int> m_memoryOf;
  int m_memories = 0;
  bool m_log = true;
};

}  // namespace mcuprof::gui
