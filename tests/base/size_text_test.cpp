#include "analyzer/base/size_text.hpp"

#include <gtest/gtest.h>

namespace mcuprof {
namespace {

TEST(ParseSize, ReadsSizesAsPeopleWriteThem) {
  EXPECT_EQ(parseSize("0"), 0_B);
  EXPECT_EQ(parseSize("262144"), 262144_B);
  EXPECT_EQ(parseSize("256K"), 256_KiB);
  EXPECT_EQ(parseSize("256k"), 256_KiB);
  EXPECT_EQ(parseSize("256KB"), 256_KiB);
  EXPECT_EQ(parseSize("256 KiB"), 256_KiB);
  EXPECT_EQ(parseSize("1.5M"), 1536_KiB);
  EXPECT_EQ(parseSize("0.5kib"), 512_B);
  EXPECT_EQ(parseSize("0x40000"), 256_KiB);
  EXPECT_EQ(parseSize("12b"), 12_B);
  EXPECT_EQ(parseSize("1G"), 1048576_KiB);
}

TEST(ParseSize, RefusesWhatIsNoSize) {
  for (const char* text :
       {"", "K", "-1", "+1", "1.K", ".5K", "256 Kb it", "1e3", "0x", "0xZZ", "1.3B", "1,5M", "KiB",
        "99999999999999999999", "2000G", "9223372036854775807K", "1.0000000001M"}) {
    EXPECT_EQ(parseSize(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace mcuprof
