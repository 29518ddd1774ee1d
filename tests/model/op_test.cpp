#include "analyzer/model/op.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tflite_generated.h"

namespace mcuprof {
namespace {

TEST(OpKind, HasTheNameAndNumberOfEveryBuiltinOperatorOfTheSchema) {
  std::size_t count = 0;
  for (const auto code : tflite::EnumValuesBuiltinOperator()) {
    const auto kind = static_cast<OpKind>(code);
    EXPECT_TRUE(isKnown(kind)) << tflite::EnumNameBuiltinOperator(code);
    EXPECT_EQ(nameOf(kind), tflite::EnumNameBuiltinOperator(code));
    ++count;
  }
  std::set<std::int32_t> ours;
#define MCUPROF_OP(name, schemaName, code) ours.insert(code);
#include "analyzer/model/op_kinds.def"
#undef MCUPROF_OP
  EXPECT_EQ(ours.size(), count);
  EXPECT_EQ(count, 210U);
}

TEST(OpKind, OfANumberBeyondTheSchemaIsUnknown) {
  EXPECT_FALSE(isKnown(static_cast<OpKind>(210)));
  EXPECT_FALSE(isKnown(static_cast<OpKind>(-1)));
  EXPECT_EQ(nameOf(static_cast<OpKind>(210)), "UNKNOWN");
}

// The numbers of union members are their positions; a member inserted in the middle would shift
// them. The numbers are those that files in the wild carry.
TEST(BuiltinOptions, KeepTheNumbersOfTheFormat) {
  using tflite::BuiltinOptions;
  EXPECT_EQ(static_cast<int>(BuiltinOptions::Conv2DOptions), 1);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::FullyConnectedOptions), 8);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::ReshapeOptions), 17);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::ReducerOptions), 27);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::TransposeConvOptions), 49);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::LeakyReluOptions), 75);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::IfOptions), 92);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::BatchMatMulOptions), 101);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::VarHandleOptions), 111);
  EXPECT_EQ(static_cast<int>(BuiltinOptions::MAX), 126);
  EXPECT_EQ(static_cast<int>(tflite::BuiltinOptions2::MAX), 23);
}

}  // namespace
}  // namespace mcuprof
