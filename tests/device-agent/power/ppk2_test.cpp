#include "device-agent/host/power/ppk2.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <sstream>

#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

std::vector<std::byte> bytesOf(std::initializer_list<std::uint32_t> words) {
  std::vector<std::byte> bytes;
  for (const std::uint32_t word : words) {
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::byte>(word >> 8 * i));
  }
  return bytes;
}

std::uint32_t word(unsigned counter, unsigned field, unsigned range = 3, unsigned logic = 0) {
  return field | range << 14 | (counter & 63) << 18 | logic << 24;
}

TEST(Ppk2Metadata, IsReadFromARealKit) {
  const auto folder = test::sharedFolder();
  if (folder.empty()) GTEST_SKIP() << "no samples in " << MCUPROF_SHARED_DIR;
  const auto modifiers =
      readPpk2Metadata(test::contentOf(folder / "samples/ppk2_metadata_real.txt"));
  ASSERT_TRUE(modifiers) << modifiers.error().text();
  EXPECT_EQ(modifiers->r[0], 1003.3506);
  EXPECT_EQ(modifiers->gs[0], 1);  // 0 in the text, which stands for missing
  EXPECT_EQ(modifiers->gs[1], 112.7890);
  EXPECT_EQ(modifiers->i[4], -0.009388455);
  EXPECT_EQ(modifiers->vdd, 3741);
  EXPECT_EQ(modifiers->mode, 2);
  EXPECT_EQ(modifiers->hardware, "9173");
  EXPECT_FALSE(modifiers->calibrated);
}

TEST(Ppk2Metadata, KeepsDefaultsForWhatIsNoNumber) {
  const auto modifiers = readPpk2Metadata("HW: 1\nR1: -nan\nO2: 12x\nGS9: 3\nEND\n");
  ASSERT_TRUE(modifiers);
  EXPECT_EQ(modifiers->r, Ppk2Modifiers().r);
  EXPECT_EQ(modifiers->o, Ppk2Modifiers().o);
}

TEST(Ppk2Metadata, OfSomethingElseIsRefused) {
  for (const char* text : {"", "END\n", "hello\nEND\n", "R0: 1000\n"}) {
    EXPECT_FALSE(readPpk2Metadata(text)) << text;
  }
}

TEST(Ppk2DecoderTest, ConvertsAsTheKitsOwnProgramDoes) {
  const auto folder = test::sharedFolder();
  if (folder.empty()) GTEST_SKIP() << "no samples in " << MCUPROF_SHARED_DIR;
  const auto modifiers =
      readPpk2Metadata(test::contentOf(folder / "samples/ppk2_metadata_real.txt"));
  ASSERT_TRUE(modifiers);
  Ppk2Decoder decoder(*modifiers, 3741);
  std::istringstream lines(test::contentOf(folder / "samples/ppk2_vectors_SYNTHETIC.csv"));
  std::string line;
  std::getline(lines, line);
  std::size_t count = 0;
  for (; std::getline(lines, line); ++count) {
    std::vector<std::string> fields;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) fields.push_back(cell);
    const auto value = static_cast<std::uint32_t>(std::stoul(fields[0], nullptr, 16));
    std::vector<PowerSample> samples;
    decoder.decode(bytesOf({value}), samples);
    ASSERT_EQ(samples.size(), 1U);
    const double filtered = std::stod(fields[7]) * 1e-6;
    EXPECT_NEAR(samples[0].value, filtered, 1e-6 * filtered) << line;
    EXPECT_EQ((samples[0].flags & PowerSample::kTrigger) != 0, fields[2] == "1") << line;
  }
  EXPECT_EQ(count, 16U);
  EXPECT_EQ(decoder.missing(), 0U);
}

TEST(Ppk2DecoderTest, KeepsTheTimeOfSamplesThatAreMissing) {
  Ppk2Decoder decoder({}, 3300);
  std::vector<PowerSample> samples;
  decoder.decode(bytesOf({word(62, 100), word(63, 100), word(4, 100), word(5, 100)}), samples);
  ASSERT_EQ(samples.size(), 4U);
  EXPECT_EQ(decoder.missing(), 4U);
  EXPECT_DOUBLE_EQ(samples[1].time, 1e-5);
  EXPECT_DOUBLE_EQ(samples[2].time, 6e-5);
  EXPECT_EQ(samples[1].flags & PowerSample::kGap, 0);
  EXPECT_EQ(samples[2].flags & PowerSample::kGap, PowerSample::kGap);
}

TEST(Ppk2DecoderTest, TakesBytesCutAnywhere) {
  std::vector<std::byte> bytes;
  for (unsigned i = 0; i < 200; ++i) {
    for (const std::byte byte : bytesOf({word(i, 50 * i, i / 40 % 5, i % 2)}))
      bytes.push_back(byte);
  }
  Ppk2Decoder whole({}, 3300);
  std::vector<PowerSample> expected;
  whole.decode(bytes, expected);
  for (std::size_t piece = 1; piece < 9; ++piece) {
    Ppk2Decoder cut({}, 3300);
    std::vector<PowerSample> samples;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      cut.decode(std::span(bytes).subspan(at, std::min(piece, bytes.size() - at)), samples);
    }
    ASSERT_EQ(samples.size(), expected.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      ASSERT_EQ(samples[i].value, expected[i].value);
      ASSERT_EQ(samples[i].flags, expected[i].flags);
    }
  }
}

TEST(Ppk2DecoderTest, TellsACurrentBeyondItsLargestRange) {
  Ppk2Decoder decoder({}, 3300);
  std::vector<PowerSample> samples;
  decoder.decode(bytesOf({word(0, 400, 4), word(1, 1100, 4), word(2, 900, 3), word(3, 10, 6)}),
                 samples);
  std::vector<bool> overload;
  for (const PowerSample& sample : samples) {
    overload.push_back((sample.flags & PowerSample::kOverload) != 0);
  }
  EXPECT_EQ(overload, (std::vector<bool>{false, true, false, true}));
}

}  // namespace
}  // namespace mcuprof
