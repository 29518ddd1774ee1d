#include "analyzer/model/foreign_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace mcuprof {
namespace {

constexpr std::string_view kConvert = "convert it to .tflite first";
constexpr std::size_t kTextSample = 512;

bool isPrintable(char c) {
  return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
}

/// A protobuf message whose field 1 is a small number: ONNX counts its format from 3, SavedModel is
/// at 1.
bool startsLikeProtobuf(std::string_view start, char lowest, char highest) {
  constexpr std::string_view kNextFields = "\x12\x1a\x22\x2a\x30\x32\x3a\x42";
  return start.size() > 3 && start[0] == 0x08 && start[1] >= lowest && start[1] <= highest &&
         kNextFields.find(start[2]) != std::string_view::npos;
}

std::string describeText(std::string_view sample) {
  if (sample.find("char ") != std::string_view::npos &&
      sample.find("[]") != std::string_view::npos) {
    return "is C source text; give the .tflite file that the array was made from";
  }
  return "is a text file, not a .tflite model";
}

}  // namespace

std::optional<std::string> describeForeignFile(std::span<const std::byte> bytes) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()),
                               std::min(bytes.size(), kTextSample));
  if (start.substr(std::min<std::size_t>(4, start.size())).starts_with("TFL3")) return std::nullopt;
  if (bytes.empty()) return "is empty (0 bytes)";
  if (start.starts_with("\x89HDF")) {
    return fmt::format("is an HDF5 file (Keras); {}", kConvert);
  }
  if (start.starts_with("PK\x03\x04")) {
    return fmt::format("is a ZIP archive (Keras or PyTorch); {}", kConvert);
  }
  if (start.starts_with("\x7f"
                        "ELF")) {
    return "is an ELF program or library, not a .tflite model";
  }
  if (start.starts_with("\x1f\x8b")) return "is gzip-compressed; unpack it first";
  if (startsLikeProtobuf(start, 1, 1))
    return fmt::format("is a TensorFlow SavedModel; {}", kConvert);
  if (startsLikeProtobuf(start, 2, 31)) return fmt::format("is an ONNX file; {}", kConvert);
  if (std::all_of(start.begin(), start.end(), isPrintable)) return describeText(start);
  if (bytes.size() < 8) {
    return fmt::format("is {} bytes long, too short for a .tflite model", bytes.size());
  }
  const std::string_view identifier = start.substr(4, 4);
  if (std::all_of(identifier.begin(), identifier.end(), isPrintable)) {
    return fmt::format("is not a .tflite model: bytes 4 to 7 are \"{}\", wanted \"TFL3\"",
                       std::find_if(identifier.begin(), identifier.end(),
                                    [](char c) { return c < ' '; }) == identifier.end()
                           ? identifier
                           : "....");
  }
  return "is not a .tflite model: bytes 4 to 7 are not \"TFL3\"";
}

}  // namespace mcuprof
