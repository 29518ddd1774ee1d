#pragma once

#include <string>
#include <variant>

#include "analyzer/model/op.hpp"

namespace mcuprof::tflite {
struct Operator;
}

namespace mcuprof {

/// The attributes of a verified operator, or in plain words what is wrong with its options: they
/// are missing where the operator cannot do without, or a value is out of range.
std::variant<Attributes, std::string> readOptions(OpKind kind, const tflite::Operator& op);

}  // namespace mcuprof
