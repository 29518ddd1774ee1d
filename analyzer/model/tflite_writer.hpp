#pragma once

#include <cstddef>
#include <vector>

#include "analyzer/model/model.hpp"

namespace mcuprof {

/// The model as a .tflite file. Constant data starts at multiples of 16 bytes, so that a runtime
/// can use it in place. Reading the file gives the same model back; equal models give equal bytes.
///
/// Of sparse tensors the traversal order and the block map are kept, and how many dimensions there
/// are, as in the model; that is not enough to compute with.
///
/// All buffers together must stay below 2 GiB, which a FlatBuffer cannot exceed.
std::vector<std::byte> writeTflite(const Model& model);

}  // namespace mcuprof
