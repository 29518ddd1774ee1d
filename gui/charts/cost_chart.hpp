#pragma once

#include <optional>
#include <vector>

#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

enum class CostMode : std::uint8_t { Milliseconds, Cycles, Millijoules, CyclesPerMac };

struct CostBar {
  int layer = 0;
  QRectF bar;
  double lowY = 0;  ///< ends of the 90 % interval
  double highY = 0;
  bool known = true;  ///< false: a glyph stands in the place of the bar
  bool cut = false;   ///< reaches above the axis
};

struct CostGeometry {
  ValueAxis axis;
  std::vector<CostBar> bars;
};

/// The figure of a mode; nothing where it is not known, or the layer never runs.
std::optional<Estimate> costOf(const CostRow* row, CostMode mode);

/// Bars from 0 to the estimate, whiskers over its interval. The axis holds the highest whisker, but
/// where up to three layers tower over all others: those are cut.
CostGeometry layOutCosts(const Report& report, CostMode mode, const ChartFrame& frame,
                         double valueZoom);

/// Time or energy of each layer with its interval, coloured by what binds it.
class CostChart : public ChartBase {
  Q_OBJECT
 public:
  CostChart(Selection& selection, QWidget* parent = nullptr);

  void setMode(CostMode mode);
  CostMode mode() const { return m_mode; }
  CostGeometry geometryFor(const QSizeF& size) const;

  QString itemText(int item) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;

 private:
  CostMode m_mode = CostMode::Milliseconds;
};

}  // namespace mcuprof::gui
