#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mcuprof {

/// How a number came about; shown beside every number, weakest last. A sum is as weak as its
/// weakest term.
enum class Basis : std::uint8_t {
  Counted,    ///< exact, follows from the model and known rules
  Measured,   ///< from a device
  Datasheet,  ///< from a vendor's document or source
  Fitted,     ///< from a model fitted on counts or measurements
  Assumed,    ///< recalled or guessed; verify before betting on it
  Virtual,    ///< from the virtual board; never mixed with measured
};

constexpr std::string_view nameOf(Basis basis) {
  switch (basis) {
    case Basis::Counted:
      return "counted";
    case Basis::Measured:
      return "measured";
    case Basis::Datasheet:
      return "datasheet";
    case Basis::Fitted:
      return "fitted";
    case Basis::Assumed:
      return "assumed";
    case Basis::Virtual:
      return "virtual";
  }
  return "";
}

/// A fact from a target file together with where it comes from.
template <typename T>
struct Sourced {
  T value{};
  Basis basis = Basis::Assumed;
  std::string source;

  friend bool operator==(const Sourced&, const Sourced&) = default;
};

}  // namespace mcuprof
