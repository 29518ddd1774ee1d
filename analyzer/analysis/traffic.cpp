#include "analyzer/analysis/traffic.hpp"

#include <algorithm>

#include "analyzer/analysis/touched.hpp"
#include "analyzer/base/checked_math.hpp"

// docs/data-movement.md defines the rows in words.
namespace mcuprof {
namespace {

__extension__ typedef __int128 Wide;

/// A stretch of RAM that an operator uses.
struct Span {
  RegionId region;  ///< the first of joined ones
  Bytes offset;
  Bytes size;
};

/// Says which memories a stretch of joined regions lies in.
class RamMap {
 public:
  RamMap(const SramBudget& budget, const Board& board) : m_budget(budget), m_board(board) {
    for (const RegionBudget& region : budget.regions) m_joined |= !region.joined.empty();
  }

  /// Calls visit(region, bytes) for each memory, with shares of `bytes` as the stretch is shared.
  template <typename Visit>
  void share(const Span& span, Bytes bytes, const Visit& visit) const {
    const RegionBudget* joined = m_joined ? joinedAt(span.region) : nullptr;
    if (joined == nullptr || span.size <= Bytes(0)) return visit(span.region, bytes);
    // Rounded down on the way; the last part takes what is left, so the shares add up.
    Bytes start;
    Bytes left = bytes;
    RegionId last = span.region;
    Bytes covered;
    const auto part = [&](RegionId id) {
      const Bytes end = start + m_board.memories[id].size;
      const Bytes from = std::max(start, span.offset);
      const Bytes to = std::min(end, span.offset + span.size);
      start = end;
      if (to <= from) return;
      last = id;
      covered += to - from;
      if (covered == span.size) return;
      const auto scaled = static_cast<Wide>(bytes.value) * (to - from).value / span.size.value;
      const Bytes mine(static_cast<std::int64_t>(scaled));
      visit(id, mine);
      left -= mine;
    };
    part(joined->region);
    for (const RegionId id : joined->joined) part(id);
    visit(last, left);
  }

 private:
  const RegionBudget* joinedAt(RegionId region) const {
    for (const RegionBudget& budget : m_budget.regions)
      if (budget.region == region && !budget.joined.empty()) return &budget;
    return nullptr;
  }
  const SramBudget& m_budget;
  const Board& m_board;
  bool m_joined = false;
};

class Counter {
 public:
  Counter(const Graph& graph, const KernelPlan& kernels, const KernelCosts& kernelCosts,
          const Schedule& schedule, const ArenaPlan& arena, const MemoryPlan& memory,
          const Board& board, const Runtime& runtime)
      : m_graph(graph),
        m_kernels(kernels),
        m_kernelCosts(kernelCosts),
        m_schedule(schedule),
        m_arena(arena),
        m_memory(memory),
        m_runtime(runtime),
        m_ram(memory.sram, board),
        m_bufferOf(graph.tensors.size(), -1),
        m_counted(graph.tensors.size()),
        m_scratchOf(graph.ops.size(), -1) {
    for (std::size_t i = arena.buffers.size(); i-- > 0;) {
      const PlannedBuffer& buffer = arena.buffers[i];
      if (buffer.tensor.valid()) m_bufferOf[buffer.tensor] = static_cast<std::int32_t>(i);
      if (buffer.op.valid()) m_scratchOf[buffer.op] = static_cast<std::int32_t>(i);
    }
    m_anyRam = memory.arenaRegion;
    Bytes most(-1);
    if (!m_anyRam.valid())
      for (const RegionBudget& region : memory.sram.regions)
        if (region.usable > most) most = region.usable, m_anyRam = region.region;
    m_chunk = {m_anyRam, Bytes(0), Bytes(0)};
    for (const RegionBudget& region : memory.sram.regions)
      if (region.streamBuffer > Bytes(0)) m_chunk.region = region.region;
  }

  Traffic count() {
    m_out.rowsOf = Table<OpId, Traffic::Range>(m_graph.ops.size());
    m_out.worstCase = Table<OpId, std::optional<TrafficSum>>(m_graph.ops.size());
    m_out.rows.reserve(m_schedule.order.size() * 5);
    std::size_t spill = 0;
    for (std::size_t i = 0; i < m_schedule.order.size(); ++i) {
      const OpId op = m_schedule.order[i];
      m_first = m_out.rows.size();
      m_op = op;
      m_step = m_schedule.step[op];
      countInputs(m_graph.ops[op]);
      countOutputs(m_graph.ops[op]);
      countScratch();
      for (; spill < m_memory.spills.size() && m_memory.spills[spill].op == op; ++spill)
        countSpill(m_memory.spills[spill]);
      m_out.rowsOf[op] = {m_first, m_out.rows.size()};
      if (const auto touched = touchedOf(op))
        noteTouched(*touched, std::span(m_out.rows).subspan(m_first));
      m_out.worstCase[op] = worstCaseOf(m_graph.ops[op]);
    }
    return std::move(m_out);
  }

 private:
  /// Adds to the op's row of the region and purpose; a new one goes where it keeps them sorted.
  void add(RegionId region, Purpose purpose, Bytes read, Bytes written) {
    if (!region.valid() || (read == Bytes(0) && written == Bytes(0))) return;
    std::vector<Transfer>& rows = m_out.rows;
    const auto at = std::find_if(
        rows.begin() + static_cast<std::ptrdiff_t>(m_first), rows.end(), [&](const Transfer& row) {
          return row.region > region || (row.region == region && row.purpose >= purpose);
        });
    if (at != rows.end() && at->region == region && at->purpose == purpose) {
      at->read += read;
      at->written += written;
      return;
    }
    Transfer row;
    row.op = m_op;
    row.region = region;
    row.purpose = purpose;
    row.read = read;
    row.written = written;
    rows.insert(at, row);
  }
  void readRam(const Span& span, Purpose purpose, Bytes bytes) {
    m_ram.share(span, bytes,
                [&](RegionId region, Bytes part) { add(region, purpose, part, Bytes(0)); });
  }
  void writeRam(const Span& span, Purpose purpose, Bytes bytes) {
    m_ram.share(span, bytes,
                [&](RegionId region, Bytes part) { add(region, purpose, Bytes(0), part); });
  }

  Span spanOf(std::size_t buffer, const BufferPlace* place) const {
    if (place != nullptr) return {place->region, place->offset, place->size};
    const PlannedBuffer& planned = m_arena.buffers[buffer];
    return {m_anyRam, planned.offset, planned.size};
  }
  /// Where a tensor's bytes are while the op at hand runs.
  Span spanOf(TensorId tensor) const {
    const std::int32_t buffer = m_bufferOf[tensor];
    if (buffer < 0) return persistent();
    const auto at = static_cast<std::size_t>(buffer);
    return spanOf(at, placeAt(m_memory, at, m_step));
  }
  Span persistent() const {
    if (m_memory.tailPlace)
      return {m_memory.tailPlace->region, m_memory.tailPlace->offset, m_memory.tailPlace->size};
    return {m_anyRam, m_arena.smallest - m_arena.tailBytes, m_arena.tailBytes};
  }

  void countInputs(const GraphOp& op) {
    for (const GraphInput& input : op.inputs) {
      if (!input.tensor.valid() || m_counted[input.tensor] == m_op) continue;
      m_counted[input.tensor] = m_op;
      const GraphTensor& tensor = m_graph.tensors[input.tensor];
      switch (input.role) {
        case InputRole::Activation:
          readRam(spanOf(input.tensor), Purpose::Input, tensor.bytes);
          break;
        case InputRole::State:
          readRam(spanOf(input.tensor), Purpose::Input, tensor.bytes);
          writeRam(spanOf(input.tensor), Purpose::Output, tensor.bytes);
          break;
        case InputRole::Weights:
        case InputRole::Parameter:
          countConstant(Purpose::Weights, tensor.storedBytes);
          break;
        case InputRole::Bias:
          countConstant(Purpose::Bias, tensor.storedBytes);
          break;
      }
    }
  }

  void countConstant(Purpose purpose, Bytes bytes) {
    add(m_memory.weightsRegion, purpose, bytes, Bytes(0));
    if (m_memory.weightsResidence != Residence::Storage || !m_memory.weightsRegion.valid()) return;
    writeRam(m_chunk, purpose, bytes);
    readRam(m_chunk, purpose, bytes);
  }

  void countOutputs(const GraphOp& op) {
    for (const TensorId output : op.outputs)
      writeRam(spanOf(output), Purpose::Output, m_graph.tensors[output].bytes);
  }

  void countScratch() {
    std::int32_t buffer = m_scratchOf[m_op];
    for (const Bytes size : m_kernels[m_op].scratch) {
      Span span{m_anyRam, Bytes(0), Bytes(0)};
      const auto at = static_cast<std::size_t>(buffer);
      if (buffer >= 0 && at < m_arena.buffers.size() && m_arena.buffers[at].op == m_op) {
        span = spanOf(at, placeAt(m_memory, at, m_step));
        ++buffer;
      }
      writeRam(span, Purpose::Scratch, size);
      readRam(span, Purpose::Scratch, size);
    }
  }

  void countSpill(const SpillEvent& event) {
    const auto buffer = static_cast<std::size_t>(m_bufferOf[event.tensor]);
    const bool isWrite = event.kind == SpillEvent::Kind::Write;
    const BufferPlace* place = nullptr;
    if (isWrite && !event.streamed) {
      // What leaves in one go lay in RAM until this step.
      const std::span<const BufferPlace> places = m_memory.places[buffer];
      const auto next = std::partition_point(
          places.begin(), places.end(),
          [&](const BufferPlace& stay) { return stay.life.last < event.step; });
      if (next != places.begin()) place = &*(next - 1);
    } else {
      place = placeAt(m_memory, buffer, event.step);
    }
    if (isWrite) {
      readRam(spanOf(buffer, place), Purpose::SpillWrite, event.bytes);
      add(m_memory.card, Purpose::SpillWrite, Bytes(0), event.bytes);
    } else {
      add(m_memory.card, Purpose::SpillRead, event.bytes, Bytes(0));
      writeRam(spanOf(buffer, place), Purpose::SpillRead, event.bytes);
    }
  }

  std::optional<TouchedBytes> touchedOf(OpId op) const {
    if (const auto exact = countTouched(m_graph, m_graph.ops[op], m_runtime)) return exact;
    const std::optional<KernelCost>& cost = m_kernelCosts[op].cost;
    return cost ? estimateTouched(m_graph.ops[op], *cost) : std::nullopt;
  }

  /// Shares what the kernel touches among the rows of one purpose as their unique bytes are shared.
  /// What is streamed has no figure: it takes another kernel, one that works in blocks.
  void noteTouched(const TouchedBytes& touched, std::span<Transfer> rows) const {
    const auto has = [&](Purpose purpose) {
      return std::any_of(rows.begin(), rows.end(),
                         [&](const Transfer& row) { return row.purpose == purpose; });
    };
    for (Transfer& row : rows) row.touchedBasis = touched.basis;
    const bool isOnCard = m_memory.weightsResidence == Residence::Storage;
    const auto reads = [&](Purpose purpose, Bytes bytes) {
      share(rows, purpose, bytes, &Transfer::read, &Transfer::readTouched);
    };
    if (!has(Purpose::SpillRead)) reads(Purpose::Input, touched.input);
    if (!isOnCard && touched.weights) reads(Purpose::Weights, *touched.weights);
    if (!isOnCard && touched.bias) reads(Purpose::Bias, *touched.bias);
    if (touched.scratchRead) reads(Purpose::Scratch, *touched.scratchRead);
    const auto writes = [&](Purpose purpose, Bytes bytes) {
      share(rows, purpose, bytes, &Transfer::written, &Transfer::writtenTouched);
    };
    if (touched.scratchWritten) writes(Purpose::Scratch, *touched.scratchWritten);
    if (has(Purpose::SpillWrite)) return;
    writes(Purpose::Output, touched.output);
    if (touched.outputRead > Bytes(0))
      share(rows, Purpose::Output, touched.outputRead, &Transfer::written, &Transfer::readTouched);
  }

  static void share(std::span<Transfer> rows, Purpose purpose, Bytes touched,
                    Bytes Transfer::*unique, std::optional<Bytes> Transfer::*to) {
    Bytes all;
    for (const Transfer& row : rows)
      if (row.purpose == purpose) all += row.*unique;
    Bytes left = touched;
    Bytes uniqueLeft = all;
    for (Transfer& row : rows) {
      if (row.purpose != purpose) continue;
      const Bytes mine = row.*unique;
      uniqueLeft -= mine;
      Bytes part = left;
      if (uniqueLeft > Bytes(0))
        part = Bytes(
            static_cast<std::int64_t>(static_cast<Wide>(touched.value) * mine.value / all.value));
      left -= part;
      row.*to = part;
    }
  }

  /// Per MAC: an activation, a weight and the partial sum read, the partial sum written. A sum of
  /// operands of up to 8 bits has 32, of 16 bits 64, of floats their own.
  std::optional<TrafficSum> worstCaseOf(const GraphOp& op) const {
    if (!op.macs) return std::nullopt;
    if (*op.macs == Macs(0)) return TrafficSum{};
    std::int64_t activationBits = 8;
    std::optional<std::int64_t> weightBits;
    bool seen = false;
    for (const GraphInput& input : op.inputs) {
      if (!input.tensor.valid()) continue;
      const std::int64_t bits = bitsOf(m_graph.tensors[input.tensor].type).value_or(8);
      if (input.role == InputRole::Activation && !seen) {
        activationBits = bits;
        seen = true;
      } else if (!weightBits &&
                 (input.role == InputRole::Weights || input.role == InputRole::Activation)) {
        weightBits = bits;
      }
    }
    const std::int64_t sumBits = activationBits <= 8    ? 32
                                 : activationBits <= 16 ? 64
                                                        : activationBits;
    const auto bytesFor = [&](std::int64_t bits) -> std::optional<Bytes> {
      const auto total = checkedMultiply(op.macs->value, bits);
      if (!total) return std::nullopt;
      return Bytes(*total / 8 + (*total % 8 != 0 ? 1 : 0));
    };
    const auto read = bytesFor(activationBits + weightBits.value_or(activationBits) + sumBits);
    const auto written = bytesFor(sumBits);
    if (!read || !written) return std::nullopt;
    return TrafficSum{*read, *written};
  }

  const Graph& m_graph;
  const KernelPlan& m_kernels;
  const KernelCosts& m_kernelCosts;
  const Schedule& m_schedule;
  const ArenaPlan& m_arena;
  const MemoryPlan& m_memory;
  const Runtime& m_runtime;
  RamMap m_ram;
  Table<TensorId, std::int32_t> m_bufferOf;  // -1: not planned
  Table<TensorId, OpId> m_counted;           // the op that counted a tensor last
  Table<OpId, std::int32_t> m_scratchOf;     // first of its buffers
  RegionId m_anyRam;                         // where the arena is, or would have to be
  Span m_chunk;                              // block buffer for weights
  OpId m_op;
  std::int32_t m_step = 0;
  std::size_t m_first = 0;  // of the op's rows
  Traffic m_out;
};

}  // namespace

std::string_view nameOf(Purpose purpose) {
  switch (purpose) {
    case Purpose::Input:
      return "input";
    case Purpose::Weights:
      return "weights";
    case Purpose::Bias:
      return "bias";
    case Purpose::Output:
      return "output";
    case Purpose::Scratch:
      return "scratch";
    case Purpose::SpillWrite:
      return "spill write";
    case Purpose::SpillRead:
      return "spill read";
  }
  return "";
}

TrafficSum sumOf(std::span<const Transfer> rows) {
  TrafficSum sum;
  for (const Transfer& row : rows) {
    sum.read += row.read;
    sum.written += row.written;
  }
  return sum;
}

Table<RegionId, TrafficSum> sumByRegion(std::span<const Transfer> rows, const Board& board) {
  Table<RegionId, TrafficSum> sums(board.memories.size());
  for (const Transfer& row : rows) {
    sums[row.region].read += row.read;
    sums[row.region].written += row.written;
  }
  return sums;
}

std::vector<TrafficSum> sumByPurpose(std::span<const Transfer> rows) {
  std::vector<TrafficSum> sums(kPurposeCount);
  for (const Transfer& row : rows) {
    TrafficSum& sum = sums[static_cast<std::size_t>(row.purpose)];
    sum.read += row.read;
    sum.written += row.written;
  }
  return sums;
}

Traffic countTraffic(const Graph& graph, const KernelPlan& kernels, const KernelCosts& kernelCosts,
                     const Schedule& schedule, const ArenaPlan& arena, const MemoryPlan& memory,
                     const Board& board, const Runtime& runtime) {
  return Counter(graph, kernels, kernelCosts, schedule, arena, memory, board, runtime).count();
}

}  // namespace mcuprof
