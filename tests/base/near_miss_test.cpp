#include "analyzer/base/near_miss.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mcuprof {
namespace {

const std::vector<std::string> kBoards = {"f767zi", "f746zg", "rpi-pico", "rpi-pico-2"};

TEST(NearMiss, FindsASlipOfTheFingers) {
  EXPECT_EQ(nearMiss("f767z1", kBoards), "f767zi");
  EXPECT_EQ(nearMiss("f76zi", kBoards), "f767zi");
  EXPECT_EQ(nearMiss("f676zi", kBoards), "f767zi");  // two neighbours swapped
  EXPECT_EQ(nearMiss("RPI_PICO", kBoards), "rpi-pico");
}

TEST(NearMiss, PrefersTheNearest) {
  EXPECT_EQ(nearMiss("rpi-pico2", kBoards), "rpi-pico");
}

TEST(NearMiss, HasNothingForAnotherWord) {
  EXPECT_EQ(nearMiss("esp32", kBoards), std::nullopt);
  EXPECT_EQ(nearMiss("", kBoards), std::nullopt);
  EXPECT_EQ(nearMiss(std::string(1000, 'f'), kBoards), std::nullopt);
}

}  // namespace
}  // namespace mcuprof
