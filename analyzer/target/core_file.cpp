#include "analyzer/target/core_file.hpp"

#include <fmt/core.h>

#include "analyzer/target/facts.hpp"
#include "analyzer/target/target_file.hpp"
#include "analyzer/target/validate.hpp"

namespace mcuprof {
Core readCore(TomlDocument& document, std::string name) {
  const TomlTable root = document.root();
  FactReader facts(root);
  Core core;
  core.name = std::move(name);
  core.title = root.requireString("title");
  core.architecture = root.requireString("architecture");
  core.dsp = required(root, "dsp", facts.boolean(root, "dsp"));
  core.mve = required(root, "mve", facts.boolean(root, "mve"));
  core.fpu = required(root, "fpu", facts.string(root, "fpu"));
  core.hardwareDivide = required(root, "hardware_divide", facts.boolean(root, "hardware_divide"));
  core.cycleCounter = required(root, "cycle_counter", facts.boolean(root, "cycle_counter"));
  core.pointerBytes =
      required(root, "pointer_bytes", facts.smallInteger(root, "pointer_bytes", 1, 8));
  core.issueWidth = facts.smallInteger(root, "issue_width", 1, 16);
  core.pipelineStages = facts.smallInteger(root, "pipeline_stages", 1, 64);
  core.takenBranchCycles = facts.smallInteger(root, "taken_branch_cycles", 0, 64);
  core.instructionRate = facts.number(root, "cycles_per_instruction", 0.1, 100);
  core.unmodelled = facts.number(root, "unmodelled", 0.5, 3);
  core.boardBand = root.number("board_band", 0, 1).value_or(core.boardBand);
  core.layerBand = root.number("layer_band", 0, 1).value_or(core.layerBand);
  core.llvmCpu = root.string("llvm_cpu").value_or("");
  core.notes = root.strings("notes");
  facts.noteUnusedSources();
  validateCore(core, root);
  return core;
}

Result<Core> loadCore(const std::string& path) {
  Result<TomlDocument> document = TomlDocument::load(path);
  if (!document) return document.error();
  Core core = readCore(*document, nameFromPath(path));
  if (const auto ok = document->check(); !ok) return ok.error();
  return core;
}

}  // namespace mcuprof
