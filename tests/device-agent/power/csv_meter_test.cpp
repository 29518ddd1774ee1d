#include "device-agent/host/power/csv_meter.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

std::string errorOf(std::string_view text) {
  const auto samples = readCsvSamples(text, "m.csv");
  return samples ? "" : samples.error().text();
}

TEST(CsvSamplesTest, ReadsTimeCurrentAndTrigger) {
  const auto samples =
      readCsvSamples("time (s),current (mA),trigger\n0.5,10,0\n0.6,20,1\n0.7,30,0\n", "m.csv");
  ASSERT_TRUE(samples) << samples.error().text();
  EXPECT_EQ(samples->quantity, PowerQuantity::Amperes);
  EXPECT_TRUE(samples->hasTrigger);
  EXPECT_NEAR(samples->sampleHz, 10, 1e-9);
  ASSERT_EQ(samples->samples.size(), 3U);
  EXPECT_EQ(samples->samples[0].time, 0);
  EXPECT_FLOAT_EQ(samples->samples[1].value, 0.02F);
  EXPECT_EQ(samples->samples[1].flags, PowerSample::kTrigger);
  EXPECT_EQ(samples->missing, 0U);
}

TEST(CsvSamplesTest, ReadsTheExportOfAPowerProfilerKit) {
  const auto samples = readCsvSamples(
      "Timestamp(ms),Current(uA),D0-D7\n0,0.037,00000000\n0.01,41.153,00000000\n"
      "0.02,26772.5,10000000\n0.04,26771.9,10000000\n",
      "m.csv");
  ASSERT_TRUE(samples) << samples.error().text();
  EXPECT_NEAR(samples->sampleHz, 1e5, 1);
  EXPECT_NEAR(samples->samples[2].value, 26.7725e-3, 1e-8);
  EXPECT_EQ(samples->samples[2].flags & PowerSample::kTrigger, PowerSample::kTrigger);
  EXPECT_EQ(samples->missing, 1U);
  EXPECT_EQ(samples->samples[3].flags & PowerSample::kGap, PowerSample::kGap);
}

TEST(CsvSamplesTest, MakesPowerOfCurrentAndVoltage) {
  const auto samples =
      readCsvSamples("# time,js.current,js.voltage\n0,0.01,3.0\n1,0.02,3.2\n", "m.csv");
  ASSERT_TRUE(samples) << samples.error().text();
  EXPECT_EQ(samples->quantity, PowerQuantity::Watts);
  EXPECT_FLOAT_EQ(samples->samples[1].value, 0.064F);
  EXPECT_NEAR(samples->volts, 3.1, 1e-9);
}

TEST(CsvSamplesTest, LeavesOutALineThatIsNotComplete) {
  const auto samples = readCsvSamples("time,power (mW)\n0,1\n1,2\n2,3", "m.csv");
  ASSERT_TRUE(samples);
  EXPECT_EQ(samples->samples.size(), 2U);
}

TEST(CsvSamplesTest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(errorOf(""), "m.csv: has no header and samples, a line each");
  EXPECT_EQ(errorOf("a,b\n"),
            "m.csv:1: has no column \"time\", as \"time (s)\" or \"Timestamp(ms)\"");
  EXPECT_EQ(errorOf("time (s),voltage\n"),
            "m.csv:1: has neither a column \"current\", as \"current (mA)\", nor \"power\"");
  EXPECT_EQ(errorOf("time,current,current (mA)\n"),
            "m.csv:1: has a column twice: it is not clear which one is meant");
  EXPECT_EQ(errorOf("time,current\n0,1\n1,x\n"), "m.csv:3: \"x\" is no number");
  EXPECT_EQ(errorOf("time,current\n0,1\n1\n"), "m.csv:3: \"\" is no number");
  EXPECT_EQ(errorOf("time,current\n1,1\n1,1\n"), "m.csv:3: its time is not behind the one before");
  EXPECT_EQ(errorOf("time,current\n0,1\n"), "m.csv: has fewer than two samples");
  EXPECT_EQ(errorOf("time (h),current\n0,1\n"),
            "m.csv:1: has no column \"time\", as \"time (s)\" or \"Timestamp(ms)\"");
}

TEST(CsvMeterTest, WaitsForAFileThatIsWrittenAfterItBegan) {
  const test::TemporaryFolder folder;
  const std::string path = (folder.path() / "m.csv").string();
  std::ofstream(path) << "time,current\n0,1\n1,1\n2,1\n3,1\n";
  MeterSettings settings;
  settings.kind = "csv";
  settings.port = path;
  auto meter = openMeter(settings);
  ASSERT_TRUE(meter);
  ASSERT_TRUE((*meter)->start());
  ASSERT_TRUE((*meter)->stop());
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    std::ofstream(path) << "time,current\n0,1\n1,2\n";
  });
  std::array<PowerSample, 8> samples;
  const auto count = (*meter)->read(samples, std::chrono::milliseconds(1));
  writer.join();
  ASSERT_TRUE(count) << count.error().text();
  EXPECT_EQ(*count, 2U);
  EXPECT_EQ((*meter)->facts().sampleHz, 1);
}

TEST(CsvMeterTest, SaysWhenTheFileDoesNotCome) {
  const test::TemporaryFolder folder;
  MeterSettings settings;
  settings.kind = "csv";
  settings.port = (folder.path() / "none.csv").string();
  settings.fileWait = std::chrono::seconds(0);
  auto meter = openMeter(settings);
  ASSERT_TRUE(meter);
  ASSERT_TRUE((*meter)->start());
  ASSERT_TRUE((*meter)->stop());
  std::array<PowerSample, 8> samples;
  const auto count = (*meter)->read(samples, std::chrono::milliseconds(1));
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().what, "did not come; export the meter's samples to it");
}

}  // namespace
}  // namespace mcuprof
