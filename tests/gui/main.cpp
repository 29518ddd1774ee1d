#include <gtest/gtest.h>

#include <QAccessible>
#include <QApplication>
#include <QStyleFactory>

#include "gui/charts/chart_accessible.hpp"
#include "gui/charts/theme.hpp"

int main(int argc, char** argv) {
  // Pixels must not depend on the machine's settings.
  qputenv("QT_FONT_DPI", "96");
  qputenv("QT_SCALE_FACTOR", "1");
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  // Nor on what was measured on it.
  qputenv("MCUPROF_DB", "/nonexistent/runs.db");
  testing::InitGoogleTest(&argc, argv);
  QApplication app(argc, argv);
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QApplication::setPalette(mcuprof::gui::Theme::light().palette());
  mcuprof::gui::installChartAccessibility();
  return RUN_ALL_TESTS();
}
