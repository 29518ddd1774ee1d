#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/analysis/placement.hpp"
#include "analyzer/analysis/traffic.hpp"
#include "tests/support/graph_builder.hpp"

namespace mcuprof::test {

/// A graph, a board and a runtime without overheads: bytes of an arena are the bytes of its
/// tensors, so that a test's numbers can be checked by hand. Buffers have no alignment and the tail
/// is empty.
struct MemoryCase {
  Graph graph;
  Board board;
  Runtime runtime;
  PlacementOptions options;
  KernelPlan kernels;
  Schedule schedule;
  ArenaPlan arena;
  WorkingSets workingSets;
  MemoryPlan plan;
  Traffic traffic;

  explicit MemoryCase(Graph model) : graph(std::move(model)), kernels(graph.ops.size()) {
    board.name = "bench";
    runtime.staticBytes.value = 0;
    runtime.stackBytes.value = 0;
  }

  /// Adds a memory after the last one; RAM at addresses that leave a hole unless `adjacent`.
  MemoryCase& memory(const std::string& name, MemoryKind kind, std::int64_t size,
                     bool adjacent = false) {
    Memory memory;
    memory.name = name;
    memory.kind = kind;
    memory.size = Bytes(size);
    const bool isFlash = kind == MemoryKind::Flash || kind == MemoryKind::Qspi;
    memory.use.activations = !isFlash && kind != MemoryKind::Sd;
    memory.use.weights = isFlash || kind == MemoryKind::Sd;
    memory.use.spill = kind == MemoryKind::Sd;
    if (kind != MemoryKind::Sd) {
      if (!adjacent) m_nextBase += 0x1000'0000;
      memory.base = m_nextBase;
      m_nextBase += static_cast<std::uint64_t>(size);
    }
    board.memories.add(std::move(memory));
    return *this;
  }
  MemoryCase& ram(std::int64_t size) { return memory("sram", MemoryKind::Sram, size); }
  MemoryCase& flash(std::int64_t size) { return memory("flash", MemoryKind::Flash, size); }
  MemoryCase& card(std::int64_t block) {
    board.sd = SdCard{};
    board.sd->blockBytes.value = block;
    return memory("sd", MemoryKind::Sd, 1 << 30);
  }

  /// Bytes that an op asks as scratch.
  MemoryCase& scratch(OpId op, std::int64_t bytes) {
    kernels[op].scratch.push_back(Bytes(bytes));
    return *this;
  }

  /// Runs the stages from the schedule to the ledger.
  MemoryCase& run() {
    schedule = makeSchedule(graph);
    workingSets = countWorkingSets(graph, kernels);
    makeArena();
    plan = planMemory(graph, kernels, schedule, arena, workingSets, board, runtime, options);
    traffic = countTraffic(graph, kernels, KernelCosts(graph.ops.size()), schedule, arena, plan,
                           board, runtime);
    return *this;
  }

  RegionId region(const std::string& name) const { return *findRegion(board, name); }

  /// The row of an op, a region and a purpose; all 0 when there is none.
  TrafficSum row(std::int32_t op, const std::string& name, Purpose purpose) const {
    for (const Transfer& row : traffic.rowsOfOp(OpId(op)))
      if (row.region == region(name) && row.purpose == purpose) return {row.read, row.written};
    return {};
  }

  Bytes tail;  ///< set before run() for a persistent part

 private:
  void makeArena() {
    arena = {};
    for (const TensorId id : graph.tensors.ids()) {
      const GraphTensor& tensor = graph.tensors[id];
      if (tensor.isConstant || tensor.isVariable || tensor.bytes == 0_B) continue;
      PlannedBuffer buffer;
      buffer.tensor = id;
      buffer.size = tensor.bytes;
      buffer.life = schedule.lifetime[id];
      arena.buffers.push_back(buffer);
    }
    for (const OpId op : graph.ops.ids())
      for (const Bytes size : kernels[op].scratch) {
        PlannedBuffer buffer;
        buffer.op = op;
        buffer.size = size;
        buffer.life = schedule.running[op];
        arena.buffers.push_back(buffer);
      }
    std::vector<BufferRequest> requests;
    for (const PlannedBuffer& buffer : arena.buffers)
      requests.push_back({buffer.size, buffer.life, std::nullopt});
    const std::vector<Bytes> offsets = placeGreedily(requests);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      arena.buffers[i].offset = offsets[i];
      arena.head = std::max(arena.head, offsets[i] + arena.buffers[i].size);
    }
    arena.tailBytes = tail;
    arena.used = arena.smallest = arena.head + tail;
    arena.live = Table<OpId, Bytes>(graph.ops.size());
    for (const OpId op : schedule.order) {
      for (const PlannedBuffer& buffer : arena.buffers)
        if (buffer.life.first <= schedule.step[op] && schedule.step[op] <= buffer.life.last)
          arena.live[op] += buffer.size;
      if (!arena.peakOp.valid() || arena.live[op] > arena.live[arena.peakOp]) arena.peakOp = op;
    }
  }

  std::uint64_t m_nextBase = 0x1000'0000;
};

/// A random network: each operator reads one to three earlier tensors and sometimes weights.
inline Graph randomGraph(unsigned seed, int ops, int largest) {
  std::mt19937 random(seed);
  const auto bytes = [&] {
    return 1 + static_cast<std::int32_t>(random() % static_cast<unsigned>(largest));
  };
  GraphBuilder b;
  std::vector<TensorId> made{b.input({bytes()})};
  for (int i = 0; i < ops; ++i) {
    std::vector<TensorId> inputs{made.back()};
    for (auto more = random() % 3; more > 0; --more)
      inputs.push_back(made[made.size() - 1 - random() % std::min<std::size_t>(made.size(), 5)]);
    if (random() % 2 == 0) inputs.push_back(b.constant({bytes()}));
    if (random() % 8 == 0) inputs.push_back(b.variable({bytes()}));
    made.push_back(b.op(OpKind::Custom, inputs, {bytes()}));
    b.macs(static_cast<std::int64_t>(random() % 1000));
  }
  return b.output(made.back()).build();
}

}  // namespace mcuprof::test
