#pragma once

#include <cstdint>
#include <memory>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/model/model.hpp"

namespace mcuprof::bench {

/// MobileNetV2 of width 0.35 at 128x128, which the figures in docs/performance.md are for, as a
/// file in memory.
std::shared_ptr<const MappedFile> mobilenetV2File();

/// `operators` (at least 1) operators in a chain: 1x1 convolutions in pairs, each pair followed by
/// an addition of what went into it, so that lifetimes overlap as in a residual network.
/// Activations have 4 channels of `extent` by `extent`.
Model makeChain(std::int64_t operators, std::int32_t extent = 8);

/// The graph of a model that is known to be good; ends the program when it is not.
std::shared_ptr<const Graph> graphOf(const Model& model);
std::shared_ptr<const Graph> graphOf(const std::shared_ptr<const MappedFile>& file);

}  // namespace mcuprof::bench
