#pragma once

#include "analyzer/cli/options.hpp"

namespace mcuprof::cli {

/// Each runs one command and returns the exit status. Data goes to standard output or the file
/// asked for, everything else to standard error.
int run(const AnalyzeOptions& options);
int run(const InspectOptions& options);
int run(const ArenaOptions& options);
int run(const FitOptions& options);
int run(const BoardsListOptions& options);
int run(const BoardsShowOptions& options);
int run(const BoardsValidateOptions& options);
int run(const ZooListOptions& options);
int run(const ZooMakeOptions& options);
int run(const WhatIfOptions& options);
int run(const SweepOptions& options);
int run(const CostOptions& options);
int run(const AccuracyOptions& options);
int run(const PriceOptions& options);
int run(const CheckOptions& options);
int run(const DiffOptions& options);
int run(const CompletionScriptOptions& options);
int run(const CompleteOptions& options);
int run(const DoctorOptions& options);
// In device-agent/cli, which the program is linked with; nothing else here knows of it.
int run(const RunOptions& options);
int run(const RunsOptions& options);
int run(const ShowOptions& options);
int run(const DatabaseOptions& options);
int run(const ImportOptions& options);
int run(const CalibrateOptions& options);
int run(const CompareOptions& options);
/// The part of accuracy that reads the database.
int writeAccuracyCard(const AccuracyOptions& options);

}  // namespace mcuprof::cli
