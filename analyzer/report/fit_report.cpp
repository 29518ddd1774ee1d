#include "analyzer/report/fit_report.hpp"

#include "analyzer/report/text.hpp"

namespace mcuprof {

FitCell buildFitCell(const Analysis& analysis, std::size_t model, std::size_t board) {
  FitCell cell;
  cell.model = model;
  cell.board = board;
  cell.verdict = analysis.memory.verdict;
  cell.reason = printable(analysis.memory.reason);
  cell.arenaUsed = analysis.arena.used;
  cell.largestRegion = analysis.memory.sram.largestRegion;
  cell.arenaBasis = analysis.arena.basis;
  cell.sramBasis = buildBudget(analysis).usable.basis;
  const FlashReport flash = buildFlash(analysis);
  cell.flashNeeded = flash.needed;
  cell.flashSize = flash.size;
  cell.flashBasis = flash.basis;
  cell.flashSizeBasis = flash.sizeBasis;
  return cell;
}

}  // namespace mcuprof
