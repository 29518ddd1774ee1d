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

/// Working sets as they are and edited, two bars a layer, against the usable RAM of each.
class WhatIfMemoryChart : public ChartBase {
  Q_OBJECT
 public:
  explicit WhatIfMemoryChart(Selection& selection, QWidget* parent = nullptr);
  void setResult(WhatIfPtr result);
  ValueAxis axisFor(const ChartFrame& frame) const;

  int itemCount() const override;
  QString itemText(int item) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;

 private:
  WhatIfPtr m_result;
};

/// Milliseconds that the edit adds to each layer, stacked as compute, spill write and spill read;
/// what it saves lies below the line.
class AddedLatencyChart : public ChartBase {
  Q_OBJECT
 public:
  explicit AddedLatencyChart(Selection& selection, QWidget* parent = nullptr);
  void setResult(WhatIfPtr result);
  ValueAxis axisFor(const ChartFrame& frame) const;

  int itemCount() const override;
  QString itemText(int item) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;

 private:
  WhatIfPtr m_result;
};

}  // namespace mcuprof::gui
