#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "db/import/foreign_run.hpp"
#include "db/run_store.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::db {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<ForeignRun> read(const std::string& text, const std::string& name = "x.csv") {
  const auto runs = readForeignFile(text, name);
  EXPECT_TRUE(runs) << runs.error().text();
  return runs ? *runs : std::vector<ForeignRun>();
}

std::string refused(const std::string& text, const std::string& name = "x.csv") {
  const auto runs = readForeignFile(text, name);
  return runs ? "accepted" : runs.error().text();
}

constexpr const char* kModels =
    "source,model,model_file,board,cpu,clock_mhz,runtime,open_runtime,latency_ms,energy_uJ,"
    "caution\n"
    "A,Net,net.tflite,NUCLEO-L4R5ZI,Cortex-M4,120,TFLM with CMSIS-NN,yes,10.5,416,\n"
    "B,Net,net.tflite,OTHER,Cortex-M4,,Vendor 1.0,no,7,,doubtful\n";
constexpr const char* kLayers =
    "source,model,model_local,board,cpu,clock_mhz,runtime,layer_index,op,cycles\n"
    "A,Net,net.tflite,B1,Cortex-M33,78,TFLM,1,POOL,200\n"
    "A,Net,net.tflite,B1,Cortex-M33,78,TFLM,0,CONV_2D,1000\n"
    "A,Net,net.tflite,B2,Cortex-M33,78,TFLM,0,CONV_2D,1100\n";
constexpr const char* kVela =
    "TFLite_operator,NNG Operator,SRAM Usage,Peak%,Op Cycles,Network%,NPU,SRAM AC,DRAM AC,OnFlash "
    "AC,OffFlash AC,MAC Count,Network%,Util%,Name\n"
    "CONV_2D,Conv2DBias,100,50.0,700.5,17.6,700.0,200.0,0.0,0.0,0.0,8000,80.0,3.9,first;layer\n";
constexpr const char* kLog =
    "=== models/tiny.tflite ===\n"
    "tflite::CreateOpResolver, 8090\n"
    "CONV_2D took 1000 ticks (8 ms).\n"
    "SOFTMAX took 24 ticks (0 ms).\n"
    "CONV_2D, 9090\n"
    "[[ Table ]]: Arena\n        Total | 84436 |   100.00\n"
    "[[ Table ]]: Allocations\n        Total | 1 |   100.00\n";

TEST(Import, TakesModelsOfACsv) {
  const auto runs = read(kModels);
  ASSERT_EQ(runs.size(), 2U);
  const auto record = recordOf(runs[0], {});
  ASSERT_TRUE(record) << record.error().text();
  EXPECT_EQ(record->provenance, Provenance::Imported);
  EXPECT_EQ(record->source, "CSV x.csv:2; A");
  EXPECT_EQ(record->model.name, "net.tflite");
  EXPECT_EQ(record->board.name, "NUCLEO-L4R5ZI");
  EXPECT_EQ(record->board.clockHz, 120'000'000);
  EXPECT_EQ(record->kernelLibrary, "cmsis-nn");
  EXPECT_EQ(record->inference.runs, 1);
  EXPECT_EQ(record->inference.median, 1'260'000) << "10.5 ms at 120 MHz";
  EXPECT_THAT(record->layers, IsEmpty());
}

TEST(Import, NeedsAClockForATime) {
  const auto runs = read(kModels);
  EXPECT_EQ(recordOf(runs[1], {}).error().text(),
            "x.csv:3: the clock of OTHER is not stated, and no target file knows the board; give "
            "--clock");
  ImportContext rated;
  rated.board.clockHz = 100'000'000;
  rated.clockAssumed = true;
  const auto record = recordOf(runs[1], rated);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->inference.median, 700'000);
  EXPECT_EQ(record->machine[0].key, "clock Hz, assumed");
  EXPECT_EQ(record->kernelLibrary, "") << "closed kernels are nobody's table";
  EXPECT_THAT(record->source, HasSubstr("caution: doubtful"));
}

TEST(Import, PutsLayersOfOneModelIntoOneRun) {
  const auto runs = read(kLayers);
  ASSERT_EQ(runs.size(), 2U);
  const auto record = recordOf(runs[0], {});
  ASSERT_TRUE(record);
  ASSERT_EQ(record->layers.size(), 2U);
  EXPECT_EQ(record->layers[0].number, 1);
  EXPECT_EQ(record->layers[0].cycles.median, 1000);
  EXPECT_EQ(record->layers[1].kind, "POOL");
  EXPECT_EQ(record->inference.runs, 0) << "nobody timed the whole";
}

TEST(Import, RefusesALayerTwice) {
  auto runs = read(std::string(kLayers) + "A,Net,net.tflite,B1,Cortex-M33,78,TFLM,1,POOL,200\n");
  EXPECT_EQ(recordOf(runs[0], {}).error().text(), "x.csv:2: has layer 2 twice");
}

TEST(Import, TakesTheLinesOfABenchmarkLogNotItsTables) {
  const auto runs = read(kLog, "log.txt");
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].modelFile, "tiny.tflite");
  EXPECT_EQ(runs[0].cycles, 1024);
  ASSERT_EQ(runs[0].layers.size(), 2U);
  EXPECT_EQ(runs[0].layers[1].kind, "SOFTMAX");
  ASSERT_EQ(runs[0].facts.size(), 1U);
  EXPECT_EQ(runs[0].facts[0], std::pair(std::string("arena B"), std::string("84436")));
  EXPECT_EQ(refused("A took x ticks (1 ms).\n", "log.txt"),
            "log.txt:1: wanted a whole number of ticks behind \"took\"");
}

TEST(Import, TakesVelasEstimatesForEstimates) {
  const auto runs = read(kVela, "net_per-layer.csv");
  ASSERT_EQ(runs.size(), 1U);
  const auto record = recordOf(runs[0], {});
  ASSERT_TRUE(record);
  EXPECT_EQ(record->model.name, "net");
  ASSERT_EQ(record->layers.size(), 1U);
  EXPECT_EQ(record->layers[0].cycles.runs, 0) << "nothing ran";
  EXPECT_EQ(record->layers[0].predicted->value, 700.5);
  EXPECT_EQ(record->layers[0].predictedBasis, "estimate of Vela");
  EXPECT_EQ(record->layers[0].macs, 8000);
  EXPECT_EQ(record->layers[0].name, "first;layer");
}

TEST(Import, TakesStsNetworkWithAndWithoutTimes) {
  const std::string folder = test::sourceFolder() / "tests/fuzz/corpus/import_st";
  const auto runs = read(test::contentOf(folder + "/info.json"), "info.json");
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].started, "2025-05-21T20:28:40Z");
  EXPECT_EQ(runs[0].layers[0].cycles, 2000);
  EXPECT_FALSE(runs[0].layers[1].cycles);
  const auto report = read(test::contentOf(folder + "/report.json"), "report.json");
  EXPECT_EQ(report[0].modelFile, "m.tflite");
  EXPECT_EQ(report[0].clockMhz, 80);
  EXPECT_EQ(report[0].layers[1].kind, "CONV_2D");
}

TEST(Import, SaysWhatIsWrong) {
  EXPECT_EQ(refused("  \n"), "x.csv: is empty");
  EXPECT_EQ(refused("hello\n"),
            "x.csv: is none of the formats that can be imported: a CSV of measurements, a TFLM "
            "benchmark log, ST's c_info.json or report JSON, Vela's per-layer CSV");
  EXPECT_EQ(refused("{\"graphs\":[]}"), "x.csv: \"graphs\" has no graph");
  EXPECT_EQ(refused("{\"graphs\":"), "x.csv: is no JSON object, or was cut short");
  EXPECT_EQ(
      refused("{}"),
      "x.csv: wanted ST's c_info.json (key \"graphs\") or report JSON (\"report_version\" and "
      "\"layers\")");
  EXPECT_EQ(refused("NNG Operator,Name\n"),
            "x.csv:1: wanted Vela's header with \"Op Cycles\": 15 columns, or 16 with \"Target\"");
  EXPECT_EQ(refused("board,runtime\n"), "x.csv:1: no column \"model\"");
}

TEST(Import, GivesTheSameRunEachTime) {
  for (const char* text : {kModels, kLayers, kLog}) {
    const auto first = recordOf(read(text, "a").front(), {});
    const auto second = recordOf(read(text, "elsewhere").front(), {});
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->uuid, second->uuid) << text;
  }
  std::string changed = kModels;
  changed.replace(changed.find("10.5"), 4, "10.6");
  EXPECT_NE(recordOf(read(kModels)[0], {})->uuid, recordOf(read(changed)[0], {})->uuid);
}

TEST(Import, IsStoredOnce) {
  const test::TemporaryFolder folder;
  auto database = Database::open((folder.path() / "runs.db").string(), Access::ReadWrite);
  ASSERT_TRUE(database);
  const auto record = recordOf(read(kLog, "log.txt").front(), {});
  ASSERT_TRUE(insertRun(*database, *record));
  EXPECT_TRUE(*hasRun(*database, record->uuid));
  EXPECT_FALSE(*hasRun(*database, std::string(32, '0')));
  RunRecord loaded = **loadRun(*database, 1);
  loaded.id = 0;
  EXPECT_EQ(loaded, *record);
}

// Real files of the other tools.
class Samples : public testing::Test {
 protected:
  void SetUp() override {
    if (test::sharedFolder().empty()) GTEST_SKIP() << "no samples in " << MCUPROF_SHARED_DIR;
  }
  static std::vector<ForeignRun> sample(const std::string& name) {
    const auto file = test::sharedFolder() / name;
    return read(test::contentOf(file), file.filename());
  }
};

TEST_F(Samples, OfTflmSumUpToTheLogsOwnTotal) {
  const auto runs = sample("samples/tflm_generic_benchmark_log.txt");
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].layers.size(), 31U);
  EXPECT_EQ(runs[0].cycles, 2'820'774);
  EXPECT_EQ(runs[0].modelFile, "person_detect.tflite");
  EXPECT_EQ(runs[0].kernelLibrary, "cmsis-nn");
  EXPECT_EQ(runs[0].core, "cortex-m4");
}

TEST_F(Samples, OfStAgreeWithEachOther) {
  const auto info = sample("samples/st_c_info.json");
  const auto report = sample("samples/st_network_report.json");
  ASSERT_EQ(info.size(), 1U);
  std::int64_t macs = 0;
  for (const ForeignLayer& layer : info[0].layers) macs += layer.macs.value_or(0);
  EXPECT_EQ(macs, 652'551);
  const auto factOf = [](const ForeignRun& run, const std::string& key) {
    for (const auto& [name, value] : run.facts)
      if (name == key) return value;
    return std::string();
  };
  EXPECT_EQ(factOf(info[0], "weights B"), "23520");
  EXPECT_EQ(factOf(report[0], "weights B"), "23520");
  EXPECT_EQ(factOf(report[0], "activations B"), factOf(info[0], "activations B"));
  EXPECT_EQ(factOf(report[0], "MACC of the C model"), "652551");
  EXPECT_EQ(report[0].started, info[0].started);
  EXPECT_EQ(recordOf(info[0], {})->inference.runs, 0) << "it was only generated";
}

TEST_F(Samples, OfVelaHaveBothHeaders) {
  EXPECT_EQ(sample("samples/vela_per-layer_v3.csv")[0].layers[0].estimate, 7312);
  const auto later = sample("samples/vela_per-layer_v5_header_SYNTHETIC_ROWS.csv");
  EXPECT_EQ(later[0].layers[1].estimate, 400);
  EXPECT_EQ(later[0].layers[1].macs, 2000);
}

TEST_F(Samples, OfPublicationsAreAllTaken) {
  const auto whole = sample("facts/measured.csv");
  EXPECT_EQ(whole.size(), 104U);
  std::set<std::string> uuids;
  ImportContext context;
  context.board.clockHz = 100'000'000;
  for (const ForeignRun& run : whole) {
    const auto record = recordOf(run, context);
    ASSERT_TRUE(record) << record.error().text();
    uuids.insert(record->uuid);
  }
  EXPECT_EQ(uuids.size(), whole.size()) << "two publications became one";
  std::size_t layers = 0;
  for (const ForeignRun& run : sample("facts/measured_per_layer.csv")) layers += run.layers.size();
  EXPECT_EQ(layers, 17U);
}

}  // namespace
}  // namespace mcuprof::db
