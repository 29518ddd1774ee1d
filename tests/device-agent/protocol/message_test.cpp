#include "device-agent/protocol/message.hpp"

#include <gtest/gtest.h>

namespace mcuprof {
namespace {

TEST(ReadMessage, GivesTheStructOfTheType) {
  const Frame frame{MCUPROF_FRAME_LAYER, 3, {0x00050002, 10, 0, 20, 1, 30, 2}};
  const Result<Message> message = readMessage(frame);
  ASSERT_TRUE(message) << message.error().text();
  const auto& report = std::get<mcuprof_layer_report>(*message);
  EXPECT_EQ(report.layer, 2);
  EXPECT_EQ(report.runs, 5);
  EXPECT_EQ(valueOf(report.minimum), 10U);
  EXPECT_EQ(valueOf(report.median), 0x100000014U);
  EXPECT_EQ(valueOf(report.maximum), 0x20000001EU);
}

TEST(ReadMessage, IgnoresWordsThatALaterMinorVersionAdded) {
  const Frame frame{MCUPROF_FRAME_DONE, 3, {1, 2, 0xFFFFFFFF, 4, 5}};
  const Result<Message> message = readMessage(frame);
  ASSERT_TRUE(message) << message.error().text();
  EXPECT_EQ(std::get<mcuprof_done>(*message).status, -1);
}

TEST(ReadMessage, SaysHowManyWordsAreMissing) {
  const Frame frame{MCUPROF_FRAME_LAYER, 7, {1, 2, 3}};
  EXPECT_EQ(readMessage(frame).error().text(), "frame 7: LAYER has 3 words; wanted 7");
}

TEST(ReadMessage, KnowsWhatItDoesNotKnow) {
  const Result<Message> message = readMessage(Frame{200, 0, {}});
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<UnknownMessage>(*message).type, 200);
}

TEST(ReadMessage, NamesEveryType) {
  for (std::uint8_t type = MCUPROF_FRAME_HELLO; type <= MCUPROF_FRAME_DONE; ++type) {
    EXPECT_FALSE(nameOfFrameType(type).empty()) << int{type};
    EXPECT_FALSE(readMessage(Frame{type, 0, {}})) << int{type};
  }
  EXPECT_TRUE(nameOfFrameType(0).empty());
}

}  // namespace
}  // namespace mcuprof
