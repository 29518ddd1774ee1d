#pragma once

#include "analyzer/model/model.hpp"
#include "tflite_generated.h"

namespace mcuprof {

/// Where an operator's options were written: which table of the union, and its place. NONE for
/// operators without options.
struct WrittenOptions {
  tflite::BuiltinOptions kind = tflite::BuiltinOptions::NONE;
  flatbuffers::Offset<void> offset;
};

/// Writes the options of an operator of `subgraph`, the inverse of readOptions(). Types that
/// options repeat (CAST, SHAPE, ARG_MAX) are taken from the operator's tensors. Only the writer
/// includes this.
WrittenOptions writeOptions(flatbuffers::FlatBufferBuilder& out, const Operator& op,
                            const Subgraph& subgraph);

}  // namespace mcuprof
