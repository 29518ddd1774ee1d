#include "analyzer/model/graph_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "analyzer/model/op_rules.hpp"

namespace mcuprof {
namespace {

constexpr std::int64_t kLargestExtent = INT32_MAX;

/// Walks the operators in order after something upstream has changed, and lets each follow: first
/// its constants, by the extents of its inputs, then its outputs, by its shape rule.
class Follower {
 public:
  Follower(const Graph& graph, std::int32_t extra, std::int32_t first, std::int32_t last)
      : m_before(graph),
        m_graph(graph),
        m_extra(extra),
        m_first(first),
        m_last(last),
        m_changed(graph.tensors.size()),
        m_grouped(graph.ops.size()) {
    for (OpId id : graph.ops.ids()) {
      const GraphOp& op = graph.ops[id];
      if (op.kind != OpKind::Conv2d) continue;
      const Shape& input = in(op, 0);
      const Shape& filter = in(op, 1);
      m_grouped[id] = input.size() == 4 && filter.size() == 4 && input[3] != filter[3];
    }
  }

  Graph& graph() { return m_graph; }

  Result<void> setShape(TensorId id, Shape shape) {
    GraphTensor& tensor = m_graph.tensors[id];
    if (tensor.shape == shape) return {};
    const std::optional<Bytes> bytes = sizeOf(tensor.type, shape);
    if (!bytes) return Error{"", fmt::format("tensor \"{}\" would be too large", tensor.name)};
    for (std::size_t d = 0; d < shape.size() && tensor.shape.size() == shape.size(); ++d) {
      // One scale a channel stays one scale a channel.
      const auto before = static_cast<std::size_t>(tensor.shape[d]);
      const auto after = static_cast<std::size_t>(shape[d]);
      if (tensor.scaleCount > 1 && tensor.scaleCount == before) tensor.scaleCount = after;
      if (tensor.zeroPointCount > 1 && tensor.zeroPointCount == before)
        tensor.zeroPointCount = after;
    }
    tensor.shape = std::move(shape);
    tensor.bytes = *bytes;
    if (tensor.isConstant) {
      m_graph.fileBytes += *bytes - tensor.storedBytes;
      tensor.storedBytes = *bytes;
      tensor.data = {};
    }
    m_changed[id] = true;
    return {};
  }

  Result<Graph> run() {
    if (m_graph.subgraphs.size() != 1) {
      return Error{"", "the model has control flow; only models with one subgraph can be edited"};
    }
    for (OpId id : m_graph.ops.ids()) {
      GraphOp& op = m_graph.ops[id];
      if (!touched(op) && !growsHere(id)) continue;
      if (const std::optional<std::string> problem = follow(id)) {
        return Error{"", fmt::format("layer {} ({}) cannot follow: {}", id.value + 1,
                                     m_graph.kindName(op), *problem)};
      }
    }
    return std::move(m_graph);
  }

 private:
  using Problem = std::optional<std::string>;

  bool growsHere(OpId id) const {
    return m_extra != 0 && id.value >= m_first && id.value <= m_last &&
           m_graph.ops[id].kind == OpKind::Conv2d;
  }

  bool touched(const GraphOp& op) const {
    return std::any_of(op.inputs.begin(), op.inputs.end(), [&](const GraphInput& input) {
      return input.tensor.valid() && m_changed[input.tensor];
    });
  }

  const Shape& in(const GraphOp& op, std::size_t i) const {
    return m_graph.tensors[op.inputs[i].tensor].shape;
  }
  bool has(const GraphOp& op, std::size_t i) const {
    return i < op.inputs.size() && op.inputs[i].tensor.valid();
  }

  Problem set(TensorId id, Shape shape) {
    const Result<void> done = setShape(id, std::move(shape));
    return done ? Problem() : Problem(done.error().what);
  }

  /// A constant of the operator takes a new shape; others may not read it.
  Problem setConstant(const GraphOp& op, std::size_t input, Shape shape) {
    const TensorId id = op.inputs[input].tensor;
    const GraphTensor& tensor = m_graph.tensors[id];
    if (tensor.shape == shape) return {};
    if (!tensor.isConstant) return fmt::format("input {} is computed at run time", input);
    if (tensor.readers.size() > 1)
      return fmt::format("\"{}\" is shared with another layer", tensor.name);
    return set(id, std::move(shape));
  }

  Problem setBias(const GraphOp& op, std::size_t input, std::int32_t count) {
    return has(op, input) ? setConstant(op, input, {count}) : Problem();
  }

  Problem follow(OpId id) {
    GraphOp& op = m_graph.ops[id];
    if (const Problem problem = followConstants(id, op)) return problem;
    std::vector<std::optional<std::vector<std::int64_t>>> wanted(op.outputs.size());
    if (const OpProblem problem = checkForm(OpView{m_graph, op})) return problem;
    if (op.kind != OpKind::Reshape) {
      OpView view{m_graph, op};
      view.wanted = &wanted;
      if (const OpProblem problem = checkShape(view)) return problem;
    }
    for (std::size_t i = 0; i < op.outputs.size(); ++i) {
      // Reshape: followConstants has set it. Fully connected: rows and units are as they were.
      if (op.kind == OpKind::Reshape || op.kind == OpKind::FullyConnected) break;
      if (!wanted[i]) return "how its output follows its input is not known";
      Shape shape;
      for (std::int64_t extent : *wanted[i]) {
        if (extent <= 0 || extent > kLargestExtent)
          return fmt::format("an extent of its output would be {}", extent);
        shape.push_back(static_cast<std::int32_t>(extent));
      }
      if (const Problem problem = set(op.outputs[i], std::move(shape))) return problem;
    }
    if (const OpProblem problem = checkShape(OpView{m_graph, op})) return problem;
    const MacCount count = countMacs(OpView{m_graph, op});
    if (count.overflow) return "its multiply-accumulates would exceed 63 bits";
    op.macs = count.macs;
    return {};
  }

  /// Filters, biases and the like that depend on the extents of the input.
  Problem followConstants(OpId id, GraphOp& op) {
    switch (op.kind) {
      case OpKind::Conv2d:
        return followConv(id, op);
      case OpKind::DepthwiseConv2d:
        return followDepthwise(op);
      case OpKind::FullyConnected:
        return followFullyConnected(op);
      case OpKind::TransposeConv:
        return followTransposeConv(op);
      case OpKind::AveragePool2d:
      case OpKind::MaxPool2d:
        return followGlobalPool(op);
      case OpKind::Reshape:
        return followReshape(op);
      case OpKind::Add:
      case OpKind::Sub:
      case OpKind::Mul:
      case OpKind::Div:
      case OpKind::Prelu:
        return followChannelConstant(op);
      default:
        return {};
    }
  }

  Problem followConv(OpId id, const GraphOp& op) {
    if (in(op, 0).size() != 4 || in(op, 1).size() != 4) return "its input has not the form NxHxWxC";
    Shape filter = in(op, 1);
    if (m_grouped[id]) return "it is a grouped convolution";
    filter[3] = in(op, 0)[3];
    if (growsHere(id)) {
      if (filter[0] > kLargestExtent - m_extra) return "it would have too many filters";
      filter[0] += m_extra;
    }
    const std::int32_t filters = filter[0];
    if (const Problem problem = setConstant(op, 1, std::move(filter))) return problem;
    return setBias(op, 2, filters);
  }

  Problem followDepthwise(const GraphOp& op) {
    if (in(op, 0).size() != 4 || in(op, 1).size() != 4) return "its input has not the form NxHxWxC";
    Shape filter = in(op, 1);
    const std::int64_t multiplier =
        std::max(1, std::get_if<ConvAttributes>(&op.attributes) != nullptr
                        ? std::get<ConvAttributes>(op.attributes).depthMultiplier
                        : 1);
    const std::int64_t channels = multiplier * in(op, 0)[3];
    if (channels > kLargestExtent) return "it would have too many channels";
    filter[3] = static_cast<std::int32_t>(channels);
    if (const Problem problem = setConstant(op, 1, std::move(filter))) return problem;
    return setBias(op, 2, static_cast<std::int32_t>(channels));
  }

  Problem followFullyConnected(const GraphOp& op) {
    Shape weights = in(op, 1);
    const Shape& output = m_graph.tensors[op.outputs[0]].shape;
    if (weights.size() != 2 || output.empty())
      return "its weights have not the form outputs x inputs";
    const std::optional<std::int64_t> elements = countElements(in(op, 0));
    const std::optional<std::int64_t> outputs = countElements(output);
    const std::int64_t rows = weights[0] > 0 && outputs ? *outputs / weights[0] : 0;
    if (!elements || rows <= 0 || *elements % rows != 0 || *elements / rows > kLargestExtent)
      return "its rows would not be whole";
    weights[1] = static_cast<std::int32_t>(*elements / rows);
    return setConstant(op, 1, std::move(weights));
  }

  Problem followTransposeConv(const GraphOp& op) {
    if (!has(op, 2) || in(op, 2).size() != 4 || in(op, 1).size() != 4)
      return "its input has not the form NxHxWxC";
    Shape filter = in(op, 1);
    filter[3] = in(op, 2)[3];
    return setConstant(op, 1, std::move(filter));
  }

  /// A constant that holds one value a channel grows with the channels of the other side.
  Problem followChannelConstant(const GraphOp& op) {
    if (!has(op, 1)) return {};
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      const GraphTensor& constant = m_graph.tensors[op.inputs[side].tensor];
      const Shape& data = in(op, 1 - side);
      if (!constant.isConstant || constant.shape.empty() || data.empty()) continue;
      Shape shape = constant.shape;
      const bool oneAChannel =
          shape.back() > 1 &&
          std::all_of(shape.begin(), shape.end() - 1, [](std::int32_t e) { return e == 1; });
      if (!oneAChannel) continue;
      shape.back() = data.back();
      return setConstant(op, side, std::move(shape));
    }
    return {};
  }

  /// A window that covered the whole input covers it still.
  Problem followGlobalPool(GraphOp& op) {
    auto* pool = std::get_if<PoolAttributes>(&op.attributes);
    const Shape& before = m_before.tensors[op.inputs[0].tensor].shape;
    const Shape& after = in(op, 0);
    if (pool == nullptr || before.size() != 4 || after.size() != 4) return {};
    if (pool->filterH != before[1] || pool->filterW != before[2]) return {};
    if (pool->strideH == pool->filterH) pool->strideH = after[1];
    if (pool->strideW == pool->filterW) pool->strideW = after[2];
    pool->filterH = after[1];
    pool->filterW = after[2];
    return {};
  }

  /// A reshape keeps the form it had: what was flattened is flattened, what was kept is kept.
  Problem followReshape(const GraphOp& op) {
    const std::optional<std::int64_t> elements = countElements(in(op, 0));
    Shape shape = m_graph.tensors[op.outputs[0]].shape;
    if (!elements || shape.empty()) return "its output is a scalar";
    // The longest extent takes up the change: 1x1x1x64 to 1x64 and 1x4x4x8 to 1x128 are both of
    // this form.
    const auto longest = std::max_element(shape.begin(), shape.end());
    std::int64_t rest = 1;
    for (auto extent = shape.begin(); extent != shape.end(); ++extent) {
      if (extent != longest) rest *= *extent;
    }
    const bool oneLong =
        std::count_if(shape.begin(), shape.end(), [](std::int32_t e) { return e > 1; }) <= 1;
    if (!oneLong || rest <= 0 || *elements % rest != 0 || *elements / rest > kLargestExtent) {
      return fmt::format("its target shape {} is fixed in the model", textOf(shape));
    }
    *longest = static_cast<std::int32_t>(*elements / rest);
    return set(op.outputs[0], std::move(shape));
  }

  const Graph& m_before;  ///< as it was; outlives the walk
  Graph m_graph;
  std::int32_t m_extra;
  std::int32_t m_first;
  std::int32_t m_last;
  Table<TensorId, char> m_changed;
  Table<OpId, char> m_grouped;  ///< convolutions whose filters see a part of the channels
};

}  // namespace

Result<Graph> addFilters(const Graph& graph, std::int32_t extra, std::int32_t first,
                         std::int32_t last) {
  const auto count = static_cast<std::int32_t>(graph.ops.size());
  if (extra < 0)
    return Error{"", fmt::format("cannot add {} filters; wanted a number from 0", extra)};
  if (first < 0 || last < first || last >= count) {
    return Error{"", fmt::format("no layers {} to {}; the model has layers 0 to {}", first, last,
                                 count - 1)};
  }
  const auto begin = graph.ops.begin();
  if (std::none_of(begin + first, begin + last + 1,
                   [](const GraphOp& op) { return op.kind == OpKind::Conv2d; })) {
    return Error{"", fmt::format("no CONV_2D among layers {} to {}", first, last)};
  }
  return Follower(graph, extra, first, last).run();
}

Result<Graph> resizeInput(const Graph& graph, std::int32_t height, std::int32_t width) {
  const GraphSubgraph& main = graph.subgraphs[SubgraphId(std::int32_t{0})];
  if (main.inputs.empty()) return Error{"", "the model has no input"};
  const TensorId input = main.inputs.front();
  Shape shape = graph.tensors[input].shape;
  if (shape.size() != 4) {
    return Error{"", fmt::format("the input is {}; wanted the form NxHxWxC", textOf(shape))};
  }
  if (height < 1 || width < 1)
    return Error{"", fmt::format("an input of {}x{} has no elements", height, width)};
  shape[1] = height;
  shape[2] = width;
  Follower follower(graph, 0, 0, -1);
  if (const Result<void> done = follower.setShape(input, std::move(shape)); !done)
    return done.error();
  return follower.run();
}

}  // namespace mcuprof
