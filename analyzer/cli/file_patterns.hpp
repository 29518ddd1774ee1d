#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof::cli {

/// The files that a path with patterns stands for, sorted; "models/*.tflite" from `folder` on, an
/// absolute path from the root. A path without '*', '?' and '[' stands for itself, whether it is
/// there or not. At most 10,000 files. Hidden files are met only by patterns that begin with '.'.
Result<std::vector<std::string>> filesFor(const std::string& folder, const std::string& pattern);

}  // namespace mcuprof::cli
