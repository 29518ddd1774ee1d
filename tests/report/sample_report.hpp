#pragma once

#include "analyzer/report/arena_report.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof::test {

/// A made-up analysis of two layers and one custom operator, with a spill: small enough to check by
/// hand.
Report sampleReport();

/// A made-up arena of 96 bytes: three buffers over three steps.
ArenaReport sampleArena();

}  // namespace mcuprof::test
