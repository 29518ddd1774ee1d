#pragma once

#include <cstdint>

#include "analyzer/base/result.hpp"
#include "analyzer/model/model.hpp"

namespace mcuprof {

/// Options of a zoo network with every default filled in.
struct ZooSettings {
  double width = 1;
  std::int32_t height = 0;   ///< of an image, or steps of a sequence, or length of a vector
  std::int32_t columns = 0;  ///< width of an image, or features a step; 0 for a vector
  std::int32_t classes = 0;
  ElementType type = ElementType::Int8;
  std::uint64_t seed = 1;

  /// `filters` scaled by width and cut to a whole number, at least 1, as Keras does it.
  std::int32_t scaled(std::int32_t filters) const;
};

// Each follows the code that trained the original; see docs/zoo.md for sources.
Result<Model> makeMobilenetV1(const ZooSettings& settings);
Result<Model> makeMobilenetV2(const ZooSettings& settings);
Result<Model> makeDsCnn(const ZooSettings& settings);
Result<Model> makeResnet8(const ZooSettings& settings);
Result<Model> makeFcAutoencoder(const ZooSettings& settings);
Result<Model> makeCnn1d(const ZooSettings& settings);
Result<Model> makeLstm(const ZooSettings& settings);
Result<Model> makeGesture(const ZooSettings& settings);

}  // namespace mcuprof
