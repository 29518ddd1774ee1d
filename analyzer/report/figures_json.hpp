#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/report/figures.hpp"

namespace mcuprof {

/// The figures in a JSON document of ours: an analysis ("mcuprof/analysis"), or all analyses of a
/// check ("mcuprof/check"). Keys that figures do not need are passed over. The error says which key
/// is missing or wrong; `name` is what it calls the document. A document is at most 64 MiB.
Result<std::vector<ModelFigures>> readFigures(std::string_view json, const std::string& name);

/// The figures as one object with the keys of an analysis, so that readFigures() takes it back.
std::string figuresJson(const ModelFigures& figures);

}  // namespace mcuprof
