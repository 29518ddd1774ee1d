#pragma once

#include <memory>

#include "db/trace_blocks.hpp"
#include "gui/charts/chart_base.hpp"
#include "gui/charts/power_levels.hpp"

namespace mcuprof::gui {

/// The samples of a power meter, ready to be drawn.
struct PowerTrace {
  double sampleHz = 0;
  PowerLevels watts;
  std::vector<db::TraceBlock> blocks;  ///< while the trigger input was on

  explicit PowerTrace(db::EnergyTrace trace);
  double milliseconds() const {
    return static_cast<double>(watts.samples().size()) / sampleHz * 1e3;
  }
};

/// What a pixel column shows, in pixels: least above most, as y grows downwards.
struct PowerColumn {
  double x = 0;
  double top = 0;
  double bottom = 0;
};

struct PowerGeometry {
  ValueAxis axis;                    ///< milliwatts
  std::vector<PowerColumn> columns;  ///< a pixel apart, or a sample apart where that is wider
  std::size_t first = 0;             ///< samples [first, last) are visible
  std::size_t last = 0;
};

/// What ran in a block.
struct PowerBlock {
  int layer = -1;    ///< of the open model; -1: of another model, or the whole inference
  QString mark;      ///< a word that stands in the block
  QString sentence;  ///< the layer and its energy
};

/// Power over time, every peak shown however many samples share a pixel. Its axis is time, so it
/// has a zoom of its own. Items are the blocks of the trigger input, or the whole trace.
class PowerChart : public ChartBase {
  Q_OBJECT
 public:
  explicit PowerChart(Selection& selection, QWidget* parent = nullptr);

  /// nullptr: nothing, and why.
  void setTrace(std::shared_ptr<const PowerTrace> trace, QString why = {});
  /// What ran in each block of the trace; empty where that cannot be told.
  void setBlocks(std::vector<PowerBlock> blocks);
  PowerGeometry geometryFor(const QSizeF& size) const;

  int itemCount() const override;
  QString itemText(int item) const override;
  QRectF itemRect(int item, const ChartFrame& frame) const override;
  int itemAt(const QPointF& at, const ChartFrame& frame) const override;
  int layerOf(int item) const override;
  int itemOf(int layer) const override;
  using ChartBase::setCurrentRange;

 protected:
  bool sharesAxis() const override { return false; }
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  Scene build(const ChartFrame& frame) const override;
  QString emptyText() const override { return m_why; }
  LayerRange fullRange() const override { return {0, m_trace ? m_trace->milliseconds() : 1}; }

 private:
  /// From and to, in milliseconds.
  LayerRange spanOf(int item) const;
  /// Shows the block of a layer where it is out of sight.
  void reveal(int layer);
  PowerGeometry layOut(const ChartFrame& frame) const;
  void addBlocks(Scene& scene, const ChartFrame& frame) const;

  std::shared_ptr<const PowerTrace> m_trace;
  std::vector<PowerBlock> m_blocks;
  QString m_why;
};

}  // namespace mcuprof::gui
