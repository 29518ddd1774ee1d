#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/base/result.hpp"
#include "analyzer/model/model.hpp"

namespace mcuprof {

/// What `--input` says: "96" or "49x10". The second extent is absent when only one was given.
struct ZooInput {
  std::int32_t first = 0;
  std::optional<std::int32_t> second;
  friend bool operator==(const ZooInput&, const ZooInput&) = default;
};

/// What a user may choose; what is left out has the network's default.
struct ZooOptions {
  std::optional<double> width;  ///< scales the channels of all hidden layers
  std::optional<ZooInput> input;
  std::optional<std::int32_t> classes;
  ElementType type = ElementType::Int8;  ///< of activations: Int8, Int16 (8-bit weights) or Float32
  std::uint64_t seed = 1;                ///< of weights and biases
};

/// A network of the zoo with its defaults.
struct ZooEntry {
  std::string_view name;     ///< "mobilenet_v2"
  std::string_view summary;  ///< one line: what it is and whose
  double width = 1;
  std::string_view input;      ///< default of --input, "128" or "49x10"
  std::string_view inputForm;  ///< what --input takes: "N or HxW (pixels)"
  std::int32_t classes = 0;    ///< 0: the network has none, --classes is refused
};

/// All networks, by name.
std::span<const ZooEntry> listZoo();

/// A reference network as the TFLite converter would leave it, with weights from a seeded
/// generator. The same options give the same model on every machine. `fileBytes` is 0 until the
/// model is written.
Result<Model> makeZooModel(std::string_view name, const ZooOptions& options);

/// "128" or "49x10", extents from 1 to 4096.
Result<ZooInput> parseZooInput(std::string_view text);

/// "int8", "int16" or "float32".
Result<ElementType> parseZooType(std::string_view text);

}  // namespace mcuprof
