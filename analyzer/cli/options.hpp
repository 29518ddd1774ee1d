#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "analyzer/analysis/energy.hpp"
#include "analyzer/analysis/machine.hpp"
#include "analyzer/analysis/sram_budget.hpp"
#include "analyzer/cli/completion.hpp"
#include "analyzer/cli/options_check.hpp"
#include "analyzer/cli/options_diff.hpp"
#include "analyzer/model/zoo.hpp"
#include "analyzer/whatif/sweep.hpp"
#include "analyzer/whatif/variant.hpp"

namespace mcuprof::cli {

enum class Format : std::uint8_t { Text, Json, Csv, Svg };

/// Where a command's result goes, and how.
struct OutputOptions {
  Format format = Format::Text;
  std::string file;  ///< empty or "-": standard output
};

/// Which target files a command reads.
struct TargetOptions {
  std::string runtime = "tflm-cmsis-nn";
  std::string folder;  ///< empty: wherever the catalogue finds it
};

struct AnalyzeOptions {
  std::string model;
  std::string board;
  TargetOptions target;
  PlacementOptions placement;
  MachineOptions machine;
  std::optional<Duty> duty;
  std::optional<std::int32_t> explain;  ///< a layer's number, from 1
  bool strict = false;
  bool calibrate = true;  ///< by the newest calibration that matches
  std::string database;   ///< that it is in; empty: the usual one, if there is one
  OutputOptions output;
};

/// What-if: one variant beside the model as it is.
struct WhatIfOptions {
  std::string model;
  std::string board;
  TargetOptions target;
  Variant base;
  Variant variant;
  bool calibrate = true;
  std::string database;
  OutputOptions output;
};

struct SweepOptions {
  std::string model;
  std::string board;
  TargetOptions target;
  Variant base;
  std::vector<SweepAxis> axes;
  unsigned threads = 0;  ///< 0: as many as cores
  bool calibrate = true;
  std::string database;
  OutputOptions output;
};

struct AccuracyOptions {
  std::vector<std::string> data;  ///< CSV files; none: the runs in the database
  std::string database;
  std::string models;  ///< folder
  TargetOptions target;
  OutputOptions output;
};

struct InspectOptions {
  std::string model;
  OutputOptions output;
};

struct ArenaOptions {
  std::string model;
  std::string board;  ///< at most one of board and core is set
  std::string core;
  TargetOptions target;
  OutputOptions output;
};

struct FitOptions {
  std::vector<std::string> models;
  std::vector<std::string> boards;  ///< empty: all
  TargetOptions target;
  PlacementOptions placement;
  OutputOptions output;
};

struct BoardsListOptions {
  TargetOptions target;
};

struct BoardsShowOptions {
  std::string board;
  TargetOptions target;
};

struct BoardsValidateOptions {
  std::vector<std::string> files;
  TargetOptions target;
};

struct ZooListOptions {};

struct ZooMakeOptions {
  std::string name;
  ZooOptions zoo;
  std::string file;
};

/// What follows "mcuprof price"; mcuprof-price reads it.
struct PriceOptions {
  std::vector<std::string> arguments;
};

struct CostOptions {
  std::string library = "cmsis-nn";
  std::string core;
  std::string opt = "-O2";
  std::string shapes;  ///< a CSV file, "-" for standard input
  std::string folder;  ///< of target files; empty: wherever the catalogue finds it
  std::string file;
};

struct DoctorOptions {
  OutputOptions output;
  std::string database;  ///< of runs; empty: the usual one
  std::string folder;    ///< of target files
};

/// One run on a board, or on the virtual one.
struct RunOptions {
  std::string model;
  std::string board;
  TargetOptions target;
  bool isVirtual = false;
  std::vector<std::string> faults;  ///< of the virtual board, for tests
  std::string openocd = "openocd";
  std::string openocdConfig;
  std::string probe;
  std::string serial;
  std::int64_t speedKhz = 0;
  bool swo = true;
  std::int64_t swoHz = 2'000'000;  ///< 0: as fast as the virtual board's probe takes
  std::int64_t swoCoreHz = 0;      ///< 0: as the agent's image says
  bool weightsInRam = false;
  std::int32_t repeats = 3;     ///< 1 to 32
  std::int32_t warmUp = 1;      ///< 0 to 65535
  std::string input;            ///< "zeros", "xorshift", or a file
  std::int32_t firstLayer = 0;  ///< from 1; 0: all
  std::int32_t lastLayer = 0;
  std::int32_t timeoutSeconds = 30;
  bool halt = false;
  bool counters = false;   ///< show them; on a virtual board also: take them
  std::string power;       ///< meter and port, "ppk2:/dev/ttyACM0"; empty: none
  double powerHz = 0;      ///< samples a second; 0: the meter's own choice
  double supplyVolts = 0;  ///< that the meter supplies the board with; 0: only where it has to
  bool mlperf = false;     ///< whole inferences for 10 s instead of 1
  std::string chromeTrace;
  std::string database;  ///< empty: where the database is by default
  bool store = true;
  bool calibrate = true;
  OutputOptions output;
};

struct RunsOptions {
  std::string model;
  std::string board;
  std::int64_t limit = 1000;
  std::string database;
  OutputOptions output;
};

struct ShowOptions {
  std::int64_t id = 0;
  bool counters = false;
  std::string database;
  OutputOptions output;
};

/// The database of runs as a whole.
struct DatabaseOptions {
  enum class Verb : std::uint8_t { Path, Check, Export, Import, Merge, Prune };
  Verb verb = Verb::Path;
  std::string database;            ///< empty: where it is by default
  std::vector<std::string> files;  ///< export: at most one, "-" or none for standard output
  // What prune deletes; empty takes everything, but not all of them are.
  std::string before;  ///< UTC, "2026-03-01" or with a time
  std::string board;
  std::string provenance;
  bool dryRun = false;
};

/// Results of other tools.
struct ImportOptions {
  std::vector<std::string> files;
  std::string board;         ///< in place of the file's; empty: as it says
  std::int64_t clockHz = 0;  ///< 0: as the file says, else the board's rated clock
  std::string model;         ///< a .tflite file; empty: what the file names
  std::string models;        ///< folder with such files
  std::string runtime;       ///< in place of the file's
  std::string folder;        ///< of target files
  std::string database;
};

struct CalibrateOptions {
  std::string board;
  TargetOptions target;
  std::vector<std::string> models;  ///< .tflite files and folders with some
  bool imported = false;            ///< from imported runs, not from measured ones
  bool dryRun = false;
  std::string database;
  OutputOptions output;
};

/// A run beside its prediction.
struct CompareOptions {
  std::string subject;     ///< as it was typed: a run's number or a model
  std::int64_t runId = 0;  ///< 0: a model
  std::string board;
  TargetOptions target;
  std::string provenance = "measured";
  bool calibrate = true;
  std::string database;
  OutputOptions output;
};

/// Nothing left to do: help was printed, or the arguments were wrong and the error said so.
struct Finished {
  int status = 0;
};

using Command =
    std::variant<Finished, AnalyzeOptions, InspectOptions, ArenaOptions, FitOptions,
                 BoardsListOptions, BoardsShowOptions, BoardsValidateOptions, ZooListOptions,
                 ZooMakeOptions, WhatIfOptions, SweepOptions, CostOptions, AccuracyOptions,
                 PriceOptions, CheckOptions, DiffOptions, CompletionScriptOptions, CompleteOptions,
                 DoctorOptions, RunOptions, RunsOptions, ShowOptions, DatabaseOptions,
                 ImportOptions, CalibrateOptions, CompareOptions>;

/// What the arguments ask for. Prints help, the version and what is wrong with them itself.
Command parseArguments(int argumentCount, const char* const* arguments);

}  // namespace mcuprof::cli
