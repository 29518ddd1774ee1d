#include "analyzer/model/tensor.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tflite_generated.h"

namespace mcuprof {
namespace {

TEST(ElementType, HasTheNumberOfEveryTypeOfTheSchema) {
  for (const auto type : tflite::EnumValuesTensorType()) {
    EXPECT_TRUE(isKnown(static_cast<ElementType>(type))) << tflite::EnumNameTensorType(type);
  }
  EXPECT_EQ(std::size(tflite::EnumValuesTensorType()), 23U);
  EXPECT_FALSE(isKnown(static_cast<ElementType>(23)));
  EXPECT_EQ(nameOf(ElementType::Int8), "int8");
  EXPECT_EQ(static_cast<int>(ElementType::Int8), static_cast<int>(tflite::TensorType::INT8));
}

TEST(SizeOf, CountsWholeElements) {
  EXPECT_EQ(sizeOf(ElementType::Int8, Shape{1, 4, 4, 3}), Bytes(48));
  EXPECT_EQ(sizeOf(ElementType::Float32, Shape{1, 4, 4, 3}), Bytes(192));
  EXPECT_EQ(sizeOf(ElementType::Int64, Shape{}), Bytes(8)) << "a scalar is one element";
  EXPECT_EQ(sizeOf(ElementType::Float32, Shape{3, 0, 5}), Bytes(0));
}

TEST(SizeOf, FillsUpTheLastByteOfPackedElements) {
  EXPECT_EQ(sizeOf(ElementType::Int4, Shape{3}), Bytes(2));
  EXPECT_EQ(sizeOf(ElementType::Int4, Shape{4}), Bytes(2));
  EXPECT_EQ(sizeOf(ElementType::Int2, Shape{5}), Bytes(2));
}

TEST(SizeOf, IsNothingWithoutASizeOrBeyond63Bits) {
  EXPECT_EQ(sizeOf(ElementType::String, Shape{3}), std::nullopt);
  EXPECT_EQ(sizeOf(ElementType::Resource, Shape{1}), std::nullopt);
  constexpr std::int32_t kHuge = 2147483647;
  EXPECT_EQ(countElements(Shape{kHuge, kHuge}), std::int64_t{kHuge} * kHuge);
  EXPECT_EQ(sizeOf(ElementType::Float32, Shape{kHuge, kHuge}), std::nullopt)
      << "4 * (2^31 - 1)^2 > 2^63";
  EXPECT_EQ(countElements(Shape{kHuge, kHuge, 3}), std::nullopt);
  EXPECT_EQ(countElements(Shape{2, -1}), std::nullopt);
}

TEST(TextOf, JoinsExtents) {
  EXPECT_EQ(textOf(Shape{1, 64, 64, 16}), "1x64x64x16");
  EXPECT_EQ(textOf(Shape{}), "scalar");
}

}  // namespace
}  // namespace mcuprof
