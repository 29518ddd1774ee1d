#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace mcuprof {

/// What a file that is not .tflite seems to be and what to do about it, as the rest of a sentence
/// that starts with the file's name: "is an HDF5 file (Keras); convert it to .tflite first".
/// Nothing when the bytes carry the identifier of a .tflite file.
std::optional<std::string> describeForeignFile(std::span<const std::byte> bytes);

}  // namespace mcuprof
