#include "device-agent/host/openocd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "device-agent/host/interrupt.hpp"

namespace mcuprof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

/// OpenOCD without any hardware: its "dummy" adapter.
OpenocdOptions withoutHardware() {
  OpenocdOptions options;
  options.commands = {"adapter driver dummy", "transport select jtag"};
  return options;
}

TEST(Openocd, AnswersCommands) {
  auto openocd = Openocd::start(withoutHardware());
  ASSERT_TRUE(openocd) << openocd.error().text();
  const auto answer = (*openocd)->call("expr 6*7");
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, "42");
}

TEST(Openocd, TellsAFailedCommandFromAnAnswer) {
  auto openocd = Openocd::start(withoutHardware());
  ASSERT_TRUE(openocd);
  const auto answer = (*openocd)->call("no_such_command");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().text(), HasSubstr("openocd: \"no_such_command\" failed"));
  EXPECT_TRUE((*openocd)->call("expr 1")) << "it is still there";
}

TEST(Openocd, TakesWordsWithAnyCharacter) {
  auto openocd = Openocd::start(withoutHardware());
  ASSERT_TRUE(openocd);
  const std::string awkward = "a b{c}[d]$e\"f\\g;h";
  const auto answer = (*openocd)->call("string length " + tclWord(awkward));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(*answer, std::to_string(awkward.size()));
}

TEST(Openocd, IsKilledWhenItDoesNotAnswerInTime) {
  auto openocd = Openocd::start(withoutHardware());
  ASSERT_TRUE(openocd);
  const pid_t id = (*openocd)->processId();
  const auto answer = (*openocd)->call("after 20000", Milliseconds(100));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().text(), "openocd: no answer to \"after 20000\" within 0.1 s");
  EXPECT_NE(kill(id, 0), 0);
  EXPECT_FALSE((*openocd)->call("expr 1")) << "gone means gone";
}

TEST(Openocd, StopsWhenInterrupted) {
  const Interrupt guard;
  auto openocd = Openocd::start(withoutHardware());
  ASSERT_TRUE(openocd);
  raise(SIGINT);
  const auto answer = (*openocd)->call("after 20000");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().text(), "interrupted");
  const pid_t id = (*openocd)->processId();
  openocd->reset();
  EXPECT_NE(kill(id, 0), 0);
}

TEST(Openocd, SaysWhenItEndedByItself) {
  auto openocd = Openocd::start(withoutHardware());
  ASSERT_TRUE(openocd);
  kill((*openocd)->processId(), SIGKILL);
  const auto answer = (*openocd)->call("expr 1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().text(), "openocd: ended with status 137");
}

TEST(Openocd, SaysThatItIsMissing) {
  OpenocdOptions options = withoutHardware();
  options.program = "/nowhere/openocd";
  const auto openocd = Openocd::start(options);
  ASSERT_FALSE(openocd);
  EXPECT_EQ(openocd.error().text(),
            "/nowhere/openocd: cannot be started: No such file or directory; install OpenOCD 0.12 "
            "(Debian: apt install openocd)");
}

TEST(Openocd, HandsOnWhyAConfigurationIsWrong) {
  OpenocdOptions options;
  options.addFile("/nowhere/board.cfg");
  const auto openocd = Openocd::start(options);
  ASSERT_FALSE(openocd);
  EXPECT_THAT(openocd.error().text(), HasSubstr("openocd: ended with status 1"));
  EXPECT_THAT(openocd.error().text(), HasSubstr("/nowhere/board.cfg"));
}

TEST(Openocd, SaysThatThereIsNoProbe) {
  OpenocdOptions options;
  options.addFile("board/st_nucleo_f7.cfg");
  // A serial number that no probe on the machine has.
  options.commands.push_back("adapter serial MCUPROF0TEST");
  auto openocd = Openocd::start(options);
  ASSERT_TRUE(openocd) << openocd.error().text();
  const auto done = (*openocd)->connect();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text(), "openocd: \"init\" failed: open failed");
}

TEST(TraceNotice, GivesItsBytes) {
  EXPECT_THAT(traceOf("type target_trace data 01aAff\r\n"),
              Optional(ElementsAre(std::byte{1}, std::byte{0xaa}, std::byte{0xff})));
  EXPECT_FALSE(traceOf("type target_event event halted\r\n"));
  EXPECT_FALSE(traceOf("type target_trace data 01a"));
  EXPECT_FALSE(traceOf("type target_trace data 0x"));
}

TEST(MemoryAnswer, GivesItsWords) {
  EXPECT_THAT(wordsOf("0x1 0xdeadbeef"), Optional(ElementsAre(1U, 0xdeadbeefU)));
  EXPECT_THAT(wordsOf(""), Optional(ElementsAre()));
  EXPECT_FALSE(wordsOf("12"));
  EXPECT_FALSE(wordsOf("0x123456789"));
  EXPECT_FALSE(wordsOf("0x1  0x2"));
}

}  // namespace
}  // namespace mcuprof
