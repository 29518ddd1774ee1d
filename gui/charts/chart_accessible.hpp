#pragma once

namespace mcuprof::gui {

/// Makes every chart a list with one entry an item for screen readers and test drivers; each entry
/// reads as ChartBase::itemText(). To be called once, after the application object is made.
void installChartAccessibility();

}  // namespace mcuprof::gui
