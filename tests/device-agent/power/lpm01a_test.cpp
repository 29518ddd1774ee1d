#include "device-agent/host/power/lpm01a.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using Format = Lpm01aDecoder::Format;

std::vector<PowerSample> decode(Lpm01aDecoder& decoder, std::string_view text,
                                std::size_t piece = 0) {
  std::vector<PowerSample> samples;
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  if (piece == 0) piece = bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    decoder.decode(bytes.subspan(at, std::min(piece, bytes.size() - at)), samples);
  }
  return samples;
}

std::size_t countOf(const std::vector<PowerSample>& samples, std::uint8_t flag) {
  return static_cast<std::size_t>(std::ranges::count_if(
      samples, [&](const PowerSample& sample) { return (sample.flags & flag) != 0; }));
}

TEST(Lpm01aText, IsReadWithItsEvents) {
  const auto folder = test::sharedFolder();
  if (folder.empty()) GTEST_SKIP() << "no samples in " << MCUPROF_SHARED_DIR;
  const std::string text =
      test::contentOf(folder / "samples/lpm01a_stream_ascii_energy_SYNTHETIC.txt");
  for (const std::size_t piece : {std::size_t{0}, std::size_t{1}, std::size_t{7}}) {
    Lpm01aDecoder decoder(Format::Ascii, true, 1000);
    const auto samples = decode(decoder, text, piece);
    ASSERT_GE(samples.size(), 31U);
    EXPECT_NEAR(samples[0].value, 15.79e-6 * 1000, 1e-9);  // joules in a millisecond
    EXPECT_NEAR(samples[10].value, 33.36e-6 * 1000, 1e-9);
    EXPECT_EQ(samples[10].flags & PowerSample::kEvent, PowerSample::kEvent);
    EXPECT_EQ(countOf(samples, PowerSample::kEvent), 2U);
    EXPECT_DOUBLE_EQ(samples[10].time, 0.010);
    EXPECT_TRUE(decoder.ended());
    EXPECT_EQ(decoder.missing() + decoder.damaged() + decoder.lostEvents(), 0U);
    EXPECT_EQ(decoder.error(), "");
  }
}

TEST(Lpm01aBinary, IsReadFromItsFirstTimestampToItsEnd) {
  const auto folder = test::sharedFolder();
  if (folder.empty()) GTEST_SKIP() << "no samples in " << MCUPROF_SHARED_DIR;
  const std::string text = test::contentOf(folder / "samples/lpm01a_stream_bin_SYNTHETIC.bin");
  for (const std::size_t piece :
       {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{64}}) {
    Lpm01aDecoder decoder(Format::Binary, false, 100'000);
    const auto samples = decode(decoder, text, piece);
    EXPECT_EQ(samples.size(), 2200U);
    EXPECT_NEAR(samples[0].value, 640.87e-6, 1e-8);
    EXPECT_TRUE(decoder.ended());
    EXPECT_EQ(decoder.missing() + decoder.damaged(), 0U);
  }
}

TEST(Lpm01aText, TellsSamplesThatAreMissingByTheTimestamp) {
  std::string text = "TimeStamp: 000s 000ms, buff 00%\r\n";
  for (int i = 0; i < 990; ++i) text += "1000-06\r\n";
  text += "TimeStamp: 001s 000ms, buff 97%\r\n1000-06\r\n";
  Lpm01aDecoder decoder(Format::Ascii, false, 1000);
  const auto samples = decode(decoder, text);
  ASSERT_EQ(samples.size(), 991U);
  EXPECT_EQ(decoder.missing(), 10U);
  EXPECT_DOUBLE_EQ(samples.back().time, 1.0);
  EXPECT_EQ(samples.back().flags, PowerSample::kGap);
  EXPECT_EQ(decoder.fullest(), 97U);
}

TEST(Lpm01aText, CountsLostEventsAndValuesThatCannotBeRead) {
  Lpm01aDecoder decoder(Format::Ascii, false, 1000);
  using namespace std::string_literals;
  const std::string text =
      "TimeStamp: 000s 000ms, buff 00%\r\n"
      "event 00 ris\r\n1000-06\r\n10x0-06\r\nevent 03 ris\r\n1000-06\r\n"
      "\0"
      "2000-061000-06\r\n"s;
  const auto samples = decode(decoder, text);
  EXPECT_EQ(samples.size(), 4U);
  EXPECT_EQ(decoder.lostEvents(), 2U);
  EXPECT_EQ(decoder.damaged(), 1U);
}

TEST(Lpm01aText, EndsWithTheMetersOwnError) {
  Lpm01aDecoder decoder(Format::Ascii, false, 1000);
  decode(decoder,
         "TimeStamp: 000s 000ms, buff 00%\r\n1000-06\r\n"
         "error: Overcurrent >59mA, dynamic acquisition stopped\r\nend\r\n1000-06\r\n");
  EXPECT_TRUE(decoder.ended());
  EXPECT_TRUE(decoder.overcurrent());
  EXPECT_EQ(decoder.error(), "Overcurrent >59mA, dynamic acquisition stopped");
}

TEST(Lpm01aStart, ThatIsRefusedEndsTheAcquisition) {
  for (const Format format : {Format::Ascii, Format::Binary}) {
    Lpm01aDecoder decoder(format, false, 1000);
    decode(decoder, "\r\nPowerShield > error\r\nError detail: static acquisition\r\n");
    EXPECT_TRUE(decoder.ended());
    EXPECT_EQ(decoder.error(), "static acquisition");
  }
}

TEST(Lpm01aBinary, KnowsOvercurrentAndSkipsFramesThatItDoesNot) {
  using namespace std::string_literals;
  const std::string text =
      "\xf0\xf3\0\0\0\0\0\xff\xff\x52\xa0\xf0\xf9unknown\xff\xff\x52\xa0"
      "\xf0\xf5too much\xff\xff\xf0\xf4\xff\xff"s;
  Lpm01aDecoder decoder(Format::Binary, false, 100'000);
  EXPECT_EQ(decode(decoder, text, 1).size(), 2U);
  EXPECT_TRUE(decoder.overcurrent());
  EXPECT_TRUE(decoder.ended());
  EXPECT_EQ(decoder.error(), "too much");
}

}  // namespace
}  // namespace mcuprof
