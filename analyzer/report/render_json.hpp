#pragma once

#include <string>

#include "analyzer/report/arena_report.hpp"
#include "analyzer/report/fit_report.hpp"
#include "analyzer/report/model_report.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof {

/// Version of the JSON documents' form. A key that is added keeps it; one that goes or changes its
/// meaning raises it.
inline constexpr int kJsonSchemaVersion = 1;

/// Documents as docs/report.schema.json describes them: exact integers, the basis of each number,
/// the SHA-256 of each input. Indented by two, keys in a fixed order, a newline at the end; the
/// same inputs give the same bytes.
std::string renderJson(const Report& report);
std::string renderJson(const ArenaReport& report);
std::string renderJson(const ModelReport& report);
std::string renderJson(const FitReport& report);

}  // namespace mcuprof
