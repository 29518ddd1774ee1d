#include "analyzer/accuracy/measurement_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcuprof {
namespace {

Result<std::vector<Measurement>> read(std::string_view text) {
  const Result<CsvTable> table = readCsv(text, "m.csv");
  EXPECT_TRUE(table);
  return readMeasurements(*table);
}

constexpr std::string_view kHeader =
    "model,model_file,board,cpu,clock_mhz,runtime,open_runtime,latency_ms,notes\n";

TEST(ReadMeasurements, TellsOpenKernelsFromClosedOnes) {
  const auto rows = read(std::string(kHeader) +
                         "ad,ad.tflite,B,M4,120,microTVM + CMSIS-NN,yes,8.6,x\n"
                         "ad,ad.tflite,B,M4,,TFLM reference kernels,yes,9,\n"
                         "ad,,B,M4,120,TFLM + CMSIS (modified),yes,9,\n"
                         "ad,,B,M4,120,X-CUBE-AI 7.1,no,9,\n");
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ((*rows)[0].runtimeClass, RuntimeClass::OpenCmsisNn);
  EXPECT_EQ((*rows)[1].runtimeClass, RuntimeClass::OpenReference);
  EXPECT_EQ((*rows)[2].runtimeClass, RuntimeClass::OpenOther);
  EXPECT_EQ((*rows)[3].runtimeClass, RuntimeClass::Closed);
  EXPECT_EQ((*rows)[0].latencyMs, 8.6);
  EXPECT_FALSE((*rows)[1].clockMhz);
}

TEST(ReadMeasurements, ReadsLayersWhereThereIsALayerIndex) {
  const auto rows = read(
      "model,model_local,board,cpu,clock_mhz,runtime,layer_index,op,cycles\nm,m.tflite,B,M33,78,"
      "TFLM,3,CONV_2D,956100\n");
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ((*rows)[0].layer, 3);
  EXPECT_EQ((*rows)[0].cycles, 956100);
}

TEST(ReadMeasurements, NamesLineAndColumnOfWhatIsWrong) {
  EXPECT_EQ(read("model\nx\n").error().text(), "m.csv:1: no column \"model_file\"");
  EXPECT_EQ(read(std::string(kHeader) + "ad,,B,M4,fast,X,no,9,\n").error().text(),
            "m.csv:2: clock_mhz is \"fast\"; wanted a number above 0 or nothing");
  EXPECT_EQ(read(std::string(kHeader) + "ad,,B,M4,1,X,maybe,9,\n").error().text(),
            "m.csv:2: open_runtime is \"maybe\"; wanted yes or no");
}

TEST(BoardNames, TriesTheWholeNameThenItsParts) {
  EXPECT_THAT(boardNames("BRD2601 (EFR32xG24)"),
              testing::ElementsAre("brd2601-(efr32xg24)", "brd2601", "efr32xg24"));
  EXPECT_THAT(boardNames("Teensy 4.0"), testing::ElementsAre("teensy-4.0"));
}

}  // namespace
}  // namespace mcuprof
