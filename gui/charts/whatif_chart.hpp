#pragma once

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

/// A chart of both sides of a what-if, an item a layer.
class WhatIfChart : public ChartBase {
  Q_OBJECT
 public:
  using ChartBase::ChartBase;
  void setResult(WhatIfPtr result);
  virtual ValueAxis axisFor(const ChartFrame& frame) const = 0;

  int itemCount() const override;
  QString itemText(int item) const override;

 protected:
  WhatIfPtr m_result;
};

/// Working sets as they are and edited, two bars a layer, against the usable RAM of each.
WhatIfChart* makeWorkingSetsChart(Selection& selection, QWidget* parent = nullptr);

/// Milliseconds that the edit adds to each layer, stacked as compute, spill write and spill read;
/// what it saves lies below the line.
WhatIfChart* makeAddedLatencyChart(Selection& selection, QWidget* parent = nullptr);

}  // namespace mcuprof::gui
