#pragma once

#include <string>

namespace mcuprof::gui {

/// Writes MobileNetV2 0.35 of 128x128 pixels, 66 operators, to a temporary file of this process.
std::string writeBenchModel();

}  // namespace mcuprof::gui
