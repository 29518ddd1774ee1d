#include "analyzer/model/tflite_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tflite_generated.h"

namespace mcuprof {
namespace {

/// Collects the first complaint while values are converted.
struct Check {
  std::string complaint;

  void note(std::string text) {
    if (complaint.empty()) complaint = std::move(text);
  }

  Activation activation(tflite::ActivationFunctionType value) {
    const auto number = static_cast<int>(value);
    if (number < 0 || number > 5) {
      note(fmt::format("fused activation {} found, wanted 0 to 5", number));
    }
    return static_cast<Activation>(number);
  }

  Padding padding(tflite::Padding value) {
    const auto number = static_cast<int>(value);
    if (number != 0 && number != 1) {
      note(fmt::format("padding {} found, wanted 0 (same) or 1 (valid)", number));
    }
    return static_cast<Padding>(number);
  }

  std::int32_t atLeastOne(const char* what, std::int32_t value) {
    if (value < 1) note(fmt::format("{} {} found, wanted at least 1", what, value));
    return value;
  }
};

template <typename Options>
Attributes convolution(Check& check, const Options& o) {
  ConvAttributes a;
  a.padding = check.padding(o.padding());
  a.strideH = check.atLeastOne("stride_h", o.stride_h());
  a.strideW = check.atLeastOne("stride_w", o.stride_w());
  a.activation = check.activation(o.fused_activation_function());
  if constexpr (requires { o.dilation_h_factor(); }) {
    a.dilationH = check.atLeastOne("dilation_h_factor", o.dilation_h_factor());
    a.dilationW = check.atLeastOne("dilation_w_factor", o.dilation_w_factor());
  }
  if constexpr (requires { o.depth_multiplier(); }) a.depthMultiplier = o.depth_multiplier();
  return a;
}

Attributes convolution3d(Check& check, const tflite::Conv3DOptions& o) {
  Conv3dAttributes a;
  a.padding = check.padding(o.padding());
  a.strideD = check.atLeastOne("stride_d", o.stride_d());
  a.strideH = check.atLeastOne("stride_h", o.stride_h());
  a.strideW = check.atLeastOne("stride_w", o.stride_w());
  a.dilationD = check.atLeastOne("dilation_d_factor", o.dilation_d_factor());
  a.dilationH = check.atLeastOne("dilation_h_factor", o.dilation_h_factor());
  a.dilationW = check.atLeastOne("dilation_w_factor", o.dilation_w_factor());
  a.activation = check.activation(o.fused_activation_function());
  return a;
}

Attributes pooling(Check& check, const tflite::Pool2DOptions& o) {
  PoolAttributes a;
  a.padding = check.padding(o.padding());
  a.strideH = check.atLeastOne("stride_h", o.stride_h());
  a.strideW = check.atLeastOne("stride_w", o.stride_w());
  a.filterH = check.atLeastOne("filter_height", o.filter_height());
  a.filterW = check.atLeastOne("filter_width", o.filter_width());
  a.activation = check.activation(o.fused_activation_function());
  return a;
}

template <typename Options>
Attributes recurrent(Check& check, const Options& o) {
  RecurrentAttributes a;
  a.activation = check.activation(o.fused_activation_function());
  a.asymmetricQuantizeInputs = o.asymmetric_quantize_inputs();
  if constexpr (requires { o.rank(); }) a.rank = check.atLeastOne("rank", o.rank());
  if constexpr (requires { o.time_major(); }) a.timeMajor = o.time_major();
  if constexpr (requires { o.cell_clip(); }) {
    a.cellClip = o.cell_clip();
    a.projectionClip = o.proj_clip();
  }
  return a;
}

template <typename Options>
Attributes arithmetic(Check& check, const Options& o) {
  ArithmeticAttributes a;
  a.activation = check.activation(o.fused_activation_function());
  if constexpr (requires { o.pot_scale_int16(); }) a.potScaleInt16 = o.pot_scale_int16();
  return a;
}

Attributes dimensions(Check& check, const flatbuffers::Vector<std::int32_t>* values) {
  DimensionsAttributes a;
  if (values == nullptr) return a;
  // No operator works on more dimensions; a longer list is a damaged file.
  constexpr flatbuffers::uoffset_t kMostDimensions = 64;
  if (values->size() > kMostDimensions) {
    check.note(
        fmt::format("{} dimensions listed, wanted at most {}", values->size(), kMostDimensions));
    return a;
  }
  for (const std::int32_t value : *values) a.dimensions.push_back(value);
  return a;
}

Attributes fullyConnected(Check& check, const tflite::FullyConnectedOptions& o) {
  FullyConnectedAttributes a;
  a.activation = check.activation(o.fused_activation_function());
  a.keepNumDims = o.keep_num_dims();
  a.shuffledWeights =
      o.weights_format() == tflite::FullyConnectedOptionsWeightsFormat::SHUFFLED4x16INT8;
  a.asymmetricQuantizeInputs = o.asymmetric_quantize_inputs();
  return a;
}

Attributes stridedSlice(const tflite::StridedSliceOptions& o) {
  StridedSliceAttributes a;
  a.beginMask = o.begin_mask();
  a.endMask = o.end_mask();
  a.ellipsisMask = o.ellipsis_mask();
  a.newAxisMask = o.new_axis_mask();
  a.shrinkAxisMask = o.shrink_axis_mask();
  a.offset = o.offset();
  return a;
}

std::string textOf(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : std::string(text->c_str(), text->size());
}

/// For operators that cannot do without their options, and for those whose defaults are all zero or
/// false anyway.
enum class Missing { IsAnError, MeansDefaults };

template <typename Options, typename Convert>
Attributes given(Check& check, const Options* options, Missing missing, Attributes defaults,
                 Convert convert) {
  if (options != nullptr) return convert(*options);
  if (missing == Missing::IsAnError) check.note("its options are missing");
  return defaults;
}

Attributes read(Check& check, OpKind kind, const tflite::Operator& op) {
  const auto conv = [&](const auto* o) {
    return given(check, o, Missing::IsAnError, ConvAttributes(),
                 [&](const auto& v) { return convolution(check, v); });
  };
  const auto conv3d = [&](const auto* o) {
    return given(check, o, Missing::IsAnError, Conv3dAttributes(),
                 [&](const auto& v) { return convolution3d(check, v); });
  };
  const auto pool = [&](const auto* o) {
    return given(check, o, Missing::IsAnError, PoolAttributes(),
                 [&](const auto& v) { return pooling(check, v); });
  };
  const auto cell = [&](const auto* o, Missing missing = Missing::MeansDefaults) {
    return given(check, o, missing, RecurrentAttributes(),
                 [&](const auto& v) { return recurrent(check, v); });
  };
  const auto sum = [&](const auto* o) {
    return given(check, o, Missing::MeansDefaults, ArithmeticAttributes(),
                 [&](const auto& v) { return arithmetic(check, v); });
  };
  const auto reduce = [&](const auto* o) {
    return given(check, o, Missing::MeansDefaults, ReduceAttributes(),
                 [](const auto& v) { return ReduceAttributes{v.keep_dims()}; });
  };
  const auto axis = [&](const auto* o, auto convert) {
    return given(check, o, Missing::MeansDefaults, AxisAttributes(), convert);
  };
  const auto resize = [&](const auto* o) {
    return given(check, o, Missing::MeansDefaults, ResizeAttributes(), [](const auto& v) {
      return ResizeAttributes{v.align_corners(), v.half_pixel_centers()};
    });
  };
  const auto block = [&](const auto* o) {
    return given(check, o, Missing::IsAnError, BlockAttributes(), [&](const auto& v) {
      return BlockAttributes{check.atLeastOne("block_size", v.block_size())};
    });
  };
  const auto control = [&](const auto* o, auto convert) {
    return given(check, o, Missing::IsAnError, ControlAttributes(), convert);
  };

  switch (kind) {  // Operators without attributes are all the others.
    case OpKind::Conv2d:
      return conv(op.builtin_options_as_Conv2DOptions());
    case OpKind::DepthwiseConv2d:
      return conv(op.builtin_options_as_DepthwiseConv2DOptions());
    case OpKind::TransposeConv:
      return conv(op.builtin_options_as_TransposeConvOptions());
    case OpKind::Conv3d:
    case OpKind::Conv3dTranspose:
      return conv3d(op.builtin_options_as_Conv3DOptions());
    case OpKind::AveragePool2d:
    case OpKind::MaxPool2d:
    case OpKind::L2Pool2d:
      return pool(op.builtin_options_as_Pool2DOptions());
    case OpKind::FullyConnected:
      return given(check, op.builtin_options_as_FullyConnectedOptions(), Missing::MeansDefaults,
                   FullyConnectedAttributes(),
                   [&](const auto& v) { return fullyConnected(check, v); });
    case OpKind::Add:
      return sum(op.builtin_options_as_AddOptions());
    case OpKind::Sub:
      return sum(op.builtin_options_as_SubOptions());
    case OpKind::Mul:
      return sum(op.builtin_options_as_MulOptions());
    case OpKind::Div:
      return sum(op.builtin_options_as_DivOptions());
    case OpKind::Softmax:
      return given(check, op.builtin_options_as_SoftmaxOptions(), Missing::MeansDefaults,
                   SoftmaxAttributes(), [](const auto& v) { return SoftmaxAttributes{v.beta()}; });
    case OpKind::Concatenation:
      return axis(op.builtin_options_as_ConcatenationOptions(), [&](const auto& v) {
        return AxisAttributes{v.axis(), 0, check.activation(v.fused_activation_function())};
      });
    case OpKind::Pack:
      return axis(op.builtin_options_as_PackOptions(), [](const auto& v) {
        return AxisAttributes{v.axis(), v.values_count()};
      });
    case OpKind::Unpack:
      return axis(op.builtin_options_as_UnpackOptions(), [](const auto& v) {
        return AxisAttributes{v.axis(), v.num()};
      });
    case OpKind::Gather:
      return axis(op.builtin_options_as_GatherOptions(), [](const auto& v) {
        return AxisAttributes{v.axis(), v.batch_dims()};
      });
    case OpKind::Split:
      return axis(op.builtin_options_as_SplitOptions(), [](const auto& v) {
        return AxisAttributes{0, v.num_splits()};
      });
    case OpKind::SplitV:
      return axis(op.builtin_options_as_SplitVOptions(), [](const auto& v) {
        return AxisAttributes{0, v.num_splits()};
      });
    case OpKind::OneHot:
      return axis(op.builtin_options_as_OneHotOptions(), [](const auto& v) {
        return AxisAttributes{v.axis(), 0};
      });
    case OpKind::Reshape:
      return given(check, op.builtin_options_as_ReshapeOptions(), Missing::MeansDefaults,
                   DimensionsAttributes(),
                   [&](const auto& v) { return dimensions(check, v.new_shape()); });
    case OpKind::Squeeze:
      return given(check, op.builtin_options_as_SqueezeOptions(), Missing::MeansDefaults,
                   DimensionsAttributes(),
                   [&](const auto& v) { return dimensions(check, v.squeeze_dims()); });
    case OpKind::Mean:
    case OpKind::Sum:
    case OpKind::ReduceProd:
    case OpKind::ReduceMax:
    case OpKind::ReduceMin:
    case OpKind::ReduceAny:
    case OpKind::ReduceAll:
      return reduce(op.builtin_options_as_ReducerOptions());
    case OpKind::StridedSlice:
      return given(check, op.builtin_options_as_StridedSliceOptions(), Missing::MeansDefaults,
                   StridedSliceAttributes(), [](const auto& v) { return stridedSlice(v); });
    case OpKind::Svdf:
      return cell(op.builtin_options_as_SVDFOptions(), Missing::IsAnError);
    case OpKind::Rnn:
      return cell(op.builtin_options_as_RNNOptions());
    case OpKind::UnidirectionalSequenceRnn:
      return cell(op.builtin_options_as_SequenceRNNOptions());
    case OpKind::BidirectionalSequenceRnn:
      return cell(op.builtin_options_as_BidirectionalSequenceRNNOptions());
    case OpKind::Lstm:
      return cell(op.builtin_options_as_LSTMOptions());
    case OpKind::UnidirectionalSequenceLstm:
      return cell(op.builtin_options_as_UnidirectionalSequenceLSTMOptions());
    case OpKind::BidirectionalSequenceLstm:
      return cell(op.builtin_options_as_BidirectionalSequenceLSTMOptions());
    case OpKind::LeakyRelu:
      return given(check, op.builtin_options_as_LeakyReluOptions(), Missing::MeansDefaults,
                   LeakyReluAttributes(),
                   [](const auto& v) { return LeakyReluAttributes{v.alpha()}; });
    case OpKind::ResizeBilinear:
      return resize(op.builtin_options_as_ResizeBilinearOptions());
    case OpKind::ResizeNearestNeighbor:
      return resize(op.builtin_options_as_ResizeNearestNeighborOptions());
    case OpKind::DepthToSpace:
      return block(op.builtin_options_as_DepthToSpaceOptions());
    case OpKind::SpaceToDepth:
      return block(op.builtin_options_as_SpaceToDepthOptions());
    case OpKind::BatchMatmul:
      return given(
          check, op.builtin_options_as_BatchMatMulOptions(), Missing::MeansDefaults,
          BatchMatMulAttributes(), [](const auto& v) {
            return BatchMatMulAttributes{v.adj_x(), v.adj_y(), v.asymmetric_quantize_inputs()};
          });
    case OpKind::MirrorPad:
      return given(check, op.builtin_options_as_MirrorPadOptions(), Missing::MeansDefaults,
                   MirrorPadAttributes(), [](const auto& v) {
                     return MirrorPadAttributes{static_cast<std::int32_t>(v.mode())};
                   });
    case OpKind::Cumsum:
      return given(check, op.builtin_options_as_CumsumOptions(), Missing::MeansDefaults,
                   CumsumAttributes(), [](const auto& v) {
                     return CumsumAttributes{v.exclusive(), v.reverse()};
                   });
    case OpKind::If:
      return control(op.builtin_options_as_IfOptions(), [](const auto& v) {
        return ControlAttributes{v.then_subgraph_index(), v.else_subgraph_index()};
      });
    case OpKind::While:
      return control(op.builtin_options_as_WhileOptions(), [](const auto& v) {
        return ControlAttributes{v.cond_subgraph_index(), v.body_subgraph_index()};
      });
    case OpKind::CallOnce:
      return control(op.builtin_options_as_CallOnceOptions(), [](const auto& v) {
        return ControlAttributes{v.init_subgraph_index(), -1};
      });
    case OpKind::Call:
      return control(op.builtin_options_as_CallOptions(), [](const auto& v) {
        return ControlAttributes{static_cast<std::int32_t>(std::min(v.subgraph(), 0x7fffffffU)),
                                 -1};
      });
    case OpKind::VarHandle:
      return given(check, op.builtin_options_as_VarHandleOptions(), Missing::MeansDefaults,
                   VariableAttributes(), [](const auto& v) {
                     return VariableAttributes{textOf(v.container()), textOf(v.shared_name())};
                   });
    default:
      return NoAttributes();
  }
}

}  // namespace

std::variant<Attributes, std::string> readOptions(OpKind kind, const tflite::Operator& op) {
  Check check;
  Attributes attributes = read(check, kind, op);
  if (!check.complaint.empty()) return std::move(check.complaint);
  return attributes;
}

}  // namespace mcuprof
