#pragma once

#include <string>

#include "analyzer/report/arena_report.hpp"
#include "analyzer/report/fit_report.hpp"
#include "analyzer/report/model_report.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof {

/// Tables for spreadsheets and scripts, quoted as RFC 4180 says, lines end with CR LF: a header,
/// then one row a layer (an arena: one a buffer; fit: one a model and board). No total rows. A
/// number that is not known is an empty cell. docs/cli.md lists the columns.
std::string renderCsv(const Report& report);
std::string renderCsv(const ArenaReport& report);
std::string renderCsv(const ModelReport& report);
std::string renderCsv(const FitReport& report);

}  // namespace mcuprof
