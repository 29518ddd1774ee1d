#include "device-agent/kernel-counts/count_layer.hpp"

#include <fmt/format.h>

#include "analyzer/analysis/kernel_call.hpp"
#include "analyzer/analysis/kernels.hpp"
#include "analyzer/analysis/schedule.hpp"
#include "device-agent/host/lowering/lowering.hpp"

namespace mcuprof {
namespace {

struct Column {
  std::string_view title;
  std::uint64_t ExecutedCounts::*count;  ///< nullptr: always 0
};

constexpr Column kColumns[] = {{"instructions", &ExecutedCounts::instructions},
                               {"loads", &ExecutedCounts::loads},
                               {"stores", &ExecutedCounts::stores},
                               {"load_words", &ExecutedCounts::loadWords},
                               {"store_words", &ExecutedCounts::storeWords},
                               {"taken_branches", &ExecutedCounts::takenBranches},
                               {"lob_loop_branches", nullptr},
                               {"calls", &ExecutedCounts::calls},
                               {"divides", &ExecutedCounts::divides},
                               {"soft_divides", &ExecutedCounts::softDivides},
                               {"mul_insts", &ExecutedCounts::multiplies},
                               {"weight_bytes_touched", &ExecutedCounts::weights},
                               {"param_bytes_touched", &ExecutedCounts::parameters},
                               {"activation_bytes_loaded", &ExecutedCounts::input},
                               {"activation_bytes_stored", &ExecutedCounts::output},
                               {"output_bytes_loaded", &ExecutedCounts::outputRead},
                               {"scratch_bytes_loaded", &ExecutedCounts::scratchRead},
                               {"scratch_bytes_stored", &ExecutedCounts::scratchWritten},
                               {"stack_bytes_loaded", &ExecutedCounts::stackRead},
                               {"stack_bytes_stored", &ExecutedCounts::stackWritten},
                               {"rodata_bytes_loaded", &ExecutedCounts::constants}};

}  // namespace

std::string countsHeader() {
  std::string line = "cpu,opt,kernel";
  for (const std::string_view column : kKernelColumns) line += fmt::format(",{}", column);
  for (const Column& column : kColumns) line += fmt::format(",{}", column.title);
  return line + ",mca_cycles_steady\n";
}

Result<std::string> countLayer(CountingCore& engine, const Model& model, const Core& core,
                               const Runtime& runtime, mcuprof_library library) {
  const auto graph = buildGraph(model);
  if (!graph) return graph.error();
  const OpId op = *graph->ops.ids().begin();
  const auto call = agentCall(*graph, graph->ops[op], shapeOf(*graph, op, core, runtime));
  const std::string name(nameOf(graph->ops[op].kind));
  if (!call) return Error{name, "is not counted"};
  const auto program = lowerModel(model, *graph, makeSchedule(*graph), library);
  if (!program) return program.error();
  if (!program->layers.at(0).reason.empty()) return Error{name, program->layers[0].reason};
  const auto counts = engine.run(program->bytes);
  if (!counts) return Error{name, counts.error().text()};
  std::string line = fmt::format("{},-O2,{}", core.name, call->kernel);
  for (const std::int64_t value : call->row) line += fmt::format(",{}", value);
  for (const Column& column : kColumns)
    line += fmt::format(",{}", column.count == nullptr ? 0 : *counts.*column.count);
  return line + fmt::format(",{:.1f}\n", counts->cycles);
}

}  // namespace mcuprof
