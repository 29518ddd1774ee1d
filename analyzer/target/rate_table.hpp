#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/model/op.hpp"
#include "analyzer/model/tensor.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {

/// What a rate is per.
enum class RateUnit : std::uint8_t { Input, Output, Mac };

/// A coarse cost of an operator: constant + per x units instructions. For kernels that were counted
/// on a few shapes only; the interval says how coarse.
struct OpRate {
  OpKind kind{};
  ElementType type = ElementType::Int8;  ///< of the first input
  RateUnit unit = RateUnit::Output;
  double constant = 0;
  double per = 0;
  double low = 1;  ///< 90 % interval of true over predicted
  double high = 1;
  int shapes = 0;  ///< counted; 0: carried over from a sibling
  Basis basis = Basis::Fitted;
  std::string source;
};

/// Rates of one family of kernels (targets/rates/<library>.toml).
struct RateTable {
  std::string name;
  bool floatNeedsFpu = true;  ///< the float rates hold with a floating-point unit only
  std::vector<OpRate> rates;

  const OpRate* find(OpKind kind, ElementType type) const;
};

RateTable readRateTable(TomlDocument& document, std::string name);
Result<RateTable> loadRateTable(const std::string& path);

}  // namespace mcuprof
