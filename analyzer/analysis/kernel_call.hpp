#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/analysis/kernels.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/kernel_trips.hpp"

namespace mcuprof {

/// A call of a kernel library: which routine, with which shape.
struct KernelCall {
  std::string_view kernel;  ///< "conv_s8", as in the kernel tables
  KernelRow row{};
};

/// The routine of CMSIS-NN that TensorFlow Lite Micro calls for an operator, or nothing where it
/// runs a kernel of its own (float, other element types, broadcasting).
std::optional<KernelCall> cmsisNnCall(const Graph& graph, const GraphOp& op,
                                      const KernelShape& shape);

/// The same for the kernels of the device agent, with what it spends on calling them.
std::optional<KernelCall> agentCall(const Graph& graph, const GraphOp& op,
                                    const KernelShape& shape);

/// The kernel library of the device agent, as runtime files call it.
inline constexpr std::string_view kAgentLibrary = "mcuprof-agent";

/// One of the two above: agentCall() for kAgentLibrary, cmsisNnCall() for any other.
std::optional<KernelCall> kernelCall(std::string_view library, const Graph& graph,
                                     const GraphOp& op, const KernelShape& shape);

/// The routines of the runtime's libraries that a model's operators call, each once.
std::vector<std::string_view> calledKernels(const Graph& graph, const Core& core,
                                            const Runtime& runtime);

}  // namespace mcuprof
