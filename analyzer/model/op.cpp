#include "analyzer/model/op.hpp"

namespace mcuprof {

std::string_view nameOf(OpKind kind) {
  switch (kind) {
#define MCUPROF_OP(name, schemaName, code) \
  case OpKind::name:                       \
    return #schemaName;
#include "analyzer/model/op_kinds.def"
#undef MCUPROF_OP
  }
  return "UNKNOWN";
}

bool isKnown(OpKind kind) {
  switch (kind) {
#define MCUPROF_OP(name, schemaName, code) case OpKind::name:
#include "analyzer/model/op_kinds.def"
#undef MCUPROF_OP
    return true;
  }
  return false;
}

std::string_view nameOf(Padding padding) {
  switch (padding) {
    case Padding::Same:
      return "same";
    case Padding::Valid:
      return "valid";
  }
  return "";
}

std::string_view nameOf(Activation activation) {
  switch (activation) {
    case Activation::None:
      return "none";
    case Activation::Relu:
      return "relu";
    case Activation::ReluN1To1:
      return "relu_n1_to_1";
    case Activation::Relu6:
      return "relu6";
    case Activation::Tanh:
      return "tanh";
    case Activation::SignBit:
      return "sign_bit";
  }
  return "";
}

}  // namespace mcuprof
