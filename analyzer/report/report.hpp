#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/base/basis.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/report/layer_costs.hpp"

namespace mcuprof {

/// A file that a report was made from. Name without folder: the same files give the same report
/// wherever they lie.
struct InputFile {
  std::string role;  ///< "model", "board", "core", "runtime"
  std::string name;
  Bytes size;
  std::string sha256;  ///< lower-case hexadecimal; empty where it was not asked for
};

/// What a report says about how it was made.
struct Provenance {
  std::string toolVersion;
  std::vector<InputFile> inputs;  ///< the model first

  const InputFile& model() const { return inputs.front(); }
};

/// A number with its basis.
struct Figure {
  std::int64_t value = 0;
  Basis basis = Basis::Counted;
  bool given = false;  ///< by the user for this run, in place of the target's
};

/// A RAM region's share of the budget.
struct BudgetRow {
  std::string region;
  Figure size;
  Bytes staticBytes;
  Bytes stack;
  Bytes reserve;
  Bytes weights;
  Bytes streamBuffer;
  Bytes usable;
};

/// How usable SRAM follows:
/// usable = total - staticBytes - stack - reserve - weights - streamBuffer + missing.
struct BudgetReport {
  std::vector<BudgetRow> regions;
  Figure total;
  Figure staticBytes;
  Figure stack;
  Figure reserve;
  Bytes weights;       ///< constant data that was put into RAM
  Bytes streamBuffer;  ///< for chunks of weights from the card
  Figure usable;
  Bytes missing;  ///< of what is taken, that fits nowhere
  std::string largestRegion;
  Bytes largestUsable;
};

/// One operator.
struct LayerRow {
  std::int32_t number = 0;  ///< from 1, over all subgraphs in file order; what texts call "layer 6"
  std::int32_t subgraph = 0;
  std::int32_t index = 0;  ///< in its subgraph, from 0, as TensorFlow Lite and its viewers count
  std::int32_t step = -1;  ///< of the schedule, from 1; -1: its subgraph is never called
  std::string kind;
  std::string name;
  std::string kernel;  ///< the kernel library's routine; empty when the rules name none
  std::string shape;   ///< of the first output
  std::string type;    ///< of the first output
  std::optional<Macs> macs;
  WorkingSet parts;
  Basis scratchBasis = Basis::Counted;
  Bytes live;
  LayerFit fit;
  Bytes read;  ///< unique bytes from all memories
  Bytes written;
  std::optional<Bytes> worstCase;  ///< three reads and one write per MAC
  Bytes spillWritten;
  Bytes spillRead;
  std::string unknown;  ///< why its cost is not known; empty when it is
};

/// Sums of the layer rows.
struct LayerTotals {
  Macs macs;
  WorkingSet parts;
  Bytes peakLive;  ///< the maximum, not the sum
  Bytes read;
  Bytes written;
  Bytes worstCase;
  Bytes spillWritten;
  Bytes spillRead;
  std::int64_t unknownLayers = 0;  ///< where it is not 0, the sums are lower bounds
};

/// Bytes that the loads and stores of kernels move, repeats included: the sum of the ledger's rows
/// that have such a figure.
struct TouchedTotals {
  Bytes read;
  Bytes written;
  std::int64_t unknownRows = 0;  ///< rows without one, spills aside; where not 0, a lower bound
  Basis basis = Basis::Counted;  ///< the weakest of the rows'
};

/// Bytes that move between the core and one memory during one inference, by purpose.
struct MovedRow {
  std::string memory;
  std::array<Bytes, kPurposeCount> byPurpose;  ///< read and written together
  Bytes read;
  Bytes written;
  TouchedTotals touched{};
};

/// One row of the ledger, with names.
struct LedgerRow {
  std::int32_t layer = 0;
  std::string memory;
  std::string purpose;
  Bytes read;
  Bytes written;
  std::optional<Bytes> readTouched;
  std::optional<Bytes> writtenTouched;
  Basis touchedBasis = Basis::Counted;
};

/// A tensor that goes to the card, or comes back, while a layer runs.
struct SpillRow {
  bool write = false;
  std::string tensor;
  std::int32_t layer = 0;
  Bytes bytes;
};

/// Why the model does not simply fit, in the order in which a reader wants it.
struct VerdictReport {
  Verdict verdict = Verdict::Fits;
  PlacementForm form = PlacementForm::OneArena;
  std::string reason;
  std::optional<std::size_t> worstLayer;  ///< index into Report::layers
  std::vector<Hint> hints;
};

/// The arena in five numbers; ArenaReport has the details.
struct ArenaSummary {
  Bytes head;
  Bytes tail;
  Bytes used;
  Bytes smallest;
  Basis basis = Basis::Counted;
  std::vector<std::string> lowerBoundReasons;
  std::string region;  ///< that holds it as one piece; empty when none does
  Bytes missing;
};

/// Flash: what lies there and what there is.
struct FlashReport {
  Bytes needed;
  Bytes size;
  Bytes missing;
  Basis basis = Basis::Counted;  ///< of needed and missing
  Basis sizeBasis = Basis::Counted;
};

/// One analysis, ready to be shown: plain values and names, in the order of presentation. What a
/// report shows and how it follows from the analysis is decided here, once for all formats.
struct Report {
  Provenance provenance;

  std::size_t operators = 0;
  std::size_t tensors = 0;
  std::vector<std::string> subgraphs;  ///< names, by index

  std::string boardName;
  std::string boardTitle;
  std::string chip;
  std::string coreName;
  std::string coreTitle;
  Figure clockHz;
  std::string runtimeName;
  std::string runtimeTitle;
  std::string runtimeVersion;

  VerdictReport verdict;
  BudgetReport sram;
  FlashReport flash;
  ArenaSummary arena;
  std::string weightMemory;  ///< where the weights lie: "flash", "sd", or both

  CostReport costs;
  std::vector<LayerRow> layers;  ///< by subgraph and index
  LayerTotals totals;
  std::vector<MovedRow> moved;  ///< by memory
  std::vector<LedgerRow> ledger;
  std::vector<SpillRow> spills;
  bool spillsExact = true;         ///< no other plan moves fewer bytes
  std::vector<std::string> notes;  ///< what the reader must know to trust the numbers
};

/// The parts of a report that need no rows; for tables of many analyses.
BudgetReport buildBudget(const Analysis& analysis);
FlashReport buildFlash(const Analysis& analysis);

Report buildReport(const Analysis& analysis, Provenance provenance,
                   const std::optional<Duty>& duty = {});

/// Whether every operator's cost is known to model and runtime; else the reasons, one line each.
std::vector<std::string> unknownOperators(const Analysis& analysis);

}  // namespace mcuprof
