#pragma once

#include <cstdint>
#include <memory>

#include "analyzer/report/render_whatif.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

/// A model beside a variant of it, with what either may use of the RAM.
struct WhatIfResult {
  WhatIfReport report;
  Bytes usableBefore;
  Bytes usableAfter;
};
using WhatIfPtr = std::shared_ptr<const WhatIfResult>;

/// "Layer 5 DEPTHWISE_CONV_2D: working set 399,440 B, edited 665,000 B (+265,560 B); ...".
QString whatIfSentence(const WhatIfReport::Layer& layer);

enum class WhatIfFigure : std::uint8_t {
  /// As they are and edited, two bars a layer, against the usable RAM of each.
  WorkingSets,
  /// Milliseconds that the edit adds to each layer, stacked as compute, spill write and spill read;
  /// what it saves lies below the line.
  AddedLatency,
};

/// A chart of both sides of a what-if, an item a layer.
class WhatIfChart : public ChartBase {
  Q_OBJECT
 public:
  WhatIfChart(WhatIfFigure figure, Selection& selection, QWidget* parent = nullptr);
  void setResult(WhatIfPtr result);
  ValueAxis axisFor(const ChartFrame& frame) const;

  int itemCount() const override;
  QString itemText(int item) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;

 private:
  ValueAxis workingSetAxis(const ChartFrame& frame) const;
  ValueAxis latencyAxis(const ChartFrame& frame) const;
  void addWorkingSets(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const;
  void addUsable(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const;
  void addLatency(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const;

  WhatIfFigure m_figure;
  WhatIfPtr m_result;
};

}  // namespace mcuprof::gui
