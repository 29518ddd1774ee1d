#pragma once

#include <memory>
#include <string>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/model/model.hpp"

namespace mcuprof {

/// Reads a .tflite file. Nothing in it is trusted: the FlatBuffer is verified as a whole before any
/// of it is read, then checkModel() holds for the result. Time and memory grow linearly with the
/// file at worst.
///
/// The model's buffers are views into the file, which the model keeps alive. Files of more than 2
/// GiB are read when their FlatBuffer ends below 2 GiB and the rest is constant data behind it, as
/// converters write them.
Result<Model> readTflite(std::shared_ptr<const MappedFile> file);

/// The same for a path, "-" for standard input.
Result<Model> loadTflite(const std::string& path);

}  // namespace mcuprof
