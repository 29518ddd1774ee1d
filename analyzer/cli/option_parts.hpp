#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/cli/options.hpp"

namespace CLI {
class App;
}

namespace mcuprof::cli {

/// Options as they were typed; made into values once parsing is over.
struct Typed {
  std::vector<std::string> models;
  std::string board;
  std::string boards = "all";
  std::string core;
  TargetOptions target;
  std::string sram;
  std::string reserve;
  std::string stack;
  std::string staticBytes;
  std::vector<std::string> place;
  bool joinAdjacent = false;
  bool strict = false;
  std::string format;
  std::string file;
  std::vector<std::string> files;
  std::string name;
  std::optional<double> width;
  std::string input;
  std::optional<std::int32_t> classes;
  std::string type = "int8";
  std::uint64_t seed = 1;
  // Of the machine and of variants, each with the variable of whatif/variant.hpp it sets.
  std::string clock;
  std::string wait;
  std::string cache;
  std::string accelerator;
  std::string sdClock;
  std::string supply;
  std::string opt = "-O2";
  std::string explain;
  std::string duty;
  std::string battery;
  std::string addFilters;
  std::vector<std::string> axes;
  std::string filtersAt;
  unsigned threads = 0;
  std::string library = "cmsis-nn";
  std::string shapes;
  std::vector<std::string> data;
  std::string modelFolder;
  // Of check.
  std::string budget = "mcuprof.toml";
  std::vector<std::string> boardList;
  std::vector<std::string> runtimes;
  std::vector<std::string> baselines;
  std::string failOn;
  std::string date;
  std::string database;
  bool init = false;
  /// What stands behind "--" of diff: its other side.
  std::vector<std::string> otherSide;
  bool hasOtherSide = false;
  RunOptions run;  ///< what is taken as it was typed
  std::string layers;
  std::string swoClock;
  bool noSwo = false;
  bool noStore = false;
  std::int64_t limit = 1000;
  std::string runId;
  // Of the database commands.
  std::string olderThan;
  std::string before;
  std::string provenance;
  bool dryRun = false;
  std::string modelFile;
  std::string importedRuntime;
  std::string subject;
  bool noCalibration = false;
  bool imported = false;
};

/// One command of the program: `add` puts its options into the app, `make` turns what was typed
/// into what the command runs with.
struct CommandEntry {
  const char* name;
  void (*add)(CLI::App& app, Typed& typed);
  Command (*make)(const CLI::App& app, const Typed& typed);
};

void addAnalyze(CLI::App& app, Typed& typed);
Command makeAnalyze(const CLI::App& app, const Typed& typed);
void addWhatIf(CLI::App& app, Typed& typed);
Command makeWhatIf(const CLI::App& app, const Typed& typed);
void addSweep(CLI::App& app, Typed& typed);
Command makeSweep(const CLI::App& app, const Typed& typed);
void addAccuracy(CLI::App& app, Typed& typed);
Command makeAccuracy(const CLI::App& app, const Typed& typed);
void addInspect(CLI::App& app, Typed& typed);
Command makeInspect(const CLI::App& app, const Typed& typed);
void addArena(CLI::App& app, Typed& typed);
Command makeArena(const CLI::App& app, const Typed& typed);
void addFit(CLI::App& app, Typed& typed);
Command makeFit(const CLI::App& app, const Typed& typed);
void addBoards(CLI::App& app, Typed& typed);
Command makeBoards(const CLI::App& app, const Typed& typed);
void addZoo(CLI::App& app, Typed& typed);
Command makeZoo(const CLI::App& app, const Typed& typed);
void addCheck(CLI::App& app, Typed& typed);
Command makeCheck(const CLI::App& app, const Typed& typed);
void addDiff(CLI::App& app, Typed& typed);
Command makeDiff(const CLI::App& app, const Typed& typed);
void addCompletion(CLI::App& app, Typed& typed);
Command makeCompletion(const CLI::App& app, const Typed& typed);
void addDoctor(CLI::App& app, Typed& typed);
Command makeDoctor(const CLI::App& app, const Typed& typed);
void addCost(CLI::App& app, Typed& typed);
Command makeCost(const CLI::App& app, const Typed& typed);
void addRun(CLI::App& app, Typed& typed);
Command makeRun(const CLI::App& app, const Typed& typed);
void addRuns(CLI::App& app, Typed& typed);
Command makeRuns(const CLI::App& app, const Typed& typed);
void addShow(CLI::App& app, Typed& typed);
Command makeShow(const CLI::App& app, const Typed& typed);

void addDatabaseCommand(CLI::App& app, Typed& typed);
Command makeDatabaseCommand(const CLI::App& app, const Typed& typed);

void addImport(CLI::App& app, Typed& typed);
Command makeImport(const CLI::App& app, const Typed& typed);

void addCalibrate(CLI::App& app, Typed& typed);
Command makeCalibrate(const CLI::App& app, const Typed& typed);
void addCompare(CLI::App& app, Typed& typed);
Command makeCompare(const CLI::App& app, const Typed& typed);

/// Every command of the program, or, where `first` is a command's name, that one alone, which is
/// what it takes to read its arguments. The addresses of `typed` stay valid while parsing.
void buildProgram(CLI::App& app, Typed& typed, std::string_view first = {});

// Options that several commands have.
void addTarget(CLI::App& command, Typed& typed);
void addPlacement(CLI::App& command, Typed& typed);
void addMachine(CLI::App& command, Typed& typed);
void addOutput(CLI::App& command, Typed& typed, const char* formats);
void addModel(CLI::App& command, Typed& typed);
void addDatabase(CLI::App& command, Typed& typed);
/// --db and --no-calibration.
void addCalibrationUse(CLI::App& command, Typed& typed);
/// For a command that has a --db of its own.
void addNoCalibration(CLI::App& command, Typed& typed);

/// Says what is wrong with the arguments; the command is finished.
Finished wrong(std::string_view what);

// Each reads what was typed; false after saying what is wrong.
/// A date or a time of day of UTC as "2026-03-01" or "2026-03-01T12:00:00Z".
bool readDate(const char* option, const std::string& text);
bool readProvenance(const std::string& text);
bool readDuty(const Typed& typed, std::optional<Duty>& out);
bool readVariables(std::initializer_list<std::pair<const char*, const std::string*>> given,
                   Variant& out);
bool readMachine(const Typed& typed, Variant& out);
bool readPlacement(const Typed& typed, PlacementOptions& out);
bool readOutput(const Typed& typed, bool mayBeSvg, OutputOptions& out);
/// The one model of a command.
bool readModel(const Typed& typed, const char* command, std::string& out);

/// The parts between commas, without empty ones.
std::vector<std::string> split(std::string_view text);

}  // namespace mcuprof::cli
